from dataclasses import replace
from math import pi, sin

import pytest

from companion.sensing.level import LevelTracker, TapPeak
from companion.sensing.types import (
    Band,
    Doubt,
    Level,
    LevelMoved,
    OverPressureCleared,
    OverPressureRaised,
    RepetitionKind,
    SensingEvent,
    Task,
    Technique,
)
from tests.sensing.rig import CHEEK, ROLLER, Rig, of, sweep

TAP = Task(RepetitionKind.CONTACT, Technique.TAP, Band(1.0, 5.0, 8.0, 13.3))


def moves(events: list[SensingEvent]) -> list[Level]:
    return [event.level for event in of(LevelMoved, events)]


@pytest.mark.parametrize(
    ("force_n", "level"),
    [
        (0.1, Level.LIGHT),
        (0.4, Level.ON_TARGET),
        (0.7, Level.FIRM),
        (1.0, Level.CAUTION),
        (1.6, Level.STOP),
    ],
)
def test_a_steady_force_is_named(force_n: float, level: Level) -> None:
    rig = Rig().ready(sweep())
    events = rig.play(1.0, lambda _: force_n)
    assert rig.engine.level is level
    assert rig.engine.doubt is None
    assert rig.engine.pressure_kpa == pytest.approx(10 * force_n, rel=0.01)
    assert moves(events)[-1] is level


def test_a_level_of_taps_is_told_with_the_peak_it_was_judged_by() -> None:
    """At the moment a tap is judged, it may press with nothing yet, or with nothing any more."""
    rig = Rig().ready(TAP)
    events = rig.play(4.0, lambda t: 0.3 if t % 0.5 < 0.06 else 0.0)
    told = [event for event in of(LevelMoved, events) if event.level is Level.ON_TARGET]
    assert told
    assert all(event.pressure_kpa == pytest.approx(3.0, rel=0.05) for event in told)


def test_idle_is_no_contact_never_on_target() -> None:
    rig = Rig().ready(sweep())
    events = rig.play(5.0)
    assert moves(events) == [Level.NO_CONTACT]
    rig.play(1.0, lambda _: 0.4)
    assert moves(rig.play(1.0)) == [Level.NO_CONTACT]
    assert rig.engine.pressure_kpa == pytest.approx(0.0, abs=0.02)


def test_a_force_at_a_border_does_not_flicker() -> None:
    rig = Rig(noise_n=0.004).ready(sweep())
    rig.play(0.5, lambda _: 0.5)
    assert len(moves(rig.play(20.0, lambda t: 0.6 + 0.01 * sin(3 * t)))) <= 1


def test_the_level_falls_only_below_the_deadband() -> None:
    tracker = LevelTracker(CHEEK, Technique.SWEEP)
    t = 0

    def hold(kpa: float) -> Level | None:
        nonlocal t
        for _ in range(30):
            tracker.step(t, kpa, touching=True)
            t += 10_000
        return tracker.level

    assert hold(6.0) is Level.FIRM
    assert hold(5.75) is Level.FIRM
    assert hold(5.65) is Level.ON_TARGET
    assert hold(1.95) is Level.ON_TARGET
    assert hold(1.85) is Level.LIGHT


def test_a_new_level_must_hold_for_120_ms() -> None:
    tracker = LevelTracker(CHEEK, Technique.SWEEP)
    said = [tracker.step(i * 10_000, 3.0, touching=True) for i in range(20)]
    assert said.index(True) == 12
    assert said.count(True) == 1
    for i in range(20, 31):
        assert not tracker.step(i * 10_000, 7.0, touching=True)
    assert not tracker.step(310_000, 3.0, touching=True)
    assert not tracker.step(320_000, 7.0, touching=True)
    assert tracker.level is Level.ON_TARGET


def test_a_skip_over_a_bump_is_not_no_contact() -> None:
    rig = Rig().ready(sweep())
    rig.play(1.0, lambda _: 0.4)
    assert moves(rig.play(0.1) + rig.play(1.0, lambda _: 0.4)) == []


def test_level_and_alert_agree_and_the_level_follows_at_once() -> None:
    rig = Rig().ready(sweep())
    rig.play(1.0, lambda _: 0.4)
    events = rig.play(1.0, lambda _: 1.0)
    at = next(i for i, event in enumerate(events) if isinstance(event, OverPressureRaised))
    moved = events[at + 1]
    assert isinstance(moved, LevelMoved)
    assert (moved.level, moved.device_s) == (Level.CAUTION, events[at].device_s)
    assert rig.engine.level is Level.CAUTION
    back = rig.play(1.0, lambda _: 0.4)
    assert moves(back)[-1] is Level.ON_TARGET


def test_without_a_task_contact_is_not_judged() -> None:
    rig = Rig().ready()
    rig.play(1.0)
    assert rig.engine.level is Level.NO_CONTACT
    rig.play(1.0, lambda _: 0.4)
    assert (rig.engine.level, rig.engine.doubt) == (Level.UNKNOWN, None)
    assert rig.engine.pressure_kpa == pytest.approx(4.0, rel=0.02)


