"""The service from the search for a tool to the first step, and every way that can fail."""

import asyncio

import pytest
from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason, BleakError

from companion.ble.errors import LinkError, LinkFault
from companion.coaching.events import (
    BatteryRead,
    Command,
    Notice,
    SessionFinished,
    SessionStarted,
    ToolTared,
)
from companion.coaching.view import Phase
from companion.service import ServiceOptions
from protocols.massage_tool import (
    Op,
    Result,
    SetLimit,
    Stop,
    Tare,
)
from tests.ble.scripted_tool import NAME, ScriptedTool, a_feature, failing, hang
from tests.service.desk import desk, play


def test_waits_for_the_tool_then_guides_until_the_time_limit() -> None:
    async def main() -> None:
        at = desk()
        assert at.service.live.view().phase is Phase.WAITING
        assert at.service.live.trace.since(0) == ([], 0)
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


def test_no_adapter_ends_with_its_sentence_told_once_and_no_session() -> None:
    async def main() -> None:
        reason = BleakBluetoothNotAvailableReason.NO_BLUETOOTH
        error = BleakBluetoothNotAvailableError("no", reason)
        at = desk(ScriptedTool(misbehaves={"scan": failing(error)}))
        with pytest.raises(LinkError, match="companion demo") as caught:
            await at.run()
        assert caught.value.exit_code == 3
        assert at.told == []

    play(main)


def test_a_tool_that_goes_for_good_ends_the_session_as_interrupted() -> None:
    async def main() -> None:
        at = desk(options=ServiceOptions(max_search_s=20.0, seed=1))
        running = asyncio.create_task(at.run())
        await at.next(SessionStarted)
        at.tool.client.drop()
        at.tool.is_advertising = False
        with pytest.raises(LinkError) as caught:
            await running
        assert caught.value.fault is LinkFault.NOT_FOUND
        assert [event.outcome for event in at.all(SessionFinished)] == ["interrupted"]

    play(main)


def test_a_dashboard_shows_a_failed_session_until_the_person_quits() -> None:
    async def main() -> None:
        at = desk(options=ServiceOptions(stay_open=True, max_search_s=20.0, seed=1))
        running = asyncio.create_task(at.run())
        await at.next(SessionStarted)
        at.tool.client.drop()
        at.tool.is_advertising = False
        await at.next(SessionFinished)
        await asyncio.sleep(60.0)
        assert not running.done()
        at.service.command(Command.QUIT)
        with pytest.raises(LinkError):
            await running

    play(main)


@pytest.mark.parametrize("command", [Command.STOP, Command.QUIT])
def test_giving_up_the_search_is_no_failure(command: Command) -> None:
    async def main() -> None:
        at = desk(ScriptedTool(is_advertising=False), ServiceOptions(stay_open=True, seed=1))
        running = asyncio.create_task(at.run())
        await asyncio.sleep(30.0)
        at.service.command(command)
        assert (await running).outcome == "interrupted"
        assert not at.all(SessionFinished)

    play(main)


@pytest.mark.parametrize("is_advertising", [False, True], ids=["no tool yet", "not tared yet"])
@pytest.mark.parametrize("stay_open", [False, True])
def test_not_well_before_the_session_has_begun_ends_it_as_that_and_says_so(
    *, is_advertising: bool, stay_open: bool
) -> None:
    async def main() -> None:
        refused = {Op.TARE: [Result.OPERATION_FAILED] * 99}
        tool = ScriptedTool(is_advertising=is_advertising, results=refused)
        options = ServiceOptions(stay_open=stay_open, seed=1, scale_percent=75)
        at = desk(tool, options)
        running = asyncio.create_task(at.run())
        await asyncio.sleep(1.5)
        assert not at.all(SessionStarted)
        at.service.command(Command.UNWELL)
        at.service.command(Command.UNWELL)
        await asyncio.sleep(60.0)
        assert running.done() is not stay_open
        at.service.command(Command.QUIT)
        summary = await running
        assert [event.summary for event in at.all(SessionFinished)] == [summary]
        assert at.service.summary == summary
        assert (summary.outcome, summary.scale_percent) == ("unwell", 75)
        assert [step.outcome for step in summary.steps] == ["not_reached"]
        assert not at.all(SessionStarted)

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
        assert [notice.key for notice in at.all(Notice)] == ["link.fault.not_found"]

    play(main)


def test_a_tool_that_hangs_up_again_and_again_is_given_up_after_one_notice() -> None:
    async def main() -> None:
        at = desk(ScriptedTool(misbehaves={"connect": hang}))
        with pytest.raises(LinkError) as caught:
            await at.run()
        assert caught.value.fault is LinkFault.NO_ANSWER
        assert len(at.all(Notice)) == 1

    play(main)
