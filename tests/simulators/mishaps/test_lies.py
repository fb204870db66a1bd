"""Each lie breaks the profile in its own way, and an honest firmware is left alone."""

from simulators.mishaps import LyingFirmware
from simulators.scenario import Lie
from tests.simulators.firmware.scripted import ROLLER, ScriptedBody, ScriptedTool

START = bytes.fromhex("01 64 00 02")
READ_CLOCK = bytes.fromhex("06")


def firmware() -> LyingFirmware:
    made = LyingFirmware(ScriptedTool(ROLLER), ScriptedBody())
    made.connected(0)
    made.request(START, 0, mtu=247, telemetry_on=True)
    return made


def frames(lie: Lie | None) -> list[bytes]:
    made = firmware()
    made.lie = lie
    return list(made.advance(100_000).frames)


def test_without_a_lie_every_frame_is_the_honest_one() -> None:
    honest = frames(None)
    assert len(honest) == 5
    assert all(frame[1] == 2 for frame in honest)


def test_lies_about_the_size() -> None:
    honest = frames(None)
    assert frames(Lie.SHORT_FRAME) == [frame[:-1] for frame in honest]
    assert frames(Lie.LONG_FRAME) == [frame + b"\0\0\0" for frame in honest]
    assert frames(Lie.NO_SAMPLES) == [frame[:1] + b"\0" + frame[2:12] for frame in honest]
    assert frames(Lie.WRONG_COUNT) == [frame[:1] + b"\x03" + frame[2:] for frame in honest]
    assert frames(Lie.NO_INTERVAL) == [frame[:2] + b"\0\0" + frame[4:] for frame in honest]


def test_lies_about_time_and_numbers_touch_every_other_frame() -> None:
    honest = frames(None)
    for lie, offset, by in (
        (Lie.TIME_LEAPS_AHEAD, 4, 30_000_000),
        (Lie.TIME_GOES_BACK, 4, -30_000_000),
        (Lie.NUMBERS_LEAP, 8, 100_000),
    ):
        for place, (told, true) in enumerate(zip(frames(lie), honest, strict=True)):
            value = int.from_bytes(true[offset : offset + 4], "little")
            expected = (value + by * (place % 2 == 0)) % 2**32
            assert told[offset : offset + 4] == expected.to_bytes(4, "little")
            assert told[:offset] + told[offset + 4 :] == true[:offset] + true[offset + 4 :]


def test_a_frame_may_come_twice() -> None:
    told = frames(Lie.SAME_FRAME_TWICE)
    assert told[::2] == told[1::2] == frames(None)


def test_lies_in_answers() -> None:
    made = firmware()
    told: dict[Lie | None, bytes] = {}
    for lie in (None, Lie.ANSWER_FOR_ANOTHER, Lie.ANSWER_CUT, Lie.EMPTY_SUCCESS):
        made.lie = lie
        told[lie] = made.request(READ_CLOCK, 1000, mtu=247, telemetry_on=True) or b""
    assert told[None] == bytes.fromhex("80 06 01") + (1000).to_bytes(4, "little")
    assert told[Lie.ANSWER_FOR_ANOTHER] == bytes.fromhex("80 07 01") + told[None][3:]
    assert told[Lie.ANSWER_CUT] == bytes.fromhex("80 06")
    assert told[Lie.EMPTY_SUCCESS] == bytes.fromhex("80 06 01")


def test_a_tare_is_answered_with_the_same_lie() -> None:
    made = firmware()
    made.lie = Lie.ANSWER_CUT
    assert made.request(b"\x03", 10_000, mtu=247, telemetry_on=True) is None
    assert made.advance(2_000_000).answers == (b"\x80\x03",)
