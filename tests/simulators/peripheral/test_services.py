"""The optional services: Immediate Alert, Industrial Measurement Device."""

import asyncio
from dataclasses import replace

import pytest

from protocols.massage_tool import (
    ALERT_LEVEL,
    CONTROL_POINT,
    FORCE,
    NOT_KNOWN,
    ROTATIONAL_SPEED,
    Features,
    Haptic,
    Pattern,
    SetLimit,
)
from simulators.firmware import Reason
from simulators.peripheral.measuring import force_value, speed_value
from tests.simulators.firmware.scripted import ALL_PARTS, ROLLER, Raw
from tests.simulators.peripheral.raw import ATT, RawCentral, RawRoom, play, raw_room

NOTIFICATION = 0x1B
BOTH = ("immediate_alert", "industrial_measurement")


def _handle(room: RawRoom, uuid: str, more: int = 0) -> bytes:
    return (room.handle(uuid) + more).to_bytes(2, "little")


async def _alert(central: RawCentral, room: RawRoom, value: bytes) -> None:
    assert await central.ask(ATT, b"\x52" + _handle(room, ALERT_LEVEL) + value) == []


def _alerts(room: RawRoom) -> list[tuple[int, float | None]]:
    """Strength in percent and length in seconds of every buzz of an alert."""
    return [
        (buzz.strength_percent, buzz.end_us and round((buzz.end_us - buzz.start_us) / 1e6, 1))
        for buzz in room.tool.firmware.buzzes
        if buzz.why is Reason.ALERT
    ]


def test_an_alert_buzzes_until_it_is_taken_back_10_s_or_the_end_of_the_link() -> None:
    async def main() -> None:
        async with raw_room(services=BOTH) as room:
            alice = await room.paired()
            await _alert(alice, room, b"\1")
            await asyncio.sleep(2.8)
            await _alert(alice, room, b"\0")
            await _alert(alice, room, b"\2")
            await asyncio.sleep(15)
            await _alert(alice, room, b"\2")
            await asyncio.sleep(0.8)
            await alice.part()
            assert _alerts(room) == [(50, 3.0), (100, 10.0), (100, pytest.approx(1.0, abs=0.1))]

    play(main)


@pytest.mark.parametrize("value", [b"", b"\3", b"\xff", b"\1\1"])
def test_reserved_levels_are_left_alone(value: bytes) -> None:
    async def main() -> None:
        async with raw_room(services=BOTH) as room:
            alice = await room.paired()
            await _alert(alice, room, value)
            assert room.tool.firmware.buzzes == []

    play(main)


def test_an_alert_without_encryption_does_nothing_and_says_nothing() -> None:
    async def main() -> None:
        async with raw_room(services=BOTH) as room:
            alice = await room.joined()
            await _alert(alice, room, b"\2")
            said = await alice.ask(ATT, b"\x12" + _handle(room, ALERT_LEVEL) + b"\2")
            assert said == [b"\x01\x12" + _handle(room, ALERT_LEVEL) + b"\x03"]
            assert room.tool.firmware.buzzes == []

    play(main)


def test_the_limit_wins_over_an_alert_and_an_alert_over_a_haptic() -> None:
    async def main() -> None:
        async with raw_room(services=BOTH) as room:
            alice = await room.paired()
            point = _handle(room, CONTROL_POINT)
            await alice.ask(ATT, b"\x12" + _handle(room, CONTROL_POINT, 1) + b"\2\0")
            await alice.ask(ATT, b"\x12" + point + bytes(Haptic(Pattern.SINGLE, 50, 0.0)))
            await _alert(alice, room, b"\1")
            room.body.script = lambda _us: Raw((5000,))
            await alice.ask(ATT, b"\x12" + point + bytes(SetLimit(2.0, 4.0, 0.0)))
            await asyncio.sleep(0.5)
            reasons = [buzz.why for buzz in room.tool.firmware.buzzes]
            assert reasons[:3] == [Reason.HAPTIC, Reason.ALERT, Reason.LIMIT]

    play(main)


async def _switch(central: RawCentral, room: RawRoom, uuid: str, *, on: bool) -> bytes:
    value = bytes([on, 0])
    said = await central.ask(ATT, b"\x12" + _handle(room, uuid, 1) + value)
    (answer,) = (pdu for pdu in said if pdu[0] != NOTIFICATION)
    return answer


def test_force_and_turning_are_notified_at_10_hz_while_they_are_wanted() -> None:
    async def main() -> None:
        async with raw_room(services=BOTH) as room:
            room.body.script = lambda _us: Raw((1250,), gyro=(0, 0, 984))
            alice = await room.paired()
            for uuid in (FORCE, ROTATIONAL_SPEED):
                assert await _switch(alice, room, uuid, on=True) == b"\x13"
            alice.heard.clear()
            await asyncio.sleep(5)
            told = [pdu for cid, pdu in alice.heard if cid == ATT]
            force = b"\x1b" + _handle(room, FORCE) + bytes.fromhex("e2 04 00 00")
            turning = b"\x1b" + _handle(room, ROTATIONAL_SPEED) + bytes.fromhex("0a 00 00 00")
            assert 45 <= told.count(force) <= 50
            assert 45 <= told.count(turning) <= 50
            assert set(told) == {force, turning}
            for uuid in (FORCE, ROTATIONAL_SPEED):
                assert await _switch(alice, room, uuid, on=False) == b"\x13"
            alice.heard.clear()
            await asyncio.sleep(1)
            assert alice.heard == []

    play(main)


def test_what_is_not_known_says_so() -> None:
    async def main() -> None:
        async with raw_room(services=BOTH) as room:
            room.body.script = lambda _us: Raw((NOT_KNOWN,), gyro=None)
            alice = await room.paired()
            await _switch(alice, room, FORCE, on=True)
            alice.heard.clear()
            await asyncio.sleep(0.35)
            assert {pdu[3:].hex() for _cid, pdu in alice.heard} == {"ffffff7f"}

    play(main)


def test_they_are_encrypted_and_only_where_the_tool_has_the_part() -> None:
    async def main() -> None:
        async with raw_room(services=BOTH) as room:
            alice = await room.joined()
            for uuid in (FORCE, ROTATIONAL_SPEED):
                assert (await _switch(alice, room, uuid, on=True))[-1] == 0x05
        without = replace(ROLLER, features=ALL_PARTS & ~Features.GYROSCOPE)
        async with raw_room(without, services=BOTH) as room:
            assert room.handle(FORCE)
            with pytest.raises(AssertionError):
                room.handle(ROTATIONAL_SPEED)
        async with raw_room() as room:
            for uuid in (ALERT_LEVEL, FORCE):
                with pytest.raises(AssertionError):
                    room.handle(uuid)

    play(main)


def test_an_unknown_service_is_refused() -> None:
    async def main() -> None:
        with pytest.raises(ValueError, match="heart"):
            async with raw_room(services=("heart",)):
                pass

    play(main)


def test_values_byte_for_byte() -> None:
    assert force_value(1.2504).hex(" ") == "e2 04 00 00"
    assert force_value(-0.001).hex(" ") == "ff ff ff ff"
    assert force_value(1e9).hex(" ") == "fe ff ff 7f"
    assert force_value(None).hex(" ") == "ff ff ff 7f"
    assert speed_value(90.0).hex(" ") == "0f 00 00 00"
    assert speed_value(None).hex(" ") == "ff ff ff 7f"
