from math import pi, sin

import pytest

from companion.sensing.filters import LowPass
from companion.sensing.over_pressure import OverPressure
from companion.sensing.types import (
    Band,
    Level,
    OverPressureCleared,
    OverPressureRaised,
    SensingEvent,
)
from tests.sensing.rig import CHEEK, Rig, near, of, sweep

CAUTION_N = 0.8
STOP_N = 1.33
BAND = Band(2.0, 6.0, 8.0, 12.0)


class Feed:
    """Gives the limits a pressure that is its own low-pass."""

    def __init__(self, interval_us: int, band: Band = BAND) -> None:
        self.over = OverPressure(band)
        self.interval_us = interval_us
        self.t_us = 0
        self.out: list[SensingEvent] = []

    def hold(self, kpa: float, samples: int, raw_kpa: float | None = None) -> list[SensingEvent]:
        before = len(self.out)
        for _ in range(samples):
            self.over.step(self.t_us, kpa if raw_kpa is None else raw_kpa, kpa, self.out)
            self.t_us += self.interval_us
        return self.out[before:]


def raised(events: list[SensingEvent]) -> list[tuple[Level, float, float]]:
    return [(e.level, e.onset_s, e.device_s) for e in of(OverPressureRaised, events)]


def cleared(events: list[SensingEvent]) -> list[tuple[Level, str, float]]:
    return [(e.level, e.reason, e.device_s) for e in of(OverPressureCleared, events)]


def test_caution_is_raised_at_the_first_sample_after_60_ms_above() -> None:
    feed = Feed(10_000)
    feed.hold(5.0, 10)
    events = feed.hold(9.0, 50)
    assert raised(events) == [(Level.CAUTION, 0.1, 0.16)]
    assert of(OverPressureRaised, events)[0].limit_kpa == 8.0
    assert of(OverPressureRaised, events)[0].pressure_kpa == 9.0


def test_the_limit_itself_is_not_above_the_limit() -> None:
    assert Feed(10_000).hold(8.0, 100) == []


@pytest.mark.parametrize(
    ("interval_us", "delay_us"), [(5_000, 30_000), (10_000, 30_000), (20_000, 40_000)]
)
def test_stop_is_raised_after_30_ms_and_brings_its_caution(interval_us: int, delay_us: int) -> None:
    feed = Feed(interval_us)
    events = feed.hold(13.0, 40)
    at = delay_us / 1e6
    assert raised(events) == [(Level.CAUTION, 0.0, at), (Level.STOP, 0.0, at)]
    assert feed.over.level is Level.STOP


def test_stop_takes_two_samples_where_they_are_further_apart() -> None:
    assert raised(Feed(50_000).hold(13.0, 4)) == [
        (Level.CAUTION, 0.0, 0.05),
        (Level.STOP, 0.0, 0.05),
    ]


def test_a_standing_alert_is_not_raised_again_and_clears_below_98_percent_for_100_ms() -> None:
    feed = Feed(10_000)
    feed.hold(9.0, 20)
    assert feed.hold(7.9, 10) == []
    assert feed.hold(7.8, 3) == []
    assert feed.hold(9.5, 20) == []
    start_s = feed.t_us / 1e6
    events = feed.hold(7.8, 40)
    assert cleared(events) == [(Level.CAUTION, "ended", near(start_s + 0.1))]
    assert of(OverPressureCleared, events)[0].peak_kpa == 9.5
    assert of(OverPressureCleared, events)[0].onset_s == 0.0
    assert feed.over.level is None


def test_an_alert_also_ends_with_its_event_just_below_the_limit() -> None:
    """The event is over after 150 ms below, without delay; that is known 70 ms late."""
    feed = Feed(10_000)
    feed.hold(9.0, 50)
    start_s = feed.t_us / 1e6
    (over,) = cleared(feed.hold(7.9, 100))
    assert over == (Level.CAUTION, "ended", near(start_s + 0.22, 0.06))


