"""What a peripheral without channels says to L2CAP signalling, byte for byte."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.peripheral.signalling import LONGEST, reply, update_request
from tests.simulators.peripheral.raw import SIGNALLING, play, raw_room


@pytest.mark.parametrize(
    ("packet", "answer"),
    [
        ("02 01 04 00 01 00 40 00", "01 01 02 00 00 00"),  # classic connection request
        ("08 02 00 00", "01 02 02 00 00 00"),  # classic echo request
        ("fe 03 00 00", "01 03 02 00 00 00"),  # no such command
        ("06 04 04 00 41 00 42 00", "01 04 06 00 02 00 41 00 42 00"),  # no such channel
        ("06 04 02 00 41 00", "01 04 02 00 00 00"),  # its length is wrong
        ("12 05 08 00 06 00 06 00 00 00 64 00", "01 05 02 00 00 00"),  # the central's to set
        (
            "14 06 0a 00 80 00 40 00 17 00 17 00 01 00",
            "15 06 0a 00 00 00 00 00 00 00 00 00 02 00",
        ),
        ("17 07 0a 00 80 00 40 00 40 00 01 00 40 00", "18 07 0a 00 00 00 00 00 00 00 02 00 00 00"),
        ("17 07 08 00 80 00 40 00 40 00 01 00", "01 07 02 00 00 00"),  # no channel at all
        ("19 08 06 00 40 00 40 00 40 00", "1a 08 02 00 03 00"),
        ("08 09 05 00 00", "01 09 02 00 00 00"),  # says that it is longer
        ("08 0a 14 00" + " 00" * 20, "01 0a 04 00 01 00 17 00"),  # longer than allowed
    ],
)
def test_requests_are_refused_as_the_standard_says(packet: str, answer: str) -> None:
    said = reply(bytes.fromhex(packet))
    assert said is not None
    assert said.hex(" ") == answer


@pytest.mark.parametrize(
    "packet",
    [
        "",
        "02 01 00",
        "08 00 00 00",  # identifier 0 is none
        "01 01 02 00 00 00",
        "07 01 04 00 40 00 40 00",
        "13 01 02 00 00 00",
        "15 01 0a 00" + " 00" * 10,
        "16 01 04 00 40 00 ff ff",
        "18 01 08 00" + " 00" * 8,
        "1a 01 02 00 00 00",
    ],
)
def test_what_asks_nothing_is_left_alone(packet: str) -> None:
    assert reply(bytes.fromhex(packet)) is None


@settings(max_examples=300)
@given(st.binary(max_size=40))
def test_whatever_comes_the_answer_is_one_short_packet(packet: bytes) -> None:
    said = reply(packet)
    if said is not None:
        assert len(said) <= LONGEST
        assert said[1] == packet[1]
        assert int.from_bytes(said[2:4], "little") == len(said) - 4


def test_the_request_for_other_parameters() -> None:
    assert update_request(1, (12, 24, 0, 400)).hex(" ") == "12 01 08 00 0c 00 18 00 00 00 90 01"


def test_no_channel_can_be_opened_and_unknown_channels_are_silent() -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await room.joined()
            asked = bytes.fromhex("14 06 0a 00 80 00 40 00 17 00 17 00 01 00")
            assert [said[-2:] for said in await alice.ask(SIGNALLING, asked)] == [b"\x02\x00"]
            for cid in (0, 1, 2, 3, 7, 0x20, 0x40, 0xFFFF):
                assert await alice.ask(cid, b"\x02\x01\x04\x00\x01\x00\x40\x00") == []
                assert alice.heard == []

    play(main)
