import pytest

from companion.sensing.attitude import Levelled, Moment
from companion.sensing.rise import Rise

_FRAME = Levelled([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], None], [None] * 3)
UPWARDS, DOWNWARDS, UNKNOWN = ((_FRAME, index) for index in range(3))
AXIS = (0.0, 0.0, 1.0)


def rise(*parts: tuple[float, Moment]) -> Rise:
    made = Rise(AXIS)
    for part in parts:
        made.add(*part)
    return made


def test_a_leg_rises_up_to_its_mark_and_what_came_after_it_is_of_the_next() -> None:
    both = rise((0.02, UPWARDS))
    both.mark()
    both.add(0.03, DOWNWARDS)
    assert both.cut(0.02) == pytest.approx(0.02)
    both.mark()
    assert both.cut(0.03) == pytest.approx(-0.03)
    assert both.cut(0.0) == 0.0


def test_travel_of_unknown_attitude_rises_like_the_rest_if_that_is_most_of_it() -> None:
    little = rise((0.03, DOWNWARDS), (0.01, UNKNOWN))
    little.mark()
    assert little.cut(0.04) == pytest.approx(-0.04)
    much = rise((0.01, UPWARDS), (0.03, UNKNOWN))
    much.mark()
    assert much.cut(0.04) is None


def test_a_very_long_leg_is_added_up_on_the_way() -> None:
    long = rise(*[(0.001, UPWARDS)] * 501)
    long.mark()
    long.add(0.001, DOWNWARDS)
    assert long.cut(0.501) == pytest.approx(0.501)


def test_without_a_known_axis_no_rise_is_told() -> None:
    blind = Rise(None)
    blind.add(0.02, UPWARDS)
    blind.mark()
    assert blind.cut(0.02) is None
    blind.forget()
    assert blind.cut(0.0) == 0.0