def test_taps_are_judged_by_the_peak_of_each_contact() -> None:
    rig = Rig(rate_hz=200).ready(TAP)

    def tap(peak_n: float, times: int) -> list[Level]:
        events: list[SensingEvent] = []
        for _ in range(times):
            events += rig.play(0.14, lambda t: peak_n * sin(pi * t / 0.14)) + rig.play(0.36)
        return moves(events)

    assert tap(0.3, 12)[-1:] == [Level.ON_TARGET]
    assert tap(0.3, 12) == []
    assert tap(0.7, 4) == [Level.FIRM]
    assert tap(0.05, 4) == [Level.LIGHT]
    assert moves(rig.play(2.0)) == [Level.NO_CONTACT]


def test_the_peak_of_a_tap_is_kept_until_the_next_one() -> None:
    peak = TapPeak()
    for t, (kpa, touching) in enumerate([(1.0, True), (3.0, True), (2.0, True), (0.0, False)]):
        peak.step(t * 10_000, kpa, touching=touching)
    assert (peak.tapping, peak.value_kpa) == (True, 3.0)
    peak.step(40_000, 1.5, touching=True)
    assert peak.value_kpa == 3.0
    peak.step(50_000, 0.0, touching=False)
    assert peak.value_kpa == 1.5
    peak.step(2_000_000, 0.0, touching=False)
    assert not peak.tapping


def test_every_doubt_is_shown_at_once_and_nothing_is_fine() -> None:
    cases = {
        Doubt.NO_FORCE_SENSOR: replace(ROLLER, force_channels=0),
        Doubt.AREA_UNKNOWN: replace(ROLLER, contact_area_m2=None),
        Doubt.MASS_UNKNOWN: replace(ROLLER, supported_mass_kg=None),
        Doubt.TOO_UNCERTAIN: replace(ROLLER, contact_area_m2=0.02e-4),
    }
    for doubt, tool in cases.items():
        rig = Rig(tool=tool).ready(sweep())
        events = rig.play(2.0, lambda _: 0.4)
        assert (rig.engine.level, rig.engine.doubt) == (Level.UNKNOWN, doubt)
        assert rig.engine.can_judge(CHEEK) is doubt
        assert set(moves(events)) <= {Level.UNKNOWN}


def test_before_the_tare_nothing_is_judged_and_afterwards_it_is() -> None:
    rig = Rig()
    assert (rig.engine.level, rig.engine.doubt) == (Level.UNKNOWN, Doubt.SILENCE)
    rig.engine.begin(sweep())
    (first,) = of(LevelMoved, rig.play(1.0))
    assert (first.level, first.doubt, first.pressure_kpa) == (
        Level.UNKNOWN,
        Doubt.NOT_TARED,
        None,
    )
    assert rig.engine.can_judge(CHEEK) is Doubt.NOT_TARED
    rig.engine.tared(rig.t)
    assert rig.engine.can_judge(CHEEK) is None
    rig.play(1.0, lambda _: 0.4)
    assert rig.engine.level is Level.ON_TARGET
    (again,) = of(LevelMoved, rig.engine.untared())
    assert (again.level, again.doubt) == (Level.UNKNOWN, Doubt.NOT_TARED)


def test_a_pressure_too_uncertain_to_judge_is_still_told() -> None:
    rig = Rig(tool=replace(ROLLER, contact_area_m2=0.02e-4)).ready(sweep())
    rig.play(1.0, lambda _: 0.4)
    assert rig.engine.doubt is Doubt.TOO_UNCERTAIN
    assert rig.engine.pressure_kpa == pytest.approx(200.0, rel=0.05)
    assert rig.engine.uncertainty_kpa is not None


def test_the_trace_holds_every_sample() -> None:
    rig = Rig().ready(sweep())
    points, cursor = rig.engine.trace.since(0)
    assert len(points) == 100
    assert points[0].pressure_kpa is None
    rig.play(1.0, lambda _: 0.4)
    points, cursor = rig.engine.trace.since(cursor)
    assert [round(point.device_s, 6) for point in points[:3]] == [1.0, 1.01, 1.02]
    assert points[-1].pressure_kpa == pytest.approx(4.0, rel=0.01)
    assert points[-1].level is Level.ON_TARGET
    assert rig.engine.trace.since(cursor) == ([], cursor)


def test_points_that_fell_out_of_the_trace_are_left_out() -> None:
    rig = Rig().ready(sweep())
    rig.play(65.0)
    points, cursor = rig.engine.trace.since(0)
    assert len(points) == 6000
    assert cursor == 6600


def test_when_a_warning_is_over_the_level_is_that_of_the_pressure_now() -> None:
    rig = Rig().ready(sweep())
    rig.play(0.5, lambda _: 0.4)
    events = rig.play(0.6, lambda _: 1.0) + rig.play(1.0, lambda _: 0.4)
    assert moves(events) == [Level.CAUTION, Level.ON_TARGET]


def test_a_tap_whose_warning_is_over_is_not_called_too_hard_any_longer() -> None:
    rig = Rig().ready(TAP)
    events = rig.play(0.6, lambda _: 1.6) + rig.play(0.8)
    cleared = of(OverPressureCleared, events)
    assert {event.level for event in cleared} == {Level.CAUTION, Level.STOP}
    after = [e.level for e in of(LevelMoved, events) if e.device_s >= cleared[-1].device_s]
    assert after == [Level.NO_CONTACT]


def test_a_tap_goes_on_under_the_limit_after_its_warning() -> None:
    rig = Rig().ready(TAP)
    events = rig.play(0.6, lambda _: 1.0) + rig.play(0.8, lambda _: 0.4)
    assert moves(events)[-1] is Level.ON_TARGET
