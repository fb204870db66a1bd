"""ATT as the standard says, for clients that do not."""

import asyncio

import pytest

from protocols.massage_tool import (
    ALERT_LEVEL,
    BATTERY_LEVEL,
    CONTROL_POINT,
    TELEMETRY,
    TOOL_EVENT,
    TOOL_FEATURE,
)
from tests.simulators.peripheral.raw import ATT, BOB, RawCentral, RawRoom, play, raw_room


def _u16(number: int) -> bytes:
    return number.to_bytes(2, "little")


async def _listening(room: RawRoom) -> RawCentral:
    """A bonded central with the control point's indications on, raw."""
    alice = await room.paired()
    configuration = _u16(room.handle(CONTROL_POINT) + 1)
    assert await alice.ask(ATT, b"\x12" + configuration + b"\x02\x00") == [b"\x13"]
    return alice


def test_the_mtu_is_agreed_upon_once() -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await room.joined()
            assert await alice.ask(ATT, b"\x02\x16\x00") == [b"\x01\x02\x00\x00\x04"]
            assert await alice.ask(ATT, b"\x02\x64\x00") == [b"\x03\xf7\x00"]
            assert await alice.ask(ATT, b"\x02\xf7\x00") == [b"\x03\xf7\x00"]
            link = room.tool._serving.link
            assert link is not None
            assert link.connection.att_mtu == 100
            longer = b"\x12" + _u16(3) + bytes(98)
            assert await alice.ask(ATT, longer) == [b"\x01\x12\x00\x00\x04"]

    play(main)


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ("04 00 00 ff ff", "01 04 00 00 01"),  # find information from handle 0
        ("04 05 00 04 00", "01 04 05 00 01"),  # ends before it begins
        ("08 00 00 ff ff 03 28", "01 08 00 00 01"),
        ("10 00 00 ff ff 00 28", "01 10 00 00 01"),
        ("10 05 00 04 00 00 28", "01 10 05 00 01"),
        ("06 05 00 04 00 00 28 0f 18", "01 06 05 00 01"),
        ("10 01 00 ff ff 03 28", "01 10 01 00 10"),  # not a group
        ("08 01 00 ff ff aa bb cc", "01 08 00 00 04"),  # no UUID has three bytes
        ("0a ff ff", "01 0a ff ff 01"),
        ("0c ff ff 00 00", "01 0c ff ff 01"),
        ("12 01 00 00", "01 12 01 00 03"),  # a declaration
        ("16 01 00 00 00 00", "01 16 01 00 03"),
        ("18 02", "01 18 00 00 04"),
        ("18", "01 18 00 00 04"),
        ("0e 01 00 03 00", "01 0e 00 00 06"),
        ("20 01 00 03 00", "01 20 00 00 06"),
        ("3e", "01 3e 00 00 06"),  # no such request
    ],
)
def test_bad_requests(request_: str, answer: str) -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await room.joined()
            said = await alice.ask(ATT, bytes.fromhex(request_))
            assert [each.hex(" ") for each in said] == [answer]

    play(main)


@pytest.mark.parametrize(
    "command",
    [
        "1e",  # a confirmation that nobody waits for
        "52 03 00 41",  # write command to what takes none
        "52 ff ff 41",
        "d2 03 00 41" + " 00" * 12,  # signed write
        "7e 00 00",  # no such command
        "01 0a 03 00 05",  # an answer, from a client
        "1b 03 00 41",  # a notification, from a client
    ],
)
def test_what_is_silently_left(command: str) -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await room.joined()
            for _ in range(3):
                assert await alice.ask(ATT, bytes.fromhex(command)) == []
            battery = b"\x0a" + _u16(room.handle(BATTERY_LEVEL))
            assert await alice.ask(ATT, battery) == [b"\x0b\x50"]

    play(main)


def test_searching_by_type_shows_nothing_that_reading_would_not() -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await room.joined()
            for uuid, code in (
                (TELEMETRY, 2),
                (TOOL_EVENT, 2),
                (CONTROL_POINT, 2),
                (TOOL_FEATURE, 5),
            ):
                attribute = bytes.fromhex(uuid.replace("-", ""))[::-1]
                said = await alice.ask(ATT, b"\x08\x01\x00\xff\xff" + attribute)
                assert said == [b"\x01\x08" + _u16(room.handle(uuid)) + bytes([code])]

    play(main)


