"""The codecs of other tools against golden bytes, in pieces and whole."""

import math
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from companion.settings.described_tools import load_other_tool, load_other_tools
from protocols.errors import DecodeError, EncodeError
from protocols.massage_tool import FORCE, ROTATIONAL_SPEED
from protocols.other_tools import bluefruit, fields, tindeq, uart_lines, witmotion
from protocols.other_tools import industrial_measurement as industrial
from protocols.other_tools.description import Proof
from protocols.other_tools.quantities import UNITS, Giving, Quantity
from protocols.other_tools.readings import Codec, Reading

FOLDER = Path(__file__).parent / "vectors" / "other_tools"
FILES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*")}
PLACES = {
    "force": FORCE,
    "speed": ROTATIONAL_SPEED,
    "accel": industrial.ACCELERATION,
    "accel3": industrial.PRECISE_ACCELERATION_3D,
}


def giving(quantity: Quantity, unit: str, bits: int = 0) -> Giving:
    return Giving(quantity, UNITS[unit][1], bits)


def odd() -> Codec:
    """A tool with every oddity: 24 bits, big-endian, an offset, and two characteristics."""
    force = fields.Field(
        at=0, kind="i24", big_endian=True, plus=10, giving=giving(Quantity.FORCE, "gf")
    )
    axes = [
        fields.Field(at=4 * place, kind="f32", giving=giving(quantity, "deg/s"))
        for place, quantity in enumerate((Quantity.GYRO_X, Quantity.GYRO_Y, Quantity.GYRO_Z))
    ]
    return fields.Decoder(
        [
            fields.Layout(characteristic="fast", fields=(force,)),
            fields.Layout(characteristic="slow", fields=tuple(axes)),
        ]
    )


def csv() -> Codec:
    axes = (Quantity.ACCEL_X, Quantity.ACCEL_Y, Quantity.ACCEL_Z)
    columns = [
        uart_lines.Column(0, giving(Quantity.TIME, "ms", 32)),
        uart_lines.Column(1, giving(Quantity.FORCE, "gf")),
        *(uart_lines.Column(3 + n, giving(axis, "g")) for n, axis in enumerate(axes)),
    ]
    return uart_lines.Decoder(
        uart_lines.Settings(format=uart_lines.LineFormat.CSV, columns=tuple(columns))
    )


NEW: dict[str, Callable[[], Codec]] = {
    "tindeq": tindeq.Decoder,
    "witmotion": witmotion.Decoder,
    "bluefruit": lambda: bluefruit.Decoder(
        bluefruit.Settings(accel_unit_mps2=1.0, gyro_unit_radps=1.0)
    ),
    "industrial_measurement": lambda: industrial.Decoder(
        industrial.Settings(rate_hz=10, wheel_circumference_m=0.06, has_acceleration=True)
    ),
    "uart_lines csv": csv,
    "uart_lines json": lambda: load_other_tool("lines-json").new_codec(),
    "fields fields": lambda: load_other_tool("fields").new_codec(),
    "fields odd": odd,
}


def rows(table: str) -> list[Any]:
    return [
        pytest.param(stem, row, id=f"{stem}: {row['name']}")
        for stem, file in sorted(FILES.items())
        for row in file.get(table, [])
    ]


def codec_of(stem: str, row: dict[str, Any]) -> Codec:
    which = row.get("format") or row.get("tool")
    return NEW[f"{stem} {which}" if which else stem]()


def values_of(stem: str, row: dict[str, Any], steps: list[str]) -> list[tuple[str, bytes]]:
    """Return characteristic and bytes of each step; a word before a colon names the first."""
    if "lines" in row:
        return [("", line.encode()) for line in row["lines"]]
    values = []
    for step in steps:
        place, _, digits = step.rpartition(":")
        default = load_other_tool("fields").listens[0].characteristic if stem == "fields" else ""
        values.append((PLACES.get(place, place) or default, bytes.fromhex(digits)))
    return values


def same(found: object, expected: object) -> bool:
    match expected:
        case "not known":
            return found is None
        case float():
            return isinstance(found, float) and math.isclose(
                found, expected, rel_tol=1e-9, abs_tol=1e-12
            )
        case list():
            return isinstance(found, tuple) and all(map(same, found, expected))
        case _:
            return found == expected


def assert_same(reading: Reading, expected: dict[str, Any]) -> None:
    assert reading.time_us == expected.get("time_us")
    assert same(reading.sample.force_n, expected.get("force_n", []))
    assert len(reading.sample.force_n) == len(expected.get("force_n", []))
    for group in ("accel_mps2", "gyro_radps", "travel_m"):
        assert same(getattr(reading.sample, group), expected.get(group)), group


