"""Any bytes at all: a value comes out, or the protocol's own error, never anything else."""

import tomllib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import protocols.massage_tool as tool
from protocols.errors import DecodeError, EncodeError, ProtocolError
from protocols.registry import Protocol, protocol_of
from protocols.wrapping import Unwrapper

VECTORS = tomllib.loads(
    Path(__file__).with_name("vectors").joinpath("massage_tool.toml").read_text(encoding="utf-8")
)
FEATURE = tool.ToolFeature.from_bytes(bytes.fromhex(VECTORS["feature"][0]["hex"]))
READERS: dict[str, Callable[[bytes], object]] = {
    "feature": tool.ToolFeature.from_bytes,
    "telemetry": lambda value: tool.Decoder(FEATURE).receive_data(value),
    "raw telemetry": tool.RawTelemetry.from_bytes,
    "request": tool.decode_request,
    "answer": tool.decode_answer,
    "event": tool.decode_event,
}
SEEDS = [bytes.fromhex(row["hex"]) for table in VECTORS.values() for row in table]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Draw a golden value with some bytes changed, cut, doubled or appended."""
    value = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(value)))
        match draw(st.sampled_from(["set", "cut", "insert", "drop"])):
            case "set" if place < len(value):
                value[place] = draw(st.integers(0, 255))
            case "cut":
                del value[place:]
            case "insert":
                value[place:place] = draw(st.binary(min_size=1, max_size=20))
            case _:
                del value[place : place + 1]
    return bytes(value)


@pytest.mark.parametrize("reader", READERS)
@given(value=st.one_of(st.binary(max_size=300), mutated()))
def test_nothing_but_a_decode_error(reader: str, value: bytes) -> None:
    error: DecodeError | None = None
    try:
        READERS[reader](value)
    except DecodeError as caught:
        error = caught
    if error is not None:
        assert 0 <= error.offset <= len(value)
        assert str(error) == f"offset {error.offset}: {error.reason}"


@pytest.mark.parametrize("reader", ["feature", "raw telemetry", "request", "answer", "event"])
@given(value=mutated())
def test_what_is_read_is_written_back(reader: str, value: bytes) -> None:
    with suppress(ProtocolError):
        read = READERS[reader](value)
        again = READERS[reader](bytes(read))  # type: ignore[call-overload]  # every value has bytes
        assert again == read


@given(values=st.lists(st.one_of(st.binary(max_size=64), mutated()), max_size=20))
def test_a_decoder_outlives_hostile_notifications(values: list[bytes]) -> None:
    decoder = tool.Decoder(FEATURE)
    good = bytes.fromhex("09 01 10 27 40 42 0f 00 2c 01 00 00 e2 04 0c 00")
    for value in values:
        with suppress(DecodeError):
            decoder.receive_data(value)
    sample = decoder.receive_data(good).samples[0]
    assert sample.force_n[0] == pytest.approx(0.125)


@given(start=st.integers(0, 2**32 - 1), steps=st.lists(st.integers(0, 2**31 - 1), max_size=30))
def test_a_wrapping_counter_goes_on(start: int, steps: list[int]) -> None:
    unwrapper, truth = Unwrapper(), start
    assert unwrapper.unwrap(start) == start
    for step in steps:
        truth += step
        assert unwrapper.unwrap(truth % 2**32) == truth


def test_a_counter_read_late_lies_before_the_newest() -> None:
    unwrapper = Unwrapper()
    unwrapper.restart(2**32 - 10)
    assert unwrapper.unwrap(90) == 2**32 + 90
    assert unwrapper.unwrap(2**32 - 20) == 2**32 - 20
    assert unwrapper.unwrap(100) == 2**32 + 100


def frame(timestamp_us: int, number: int) -> bytes:
    return bytes(
        tool.RawTelemetry(
            interval_us=10_000,
            timestamp_us=timestamp_us,
            first_sample=number,
            samples=(tool.RawSample((1,), None, None, None),),
        )
    )


def test_clock_and_numbers_wrap() -> None:
    decoder = tool.Decoder(FEATURE)
    decoder.begin_run(2**32 - 5_000, 2**32 - 1)
    first = decoder.receive_data(frame(2**32 - 5_000, 2**32 - 1))
    second = decoder.receive_data(frame(5_000, 0))
    assert (second.device_us - first.device_us, second.first_sample - first.first_sample) == (
        10_000,
        1,
    )


def test_a_restarted_tool_is_mapped_onto_the_session_clock() -> None:
    decoder = tool.Decoder(FEATURE)
    decoder.begin_run(1_000_000, 0)
    assert decoder.receive_data(frame(1_000_000, 0)).device_us == 1_000_000
    decoder.begin_run(77, 0, device_us=9_000_000)
    telemetry = decoder.receive_data(frame(77, 0))
    assert (telemetry.device_us, telemetry.first_sample) == (9_000_000, 0)
    decoder.begin_run(100_077, 10)
    assert decoder.receive_data(frame(100_077, 10)).device_us == 9_100_000


@pytest.mark.parametrize(
    ("value", "offset"),
    [
        (tool.Start(15), 1),
        (tool.Start(100, 256), 3),
        (tool.SetLimit(70.0, 0, 0), 1),
        (tool.SetLimit(0.4, 0.3, 0), 1),
        (tool.SetLimit(float("nan"), 0.3, 0), 1),
        (tool.Haptic(tool.Pattern.SINGLE, 101, 1), 2),
        (tool.Haptic(tool.Pattern.SINGLE, 100, 10.1), 3),
        (tool.Resend(-1, 5), 1),
        (tool.Resend(0, 0), 5),
        (tool.SetCalibration(8, 1, 0), 1),
        (tool.SetCalibration(0, 0, 0), 2),
        (tool.SetCalibration(0, 1, 40_000), 6),
        (tool.ReadChannel(-1), 1),
        (tool.ContactEvent(-1, touching=True), 1),
        (tool.RawTelemetry(interval_us=1, timestamp_us=0, first_sample=0, samples=()), 1),
        (
            tool.RawTelemetry(
                interval_us=1,
                timestamp_us=0,
                first_sample=0,
                samples=(tool.RawSample((40_000,), None, None, None),),
            ),
            12,
        ),
    ],
)
def test_what_does_not_fit_is_our_fault(value: object, offset: int) -> None:
    with pytest.raises(EncodeError) as caught:
        bytes(value)  # type: ignore[call-overload]  # every value of the profile has bytes
    assert caught.value.offset == offset


def test_a_tool_is_known_by_its_advertisement() -> None:
    assert protocol_of(["0000180f-0000-1000-8000-00805f9b34fb"]) is None
    assert protocol_of([tool.MASSAGE_TOOL_SERVICE.upper()]) is Protocol.MASSAGE_TOOL
