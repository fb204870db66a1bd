"""The stream: what is believed of the notifications, and on which clock it runs."""

import math
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


def test_takes_missing_samples_that_are_sent_again_once_and_does_not_move_on() -> None:
    stream = begun()
    play(stream, 0, 10)
    assert stream.receive(frame(70, 700_000), 10.75).missing == 20
    resent = stream.receive(frame(52, 520_000, resent=True), 10.8).telemetry
    assert resent.resent
    assert (resent.device_us, resent.first_sample, len(resent.samples)) == (520_000, 52, 5)
    for first in (20, 52, 75):
        with pytest.raises(DecodeError, match="not missing"):
            stream.receive(frame(first, first * INTERVAL_US, resent=True), 10.8)
    part = stream.receive(frame(48, 480_000, resent=True), 10.8).telemetry
    assert (part.device_us, part.first_sample, len(part.samples)) == (500_000, 50, 2)
    assert stream.missing.came == 7
    assert stream.rejected == 3
    assert stream.receive(frame(75, 750_000), 10.8).missing == 0


def test_a_new_run_leaves_nothing_to_be_sent_again() -> None:
    stream = begun()
    play(stream, 0, 10)
    stream.receive(frame(70, 700_000), 10.75)
    stream.begin(Started(100, 5, 77, 0), 14.0)
    assert stream.missing.oldest is None
    assert stream.missing.gone == 20


@pytest.mark.parametrize("drift", [-100e-6, 100e-6])
def test_maps_to_host_time_within_five_milliseconds_over_the_wrap(drift: float) -> None:
    """Frames wait for connection events of 15 ms; the constant part of that is not told."""
    begin_us, interval_s = WRAP - 40_000_000, 0.015
    stream = begun(begin_us)
    off_s = []
    for number in range(0, 100 * 120, 5):
        timestamp_us = begin_us + number * INTERVAL_US
        ready_s = (number + 5) * INTERVAL_US * 1e-6 * (1 + drift)
        arrived_at = 10.0 + math.ceil(ready_s / interval_s) * interval_s
        got = stream.receive(frame(number, timestamp_us), arrived_at)
        if ready_s > 10.0:
            last_us = got.telemetry.device_us + 4 * INTERVAL_US
            off_s.append(stream.clock.host_s(last_us) - 10.0 - ready_s)
    assert 0.0 <= (max(off_s) + min(off_s)) / 2 <= interval_s
    assert max(off_s) - min(off_s) <= 2 * 0.005


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


def test_a_run_goes_on_though_our_own_clock_stood_still_while_the_computer_slept() -> None:
    stream = begun()
    play(stream, 0, 100)
    stream.pause()
    run = stream.begin(Started(100, 5, 35_000_000, 3500), 15.2)
    assert run.resumed
    assert run.gap_s == pytest.approx(30.0)
    got = stream.receive(frame(3500, 35_000_000), 15.25)
    assert (got.missing, got.telemetry.device_us) == (3000, 35_000_000)
    assert stream.clock.host_s(35_040_000) == pytest.approx(15.25)


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