@pytest.mark.parametrize(("stem", "row"), rows("case"))
def test_bytes_are_read_in_si_units(stem: str, row: dict[str, Any]) -> None:
    codec = codec_of(stem, row)
    readings: list[Reading] = []
    for characteristic, value in values_of(stem, row, row.get("steps", [])):
        readings.extend(codec.receive_data(characteristic, value))
    assert len(readings) == len(row["readings"])
    for reading, expected in zip(readings, row["readings"], strict=True):
        assert_same(reading, expected)
    assert codec.rejected == row.get("rejected", 0)


@pytest.mark.parametrize(("stem", "row"), rows("error"))
def test_bytes_that_break_their_layout_are_refused(stem: str, row: dict[str, Any]) -> None:
    codec = codec_of(stem, row)
    ((characteristic, value),) = values_of(stem, row, [row["hex"]])
    with pytest.raises(DecodeError) as caught:
        codec.receive_data(characteristic, value)
    assert caught.value.offset == row["offset"]


@pytest.mark.parametrize("size", [1, 3, 7, 19, 20, 21, 47])
@pytest.mark.parametrize("stem", ["witmotion", "bluefruit"])
def test_the_cut_of_a_stream_makes_no_difference(stem: str, size: int) -> None:
    good = [row for row in FILES[stem]["case"] if "rejected" not in row]
    stream = b"".join(bytes.fromhex(step) for row in good for step in row["steps"])
    whole, cut = NEW[stem](), NEW[stem]()
    expected = list(whole.receive_data("", stream))
    found = [
        reading
        for place in range(0, len(stream), size)
        for reading in cut.receive_data("", stream[place : place + size])
    ]
    assert found == expected
    assert len(expected) >= len(good)


def test_a_progressor_tells_its_battery_and_its_warning() -> None:
    decoder = tindeq.Decoder()
    decoder.receive_data("", bytes.fromhex("00 04 6f 0f 00 00 04 00"))
    assert decoder.is_low
    assert decoder.reply is not None
    assert tindeq.read_battery_mv(tindeq.Block(0, decoder.reply)) == 3951
    with pytest.raises(DecodeError):
        tindeq.read_battery_mv(tindeq.Block(0, b"\1\2"))


def test_a_witmotion_frame_has_angles() -> None:
    decoder = witmotion.Decoder()
    decoder.receive_data("", bytes.fromhex("5561 000000000000 000000000000 0040 00c0 0080"))
    assert decoder.frame is not None
    assert decoder.frame.angle_rad == pytest.approx((math.pi / 2, -math.pi / 2, -math.pi))


def test_a_bluefruit_button_is_told() -> None:
    decoder = bluefruit.Decoder(bluefruit.Settings(accel_unit_mps2=9.80665))
    decoder.receive_data("", b"!B11:")
    assert decoder.pressed == (1, True)
    decoder.receive_data("", b"!B10;")
    assert decoder.pressed == (1, False)


def test_what_the_simulator_writes_are_golden_bytes() -> None:
    block = tindeq.write_weights([tindeq.Weight(0.5, 1_000_000)])
    assert block == bytes.fromhex("01 08 00 00 00 3f 40 42 0f 00")
    assert tindeq.write_block(tindeq.Tag.LOW_POWER) == b"\4\0"
    frame = witmotion.motion_frame((4.903325, 0, -999), (math.radians(1000), 0, 0), (0, 0, 0))
    assert bytes(frame)[:10] == bytes.fromhex("55 61 00 04 00 00 00 80 00 40")
    assert witmotion.rate_command(100) == bytes.fromhex("ff aa 03 09 00")
    assert witmotion.rate_of(bytes.fromhex("ff aa 03 09 00")) == 100
    assert witmotion.rate_of(bytes.fromhex("ff aa 69 88 b5")) is None
    assert bluefruit.write_vector("A", (0.5, -0.5, 1.0)) == bytes.fromhex(
        "21 41 00 00 00 3f 00 00 00 bf 00 00 80 3f e0"
    )
    assert bluefruit.write_packet("B", b"11") == b"!B11:"
    assert industrial.write_force(0.35) == bytes.fromhex("5e 01 00 00")
    assert industrial.write_force(None) == bytes.fromhex("ff ff ff 7f")
    assert industrial.write_rotational_speed(20) == bytes.fromhex("14 00 00 00")
    assert uart_lines.write_csv([0.5, None]) == b"0.5,nan\n"
    assert uart_lines.write_json({"us": 5, "n": None}) == b'{"us":5,"n":null}\n'


