import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simulators.hand.curves import (
    PEAK_OVER_MEAN,
    cross_matrix,
    ease,
    hump,
    plateau,
    turn_vector,
    turned,
)

U = np.linspace(-0.5, 1.5, 2001)


def test_easing_goes_from_rest_to_rest() -> None:
    course = ease(U)
    assert course[[0, 500, 1000, 1500, -1]] == pytest.approx([0, 0, 0.5, 1, 1])
    speed = np.gradient(course, U)
    assert speed.max() == pytest.approx(PEAK_OVER_MEAN, rel=1e-4)
    assert speed.min() > -1e-9
    assert np.abs(np.diff(np.gradient(speed, U))).max() < 0.1


def test_a_hump_rises_to_one_and_comes_back() -> None:
    course = hump(U)
    assert course[[0, 500, 1000, 1500]] == pytest.approx([0, 0, 1, 0])
    assert course.max() == pytest.approx(1)


def test_a_plateau_is_full_between_its_ramps() -> None:
    at_s = np.array([0.9, 1.0, 1.1, 1.2, 2.0, 2.6, 2.8, 3.0, 3.1])
    course = plateau(at_s, 1.0, 3.0, rise=0.2, fall=0.4)
    assert course == pytest.approx([0, 0, 0.5, 1, 1, 1, 0.5, 0, 0])


parts = st.floats(-1, 1)


@given(st.tuples(parts, parts, parts), st.floats(0, np.pi - 1e-6))
def test_a_turn_vector_turns_the_start_into_the_end(
    axis: tuple[float, float, float], angle: float
) -> None:
    assume(np.linalg.norm(axis) > 1e-3)
    direction = np.array(axis)
    direction /= np.linalg.norm(direction)
    start = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    cross = cross_matrix(direction)
    end = start @ (np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross)
    vector = turn_vector(start, end)
    assert np.linalg.norm(vector) == pytest.approx(angle, abs=1e-6)
    assert turned(start, vector, np.array([0.0, 1.0])) == pytest.approx(
        np.stack([start, end]), abs=1e-6
    )


def test_half_a_turn_is_one_of_its_two_ways() -> None:
    end = np.diag([-1.0, -1.0, 1.0])
    vector = turn_vector(np.eye(3), end)
    assert np.linalg.norm(vector) == pytest.approx(np.pi)
    assert turned(np.eye(3), vector, np.array([1.0]))[0] == pytest.approx(end, abs=1e-9)


def test_no_turn_stays() -> None:
    assert turn_vector(np.eye(3), np.eye(3)) == pytest.approx(0)
    assert turned(np.eye(3), np.zeros(3), np.array([0.3]))[0] == pytest.approx(np.eye(3))
