"""The tool on the air: advertising, streaming, the control point's rules, ends of links."""

import asyncio

import pytest
from bumble import att, hci
from bumble.controller import Controller
from bumble.core import InvalidArgumentError
from bumble.host import DataPacketQueue

from protocols.massage_tool import (
    BATTERY_LEVEL,
    CCCD_IMPROPERLY_CONFIGURED,
    CONTROL_POINT,
    PROCEDURE_IN_PROGRESS,
    TELEMETRY,
    TOOL_EVENT,
    Answer,
    FaultKind,
    Haptic,
    Op,
    Pattern,
    RawTelemetry,
    ReadClock,
    Resend,
    Resending,
    Result,
    Start,
    Started,
    Stop,
    Tare,
    Tared,
    decode_answer,
)
from simulators.peripheral import Peripheral
from simulators.peripheral.advertising import scan_response
from simulators.peripheral.link import MOST_WAITING, Link
from tests.simulators.firmware.scripted import Raw
from tests.simulators.peripheral.world import TOOL_ADDRESS, Central, World, refused, soon

ADVERTISEMENT = "02 01 06 11 07 e0 bd 31 91 37 55 af 8c 3e 40 e2 65 00 00 a8 49"


async def _bonded(world: World, *, mtu: int = 247) -> Central:
    central = await world.central()
    await central.connect(mtu=mtu)
    await central.pair()
    await central.listen()
    return central


async def _frames(central: Central, count: int) -> list[RawTelemetry]:
    return [RawTelemetry.from_bytes(await soon(central.frames.get())) for _ in range(count)]


async def test_the_advertisement_byte_for_byte(world: World) -> None:
    async with world.tool() as tool:
        watcher = await world.central()
        heard = await watcher.hears(0.3)
        assert {bytes(advertisement.data_bytes).hex(" ") for advertisement in heard} == {
            ADVERTISEMENT
        }
        assert {advertisement.address for advertisement in heard} == {TOOL_ADDRESS}
        assert all(advertisement.is_connectable for advertisement in heard)
        sets = _controller(tool).advertising_sets.values()
        assert [bytes(each.scan_response_data) for each in sets] == [b"\x07\x09Roller"]


def _controller(tool: Peripheral) -> Controller:
    controller = tool._device.host.hci_sink
    assert controller is not None
    found = getattr(controller, "sink", controller)
    assert isinstance(found, Controller)
    return found


def test_a_name_has_at_most_29_bytes() -> None:
    assert len(scan_response("x" * 29)) == 31
    with pytest.raises(InvalidArgumentError):
        scan_response("ä" * 15)


async def test_it_advertises_only_while_nobody_is_connected(world: World) -> None:
    async with world.tool() as tool:
        central = await world.central()
        await central.connect()
        second = await world.central("C0:00:00:00:00:02")
        assert await second.hears(0.3) == []
        await central.connection.disconnect()
        assert await second.hears(0.3) != []
        await second.connect()
        assert tool.is_connected


async def test_a_stream_from_start_to_stop(world: World) -> None:
    async with world.tool(clock_start_us=1000):
        central = await _bonded(world)
        values = (await central.ask(Start(200, 2))).values
        assert isinstance(values, Started)
        assert (values.rate_hz, values.samples_per_frame, values.first_sample) == (200, 2, 0)
        frames = await _frames(central, 10)
        assert [frame.first_sample for frame in frames] == list(range(0, 20, 2))
        assert frames[0].timestamp_us == values.timestamp_us
        assert (await central.ask(Stop())).result is Result.SUCCESS
        while not central.frames.empty():
            central.frames.get_nowait()
        await asyncio.sleep(0.1)
        assert central.frames.empty()


async def test_start_before_telemetry_is_on_is_not_permitted(world: World) -> None:
    async with world.tool():
        central = await world.central()
        await central.connect()
        await central.pair()
        await central.subscribe(CONTROL_POINT, central.answers)
        assert await central.ask(Start(100)) == Answer(Op.START, Result.NOT_PERMITTED)


async def test_start_fails_at_the_smallest_mtu(world: World) -> None:
    async with world.tool():
        central = await _bonded(world, mtu=23)
        assert await central.ask(Start(100)) == Answer(Op.START, Result.OPERATION_FAILED)


async def test_a_request_without_indications_is_0xfd_and_does_nothing(world: World) -> None:
    async with world.tool() as tool:
        central = await world.central()
        await central.connect()
        await central.pair()
        async with refused(CCCD_IMPROPERLY_CONFIGURED):
            await central.write(CONTROL_POINT, bytes(Haptic(Pattern.SINGLE, 100, 0)))
        assert tool.firmware.buzzes == []


