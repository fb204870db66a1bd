"""A session from hand to warning, over real GATT on the virtual radio, in virtual time."""

import asyncio
import random
from collections.abc import Coroutine
from itertools import pairwise

import pytest

from companion.coaching.events import (
    AlertCleared,
    AlertRaised,
    Command,
    LevelChanged,
    LimitArmed,
    LinkLost,
    LinkUp,
    Notice,
    SamplesLost,
    SessionFinished,
    SessionStarted,
    StepFinished,
    StepStarted,
    TelemetryRejected,
    ToolBuzzed,
    ToolTared,
)
from companion.coaching.routine import StepKind
from companion.live import LinkState
from companion.sensing.types import Doubt, Level
from companion.service import ServiceOptions
from protocols.massage_tool import Pattern
from simulators.firmware import Reason
from simulators.peripheral.tool_server import ToolServer
from simulators.virtual_time import run_virtual
from tests.end_to_end.world import World, world

FOREHEAD = "forehead"


def play(main: Coroutine[object, object, None]) -> None:
    """Run in virtual time, at most a quarter of an hour of it."""
    run_virtual(asyncio.wait_for(main, 900.0))


@pytest.mark.costly
def test_a_careful_hand_does_the_whole_routine_without_a_warning() -> None:
    async def main() -> None:
        async with world("careful") as room:
            summary = await room.run()
            assert summary.outcome == "finished"
            assert [step.outcome for step in summary.steps] == ["done"] * len(summary.steps)
            assert summary.alerts == ()
            assert summary.gaps_s == 0.0
            assert not room.all(AlertRaised)
            assert not room.all(SamplesLost)
            assert not room.all(TelemetryRejected)
            tool_steps = [s for s in room.all(StepStarted) if s.kind is StepKind.TOOL]
            armed = room.all(LimitArmed)
            assert [a.armed for a in armed] == [True] * len(tool_steps)
            assert room.service.live.link().state is LinkState.CLOSED
            await asyncio.sleep(0.1)
            assert not room.peripheral.is_connected

    play(main())


@pytest.mark.costly
def test_a_heavy_hand_is_warned_as_the_truth_says_and_not_otherwise() -> None:
    async def main() -> None:
        async with world("heavy-hand") as room:
            summary = await room.run()
            truth = room.performance.truth.over_pressure
            raised = sorted(room.all(AlertRaised), key=lambda alert: (alert.onset_s, alert.level))
            assert len(truth) >= 4
            assert [(a.step, a.level) for a in raised] == [(t.step, t.level) for t in truth]
            for alert, true in zip(raised, truth, strict=True):
                assert alert.onset_s == pytest.approx(true.start_s, abs=0.05)
                assert true.start_s < alert.device_s < true.start_s + 0.2
            assert summary.outcome == "finished"
            buzzed = room.all(ToolBuzzed)
            assert len({alert.device_s for alert in raised}) == len(buzzed)
            assert all(buzz.done for buzz in buzzed)
            by_limit = [b for b in room.peripheral.firmware.buzzes if b.why is Reason.LIMIT]
            assert {b.pattern for b in by_limit} == {Pattern.DOUBLE, Pattern.CONTINUOUS}
            for read_at, event in room.told:
                if isinstance(event, AlertRaised):
                    assert read_at - event.device_s < 0.15

    play(main())


def test_a_lost_link_is_told_and_the_session_goes_on_when_it_returns() -> None:
    async def main() -> None:
        async with world("careful", FOREHEAD) as room:
            running = asyncio.create_task(room.run())
            await room.next(SessionStarted)
            await asyncio.sleep(12.0)
            room.air.put_away(room.tool_radio)
            silent = await room.next(LevelChanged)
            assert (silent.level, silent.doubt) == (Level.UNKNOWN, Doubt.SILENCE)
            assert room.service.live.link().state is LinkState.SILENT
            await room.next(LinkLost)
            assert room.service.live.link().state is LinkState.LOST
            await asyncio.sleep(3.0)
            room.air.bring_back(room.tool_radio)
            up = await room.next(LinkUp)
            assert up.resumed
            assert up.gap_s is not None
            assert 5.0 < up.gap_s < 8.0
            summary = await running
            assert summary.outcome == "finished"
            assert summary.gaps_s < 0.1
            assert sum(lost.count for lost in room.all(SamplesLost)) == pytest.approx(
                100 * up.gap_s, abs=30
            )
            assert len(room.all(ToolTared)) == 1
            assert len(room.all(SessionFinished)) == 1

    play(main())


def test_a_tool_away_for_longer_than_it_keeps_its_run_begins_a_new_one() -> None:
    async def main() -> None:
        async with world("careful", FOREHEAD) as room:
            running = asyncio.create_task(room.run())
            await room.next(SessionStarted)
            await asyncio.sleep(10.0)
            room.air.put_away(room.tool_radio)
            await asyncio.sleep(90.0)
            room.air.bring_back(room.tool_radio)
            up = await room.next(LinkUp)
            assert not up.resumed
            assert up.gap_s == pytest.approx(90.0, abs=6.0)
            assert (await room.next(ToolTared)).done
            summary = await running
            assert summary.outcome == "finished"
            assert summary.gaps_s == pytest.approx(up.gap_s, abs=2.0)
            assert [step.outcome for step in summary.steps] == ["short"]

    play(main())


def test_a_warning_that_stands_when_the_link_goes_ends_as_unknown() -> None:
    async def main() -> None:
        async with world("heavy-hand", FOREHEAD) as room:
            running = asyncio.create_task(room.run())
            await room.next(AlertRaised)
            await asyncio.sleep(0.2)
            room.air.put_away(room.tool_radio)
            cleared = await room.next(AlertCleared)
            assert cleared.reason == "unknown"
            room.service.request_stop()
            await running

    play(main())


