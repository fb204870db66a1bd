"""Limits that a person lowers for themselves: down only, and always in their order."""

from dataclasses import replace
from itertools import product

import pytest

from companion.coaching.own_limits import OwnLimits
from companion.sensing.types import Band
from tests.tui.fake_library import routine
from tests.tui.fake_live import STEPS

BAND = Band(2.0, 5.0, 8.0, 13.0)


def _numbers(band: Band) -> tuple[float, ...]:
    return (band.low_kpa, band.high_kpa, band.caution_kpa, band.stop_kpa)


@pytest.mark.parametrize(
    ("own", "numbers"),
    [
        (OwnLimits(), (2.0, 5.0, 8.0, 13.0)),
        (OwnLimits(target=0.5), (1.25, 2.5, 8.0, 13.0)),
        (OwnLimits(caution=0.8), (2.0, 4.0, 6.4, 13.0)),
        (OwnLimits(target=0.6, stop=0.5), (1.25, 2.5, 4.0, 6.5)),
    ],
)
def test_a_lower_limit_brings_those_below_it_down(
    own: OwnLimits, numbers: tuple[float, ...]
) -> None:
    assert _numbers(own.band(BAND)) == pytest.approx(numbers)


def test_limits_always_rise_and_never_go_up() -> None:
    for target, caution, stop in product((0.4, 0.7, 1.0), repeat=3):
        numbers = _numbers(OwnLimits(target=target, caution=caution, stop=stop).band(BAND))
        assert list(numbers) == sorted(set(numbers))
        assert all(own <= shipped for own, shipped in zip(numbers, _numbers(BAND), strict=True))


def test_a_routine_keeps_nothing_that_it_had_raised() -> None:
    step = replace(STEPS[0], band=Band(2.0, 9.0, 14.0, 18.0), accepted="yes", unaccepted=BAND)
    raised = replace(routine(), steps=(step,))
    assert OwnLimits().routine(raised) is raised
    (own,) = OwnLimits(stop=0.5).routine(raised).steps
    assert own.band is not None
    assert _numbers(own.band) == pytest.approx((1.25, 2.5, 4.0, 6.5))
    assert (own.accepted, own.unaccepted) == ("", None)
