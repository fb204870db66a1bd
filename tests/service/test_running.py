"""The service while it guides: silence, noise, a link that goes and comes, the end."""

import asyncio

import pytest

from companion.coaching.events import (
    Command,
    LevelChanged,
    LinkLost,
    LinkUp,
    SessionFinished,
    SessionStarted,
    StepFinished,
    TelemetryRejected,
    ToolSaid,
    ToolTared,
)
from companion.coaching.view import Phase
from companion.live import LinkState
from companion.sensing.types import Doubt, Level
from companion.service import ServiceOptions
from protocols.massage_tool import (
    TELEMETRY,
    TOOL_EVENT,
    FaultEvent,
    FaultKind,
    LimitEvent,
    LimitLevel,
    PowerEvent,
    PowerState,
    SetLimit,
)
from tests.ble.scripted_tool import NAME, hang
from tests.service.desk import desk, play


def test_silence_is_told_within_a_third_of_a_second_and_once() -> None:
    async def main() -> None:
        at = desk()
        running = asyncio.create_task(at.run())
        await at.next(SessionStarted)
        await asyncio.sleep(3.0)
        taken = at.tool.client.subscribed.pop(TELEMETRY)
        silent_from = asyncio.get_running_loop().time()
        event = await at.next(LevelChanged)
        assert (event.level, event.doubt) == (Level.UNKNOWN, Doubt.SILENCE)
        assert asyncio.get_running_loop().time() - silent_from <= 0.35
        assert at.service.live.link().state is LinkState.SILENT
        await asyncio.sleep(10.0)
        doubts = [event.doubt for event in at.all(LevelChanged)]
        assert doubts.count(Doubt.SILENCE) == 1
        at.tool.client.subscribed[TELEMETRY] = taken
        await asyncio.sleep(0.2)
        assert at.service.live.link().state is LinkState.LIVE
        assert not at.all(LinkLost)
        at.service.request_stop()
        await running

    play(main)


def test_figures_of_loss_latency_and_signal() -> None:
    async def main() -> None:
        at = desk()
        running = asyncio.create_task(at.run())
        await at.next(SessionStarted)
        await asyncio.sleep(2.0)
        taken = at.tool.client.subscribed.pop(TELEMETRY)
        await asyncio.sleep(0.25)
        at.tool.client.subscribed[TELEMETRY] = taken
        await asyncio.sleep(7.9)
        link = at.service.live.link()
        assert link.loss_percent == pytest.approx(2.5, abs=0.6)
        assert link.latency_ms == pytest.approx(0.0, abs=1.0)
        assert (link.tool, link.rssi_dbm, link.battery_percent) == (NAME, -61, 81)
        assert link.rssi_age_s is not None
        assert link.rssi_age_s > 9.0
        at.service.request_stop()
        await running

    play(main)


@pytest.mark.parametrize("value", [b"", b"\x00", bytes(12), b"\xff" * 244, b"\x01" * 600])
def test_broken_notifications_are_counted_and_told_once_a_second(value: bytes) -> None:
    async def main() -> None:
        at = desk()
        running = asyncio.create_task(at.run())
        await at.next(SessionStarted)
        for _ in range(300):
            at.tool.client.notify(value)
            await asyncio.sleep(0.01)
        assert at.service.rejected == 300
        told = [event.count for event in at.all(TelemetryRejected)]
        assert 3 <= len(told) <= 4
        assert told == sorted(told)
        assert at.service.live.view().phase is Phase.RUNNING
        at.service.request_stop()
        await running

    play(main)


def test_what_the_tool_says_is_put_into_words_once() -> None:
    async def main() -> None:
        at = desk()
        running = asyncio.create_task(at.run())
        await at.next(SessionStarted)
        say = at.tool.client.subscribed[TOOL_EVENT]
        for event in (
            LimitEvent(1, LimitLevel.CLEARED, 0),
            LimitEvent(2, LimitLevel.CAUTION, 900),
            FaultEvent(3, FaultKind.HOT, raised=True),
        ):
            say(bytearray(bytes(event)))
        say(bytearray(b"\x63\x00"))
        say(bytearray(b"\x63\x00\x00\x00\x00\x07"))
        await asyncio.sleep(0.1)
        assert [said.kind for said in at.all(ToolSaid)] == ["limit", "fault"]
        say(bytearray(bytes(PowerEvent(4, PowerState.SWITCHING_OFF))))
        at.tool.client.drop()
        lost = await at.next(LinkLost)
        assert "switched itself off" in lost.reason
        at.service.request_stop()
        await running

    play(main)


def test_the_link_returns_and_the_session_goes_on() -> None:
    async def main() -> None:
        at = desk()
        running = asyncio.create_task(at.run())
        await at.next(SessionStarted)
        await asyncio.sleep(2.0)
        at.tool.client.drop()
        up = await at.next(LinkUp)
        assert up.resumed
        await asyncio.sleep(1.0)
        at.tool.client.drop()
        at.tool.restart(123_000_000)
        up = await at.next(LinkUp)
        assert not up.resumed
        await at.next(ToolTared)
        summary = await running
        assert summary.outcome == "finished"
        assert len(at.all(SessionStarted)) == 1
        limits = [request for request in at.tool.asked if isinstance(request, SetLimit)]
        assert limits[-1].stop_n == 0.0

    play(main)


def test_commands_reach_the_session_and_mute_is_the_services_own() -> None:
    async def main() -> None:
        at = desk(options=ServiceOptions(stay_open=True, muted=True, seed=1))
        running = asyncio.create_task(at.run())
        await at.next(SessionStarted)
        assert at.service.live.muted
        at.service.command(Command.MUTE)
        assert not at.service.live.muted
        at.service.command(Command.PAUSE)
        assert at.service.live.view().phase is Phase.PAUSED
        at.service.command(Command.PAUSE)
        at.service.command(Command.SKIP)
        await at.next(SessionFinished)
        assert [step.outcome for step in at.all(StepFinished)] == ["skipped"]
        at.service.command(Command.QUIT)
        await running

    play(main)


def test_an_edge_that_never_ends_is_ended() -> None:
    async def main() -> None:
        at = desk()
        running = asyncio.create_task(at.service.run(hang))
        await asyncio.sleep(5.0)
        at.service.request_stop()
        assert (await running).outcome == "interrupted"

    play(main)


def test_being_cancelled_lets_go_of_the_tool() -> None:
    async def main() -> None:
        at = desk()
        running = asyncio.create_task(at.run())
        await at.next(SessionStarted)
        running.cancel()
        await asyncio.wait([running])
        assert running.cancelled()
        assert at.tool.client.was_disconnected

    play(main)