def test_a_restarted_tool_is_tared_again_on_a_clock_that_goes_on() -> None:
    async def main() -> None:
        async with world("careful", FOREHEAD, "jaw-left") as room:
            running = asyncio.create_task(room.run())
            await room.next(SessionStarted)
            await asyncio.sleep(30.0)
            await room.peripheral.vanish()
            await asyncio.sleep(2.0)
            await room.peripheral.switch_on(clock_start_us=3_900_000_000)
            up = await room.next(LinkUp)
            assert not up.resumed
            hint = await room.next(Notice)
            assert hint.key == "link.tare.hold_still"
            assert room.service.live.view().doubt is Doubt.NOT_TARED
            tared = await room.next(ToolTared)
            assert tared.done
            assert tared.device_s == pytest.approx(asyncio.get_running_loop().time(), abs=0.2)
            summary = await running
            assert summary.outcome == "finished"
            assert len(room.all(SessionStarted)) == 1
            armed_at = [event.device_s for event in room.all(LimitArmed)]
            assert not [at for at in armed_at if up.device_s < at < tared.device_s]
            times = [event.device_s for _, event in room.told]
            assert all(later > earlier - 0.3 for earlier, later in pairwise(times))

    play(main())


def test_hostile_notifications_are_counted_and_stop_nothing() -> None:
    async def main() -> None:
        async with world("careful", FOREHEAD) as room:
            running = asyncio.create_task(room.run())
            await room.next(SessionStarted)
            noise = asyncio.create_task(_make_noise(room, 400))
            summary = await running
            assert await noise == 400
            assert summary.outcome == "finished"
            assert [step.outcome for step in summary.steps] == ["done"]
            assert summary.alerts == ()
            assert room.service.rejected == 400
            told = room.all(TelemetryRejected)
            assert 5 < len(told) < 30
            assert not room.all(SamplesLost)

    play(main())


async def _make_noise(room: World, count: int) -> int:
    chance = random.Random(5)  # noqa: S311  # test data, no secret
    serving = room.peripheral._serving
    assert isinstance(serving, ToolServer)
    link = serving.link
    assert link is not None
    sent = 0
    for _ in range(count):
        await asyncio.sleep(0.05)
        size = chance.choice([0, 1, 11, 12, 13, 20, 28, 92, 244])
        value = chance.randbytes(size)
        link.notify(serving._database.telemetry, value)
        sent += 1
    return sent


def test_a_subscriber_that_never_reads_is_cut_off_and_delays_nobody() -> None:
    async def main() -> None:
        async with world("heavy-hand", FOREHEAD) as room:
            stuck = room.service.hub.subscribe("stuck", 2)
            summary = await room.run()
            assert stuck.is_cut_off
            assert [n.values["name"] for n in room.all(Notice)] == ["stuck"]
            assert summary.outcome == "finished"
            assert len(room.all(AlertRaised)) == len(room.performance.truth.over_pressure) > 0

    play(main())


def test_a_stop_request_ends_cleanly_with_a_summary() -> None:
    async def main() -> None:
        async with world("careful", FOREHEAD) as room:
            running = asyncio.create_task(room.run())
            await room.next(SessionStarted)
            await asyncio.sleep(5.0)
            before_s = asyncio.get_running_loop().time()
            room.service.request_stop()
            summary = await running
            assert summary.outcome == "interrupted"
            assert asyncio.get_running_loop().time() - before_s < 2.0
            assert [event.outcome for event in room.all(SessionFinished)] == ["interrupted"]
            await asyncio.sleep(0.1)
            assert not room.peripheral.is_connected
            assert len(asyncio.all_tasks()) < 10

    play(main())


def test_a_stop_request_before_any_tool_was_found_ends_too() -> None:
    async def main() -> None:
        async with world("careful", FOREHEAD) as room:
            room.air.put_away(room.tool_radio)
            running = asyncio.create_task(room.run())
            await asyncio.sleep(25.0)
            assert room.service.live.link().state is LinkState.SEARCHING
            room.service.request_stop()
            summary = await running
            assert (summary.outcome, summary.samples) == ("interrupted", 0)
            assert not room.all(SessionFinished)

    play(main())


def test_a_dashboard_keeps_the_service_open_with_the_tool_released() -> None:
    async def main() -> None:
        async with world(
            "careful", FOREHEAD, options=ServiceOptions(stay_open=True, seed=1)
        ) as room:
            running = asyncio.create_task(room.run())
            await room.next(SessionStarted)
            await asyncio.sleep(3.0)
            assert room.service.live.trace.since(0)[1] > 100
            assert room.service.live.link().state is LinkState.LIVE
            latency_ms = room.service.live.link().latency_ms
            assert latency_ms is not None
            assert 0.0 <= latency_ms < 20.0
            room.service.command(Command.SKIP)
            await room.next(SessionFinished)
            await asyncio.sleep(60.0)
            assert not running.done()
            assert not room.peripheral.is_connected
            assert [step.outcome for step in room.all(StepFinished)] == ["skipped"]
            room.service.command(Command.QUIT)
            assert (await running).outcome == "finished"

    play(main())


def test_quitting_stops_the_session_as_the_person_wished() -> None:
    async def main() -> None:
        async with world(
            "careful", FOREHEAD, options=ServiceOptions(stay_open=True, seed=1)
        ) as room:
            running = asyncio.create_task(room.run())
            await room.next(SessionStarted)
            room.service.command(Command.QUIT)
            assert (await running).outcome == "stopped"

    play(main())
