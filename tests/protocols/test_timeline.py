"""Readings of other tools on one clock: numbered, spaced, and honest about holes."""

import random

import pytest

from protocols.other_tools.readings import Reading
from protocols.other_tools.timeline import AHEAD_US, Timeline
from protocols.telemetry import Sample, Telemetry

REST = Sample((0.0,), None, None, None)


def readings(*times_us: int | None) -> list[Reading]:
    return [Reading(time_us, REST) for time_us in times_us]


def placed(frames: list[Telemetry]) -> list[tuple[int, int, int, int]]:
    return [(f.device_us, f.interval_us, f.first_sample, len(f.samples)) for f in frames]


def test_a_tools_own_clock_is_believed_and_begins_at_0() -> None:
    timeline = Timeline(80, has_clock=True)
    first = timeline.place(readings(7_000_000, 7_012_500, 7_025_000), 50.0)
    second = timeline.place(readings(7_037_400, 7_050_000), 40_050.0)
    assert placed(first) == [(0, 12_500, 0, 3)]
    assert placed(second) == [(37_400, 12_600, 3, 2)]


def test_a_hole_in_the_tools_clock_is_counted_in_samples() -> None:
    timeline = Timeline(80, has_clock=True)
    timeline.place(readings(0, 12_500), 0.0)
    (frame,) = timeline.place(readings(75_000, 87_500), 75_000.0)
    assert (frame.first_sample, frame.device_us) == (6, 75_000)


def test_a_hole_within_a_notification_makes_two_frames() -> None:
    timeline = Timeline(80, has_clock=True)
    frames = timeline.place(readings(0, 12_500, 50_000, 62_500), 70_000.0)
    assert placed(frames) == [(0, 12_500, 0, 2), (50_000, 12_500, 4, 2)]


def test_what_was_told_before_is_left_out() -> None:
    timeline = Timeline(80, has_clock=True)
    timeline.place(readings(0, 12_500, 25_000), 0.0)
    frames = timeline.place(readings(12_500, 25_000, 37_500), 12_500.0)
    assert placed(frames) == [(37_500, 12_500, 3, 1)]
    assert timeline.left_out == 2


@pytest.mark.parametrize("anew_us", [0, 4_000_000_000, -9_000_000_000])
def test_a_clock_that_was_set_anew_goes_on_from_the_arrivals(anew_us: int) -> None:
    timeline = Timeline(100, has_clock=True)
    timeline.place(readings(50_000_000, 50_010_000), 1_000_000.0)
    (frame,) = timeline.place(readings(anew_us), 1_050_000.0)
    assert frame.device_us == 60_000
    (frame,) = timeline.place(readings(anew_us + 10_000), 1_060_000.0)
    assert frame.device_us == 70_000


def test_a_reading_without_its_time_is_left_out() -> None:
    timeline = Timeline(100, has_clock=True)
    assert timeline.place(readings(None), 0.0) == []
    assert timeline.place([], 0.0) == []
    assert timeline.left_out == 1


def test_without_a_clock_samples_are_spaced_by_the_rate() -> None:
    timeline = Timeline(100, has_clock=False)
    first = timeline.place(readings(None, None, None, None), 5_000_000.0)
    second = timeline.place(readings(None, None, None, None), 5_040_000.0)
    assert placed(first) == [(0, 10_000, 0, 4)]
    assert placed(second) == [(40_000, 10_000, 4, 4)]


@pytest.mark.parametrize("rate_hz", [100.0, 93.0, 108.0])
def test_without_a_clock_the_true_rate_is_found_in_spite_of_connection_events(
    rate_hz: float,
) -> None:
    """Frames of 20 ms wait for events of 15 ms: after half a minute the clock is within 15 ms."""
    chance = random.Random(4)  # noqa: S311 -- a repeatable jitter
    timeline = Timeline(100, has_clock=False)
    truth_us, late = [], []
    for number in range(0, 4000, 2):
        taken_us = (number + 1) / rate_hz * 1e6
        arrived_us = (taken_us // 15_000 + 1) * 15_000 + chance.uniform(0, 500)
        (frame,) = timeline.place(readings(None, None), arrived_us)
        truth_us.append(taken_us)
        late.append(frame.device_us + frame.interval_us - taken_us)
    settled = late[1500:]
    assert max(settled) - min(settled) < 15_000
    assert frame.first_sample == 3998


def test_without_a_clock_a_hole_is_told_as_one() -> None:
    timeline = Timeline(100, has_clock=False)
    timeline.place(readings(None), 0.0)
    (frame,) = timeline.place(readings(None), 2_000_000.0)
    assert (frame.device_us, frame.first_sample) == (2_000_000, 200)


def test_a_burst_after_a_stall_is_not_placed_in_the_future() -> None:
    timeline = Timeline(100, has_clock=False)
    timeline.place(readings(None), 0.0)
    end_us = 0
    for number in range(100):
        for frame in timeline.place(readings(None), 1_000.0 + number):
            end_us = frame.device_us
    assert 0 < end_us <= 1_100 + AHEAD_US


def test_a_force_at_full_scale_is_saturated() -> None:
    timeline = Timeline(100, has_clock=False, full_scale_n=4.0)
    pressed = [Reading(None, Sample((force,), None, None, None)) for force in (3.9, 4.0)]
    assert [timeline.place([each], 0.0)[0].saturated for each in pressed] == [False, True]
