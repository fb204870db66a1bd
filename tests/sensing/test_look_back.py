"""The second look at a long set is taken part by part, and leaves little for the end."""

from itertools import pairwise
from math import cos, pi, sin

import pytest

from companion.sensing.counting import look_back
from companion.sensing.counting.final import FittedSet, fitted_set
from companion.sensing.counting.grid import Floats
from companion.sensing.counting.motion_counter import MotionCounter

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py


def moved(seconds: float, period_s: float, per_cycle: int) -> MotionCounter:
    """Count a tool that goes round evenly, a hundred samples per second."""
    counter = MotionCounter(per_cycle)
    for index in range(round(seconds * 100)):
        turn = 2 * pi * index / 100 / period_s
        accel = (2 * sin(turn), 9.8, 0.3 * cos(turn))
        counter.step(index * 10_000, accel, (0.3 * sin(turn), 0.5 * cos(turn), 0.1 * sin(2 * turn)))
    counter.close()
    return counter


@pytest.mark.parametrize(
    ("seconds", "period_s", "per_cycle"),
    [(50.0, 0.5, 2), (150.0, 0.5, 2), (150.0, 0.5, 1), (330.0, 4.0, 1), (660.0, 6.0, 2)],
)
def test_the_end_of_a_set_of_any_length_has_a_hundred_cycles_to_look_at(
    seconds: float, period_s: float, per_cycle: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    cycles: list[float] = []

    def seen(x: Floats, phase: Floats, *, is_first: bool, is_last: bool) -> FittedSet | None:
        cycles.append(float(phase[-1] - phase[0]))
        return fitted_set(x, phase, is_first=is_first, is_last=is_last)

    monkeypatch.setattr(look_back, "fitted_set", seen)
    counter = moved(seconds, period_s, per_cycle)
    times_s = [time_us / 1e6 for time_us in counter.final_us()]
    assert max(cycles) <= 101.0
    wanted = seconds / period_s * per_cycle
    assert len(times_s) == pytest.approx(wanted, abs=1)
    assert counter.final_us() == [round(time_s * 1e6) for time_s in times_s]
    each_s = period_s / per_cycle
    assert all(b - a == pytest.approx(each_s, abs=0.5 * each_s) for a, b in pairwise(times_s[1:-1]))
