"""The link's supervisor against a tool that fails at every step in every way."""

import asyncio
from collections.abc import Coroutine

import pytest
from bleak.exc import (
    BleakError,
    BleakGATTProtocolError,
)

from companion.ble.errors import LinkError, LinkFault
from companion.ble.link import Link, LinkOptions
from companion.ble.tool import Identity
from companion.live import LinkState
from protocols.massage_tool import (
    CONTROL_POINT,
    MASSAGE_TOOL_SERVICE,
    TELEMETRY,
    TOOL_EVENT,
    TOOL_FEATURE,
    Haptic,
    Identify,
    Op,
    Result,
    Start,
    Stop,
)
from simulators.virtual_time import run_virtual
from tests.ble.recorder import Recorder
from tests.ble.scripted_tool import (
    ADDRESS,
    TABLE,
    Misbehaviour,
    ScriptedTool,
    a_feature,
    cancel_the_waiter,
    failing,
    hang,
)

STEPS = (
    "scan",
    "connect",
    f"read:{TOOL_FEATURE}",
    f"notify:{CONTROL_POINT}",
    f"notify:{TOOL_EVENT}",
    f"notify:{TELEMETRY}",
    "write:start",
)


def play(main: Coroutine[object, object, None]) -> None:
    """Run in virtual time, at most a quarter of an hour of it."""
    run_virtual(asyncio.wait_for(main, 900.0))


def _now() -> float:
    return asyncio.get_running_loop().time()


def linked(tool: ScriptedTool, recorder: Recorder, **options: float | str) -> Link:
    return Link(tool.adapter(), recorder, LinkOptions(seed=1, **options))  # type: ignore[arg-type]  # test keywords


async def ended(link: Link, limit_s: float = 600.0) -> LinkError:
    """Run the link to its error, in bounded time and with no task left behind."""
    before = asyncio.all_tasks()
    with pytest.raises(LinkError) as caught:
        async with asyncio.timeout(limit_s):
            await link.run()
    await asyncio.sleep(0)
    left = {task for task in asyncio.all_tasks() - before if not task.cancelling()}
    assert not left
    return caught.value


def test_connects_prepares_and_streams_in_order() -> None:
    async def main() -> None:
        tool, recorder = ScriptedTool(), Recorder()
        link = linked(tool, recorder)
        task = asyncio.create_task(link.run())
        await recorder.up.wait()
        await asyncio.sleep(1.0)
        await link.farewell()
        task.cancel()
        await asyncio.wait([task])
        assert [step for step in tool.steps if step in STEPS] == list(STEPS)
        assert recorder.states == [
            LinkState.SEARCHING,
            LinkState.CONNECTING,
            LinkState.PREPARING,
            LinkState.LIVE,
            LinkState.CLOSED,
        ]
        assert recorder.features == [a_feature()]
        assert recorder.identities[0].manufacturer == "Nobody [31mat all"
        assert recorder.batteries == [81]
        assert recorder.runs[0].first_sample == 0
        assert len(recorder.frames) == 20
        assert tool.asked[0] == Start(100, 0)
        assert isinstance(tool.asked[-1], Stop)
        assert tool.client.was_disconnected
        assert not recorder.losts

    play(main())


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "misbehaviour",
    [
        pytest.param(hang, id="hangs"),
        pytest.param(failing(BleakError("it went wrong")), id="fails"),
        pytest.param(failing(OSError("the bus is gone")), id="system error"),
        pytest.param(cancel_the_waiter, id="cancels the waiter"),
    ],
)
def test_a_lasting_fault_at_any_step_ends_with_one_sentence(
    step: str, misbehaviour: Misbehaviour
) -> None:
    async def main() -> None:
        tool, recorder = ScriptedTool(misbehaves={step: misbehaviour}), Recorder()
        error = await ended(linked(tool, recorder, scan_timeout_s=5.0))
        assert str(error).endswith(".")
        assert len(str(error)) > 20
        assert recorder.states[-1] is LinkState.CLOSED
        assert not recorder.ups
        assert all(client.was_disconnected for client in tool.clients)

    play(main())


