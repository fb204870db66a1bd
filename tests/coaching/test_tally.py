"""Time and pressure of contact alone, whatever level is shown around it."""

import pytest

from companion.coaching.tally import Tally, Turn
from companion.sensing.types import Level, Point


def points(first_s: float, count: int, level: Level, kpa: float | None) -> list[Point]:
    return [Point(first_s + index / 100, kpa, level) for index in range(count)]


def test_a_level_that_outlasts_its_contact_does_not_count() -> None:
    tally = Tally()
    tally.turned([Turn(0.10, touching=True), Turn(0.20, touching=False)])
    tally.add(points(0.0, 40, Level.ON_TARGET, 1.0), 0.01)
    assert tally.seconds_by_level == {"on_target": pytest.approx(0.10)}
    assert tally.mean_kpa == pytest.approx(1.0)
    assert tally.peak_kpa == 1.0


def test_a_turn_waits_for_its_sample() -> None:
    tally = Tally()
    tally.turned([Turn(0.2, touching=True)])
    tally.add(points(0.0, 10, Level.LIGHT, 0.5), 0.01)
    assert tally.seconds_by_level == {}
    tally.add(points(0.2, 10, Level.LIGHT, 0.5), 0.01)
    assert tally.seconds_by_level == {"light": pytest.approx(0.1)}


def test_contact_that_goes_on_from_the_step_before_counts_at_once() -> None:
    tally = Tally(touching=True)
    tally.add(points(0.0, 10, Level.UNKNOWN, 5.0), 0.01)
    tally.add(points(0.1, 10, Level.FIRM, 7.0), 0.01)
    tally.add(points(0.2, 10, Level.FIRM, None), 0.01)
    assert tally.seconds_by_level == {
        "unknown": pytest.approx(0.1),
        "firm": pytest.approx(0.2),
    }
    assert tally.mean_kpa == pytest.approx(7.0)
    assert tally.peak_kpa == 7.0


def test_nothing_judged_is_not_zero() -> None:
    tally = Tally(touching=True)
    tally.add(points(0.0, 10, Level.UNKNOWN, 5.0), 0.01)
    assert (tally.mean_kpa, tally.peak_kpa) == (None, None)


def test_a_level_shown_late_takes_the_contact_it_came_from() -> None:
    tally = Tally()
    tally.turned([Turn(0.0, touching=True), Turn(0.1, touching=False)])
    tally.add(points(0.0, 12, Level.NO_CONTACT, 1.0), 0.01)
    tally.add(points(0.12, 20, Level.ON_TARGET, 0.0), 0.01)
    assert tally.seconds_by_level == {"on_target": pytest.approx(0.1)}
    assert tally.mean_kpa == pytest.approx(1.0)
    tally.peaked(1.4)
    assert tally.peak_kpa == 1.4


def test_a_touch_without_a_level_is_not_handed_to_the_next_contact() -> None:
    tally = Tally()
    tally.turned([Turn(0.0, touching=True), Turn(0.1, touching=False), Turn(0.3, touching=True)])
    tally.add(points(0.0, 35, Level.NO_CONTACT, 1.0), 0.01)
    tally.add(points(0.35, 5, Level.LIGHT, 1.0), 0.01)
    assert tally.seconds_by_level == {"light": pytest.approx(0.10)}