def test_stop_clears_before_its_caution() -> None:
    feed = Feed(10_000)
    feed.hold(13.0, 20)
    assert cleared(feed.hold(10.0, 40)) == [(Level.STOP, "ended", near(0.3))]
    assert feed.over.level is Level.CAUTION


def test_a_pressure_that_falls_again_is_not_raised_although_the_filter_holds_it_up() -> None:
    assert Feed(10_000).hold(9.0, 30, raw_kpa=7.0) == []


def test_a_trembling_hand_above_the_limit_on_the_whole_is_raised() -> None:
    feed = Feed(10_000)
    for _ in range(6):
        feed.hold(8.3, 5)
        feed.hold(7.9, 2)
    assert [level for level, _, _ in raised(feed.out)] == [Level.CAUTION]


def test_a_trembling_hand_below_the_limit_on_the_whole_is_not() -> None:
    feed = Feed(10_000)
    feed.hold(7.0, 50)  # else it would have been at 8.3 kPa for ever before
    for _ in range(60):
        feed.hold(8.3, 3)
        feed.hold(7.7, 4)
    assert feed.out == []


def test_a_falling_pressure_is_not_raised_but_one_that_falls_slowly_is() -> None:
    for kpa_per_s, count in ((40.0, 0), (8.0, 1)):
        feed = Feed(10_000)
        feed.hold(5.0, 50)
        for index in range(60):
            feed.hold(max(5.0, 9.6 - kpa_per_s * index / 100), 1)
        assert len(raised(feed.out)) == count


def test_a_saturated_pressure_at_the_limit_counts_as_above() -> None:
    feed = Feed(10_000)
    for _ in range(20):
        feed.over.step(feed.t_us, 8.0, 7.99, feed.out, is_saturated=True)
        feed.t_us += feed.interval_us
    assert raised(feed.out) == [(Level.CAUTION, 0.0, 0.06)]


def test_a_saturated_pressure_at_the_limit_holds_its_alert_to_the_end() -> None:
    feed = Feed(10_000)
    for index in range(600):
        below = 7.999 * (1 - 0.5 ** min(index, 40))
        feed.over.step(feed.t_us, 8.0, below, feed.out, is_saturated=True)
        feed.t_us += feed.interval_us
    assert len(raised(feed.out)) == 1
    assert cleared(feed.out) == []
    feed.hold(1.0, 60)
    ((level, reason, at_s),) = cleared(feed.out)
    assert (level, reason) == (Level.CAUTION, "ended")
    assert 6.0 <= at_s <= 6.2


def test_alerts_end_when_asked_with_the_reason() -> None:
    feed = Feed(10_000)
    feed.hold(13.0, 20)
    out: list[SensingEvent] = []
    feed.over.clear(feed.t_us, "unknown", out)
    feed.over.clear(feed.t_us, "unknown", out)
    assert cleared(out) == [(Level.STOP, "unknown", 0.2), (Level.CAUTION, "unknown", 0.2)]


def test_a_stop_limit_below_the_caution_limit_still_brings_both() -> None:
    feed = Feed(10_000, Band(2.0, 6.0, 12.0, 8.0))
    assert [level for level, _, _ in raised(feed.hold(9.0, 20))] == [Level.CAUTION, Level.STOP]


def test_a_hole_forgets_an_excursion_but_not_a_standing_alert() -> None:
    feed = Feed(10_000)
    feed.hold(9.0, 5)
    feed.over.forget()
    assert raised(feed.hold(9.0, 20)) == [(Level.CAUTION, 0.05, near(0.11))]
    feed.over.forget()
    assert feed.over.level is Level.CAUTION


# Through the engine, on force with noise: events by the contract's definition.