@pytest.mark.parametrize("step", STEPS[1:])
def test_a_link_that_drops_once_at_any_step_is_tried_again(step: str) -> None:
    async def main() -> None:
        tool, recorder = ScriptedTool(), Recorder()

        async def drop_once() -> None:
            del tool.misbehaves[step]
            tool.client.drop()
            raise BleakError("disconnected")

        tool.misbehaves[step] = drop_once
        task = asyncio.create_task(linked(tool, recorder).run())
        async with asyncio.timeout(30):
            await recorder.up.wait()
        task.cancel()
        await asyncio.wait([task])
        assert len(tool.clients) == 2
        assert [error.fault for error in recorder.troubles] == [LinkFault.DROPPED]

    play(main())


def test_a_control_point_that_never_answers_is_noticed() -> None:
    async def main() -> None:
        tool, recorder = ScriptedTool(silent={Op.START}), Recorder()
        error = await ended(linked(tool, recorder))
        assert error.fault is LinkFault.SILENT

    play(main())


@pytest.mark.parametrize(
    ("feature", "fault"),
    [(b"", LinkFault.FEATURE_UNREADABLE), (bytes(512), LinkFault.FEATURE_UNREADABLE)],
)
def test_a_feature_that_cannot_be_understood_is_final(feature: bytes, fault: LinkFault) -> None:
    async def main() -> None:
        tool, recorder = ScriptedTool(feature=feature), Recorder()
        error = await ended(linked(tool, recorder), 10.0)
        assert error.fault is fault
        assert len(tool.clients) == 1

    play(main())


def test_a_tool_without_battery_or_identity_is_used_all_the_same() -> None:
    async def main() -> None:
        table = {MASSAGE_TOOL_SERVICE: TABLE[MASSAGE_TOOL_SERVICE]}
        tool, recorder = ScriptedTool(table=table), Recorder()
        task = asyncio.create_task(linked(tool, recorder).run())
        async with asyncio.timeout(10):
            await recorder.up.wait()
        task.cancel()
        await asyncio.wait([task])
        assert recorder.batteries == []
        assert recorder.identities == [Identity()]

    play(main())


def test_a_start_refused_for_the_packets_size_says_so() -> None:
    async def main() -> None:
        tool = ScriptedTool(results={Op.START: [Result.OPERATION_FAILED]})
        error = await ended(linked(tool, Recorder()), 10.0)
        assert error.fault is LinkFault.MTU_TOO_SMALL

    play(main())


def test_never_asks_for_more_than_the_tool_can() -> None:
    async def main() -> None:
        tool, recorder = ScriptedTool(), Recorder()
        tool.feature = bytes(a_feature(maximum_rate_hz=52))
        task = asyncio.create_task(linked(tool, recorder).run())
        await recorder.up.wait()
        task.cancel()
        await asyncio.wait([task])
        assert tool.asked[0] == Start(52, 0)

    play(main())


def test_comes_back_after_a_loss_and_resumes() -> None:
    async def main() -> None:
        tool, recorder = ScriptedTool(), Recorder()
        task = asyncio.create_task(linked(tool, recorder).run())
        await recorder.up.wait()
        await asyncio.sleep(2.0)
        tool.client.drop()
        assert recorder.lost.is_set()
        await recorder.up.wait()
        assert recorder.ups[1] - recorder.losts[0] < 1.0
        assert recorder.runs[1].first_sample > 200
        assert len(tool.clients) == 2
        assert tool.clients[0].was_disconnected
        assert LinkState.CONNECTING not in recorder.states[4:]
        task.cancel()
        await asyncio.wait([task])

    play(main())


def test_stays_with_its_tool_when_a_nearer_one_turns_up() -> None:
    async def main() -> None:
        tool, recorder = ScriptedTool(others={"C4:00:00:00:00:02": -90}), Recorder()
        task = asyncio.create_task(linked(tool, recorder).run())
        await recorder.up.wait()
        tool.others["C4:00:00:00:00:02"] = -30
        tool.client.drop()
        await recorder.up.wait()
        assert [client.address for client in tool.clients] == [ADDRESS, ADDRESS]
        task.cancel()
        await asyncio.wait([task])

    play(main())


