"""Any bytes at all into the codecs of other tools: readings, or their own error; bounded memory."""

import math
import pickle
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from protocols.errors import DecodeError
from protocols.other_tools.readings import Codec, Reading
from protocols.other_tools.timeline import Timeline
from protocols.telemetry import Sample
from tests.protocols.test_other_tools import FILES, NEW, values_of

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

KINDS = sorted(NEW)
MOST_HELD_BYTES = 20_000
"""A codec's whole state, pickled, whatever it was fed."""


def golden(kind: str) -> list[tuple[str, bytes]]:
    stem, _, which = kind.partition(" ")
    rows = [row for row in FILES[stem]["case"] if which in {"", row.get("format"), row.get("tool")}]
    return [value for row in rows for value in values_of(stem, row, row.get("steps", []))]


@st.composite
def hostile(draw: st.DrawFn, kind: str) -> list[tuple[str, bytes]]:
    """Draw notifications: noise, and golden ones cut, doubled, changed or run together."""
    known = golden(kind)
    values = []
    for _ in range(draw(st.integers(1, 12))):
        characteristic, good = draw(st.sampled_from(known))
        value = bytearray(good)
        match draw(st.sampled_from(["good", "noise", "set", "cut", "insert", "long"])):
            case "noise":
                value = bytearray(draw(st.binary(max_size=60)))
            case "set" if value:
                value[draw(st.integers(0, len(value) - 1))] = draw(st.integers(0, 255))
            case "cut":
                del value[draw(st.integers(0, len(value))) :]
            case "insert":
                place = draw(st.integers(0, len(value)))
                value[place:place] = draw(st.binary(min_size=1, max_size=8))
            case "long":
                value *= draw(st.integers(2, 20))
            case _:
                pass
        values.append((characteristic, bytes(value)))
    return values


def assert_sound(reading: Reading) -> None:
    sample = reading.sample
    vectors = [vector for vector in (sample.accel_mps2, sample.gyro_radps) if vector is not None]
    assert all(len(vector) == 3 for vector in vectors)
    numbers = [*sample.force_n, sample.travel_m, *(each for vector in vectors for each in vector)]
    assert all(number is None or math.isfinite(number) for number in numbers)
    assert reading.time_us is None or isinstance(reading.time_us, int)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40)
@given(data=st.data())
def test_nothing_but_a_decode_error(kind: str, data: st.DataObject) -> None:
    codec: Codec = NEW[kind]()
    for characteristic, value in data.draw(hostile(kind)):
        error: DecodeError | None = None
        readings: list[Reading] = []
        try:
            readings = list(codec.receive_data(characteristic, value))
        except DecodeError as caught:
            error = caught
        if error is not None:
            assert 0 <= error.offset <= len(value)
        for reading in readings:
            assert_sound(reading)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40)
@given(data=st.data())
def test_a_refused_value_leaves_the_codec_as_it_was(kind: str, data: st.DataObject) -> None:
    hit, spared = NEW[kind](), NEW[kind]()
    for characteristic, value in data.draw(hostile(kind)):
        try:
            hit.receive_data(characteristic, value)
        except DecodeError:
            continue
        spared.receive_data(characteristic, value)
    last = golden(kind)
    assert [hit.receive_data(*value) for value in last] == [
        spared.receive_data(*value) for value in last
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("filling", [b"\0", b"\x55", b"\x55\x61", b"!", b"!A", b"1,", b"{", b"9"])
def test_memory_is_bounded(kind: str, filling: bytes) -> None:
    codec = NEW[kind]()
    lead = golden(kind)[0][0]
    for _ in range(400):
        with suppress(DecodeError):
            codec.receive_data(lead, filling * (512 // len(filling)))
    held = sum(
        len(pickle.dumps(value)) for value in vars(codec).values() if isinstance(value, bytes | str)
    )
    assert held < MOST_HELD_BYTES


@pytest.mark.parametrize("kind", ["witmotion", "bluefruit", "uart_lines csv", "uart_lines json"])
def test_a_stream_is_found_again_after_noise(kind: str) -> None:
    """Whatever came before, of two good pieces in a row at the latest the second is read."""
    codec = NEW[kind]()
    pieces = {
        "witmotion": bytes.fromhex("5561 0004 0000 0000 000000000000 000000000000"),
        "bluefruit": bytes.fromhex("2141 0000003f 000000bf 0000803f e0"),
        "uart_lines csv": b"1500,100,x,0,0,-1\n",
        "uart_lines json": b'{"us":125000,"n":0.31}\n',
    }
    for noise in (b"\x55\x61\x55", b"!A!B\xff", b"\xff\xfe\n", bytes(range(256)), b"{" * 600):
        codec.receive_data("", noise)
        came = [len(codec.receive_data("", pieces[kind])) for _ in range(4)]
        assert came[-1] == 1, noise


@example(
    times=[0, -2_145_613_961, -2_145_613_961], waits=[0.0, 1869687.2809059732, 0.0], has_clock=True
)
@given(
    times=st.lists(st.one_of(st.none(), st.integers(-(2**60), 2**60)), max_size=30),
    waits=st.lists(st.floats(0, 5e6), min_size=30, max_size=30),
    has_clock=st.booleans(),
)
def test_a_timeline_never_goes_back(
    *, times: list[int | None], waits: list[float], has_clock: bool
) -> None:
    timeline = Timeline(100, has_clock=has_clock)
    sample = golden_sample()
    arrived, ends, number = 1e6, -1, 0
    for time_us, wait in zip(times, waits, strict=False):
        arrived += wait
        for telemetry in timeline.place([Reading(time_us, sample)], arrived):
            assert telemetry.device_us > ends
            assert telemetry.first_sample >= number
            assert telemetry.interval_us > 0
            number = telemetry.first_sample + len(telemetry.samples)
            ends = telemetry.device_us + (len(telemetry.samples) - 1) * telemetry.interval_us
    assert timeline.left_out <= len(times)


def golden_sample() -> Sample:
    return NEW["tindeq"]().receive_data("", golden("tindeq")[0][1])[0].sample
