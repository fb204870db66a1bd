"""The stream: what is believed of the notifications, and on which clock it runs."""

import random
from collections.abc import Iterator

import pytest

from companion.ble.stream import Frame, Stream
from protocols.errors import DecodeError
from protocols.massage_tool import Features, RawSample, RawTelemetry, Started, ToolFeature, ToolKind

INTERVAL_US = 10_000
WRAP = 1 << 32


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  # test data, no secret


def feature() -> ToolFeature:
    return ToolFeature(
        tool_kind=ToolKind.ROLLER,
        features=Features(0),
        force_channels=1,
        force_resolution_n=0.001,
        force_full_scale_n=20.0,
        maximum_rate_hz=200,
    )


def frame(first: int, timestamp_us: int, count: int = 5, *, resent: bool = False) -> bytes:
    return bytes(
        RawTelemetry(
            interval_us=INTERVAL_US,
            timestamp_us=timestamp_us % WRAP,
            first_sample=first % WRAP,
            resent=resent,
            samples=(RawSample((250,), None, None, None),) * count,
        )
    )


def frames(begin_us: int, count: int, first: int = 0) -> Iterator[tuple[bytes, int]]:
    """Consecutive frames of five samples, each with the tool's clock after its last sample."""
    for number in range(first, first + 5 * count, 5):
        timestamp_us = begin_us + (number - first) * INTERVAL_US
        yield frame(number, timestamp_us), timestamp_us + 5 * INTERVAL_US


def begun(begin_us: int = 0, first: int = 0) -> Stream:
    stream = Stream(feature())
    stream.begin(Started(100, 5, begin_us, first), 10.0)
    return stream


def play(stream: Stream, begin_us: int, count: int, *, first: int = 0) -> list[Frame]:
    """Receive frames, each 5 ms after its last sample; host time 10 s is ``begin_us``."""
    return [
        stream.receive(value, 10.0 + (end_us - begin_us) / 1e6 - 0.005)
        for value, end_us in frames(begin_us, count, first)
    ]


def test_continues_the_clock_over_its_wrap() -> None:
    begin_us = WRAP - 1_000_000
    received = play(begun(begin_us), begin_us, 100)
    times = [got.telemetry.device_us for got in received]
    assert times == [begin_us + i * 50_000 for i in range(100)]


def test_counts_the_samples_that_were_not_sent() -> None:
    stream = begun()
    sent = list(frames(0, 100))
    del sent[20:30]
    missing = [stream.receive(value, 10.0 + end / 1e6).missing for value, end in sent]
    assert sum(missing) == 50
    assert missing[20] == 50
    assert stream.loss_percent(15.0) == pytest.approx(10.0)
    assert stream.loss_percent(30.0) is None


def test_takes_no_sample_twice() -> None:
    stream = begun()
    play(stream, 0, 10)
    with pytest.raises(DecodeError, match="came before"):
        stream.receive(frame(45, 450_000), 10.5)
    assert stream.rejected == 1


def test_lets_resent_samples_pass_without_moving_on() -> None:
    stream = begun()
    play(stream, 0, 10)
    resent = stream.receive(frame(20, 200_000, resent=True), 10.6)
    assert resent.telemetry.resent
    assert resent.telemetry.device_us == 200_000
    assert stream.receive(frame(50, 500_000), 10.6).missing == 0


@pytest.mark.parametrize(
    ("first", "timestamp_us"),
    [(50, 40_000_000), (50, 3_000_000_000), (1 << 31, 500_000), (5_000_050, 500_000)],
    ids=["future", "past", "number leaps back", "number leaps ahead"],
)
def test_a_frame_that_cannot_be_true_is_refused_and_the_next_is_read(
    first: int, timestamp_us: int
) -> None:
    stream = begun()
    play(stream, 0, 10)
    for _ in range(5):
        with pytest.raises(DecodeError):
            stream.receive(frame(first, timestamp_us), 10.55)
    good = stream.receive(frame(50, 500_000), 10.56)
    assert good.telemetry.device_us == 500_000
    assert good.telemetry.first_sample == 50
    assert good.missing == 0


def test_any_bytes_are_refused_or_read_and_never_more() -> None:
    stream = begun()
    play(stream, 0, 10)
    chance = seeded(11)
    refused = 0
    for _ in range(3000):
        value = chance.randbytes(chance.choice([0, 1, 5, 11, 12, 14, 22, 40, 244, 512]))
        try:
            stream.receive(value, 10.55)
        except DecodeError:
            refused += 1
    assert refused == stream.rejected
    assert refused > 2900
    assert stream.receive(frame(50, 500_000), 10.56).telemetry.device_us == 500_000


def test_nothing_is_believed_before_the_answer_to_start() -> None:
    stream = Stream(feature())
    with pytest.raises(DecodeError, match="before a run"):
        stream.receive(frame(0, 0), 10.0)
    stream = begun()
    play(stream, 0, 10)
    stream.pause()
    with pytest.raises(DecodeError, match="before a run"):
        stream.receive(frame(300, 3_000_000), 13.0)


def test_a_resumed_run_goes_on_and_names_its_gap() -> None:
    stream = begun()
    play(stream, 0, 100)
    stream.pause()
    run = stream.begin(Started(100, 5, 8_000_000, 800), 18.0)
    assert run.resumed
    assert run.gap_s == pytest.approx(3.0)
    got = stream.receive(frame(800, 8_000_000), 18.045)
    assert got.telemetry.device_us == 8_000_000
    assert got.missing == 300


def test_a_restarted_tool_goes_on_at_the_expected_time() -> None:
    stream = begun(4_000_000_000)
    play(stream, 4_000_000_000, 100)
    stream.pause()
    run = stream.begin(Started(100, 5, 123_456, 0), 20.0)
    assert not run.resumed
    assert run.gap_s == pytest.approx(5.0, abs=0.01)
    got = stream.receive(frame(0, 123_456), 20.045)
    assert got.telemetry.device_us == pytest.approx(4_010_000_000, abs=10_000)
    assert got.missing == 0


def test_a_new_run_is_never_put_before_what_came() -> None:
    stream = begun()
    play(stream, 0, 100)
    run = stream.begin(Started(100, 5, 77, 0), 14.0)
    assert run.device_s > 5.0


def test_numbers_that_go_on_with_another_clock_are_no_resumed_run() -> None:
    stream = begun()
    play(stream, 0, 100)
    run = stream.begin(Started(100, 5, 3_000_000_000, 800), 18.0)
    assert not run.resumed
    assert run.device_s == pytest.approx(8.0, abs=0.01)