def test_goes_on_looking_for_a_tool_that_once_was_there_until_patience_ends() -> None:
    async def main() -> None:
        tool, recorder = ScriptedTool(), Recorder()
        link = linked(tool, recorder, scan_timeout_s=5.0, max_search_s=60.0)
        task = asyncio.create_task(link.run())
        await recorder.up.wait()
        tool.client.drop()
        tool.is_advertising = False
        lost_at = _now()
        with pytest.raises(LinkError) as caught:
            await task
        assert caught.value.fault is LinkFault.NOT_FOUND
        assert caught.value.exit_code == 3
        assert 60.0 <= _now() - lost_at < 75.0

    play(main())


def test_another_tool_in_its_place_is_not_taken_for_it() -> None:
    async def main() -> None:
        tool, recorder = ScriptedTool(), Recorder()
        task = asyncio.create_task(linked(tool, recorder).run())
        await recorder.up.wait()
        tool.feature = bytes(a_feature(force_channels=2))
        tool.client.drop()
        with pytest.raises(LinkError) as caught:
            await task
        assert caught.value.fault is LinkFault.ANOTHER_TOOL

    play(main())


def test_requests_wait_for_each_other_and_stray_answers_are_ignored() -> None:
    async def main() -> None:
        tool, recorder = ScriptedTool(), Recorder()
        link = linked(tool, recorder)
        task = asyncio.create_task(link.run())
        await recorder.up.wait()

        async def stray() -> None:
            for value in (b"", b"\x80", b"\x80\x03\x01", b"\x80\x08\x01", b"\x80\x08\x01"):
                tool.client.indicate(value)

        tool.misbehaves["write:identify"] = stray
        answers = await asyncio.gather(link.request(Identify()), link.request(Identify()))
        assert list(answers) == [None, None]
        assert [request.op for request in tool.asked].count(Op.IDENTIFY) == 2
        task.cancel()
        await asyncio.wait([task])

    play(main())


def test_a_tool_that_waits_for_a_confirmation_is_asked_again() -> None:
    async def main() -> None:
        tool, recorder = ScriptedTool(), Recorder()
        link = linked(tool, recorder)
        task = asyncio.create_task(link.run())
        await recorder.up.wait()
        refusals = iter(range(3))

        async def unconfirmed() -> None:
            if next(refusals, None) is not None:
                raise BleakGATTProtocolError(0xFE)

        tool.misbehaves["write:identify"] = unconfirmed
        assert await link.request(Identify()) is None
        tool.misbehaves["write:identify"] = failing(BleakGATTProtocolError(0xFE))
        with pytest.raises(LinkError) as caught:
            await link.request(Identify())
        assert caught.value.fault is LinkFault.BUSY
        task.cancel()
        await asyncio.wait([task])

    play(main())


def test_a_request_learns_at_once_that_the_link_dropped() -> None:
    async def main() -> None:
        tool, recorder = ScriptedTool(silent={Op.IDENTIFY}), Recorder()
        link = linked(tool, recorder)
        task = asyncio.create_task(link.run())
        await recorder.up.wait()
        asked = asyncio.create_task(link.request(Identify()))
        await asyncio.sleep(1.0)
        dropped_at = _now()
        tool.client.drop()
        with pytest.raises(LinkError) as caught:
            await asked
        assert caught.value.fault is LinkFault.DROPPED
        assert _now() == dropped_at
        with pytest.raises(LinkError):
            await link.request(Identify())
        task.cancel()
        await asyncio.wait([task])

    play(main())


def test_a_clean_end_takes_bounded_time_from_a_tool_that_hangs() -> None:
    async def main() -> None:
        tool, recorder = ScriptedTool(silent={Op.HAPTIC}), Recorder()
        tool.misbehaves["disconnect"] = hang
        link = linked(tool, recorder)
        task = asyncio.create_task(link.run())
        await recorder.up.wait()
        began_at = _now()
        await link.farewell()
        task.cancel()
        await asyncio.wait([task])
        assert _now() - began_at < 10.0
        assert any(isinstance(request, Haptic) for request in tool.asked)

    play(main())