@pytest.mark.parametrize("rate_hz", [50, 100, 200])
@pytest.mark.parametrize("length_s", [0.25, 1.0, 3.0])
def test_one_press_is_one_caution_in_time(rate_hz: int, length_s: float) -> None:
    rig = Rig(rate_hz=rate_hz).ready(sweep(CHEEK))
    rig.play(1.0, lambda _: 0.4)
    start = rig.t
    events = rig.play(length_s, lambda _: 1.1) + rig.play(1.0, lambda _: 0.4)
    (alert,) = of(OverPressureRaised, events)
    assert alert.level is Level.CAUTION
    assert alert.limit_kpa == 8.0
    assert start <= alert.device_s <= start + 0.1
    assert start <= alert.onset_s <= start + 0.05
    (end,) = of(OverPressureCleared, events)
    assert end.reason == "ended"
    assert start + length_s < end.device_s < start + length_s + 0.2


def test_stop_is_beside_the_caution_within_60_ms() -> None:
    rig = Rig().ready(sweep(CHEEK))
    rig.play(1.0, lambda _: 0.4)
    start = rig.t
    events = rig.play(1.0, lambda _: 2.0) + rig.play(1.0, lambda _: 0.4)
    assert [e.level for e in of(OverPressureRaised, events)] == [Level.CAUTION, Level.STOP]
    assert all(e.device_s <= start + 0.06 for e in of(OverPressureRaised, events))
    assert [e.level for e in of(OverPressureCleared, events)] == [Level.STOP, Level.CAUTION]


@pytest.mark.parametrize("rate_hz", [50, 100, 200])
@pytest.mark.parametrize("peak_n", [0.9, 1.2, 1.6])
def test_a_spike_of_80_ms_on_a_glide_stays_silent(rate_hz: int, peak_n: float) -> None:
    rig = Rig(rate_hz=rate_hz).ready(sweep(CHEEK))
    rig.play(1.0, lambda _: 0.4)
    spike = rig.play(0.08, lambda t: 0.4 + (peak_n - 0.4) * sin(pi * t / 0.08))
    assert of(OverPressureRaised, spike + rig.play(1.0, lambda _: 0.4)) == []


def test_a_tap_of_150_ms_that_peaks_under_the_limit_stays_silent() -> None:
    rig = Rig().ready(sweep(CHEEK))
    for _ in range(10):
        tap = rig.play(0.15, lambda t: 0.79 * sin(pi * t / 0.15))
        assert of(OverPressureRaised, tap + rig.play(0.3)) == []


def test_a_force_held_just_under_the_limit_stays_silent() -> None:
    rig = Rig().ready(sweep(CHEEK))
    assert of(OverPressureRaised, rig.play(3.0, lambda _: 0.79)) == []


def test_events_apart_are_alerts_apart() -> None:
    rig = Rig().ready(sweep(CHEEK))
    events: list[SensingEvent] = []
    for _ in range(5):
        events += rig.play(0.4, lambda _: 1.1) + rig.play(0.3, lambda _: 0.4)
    assert len(of(OverPressureRaised, events)) == 5
    assert len(of(OverPressureCleared, events)) == 5


@pytest.mark.parametrize("rate_hz", [50, 100, 200])
def test_two_knocks_that_make_one_event_are_found_though_the_force_is_low_between(
    rate_hz: int,
) -> None:
    """Above twice for a moment, with .1 s between, without delay: one event of .2 s."""
    feed = Feed(1_000_000 // rate_hz)
    smooth = LowPass(10.0)
    smooth.prime(5.0)
    for index in range(3 * rate_hz):
        at_ms = index * 1000 // rate_hz - 2000
        kpa = 13.0 if 0 <= at_ms < 40 or 160 <= at_ms < 200 else 5.0
        feed.over.step(feed.t_us, kpa, smooth.step(kpa, feed.interval_us), feed.out)
        feed.t_us += feed.interval_us
    assert [level for level, _, _ in raised(feed.out)] == [Level.CAUTION]
    (alert,), (end,) = of(OverPressureRaised, feed.out), of(OverPressureCleared, feed.out)
    assert alert.limit_kpa < alert.pressure_kpa <= end.peak_kpa <= 13.0
    assert alert.onset_s == near(2.0, 0.02)