async def test_a_request_before_the_answer_is_confirmed_is_0xfe_and_does_nothing(
    world: World,
) -> None:
    async with world.tool() as tool:
        central = await _bonded(world)
        await central.write(CONTROL_POINT, bytes(Tare()))
        async with refused(PROCEDURE_IN_PROGRESS):
            await central.write(CONTROL_POINT, bytes(Haptic(Pattern.SINGLE, 100, 0)))
        assert tool.firmware.buzzes == []
        answer = await soon(central.answers.get())
        assert answer == bytes(Answer(Op.TARE, Result.SUCCESS, Tared((0,))))
        assert (await central.ask(ReadClock())).result is Result.SUCCESS


async def test_a_request_right_behind_the_confirmation_is_taken(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both may come in one connection event."""
    async with world.tool() as tool:
        central = await _bonded(world)
        client, server = central.peer.gatt_client, tool._serving.server
        request = att.ATT_Write_Request(
            attribute_handle=central.characteristic(CONTROL_POINT).handle, attribute_value=b"\x06"
        )
        link = tool._serving.link
        assert link is not None

        def confirm_and_go_on(confirmation: att.ATT_Handle_Value_Confirmation) -> None:
            server.on_gatt_pdu(link.connection, confirmation)
            if central.answers.qsize() == 1:
                client.pending_request = request
                client.pending_response = asyncio.get_running_loop().create_future()
                server.on_gatt_pdu(link.connection, request)

        monkeypatch.setattr(client, "send_confirmation", confirm_and_go_on)
        await central.write(CONTROL_POINT, b"\x02")
        answers = [decode_answer(await soon(central.answers.get())) for _ in range(2)]
        assert [answer.op for answer in answers] == [Op.STOP, Op.READ_CLOCK]


async def test_a_tare_does_not_hold_up_the_stream(world: World) -> None:
    async with world.tool():
        central = await _bonded(world)
        await central.ask(Start(100, 1))
        await central.write(CONTROL_POINT, bytes(Tare()))
        await _frames(central, 20)
        assert central.answers.empty()


async def test_a_wrong_request_is_answered_not_dropped(world: World) -> None:
    async with world.tool():
        central = await _bonded(world)
        assert await central.ask(b"\x01\x64") == Answer(Op.START, Result.INVALID_PARAMETER)
        assert await central.ask(b"\xee") == Answer(0xEE, Result.OP_CODE_NOT_SUPPORTED)
        assert await central.ask(b"\x04" * 200) == Answer(4, Result.INVALID_PARAMETER)


async def test_events_come_only_while_they_are_wanted(world: World) -> None:
    world.body.script = lambda _us: Raw(touching=True)
    async with world.tool() as tool:
        central = await world.central()
        await central.connect()
        await central.pair()
        tool.set_fault(FaultKind.HOT, raised=True)
        tool.press_button()
        await asyncio.sleep(0.05)
        await central.subscribe(TOOL_EVENT, central.events)
        standing = [await soon(central.events.get()) for _ in range(3)]
        assert [(event[0], event[5:]) for event in standing] == [
            (1, b"\x01"),
            (2, b"\x00\x00\x00"),
            (4, b"\x05\x01"),
        ]
        tool.press_button(3)
        button = await soon(central.events.get())
        assert (button[0], button[5:]) == (3, b"\x03")


async def test_answers_go_before_events(world: World) -> None:
    async with world.tool() as tool:
        central = await _bonded(world)
        for _ in range(2):
            await soon(central.events.get())
        order: list[str] = []
        central.characteristic(CONTROL_POINT).on("update", lambda _value: order.append("answer"))
        central.characteristic(TOOL_EVENT).on("update", lambda _value: order.append("event"))
        link = tool._serving.link
        assert isinstance(link, Link)
        link.take_request()
        for presses in (1, 2, 3):
            tool.press_button(presses)
        link.answer(bytes(Answer(Op.STOP, Result.SUCCESS)))
        await soon(link.idle())
        assert order == ["answer", "event", "event", "event"]


async def test_client_configurations_are_checked(world: World) -> None:
    async with world.tool():
        central = await _bonded(world)
        client = central.peer.gatt_client
        telemetry = central.characteristic(TELEMETRY).handle + 1
        async with refused(0x0D):
            await client.write_value(telemetry, b"\x01", with_response=True)
        async with refused(0x13):
            await client.write_value(telemetry, b"\x02\x00", with_response=True)
        assert await client.read_value(telemetry) == b"\x01\x00"


async def test_a_bonded_central_finds_its_configurations_again(world: World) -> None:
    async with world.tool() as tool:
        central = await _bonded(world)
        await tool.lose_link()
        await central.lost()
        await central.connect()
        await central.connection.encrypt()
        telemetry = central.characteristic(TELEMETRY).handle + 1
        assert await central.peer.gatt_client.read_value(telemetry) == b"\x01\x00"


async def test_another_central_does_not(world: World) -> None:
    async with world.tool() as tool:
        await _bonded(world)
        await tool.lose_link()
        other = await world.central("C0:00:00:00:00:02")
        await other.connect()
        await other.pair()
        telemetry = other.characteristic(TELEMETRY).handle + 1
        assert await other.peer.gatt_client.read_value(telemetry) == b"\x00\x00"


async def test_battery_is_notified(world: World) -> None:
    async with world.tool() as tool:
        central = await world.central()
        await central.connect()
        levels: asyncio.Queue[bytes] = asyncio.Queue()
        await central.subscribe(BATTERY_LEVEL, levels)
        tool.set_battery(14)
        assert await soon(levels.get()) == b"\x0e"
        assert await central.read(BATTERY_LEVEL) == b"\x0e"


async def test_a_run_outlives_a_lost_link_and_resends(world: World) -> None:
    async with world.tool() as tool:
        central = await _bonded(world)
        await central.ask(Start(200, 2))
        await _frames(central, 5)
        await tool.lose_link()
        assert await central.lost() == hci.HCI_CONNECTION_TIMEOUT_ERROR
        while not central.frames.empty():
            central.frames.get_nowait()
        await asyncio.sleep(0.1)
        await central.connect()
        await central.connection.encrypt()
        await central.listen()
        values = (await central.ask(Start(200, 2))).values
        assert isinstance(values, Started)
        assert values.first_sample >= 30
        assert (await _frames(central, 1))[0].first_sample == values.first_sample
        answer = await central.ask(Resend(10, 20))
        assert answer.values == Resending(10, 20)
        frames = await _frames(central, 20)
        resent = [frame for frame in frames if frame.resent]
        assert [(frame.first_sample, len(frame.samples)) for frame in resent] == [(10, 14), (24, 6)]


async def test_power_off_tells_and_disconnects_with_0x15(world: World) -> None:
    async with world.tool() as tool:
        central = await _bonded(world)
        for _ in range(2):
            await soon(central.events.get())
        await tool.power_off()
        event = await soon(central.events.get())
        assert (event[0], event[5:]) == (5, b"\x03")
        assert await central.lost() == 0x15
        assert not tool.is_on
        assert await central.hears(0.25) == []


async def test_a_tool_that_vanished_says_nothing_and_begins_anew(world: World) -> None:
    async with world.tool() as tool:
        central = await _bonded(world)
        await central.ask(Start(100))
        await _frames(central, 2)
        for _ in range(2):
            await soon(central.events.get())
        await tool.vanish()
        assert await central.lost() == hci.HCI_CONNECTION_TIMEOUT_ERROR
        assert central.events.empty()
        assert await central.hears(0.25) == []
        await tool.switch_on(clock_start_us=5_000_000)
        await central.connect()
        await central.connection.encrypt()
        await central.listen()
        values = (await central.ask(Start(100))).values
        assert isinstance(values, Started)
        assert values.first_sample == 0
        assert 5_000_000 < values.timestamp_us < 7_000_000


async def test_a_link_that_takes_nothing_loses_the_oldest_frames(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world.tool() as tool:
        central = await _bonded(world)
        await central.ask(Start(400, 1))
        await _frames(central, 3)
        link = tool._serving.link
        assert link is not None
        with monkeypatch.context() as jammed:
            jammed.setattr(DataPacketQueue, "pending", property(lambda _self: 1000))
            await asyncio.sleep(0.3)
        while not central.frames.empty():
            central.frames.get_nowait()
        dropped = tool.dropped_frames
        assert dropped > 0
        frames = await _frames(central, MOST_WAITING + 1)
        numbers = [frame.first_sample for frame in frames]
        assert numbers == sorted(set(numbers))
        assert numbers[0] >= 3 + dropped
        # A machine that stands still for a while makes the tool drop more: it counts those too.
        missing = numbers[-1] - numbers[0] + 1 - len(numbers)
        assert missing <= tool.dropped_frames - dropped
        assert (await central.ask(ReadClock())).result is Result.SUCCESS


async def test_leaving_the_context_ends_the_link(world: World) -> None:
    async with world.tool():
        central = await _bonded(world)
        await central.ask(Start(100))
    assert await central.lost() == hci.HCI_REMOTE_USER_TERMINATED_CONNECTION_ERROR
