"""Power: the battery, external power, and what outlives being without (tool-profile.md)."""

import asyncio
import json
from pathlib import Path

import pytest

from protocols.massage_tool import (
    BATTERY_LEVEL,
    CONTROL_POINT,
    TELEMETRY,
    TOOL_EVENT,
    TOOL_FEATURE,
    Answer,
    Calibration,
    PowerEvent,
    PowerState,
    ReadCalibration,
    SetCalibration,
    SetLimit,
    decode_answer,
    decode_event,
)
from simulators.data_files import DataFileError
from tests.simulators.firmware.scripted import Raw
from tests.simulators.peripheral.raw import ATT, BOB, RawCentral, RawRoom, play, raw_room

POWER_OFF = 0x15
INDICATION, NOTIFICATION = 0x1D, 0x1B


def _handle(room: RawRoom, uuid: str, more: int = 0) -> bytes:
    return (room.handle(uuid) + more).to_bytes(2, "little")


async def _listen(central: RawCentral, room: RawRoom) -> None:
    for uuid, bits in ((CONTROL_POINT, 2), (TOOL_EVENT, 2), (BATTERY_LEVEL, 1)):
        await central.ask(ATT, b"\x12" + _handle(room, uuid, 1) + bytes([bits, 0]))


async def _asked(central: RawCentral, room: RawRoom, request: bytes) -> Answer:
    point = _handle(room, CONTROL_POINT)
    said = await central.ask(ATT, b"\x12" + point + request)
    (answer,) = (pdu[3:] for pdu in said if pdu[:3] == bytes([INDICATION]) + point)
    return decode_answer(answer)


def _power(central: RawCentral, room: RawRoom) -> list[PowerState | int]:
    """The power events that a central has heard."""
    head = bytes([INDICATION]) + _handle(room, TOOL_EVENT)
    events = [decode_event(pdu[3:]) for _cid, pdu in central.heard if pdu[:3] == head]
    return [event.state for event in events if isinstance(event, PowerEvent)]


def _levels(central: RawCentral, room: RawRoom) -> list[int]:
    head = bytes([NOTIFICATION]) + _handle(room, BATTERY_LEVEL)
    return [pdu[3] for _cid, pdu in central.heard if pdu[:3] == head]


def test_a_battery_drains_is_low_and_takes_the_tool_with_it() -> None:
    async def main() -> None:
        async with raw_room(
            external_power=False, drain_percent_per_hour=360.0, battery_percent=17
        ) as room:
            alice = await room.paired()
            await _listen(alice, room)
            ended = asyncio.get_running_loop().create_future()
            alice.link.on("disconnection", ended.set_result)
            await asyncio.sleep(25)
            assert _power(alice, room) == [PowerState.LOW]
            assert await asyncio.wait_for(ended, 200) == POWER_OFF
            assert _levels(alice, room)[-14:] == list(range(13, -1, -1))
            assert _power(alice, room) == [PowerState.LOW, PowerState.SWITCHING_OFF]
            assert not room.tool.is_on
            assert await alice.hears(2) == []
            await room.tool.switch_on()
            assert not room.tool.is_on
            room.tool.set_battery(50)
            await room.tool.switch_on()
            assert room.tool.is_on

    play(main)


def test_a_battery_set_to_nothing_does_too_and_off_costs_nothing() -> None:
    async def main() -> None:
        async with raw_room(external_power=False, drain_percent_per_hour=360.0) as room:
            alice = await room.joined()
            room.tool.set_battery(0)
            await asyncio.sleep(2)
            assert not room.tool.is_on
            assert not alice.connections
            room.tool.set_battery(60)
            await asyncio.sleep(3600)
            await room.tool.switch_on()
            assert room.tool.firmware.battery_percent == 60

    play(main)


def test_external_power_is_told_and_stops_the_drain() -> None:
    async def main() -> None:
        async with raw_room(external_power=False, drain_percent_per_hour=360.0) as room:
            alice = await room.paired()
            await _listen(alice, room)
            alice.heard.clear()
            room.tool.plug(is_plugged=True)
            room.tool.plug(is_plugged=True)
            await asyncio.sleep(100)
            assert _power(alice, room) == [PowerState.CHARGING]
            assert room.tool.firmware.battery_percent == 80
            room.tool.drain(3600.0)
            room.tool.plug(is_plugged=False)
            await asyncio.sleep(10.5)
            assert room.tool.firmware.battery_percent == 70

    play(main)