def test_parts_are_queued_only_for_who_may_write() -> None:
    async def main() -> None:
        async with raw_room(services=("immediate_alert",)) as room:
            alice = await room.joined()
            point, alert = _u16(room.handle(CONTROL_POINT)), _u16(room.handle(ALERT_LEVEL))
            configuration = _u16(room.handle(TELEMETRY) + 1)
            for handle in (point, configuration):
                said = await alice.ask(ATT, b"\x16" + handle + b"\x00\x00\x01")
                assert said == [b"\x01\x16" + handle + b"\x05"]
            said = await alice.ask(ATT, b"\x16" + alert + b"\x00\x00\x01")
            assert said == [b"\x01\x16" + alert + b"\x03"]
            assert await alice.ask(ATT, b"\x18\x01") == [b"\x19"]

    play(main)


def test_a_long_write_to_the_control_point_is_a_request_of_the_wrong_length() -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await _listening(room)
            point = _u16(room.handle(CONTROL_POINT))
            for part in range(3):
                body = b"\x16" + point + _u16(part * 10) + bytes([2]) * 10
                assert await alice.ask(ATT, body) == [b"\x17" + body[1:]]
            said = await alice.ask(ATT, b"\x18\x01")
            assert said == [b"\x19", b"\x1d" + point + b"\x80\x02\x03"]

    play(main)


def test_a_long_write_with_a_hole_changes_nothing() -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await _listening(room)
            point = _u16(room.handle(CONTROL_POINT))
            assert len(await alice.ask(ATT, b"\x16" + point + b"\x05\x00\x02")) == 1
            assert [said[-1] for said in await alice.ask(ATT, b"\x18\x01")] == [0x07]

    play(main)


def test_what_one_client_had_queued_is_gone_for_the_next() -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await _listening(room)
            point = _u16(room.handle(CONTROL_POINT))
            assert len(await alice.ask(ATT, b"\x16" + point + b"\x00\x00\x02")) == 1
            await alice.part()
            bob = await room.paired(BOB)
            configuration = _u16(room.handle(CONTROL_POINT) + 1)
            assert await bob.ask(ATT, b"\x12" + configuration + b"\x02\x00") == [b"\x13"]
            assert await bob.ask(ATT, b"\x18\x01") == [b"\x19"]

    play(main)


def test_a_flood_of_requests_is_answered_one_by_one() -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await _listening(room)
            point, battery = _u16(room.handle(CONTROL_POINT)), _u16(room.handle(BATTERY_LEVEL))
            alice.heard.clear()
            for _ in range(200):
                alice.say(ATT, b"\x0a" + battery)
                alice.say(ATT, b"\x12" + point + b"\x06")
            await asyncio.sleep(10)
            said = [pdu for _cid, pdu in alice.heard]
            assert said.count(b"\x0b\x50") == 200
            taken, busy = said.count(b"\x13"), said.count(b"\x01\x12" + point + b"\xfe")
            assert taken + busy == 200
            assert taken == len([pdu for pdu in said if pdu[0] == 0x1D])
            assert taken > 0

    play(main)


def test_an_answer_owed_to_one_central_does_not_reach_the_next() -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await _listening(room)
            point = _u16(room.handle(CONTROL_POINT))
            assert await alice.ask(ATT, b"\x12" + point + b"\x03") == [b"\x13"]
            await alice.part()
            bob = await room.paired(BOB)
            assert await bob.ask(
                ATT, b"\x12" + _u16(room.handle(CONTROL_POINT) + 1) + b"\x02\x00"
            ) == [b"\x13"]
            await asyncio.sleep(2)
            assert [pdu for _cid, pdu in bob.heard if pdu[0] == 0x1D] == []
            said = await bob.ask(ATT, b"\x12" + point + b"\x02")
            assert said == [b"\x13", b"\x1d" + point + b"\x80\x02\x01"]

    play(main)


def test_the_feature_is_read_in_parts_at_the_smallest_mtu() -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await room.paired()
            handle = _u16(room.handle(TOOL_FEATURE))
            (first,) = await alice.ask(ATT, b"\x0a" + handle)
            (second,) = await alice.ask(ATT, b"\x0c" + handle + _u16(22))
            assert (first[0], second[0]) == (0x0B, 0x0D)
            assert first[1:] + second[1:] == bytes(room.tool.firmware.tool.feature)
            assert await alice.ask(ATT, b"\x0c" + handle + _u16(32)) == [b"\x0d"]
            assert await alice.ask(ATT, b"\x0c" + handle + _u16(33)) == [
                b"\x01\x0c" + handle + b"\x07"
            ]

    play(main)


