"""Alerts against events by the contract's definition, on random presses with tremor and spikes."""

from statistics import median

import numpy as np
import pytest

from companion.sensing.types import Level
from tests.sensing.presses import (
    LIMIT_N,
    LIMITS_N,
    NOISE_N,
    SECONDS,
    Course,
    Force,
    courses_at_the_limit,
    courses_in_rough_use,
    events_of,
    is_inside,
    raised_at,
    random_presses,
    rough_use,
    score,
    without_delay,
    without_hairs,
)
from tests.sensing.rig import CHEEK, Rig, sweep

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py


@pytest.mark.thinned(3)
@pytest.mark.parametrize(("seed", "rate_hz"), [(1, 50), (2, 100), (3, 200), (4, 100), (6, 50)])
def test_each_event_is_one_caution_in_time_and_what_is_far_from_one_is_none(
    seed: int, rate_hz: int
) -> None:
    force = random_presses(seed, rate_hz)
    rig = Rig(rate_hz=rate_hz, per_frame=rate_hz // 20, noise_n=NOISE_N).ready(sweep(CHEEK))
    begin = rig.t
    told = rig.play(SECONDS, lambda t: float(force[min(round(t * rate_hz), len(force) - 1)]))
    said = {level: [at - begin for at in raised_at(level, told)] for level in LIMITS_N}
    course = Course(without_delay(force, rate_hz), rate_hz, said)
    caution, stop = score(course, Level.CAUTION), score(course, Level.STOP)
    assert (caution.missed, caution.doubled) == (0, 0)
    assert caution.spurious <= 1
    assert score(course, Level.CAUTION, hairs=False).spurious == 0
    assert len(caution.latencies_s) > 30
    assert median(caution.latencies_s) <= 0.1
    assert max(caution.latencies_s) <= 0.25 + 1e-9
    assert stop.missed <= 1
    assert len(stop.latencies_s) >= 10
    # Two samples at least must be above: at 50 Hz they take 40 ms by themselves.
    assert median(stop.latencies_s) <= (0.08 if rate_hz == 50 else 0.06) + 1e-9


@pytest.mark.thinned(3)
@pytest.mark.parametrize("rate_hz", [50, 100, 200])
def test_each_event_that_is_one_by_more_than_a_hair_is_told_once_and_in_time(rate_hz: int) -> None:
    """On people that nothing was chosen on."""
    for course in courses_at_the_limit(range(401, 405), rate_hz):
        caution = score(course, Level.CAUTION, hairs=False)
        assert (caution.missed, caution.doubled) == (0, 0)
        assert caution.spurious <= 1
        assert len(caution.latencies_s) > 30
        assert median(caution.latencies_s) <= 0.1
        assert max(caution.latencies_s) <= 0.25 + 1e-9
        stop = score(course, Level.STOP, hairs=False)
        assert stop.missed == 0
        # Two samples at least must be above: at 50 Hz they take 40 ms by themselves.
        assert median(stop.latencies_s) <= (0.08 if rate_hz == 50 else 0.06) + 1e-9


def holds(*lasting: tuple[float, float]) -> Course:
    """Return nothing but holds: height in N, and seconds for which it is above half of that."""
    parts = [np.zeros(1000)]
    for newton, seconds in lasting:
        parts += [np.full(round(1000 * seconds), newton), np.zeros(1000)]
    return Course(without_delay(np.concatenate(parts), 1000), 1000, {})


def test_a_hair_is_a_percent_of_the_limit_and_a_sample_of_the_length() -> None:
    clear, low, short = (1.2 * LIMIT_N, 0.5), (1.005 * LIMIT_N, 1.0), (2 * LIMIT_N, 0.16)
    plain, wide = without_hairs(holds(clear, low, short), LIMIT_N)
    assert [round(event.start_s) for event in plain] == [1]
    assert len(wide) == 3
    assert len(events_of(holds(clear, low, short).smooth, 1000)) == 3


def played(force: Force, rate_hz: int) -> list[float]:
    """Return when cautions are raised to a force that is given at 1000 Hz."""
    rig = Rig(rate_hz=rate_hz, per_frame=5, noise_n=NOISE_N).ready(sweep(CHEEK))
    begin = rig.t
    told = rig.play(len(force) / 1000, lambda t: float(force[min(round(t * 1000), len(force) - 1)]))
    return [at - begin for at in raised_at(Level.CAUTION, told)]


@pytest.mark.parametrize("rate_hz", [50, 100, 200])
@pytest.mark.parametrize("rest_s", [0.2, 0.3, 0.5])
def test_neighbouring_events_are_alerts_of_their_own(rate_hz: int, rest_s: float) -> None:
    t = np.arange(20_000) / 1000
    place = t % (0.4 + rest_s)
    force = np.where((place < 0.4) & (t - place > 1), 1.1, 0.5)
    events = events_of(without_delay(force, 1000), 1000)
    raised = played(force, rate_hz)
    assert len(events) > 15
    assert all(sum(is_inside(at, event) for at in raised) == 1 for event in events)
    assert len(raised) == len(events)


@pytest.mark.parametrize("rate_hz", [50, 100, 200])
@pytest.mark.parametrize("tremor_hz", [5.0, 8.0, 11.0])
def test_a_hold_barely_above_with_tremor_on_it_is_found(rate_hz: int, tremor_hz: float) -> None:
    t = np.arange(30_000) / 1000
    hold = np.clip(np.minimum(t % 3 - 1, 2 - t % 3) / 0.15, 0, 1)
    force = hold * 1.03 * LIMIT_N * (1 + 0.05 * np.sin(2 * np.pi * tremor_hz * t))
    events = events_of(without_delay(force, 1000), 1000)
    raised = played(force, rate_hz)
    assert len(events) >= 10
    assert all(any(is_inside(at, event) for at in raised) for event in events)


@pytest.mark.thinned(3)
@pytest.mark.parametrize("rate_hz", [200, 50, 100])
def test_rough_use_below_the_limit_is_silent(rate_hz: int) -> None:
    """Ten minutes of knocks of 50 ms far above the limit, and of trembling holds just below it."""
    force = rough_use(12)
    nearly = events_of(without_delay(force, 1000), 1000, shortest_s=0.08)
    raised = played(force, rate_hz)
    assert sum(not any(is_inside(at, event) for event in nearly) for at in raised) <= 1


@pytest.mark.thinned(3)
@pytest.mark.parametrize("rate_hz", [100, 50, 200])
def test_rough_use_is_told_of_where_it_is_an_event_and_seldom_else(rate_hz: int) -> None:
    """Ten minutes each of six people that nothing was chosen on."""
    courses = [*courses_in_rough_use(range(613, 619), rate_hz)]
    plain = [score(course, Level.CAUTION, hairs=False) for course in courses]
    assert sum(len(one.latencies_s) for one in plain) > 2
    assert [one.missed for one in plain] == [0] * len(plain)
    late = sum(at > 0.25 + 1e-9 for one in plain for at in one.latencies_s)
    assert late == sum(one.late_by_parts for one in plain)
    assert sum(score(one, Level.CAUTION).spurious for one in courses) <= len(courses)


@pytest.mark.parametrize("rate_hz", [50, 100, 200])
def test_two_short_presses_are_an_event_where_less_than_150_ms_part_them(rate_hz: int) -> None:
    """The first is over again when the second makes it one: it is told as soon as that is known."""
    t = np.arange(3000) / 1000
    first, second = ((t >= at) & (t < at + 0.05) for at in (1.0, 1.27))
    force = np.where(t > 0.5, 0.9 * LIMIT_N, 0.0) + np.where(first | second, 0.5, 0.0)
    (event,) = events_of(without_delay(force, 1000), 1000)
    assert event.made_s - event.start_s > 0.25
    (at,) = played(force, rate_hz)
    assert 0 <= at - event.made_s <= 0.06
