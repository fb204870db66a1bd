"""The service around a scripted tool: starting, failing, falling silent, ending."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import TypeVar

import pytest
from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason, BleakError

from companion.ble.errors import LinkError, LinkFault
from companion.coaching.events import (
    BatteryRead,
    Command,
    Event,
    LevelChanged,
    LinkLost,
    LinkUp,
    Notice,
    SessionFinished,
    SessionStarted,
    StepFinished,
    Summary,
    TelemetryRejected,
    ToolSaid,
    ToolTared,
)
from companion.coaching.view import Phase
from companion.live import LinkState
from companion.sensing.types import Doubt, Level
from companion.service import Service, ServiceOptions
from companion.settings.care import load_care
from companion.settings.routines import load_routine
from protocols.massage_tool import (
    TELEMETRY,
    TOOL_EVENT,
    FaultEvent,
    FaultKind,
    LimitEvent,
    LimitLevel,
    Op,
    PowerEvent,
    PowerState,
    Result,
    SetLimit,
    Stop,
    Tare,
)
from simulators.virtual_time import run_virtual
from tests.ble.scripted_tool import NAME, ScriptedTool, a_feature, failing, hang

E = TypeVar("E", bound=Event)


@dataclass
class Desk:
    """A service with its scripted tool, and what a subscriber heard."""

    tool: ScriptedTool
    service: Service
    told: list[Event] = field(default_factory=list)
    _waiting: list[tuple[type[Event], asyncio.Future[Event]]] = field(default_factory=list)

    async def run(self) -> Summary:
        subscription = self.service.hub.subscribe("test", 4096)

        async def keep() -> None:
            async for event in subscription:
                self.told.append(event)
                for kind, future in self._waiting:
                    if isinstance(event, kind) and not future.done():
                        future.set_result(event)

        return await self.service.run(keep)

    async def next(self, kind: type[E]) -> E:
        future: asyncio.Future[Event] = asyncio.get_running_loop().create_future()
        self._waiting.append((kind, future))
        event = await future
        assert isinstance(event, kind)
        return event

    def all(self, kind: type[E]) -> list[E]:
        return [event for event in self.told if isinstance(event, kind)]


def desk(tool: ScriptedTool | None = None, options: ServiceOptions | None = None) -> Desk:
    care, routine = load_care(), load_routine("five-minutes")
    routine = replace(routine, steps=routine.steps[:1])
    tool = tool or ScriptedTool()
    options = options or ServiceOptions(seed=1)
    return Desk(tool, Service(tool.adapter(), routine, care, options))


def play(main: Callable[[], Coroutine[object, object, None]]) -> None:
    """Run in virtual time; no task may be left, no error in a callback."""

    async def guarded() -> None:
        errors: list[object] = []
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: errors.append(context))
        async with asyncio.timeout(900.0):
            await main()
        await asyncio.sleep(1.0)
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left
        assert not errors

    run_virtual(guarded())


def test_waits_for_the_tool_then_guides_until_the_time_limit() -> None:
    async def main() -> None:
        at = desk()
        assert at.service.view().phase is Phase.WAITING
        assert at.service.trace.since(0) == ([], 0)
        summary = await at.run()
        names = [event.event for event in at.told]
        order = ["battery", "link_up", "tool_tared", "session_started", "step_started"]
        assert [name for name in names if name in order] == order
        assert names[-1] == "session_finished"
        assert summary.outcome == "finished"
        assert [step.outcome for step in summary.steps] == ["short"]
        (started,) = at.all(SessionStarted)
        assert started.tool == NAME
        assert started.started_at.endswith("+00:00")
        assert at.all(BatteryRead)[0].percent == 81
        assert isinstance(at.tool.asked[-1], Stop)

    play(main)


def test_tells_how_to_hold_the_tool_until_it_can_be_tared() -> None:
    async def main() -> None:
        at = desk(ScriptedTool(results={Op.TARE: [Result.OPERATION_FAILED] * 3}))
        running = asyncio.create_task(at.run())
        await at.next(SessionStarted)
        assert [n.key for n in at.all(Notice)] == ["link.tare.hold_still"]
        assert [request.op for request in at.tool.asked].count(Op.TARE) == 4
        at.service.request_stop()
        await running

    play(main)


def test_a_tool_that_cannot_be_tared_ends_a_session_nobody_watches() -> None:
    async def main() -> None:
        at = desk(ScriptedTool(results={Op.TARE: [Result.OPERATION_FAILED] * 99}))
        with pytest.raises(LinkError) as caught:
            await at.run()
        assert caught.value.fault is LinkFault.TARE_REFUSED
        assert not at.all(SessionStarted)
        assert [event.done for event in at.all(ToolTared)] == [False]

    play(main)


def test_a_person_at_a_dashboard_may_ask_for_the_tare_again() -> None:
    async def main() -> None:
        tool = ScriptedTool(results={Op.TARE: [Result.OPERATION_FAILED] * 12})
        at = desk(tool, ServiceOptions(stay_open=True, seed=1))
        running = asyncio.create_task(at.run())
        assert not (await at.next(ToolTared)).done
        await asyncio.sleep(60.0)
        at.service.command(Command.TARE)
        await at.next(SessionStarted)
        at.service.command(Command.QUIT)
        assert (await running).outcome == "stopped"
        assert sum(isinstance(request, Tare) for request in tool.asked) == 13

    play(main)


def test_a_tool_without_force_sensor_is_guided_without_judging() -> None:
    async def main() -> None:
        feature = a_feature(force_channels=0, force_resolution_n=None, force_full_scale_n=None)
        tool = ScriptedTool(
            feature=bytes(feature), results={Op.TARE: [Result.OP_CODE_NOT_SUPPORTED]}
        )
        at = desk(tool)
        running = asyncio.create_task(at.run())
        await at.next(SessionStarted)
        at.service.request_stop()
        await running
        assert not any(isinstance(request, SetLimit) for request in tool.asked[:2])

    play(main)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"tool_kind": 9}, "link.tool.unknown_kind"),
        ({"profile_version": 2}, "link.tool.newer_profile"),
    ],
)
def test_what_is_not_understood_is_reported_and_the_rest_used(
    change: dict[str, int], key: str
) -> None:
    async def main() -> None:
        at = desk(ScriptedTool(feature=bytes(a_feature(**change))))
        running = asyncio.create_task(at.run())
        await at.next(SessionStarted)
        assert [notice.key for notice in at.all(Notice)] == [key]
        at.service.request_stop()
        await running

    play(main)


def test_no_adapter_ends_with_its_sentence_and_an_interrupted_session() -> None:
    async def main() -> None:
        reason = BleakBluetoothNotAvailableReason.NO_BLUETOOTH
        error = BleakBluetoothNotAvailableError("no", reason)
        at = desk(ScriptedTool(misbehaves={"scan": failing(error)}))
        with pytest.raises(LinkError, match="companion demo") as caught:
            await at.run()
        assert caught.value.exit_code == 3
        assert [event.outcome for event in at.all(SessionFinished)] == ["interrupted"]

    play(main)


def test_a_refused_pairing_says_what_to_do() -> None:
    async def main() -> None:
        error = BleakError("pairing: pairing not supported")
        at = desk(ScriptedTool(misbehaves={"connect": failing(error)}))
        with pytest.raises(LinkError, match="Press its button"):
            await at.run()

    play(main)


def test_a_tool_that_another_central_holds_is_named_as_a_cause() -> None:
    async def main() -> None:
        tool = ScriptedTool(is_advertising=False)
        at = desk(tool, ServiceOptions(max_search_s=30.0, seed=1))
        with pytest.raises(LinkError, match="no phone or other computer"):
            await at.run()
        assert [notice.key for notice in at.all(Notice)] == ["link.fault.not_found"] * 2

    play(main)


def test_a_tool_that_hangs_up_again_and_again_is_given_up_with_one_notice_each() -> None:
    async def main() -> None:
        at = desk(ScriptedTool(misbehaves={"connect": hang}))
        with pytest.raises(LinkError) as caught:
            await at.run()
        assert caught.value.fault is LinkFault.NO_ANSWER
        assert len(at.all(Notice)) == 2

    play(main)


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
        assert at.service.link().state is LinkState.SILENT
        await asyncio.sleep(10.0)
        doubts = [event.doubt for event in at.all(LevelChanged)]
        assert doubts.count(Doubt.SILENCE) == 1
        at.tool.client.subscribed[TELEMETRY] = taken
        await asyncio.sleep(0.2)
        assert at.service.link().state is LinkState.LIVE
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
        link = at.service.link()
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
        assert at.service.view().phase is Phase.RUNNING
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
        assert at.service.muted
        at.service.command(Command.MUTE)
        assert not at.service.muted
        at.service.command(Command.PAUSE)
        assert at.service.view().phase is Phase.PAUSED
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