def test_calibration_outlives_the_process_and_limit_and_run_do_not(tmp_path: Path) -> None:
    keys = tmp_path / "tool" / "keys.json"
    wanted = Calibration(1.0125, -40)

    async def main() -> None:
        async with raw_room(keys=keys) as room:
            alice = await room.paired()
            await _listen(alice, room)
            await _asked(alice, room, bytes(SetLimit(1.0, 2.0, 0.1)))
            assert (await _asked(alice, room, bytes(SetCalibration(0, 1.0125, -40)))).result == 1
            await alice.part()
        async with raw_room(keys=keys) as room:
            room.body.script = lambda _us: Raw((9000,))
            bob = await room.paired(BOB)
            await _listen(bob, room)
            assert (await _asked(bob, room, bytes(ReadCalibration(0)))).values == wanted
            await asyncio.sleep(1)
            assert room.tool.firmware.buzzes == []
        kept = json.loads((tmp_path / "tool" / "keys.calibration.json").read_text())
        assert kept == {"format": 1, "calibration": [[1012500, -40]]}

    play(main)


def test_without_a_key_file_a_restart_keeps_it() -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await room.paired()
            await _listen(alice, room)
            await _asked(alice, room, bytes(SetCalibration(0, 2.0, 5)))
            await alice.part()
            await room.tool.power_off()
            await room.tool.switch_on()
            await alice.join()
            await alice.link.encrypt()
            answer = await _asked(alice, room, bytes(ReadCalibration(0)))
            assert answer.values == Calibration(2.0, 5)

    play(main)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"format": 1, "calibration": [[1000000, 0], [1000000, 0]]}',
        '{"format": 2, "calibration": [[1000000, 0]]}',
        '{"format": 1, "calibration": [[0, 0]]}',
        '{"format": 1, "calibration": [[1000000, 40000]]}',
        '{"format": 1, "calibration": [[1000000.5, 0]]}',
        '{"format": 1, "calibration": [[1, 2, 3]]}',
        '{"format": 1, "calibration": 7}',
    ],
)
def test_a_file_that_is_no_calibration_of_this_tool_is_refused(
    tmp_path: Path, content: str
) -> None:
    (tmp_path / "keys.calibration.json").write_text(content)

    async def main() -> None:
        with pytest.raises(DataFileError, match=r"keys\.calibration\.json.*delete it"):
            async with raw_room(keys=tmp_path / "keys.json"):
                pass

    play(main)


def test_a_bonded_central_that_comes_back_is_told_what_stands_without_asking() -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await room.paired()
            await _listen(alice, room)
            await alice.part()
            await alice.join()
            alice.heard.clear()
            await alice.link.encrypt()
            await asyncio.sleep(1)
            head = bytes([INDICATION]) + _handle(room, TOOL_EVENT)
            assert [pdu[3] for _cid, pdu in alice.heard if pdu[:3] == head] == [1, 2]

    play(main)


def test_parameters_that_a_central_chose_otherwise_are_asked_for_once() -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await room.joined()
            await asyncio.sleep(10)
            link = room.tool._serving.link
            assert link is not None
            parameters = link.connection.parameters
            assert 15 <= parameters.connection_interval <= 30
            assert parameters.supervision_timeout == 4000
            await alice.part()
            await alice.join()
            alice.is_raw = True
            alice.heard.clear()
            await asyncio.sleep(60)
            asked = bytes.fromhex("12 01 08 00 0c 00 18 00 00 00 90 01")
            assert [pdu for cid, pdu in alice.heard if cid == 5] == [asked]

    play(main)


def test_the_serial_number_and_feature_need_the_key_also_after_a_restart() -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await room.paired()
            await alice.part()
            await room.tool.vanish()
            await room.tool.switch_on(clock_start_us=77)
            await alice.join()
            for uuid, bits in ((TOOL_FEATURE, 0), (TELEMETRY, 1)):
                said = await alice.ask(ATT, b"\x0a" + _handle(room, uuid, bits))
                assert [pdu[-1] for pdu in said] == [0x0F]

    play(main)
