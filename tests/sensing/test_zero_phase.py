"""The pressure without delay against the whole signal filtered in its spectrum."""

import numpy as np
import pytest

from companion.sensing.zero_phase import ZeroPhase
from tests.sensing.presses import RATES_HZ, Force, without_delay


def moving(rate_hz: int) -> tuple[Force, Force]:
    """Twenty seconds that sway, tremble, and step by .5 after ten."""
    t = np.arange(20 * rate_hz) / rate_hz
    value = 1 + 0.3 * np.sin(2 * np.pi * 1.3 * t) + 0.1 * np.sin(2 * np.pi * 7 * t)
    value[t > 10] += 0.5
    return t, value


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_it_is_what_the_whole_signal_filtered_there_and_back_is(rate_hz: int) -> None:
    t, value = moving(rate_hz)
    whole = without_delay(value, rate_hz)
    undelayed = ZeroPhase()
    errors = []
    for index, sample in enumerate(value):
        undelayed.step(round(t[index] * 1e6), float(sample))
        late_us, late = undelayed.late()
        if t[index] > 1:
            assert 0.0699 < t[index] - late_us / 1e6 < 0.0701 + 1 / rate_hz
            errors.append(late - float(whole[round(late_us / 1e6 * rate_hz)]))
    assert np.abs(errors).max() < 0.03  # the step of .5 cannot be seen coming
    assert np.sqrt(np.mean(np.square(errors))) < 0.006


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_its_course_is_right_to_a_hundredth_where_a_quarter_of_a_second_has_passed(
    rate_hz: int,
) -> None:
    t, value = moving(rate_hz)
    whole = without_delay(value, rate_hz)
    undelayed = ZeroPhase()
    course: list[tuple[int, float]] = []
    for index, sample in enumerate(value[: 11 * rate_hz]):
        undelayed.step(round(t[index] * 1e6), float(sample))
        course = undelayed.course()
        last_us = course[-1][0]
        assert last_us == round(t[index] * 1e6)
        if t[index] > 1:
            known = [(at, kpa) for at, kpa in course if last_us - at >= 250_000]
            assert len(known) >= 0.1 * rate_hz
            for at_us, kpa in known:
                assert kpa == pytest.approx(whole[round(at_us / 1e6 * rate_hz)], abs=0.01)
    assert [at for at, _ in course] == sorted(at for at, _ in course)


def test_a_sample_that_is_missing_is_taken_to_lie_between_its_neighbours() -> None:
    undelayed = ZeroPhase()
    undelayed.run([(at * 10_000, 2.0) for at in range(100) if at % 10 < 7])
    assert undelayed.late()[1] == pytest.approx(2.0)
    assert all(kpa == pytest.approx(2.0) for _, kpa in undelayed.course())


def test_it_is_exact_where_nothing_moves_and_begins_anew() -> None:
    undelayed = ZeroPhase()
    for index in range(50):
        undelayed.step(index * 10_000, 3.0)
        assert undelayed.late()[1] == pytest.approx(3.0)
    undelayed.restart()
    undelayed.step(5_000_000, 7.0)
    assert undelayed.late() == (5_000_000, 7.0)