@pytest.mark.parametrize(
    "write",
    [
        lambda: tindeq.write_weights([tindeq.Weight(1.0, 2**32)]),
        lambda: tindeq.write_weights([tindeq.Weight(1.0, 0)] * 32),
        lambda: tindeq.write_weights([tindeq.Weight(1e300, 0)]),
        lambda: bytes(witmotion.MotionFrame((40_000, 0, 0), (0, 0, 0), (0, 0, 0))),
        lambda: witmotion.rate_command(33),
        lambda: bluefruit.write_packet("Z", b""),
        lambda: bluefruit.write_packet("B", b"123"),
        lambda: bluefruit.write_vector("A", (1e300, 0, 0)),
        lambda: industrial.write_force(float("nan")),
        lambda: industrial.write_force(3e6),
    ],
)
def test_what_does_not_fit_is_our_fault(write: Callable[[], bytes]) -> None:
    with pytest.raises(EncodeError):
        write()


def test_the_vectors_say_as_much_as_the_descriptions() -> None:
    """A description is proven as far as the vectors of its codec are, and no further."""
    stems = {"lines": "uart_lines"}
    for tool in load_other_tools():
        file = FILES[stems.get(tool.codec.value, tool.codec.value)]
        assert tool.proof is Proof.EXAMPLE or tool.proof.value == file["proof"], tool.name


def layout(*described: fields.Field, header: int = 0) -> fields.Decoder:
    return fields.Decoder([fields.Layout(characteristic="x", fields=described, header=header)])


def test_fields_in_any_order_and_overlapping_are_read() -> None:
    time = fields.Field(at=2, kind="u16", giving=giving(Quantity.TIME, "ms", 16))
    force = fields.Field(at=0, kind="i16", giving=giving(Quantity.FORCE, "mN"))
    low = fields.Field(at=0, kind="u8", giving=giving(Quantity.TRAVEL, "mm"))
    (reading,) = layout(time, force).receive_data("x", bytes.fromhex("e8 03 05 00"))
    assert (reading.time_us, reading.sample.force_n) == (5000, (1.0,))
    (reading,) = layout(force, low).receive_data("x", bytes.fromhex("e8 03"))
    assert reading.sample.force_n == (1.0,)
    assert reading.sample.travel_m == pytest.approx(0.232)


def test_two_channels_a_count_that_is_not_known_and_an_offset() -> None:
    force = giving(Quantity.FORCE, "mN")
    channels = [
        fields.Field(at=2 * n, kind="i16", plus=plus, not_known=-1, giving=force)
        for n, plus in enumerate((0, 100))
    ]
    codec = layout(*channels)
    (reading,) = codec.receive_data("x", bytes.fromhex("64 00 64 00"))
    assert reading.sample.force_n == pytest.approx((0.1, 0.2))
    (reading,) = codec.receive_data("x", bytes.fromhex("64 00 ff ff"))
    assert reading.sample.force_n[0] == pytest.approx(0.1)
    assert reading.sample.force_n[1] is None


def test_some_axes_of_a_vector_leave_the_others_not_known() -> None:
    side = fields.Field(at=0, kind="i8", giving=giving(Quantity.GYRO_Y, "rad/s"))
    mixed = fields.Field(at=1, kind="i16", big_endian=True, giving=giving(Quantity.ACCEL_X, "m/s2"))
    (reading,) = layout(side, mixed).receive_data("x", bytes.fromhex("02 00 03"))
    assert reading.sample == ((), (3.0, None, None), (None, 2.0, None), None)


def test_a_time_that_no_clock_tells_is_not_known() -> None:
    time = fields.Field(at=0, kind="f64", giving=giving(Quantity.TIME, "s"))
    for digits in ("0000000000000840", "ffffffffffffef7f", "000000000000f87f"):
        (reading,) = layout(time).receive_data("x", bytes.fromhex(digits))
        assert reading.time_us == (3_000_000 if digits.endswith("0840") else None)


def test_what_is_not_listened_to_is_left_alone() -> None:
    assert NEW["fields odd"]().receive_data("another", b"\0") == []
    assert NEW["industrial_measurement"]().receive_data("another", b"\0") == []


def test_a_bluefruit_without_a_gyroscope_leaves_its_packets_alone() -> None:
    decoder = bluefruit.Decoder(bluefruit.Settings(accel_unit_mps2=9.80665))
    stream = bytes.fromhex("2147 0000803e 00000000 0000c0bf 5a 2141 0000003f 000000bf 0000803f e0")
    (reading,) = decoder.receive_data("", stream)
    assert reading.sample.gyro_radps is None
    assert reading.sample.accel_mps2 == pytest.approx((4.903325, -4.903325, 9.80665))


def test_a_witmotion_has_no_frame_before_any_came() -> None:
    assert witmotion.Decoder().frame is None


def test_values_that_were_told_long_ago_join_nothing() -> None:
    codec = NEW["industrial_measurement"]()
    codec.receive_data(ROTATIONAL_SPEED, (20).to_bytes(4, "little"))
    ways = [codec.receive_data(FORCE, bytes(4))[0].sample.travel_m for _ in range(7)]
    assert ways == [pytest.approx(0.002)] * 5 + [None] * 2