def test_what_is_refused_changes_nothing() -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await _listening(room)
            await alice.part()
            await alice.join()
            point = _u16(room.handle(CONTROL_POINT))
            haptic = b"\x12" + point + bytes.fromhex("050364a00f")
            assert await alice.ask(ATT, haptic) == [b"\x01\x12" + point + b"\x0f"]
            for uuid, bits in ((CONTROL_POINT, 0), (TELEMETRY, 1)):
                configuration = _u16(room.handle(uuid) + 1)
                said = await alice.ask(ATT, b"\x12" + configuration + bytes([bits, 0]))
                assert said == [b"\x01\x12" + configuration + b"\x0f"]
            assert room.tool.firmware.buzzes == []
            alice.is_raw = False
            await alice.link.encrypt()
            for uuid, bits in ((CONTROL_POINT, 2), (TELEMETRY, 0)):
                configuration = _u16(room.handle(uuid) + 1)
                assert await alice.ask(ATT, b"\x0a" + configuration) == [b"\x0b" + bytes([bits, 0])]

    play(main)


def test_live_frames_go_before_resent_ones() -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await _listening(room)
            await alice.ask(ATT, b"\x02\xf7\x00")
            await alice.ask(ATT, b"\x12" + _u16(room.handle(TELEMETRY) + 1) + b"\x01\x00")
            point = _u16(room.handle(CONTROL_POINT))
            await alice.ask(ATT, b"\x12" + point + bytes.fromhex("01640005"))
            await asyncio.sleep(25)
            alice.heard.clear()
            alice.say(ATT, b"\x12" + point + bytes.fromhex("0700000000d007"))
            await asyncio.sleep(5)
            frames = [pdu[3:] for _cid, pdu in alice.heard if pdu[0] == 0x1B]
            kinds = ["resent" if frame[0] & 0x10 else "live" for frame in frames]
            last = len(kinds) - kinds[::-1].index("resent")
            assert kinds.count("resent") >= 100
            assert kinds[:last].count("live") >= 3
            live = [frame for frame in frames if not frame[0] & 0x10]
            numbers = [int.from_bytes(frame[8:12], "little") for frame in live]
            assert numbers == list(range(numbers[0], numbers[0] + 5 * len(numbers), 5))
            assert len(live) >= 95

    play(main)


STATES: dict[str, list[str]] = {
    "nothing said": [],
    "the MTU asked for": ["02 f7 00"],
    "a part queued": ["16 PP PP 00 00 01"],
    "a tare under way": ["12 PP PP 03"],
    "an answer owed": ["12 PP PP 06"],
    "a stream": ["02 f7 00", "12 TT TT 01 00", "12 PP PP 01 64 00 05"],
    "a resend": [
        "02 f7 00",
        "12 TT TT 01 00",
        "12 PP PP 01 64 00 05",
        "12 PP PP 07 00 00 00 00 05 00",
    ],
    "a haptic": ["12 PP PP 05 03 64 00 00"],
    "events waiting": ["12 EE EE 02 00"],
}


@pytest.mark.parametrize("confirms", [True, False])
@pytest.mark.parametrize("state", STATES)
def test_a_link_that_ends_in_any_state_leaves_nothing_behind(state: str, *, confirms: bool) -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await _listening(room)
            alice.is_confirming = confirms
            places = {
                "PP PP": _u16(room.handle(CONTROL_POINT)),
                "TT TT": _u16(room.handle(TELEMETRY) + 1),
                "EE EE": _u16(room.handle(TOOL_EVENT) + 1),
            }
            for text in STATES[state]:
                pdu = text
                for place, handle in places.items():
                    pdu = pdu.replace(place, handle.hex())
                alice.say(ATT, bytes.fromhex(pdu))
                await asyncio.sleep(0.05)
            await alice.part()
            assert not room.tool.is_connected
            bob = await room.paired(BOB)
            bob.heard.clear()
            await asyncio.sleep(2)
            assert [pdu for cid, pdu in bob.heard if cid == ATT] == []
            configuration = _u16(room.handle(CONTROL_POINT) + 1)
            assert await bob.ask(ATT, b"\x12" + configuration + b"\x02\x00") == [b"\x13"]
            point = places["PP PP"]
            said = await bob.ask(ATT, b"\x12" + point + b"\x02")
            assert said == [b"\x13", b"\x1d" + point + b"\x80\x02\x01"]
            assert all(buzz.end_us is not None for buzz in room.tool.firmware.buzzes)

    play(main)
