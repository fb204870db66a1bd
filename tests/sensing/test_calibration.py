"""A calibration from known loads, against lines that are known."""

from dataclasses import replace
from math import nan, sqrt
from random import Random

import pytest

from companion.sensing.calibration import (
    GAINS,
    LEAST_SPAN_N,
    SCALE_SHARE,
    Fit,
    Load,
    Refusal,
    Unfit,
    fit,
    not_tared,
)

FULL_N = 20.0
APPLIED = (0.0, 1.0, 2.0, 5.0, 10.0)


def loads(*applied: float, gain: float = 1.0, zero_n: float = 0.0) -> list[Load]:
    """Loads on a sensor that sends too little by ``gain``, without any noise."""
    return [Load(each, each / gain + zero_n, 0.0, 100, 0.01) for each in applied]


def fitted(given: list[Load]) -> Fit:
    found = fit(given, FULL_N)
    assert isinstance(found, Fit)
    return found


def refused(given: list[Load], full_scale_n: float = FULL_N) -> Refusal:
    found = fit(given, full_scale_n)
    assert isinstance(found, Refusal)
    return found


@pytest.mark.parametrize("gain", [0.5, 0.97, 1.0, 1.25, 3.0])
@pytest.mark.parametrize("zero_n", [-0.3, 0.0, 0.4])
def test_a_line_is_found_as_it_is(gain: float, zero_n: float) -> None:
    found = fitted(loads(*(each / 2 for each in APPLIED), gain=gain, zero_n=zero_n))
    assert found.gain == pytest.approx(gain)
    assert found.zero_n == pytest.approx(zero_n)
    assert found.residual_n == pytest.approx(0.0, abs=1e-9)
    assert (found.lightest_n, found.heaviest_n, found.loads) == (0.0, 5.0, 5)


def test_two_loads_say_nothing_about_how_straight_the_line_is() -> None:
    found = fitted(loads(0.0, 5.0, gain=1.1))
    assert found.gain == pytest.approx(1.1)
    assert found.residual_n is None


def test_the_gain_is_no_better_than_the_scale() -> None:
    perfect = [replace(load, resolution_n=0.0) for load in loads(*APPLIED)]
    assert fitted(perfect).uncertainty == pytest.approx(SCALE_SHARE)


def test_a_coarse_scale_and_an_unsteady_hand_make_the_gain_less_certain() -> None:
    # Two loads 5 N apart: width 12.5 N2; one reading 0.1 N / sqrt 12, or 0.04 N of tremor.
    coarse = [replace(load, resolution_n=0.1) for load in loads(0.0, 5.0)]
    assert fitted(coarse).uncertainty == pytest.approx(
        sqrt((0.1 / sqrt(12) / sqrt(12.5)) ** 2 + SCALE_SHARE**2)
    )
    trembling = [replace(load, spread_n=0.04, resolution_n=0.0) for load in loads(0.0, 5.0)]
    assert fitted(trembling).uncertainty == pytest.approx(
        sqrt((0.04 / sqrt(12.5)) ** 2 + SCALE_SHARE**2)
    )


def test_the_stated_uncertainty_covers_the_truth_as_often_as_it_says() -> None:
    draw = Random(11)  # noqa: S311 - noise, not a secret
    inside = 0
    for _ in range(400):
        given = [Load(x, x / 1.2 + draw.gauss(0, 0.02), 0.02, 100, 0.0) for x in APPLIED * 2]
        found = fitted(given)
        inside += abs(found.gain / 1.2 - 1) <= 2 * found.uncertainty
    assert inside >= 0.95 * 400


def test_what_the_line_leaves_over_is_told_by_its_degrees_of_freedom() -> None:
    bent = loads(0.0, 5.0, 10.0)
    bent[1] = replace(bent[1], sent_n=5.3)
    # The line keeps its slope and rises by 0.1: -0.1, 0.2, -0.1 are left, one degree of freedom.
    assert fitted(bent).residual_n == pytest.approx(sqrt(0.06))


@pytest.mark.parametrize(
    ("given", "reason", "load"),
    [
        ([], Unfit.TOO_FEW, None),
        (loads(5.0), Unfit.TOO_FEW, None),
        (loads(3.0, 3.0, 3.0), Unfit.TOO_CLOSE, None),
        (loads(0.0, 0.9 * LEAST_SPAN_N), Unfit.TOO_CLOSE, None),
        (loads(0.0, 19.8), Unfit.SATURATED, 1),
        ([Load(0.0, 0.0, 0.06, 100, 0.01), *loads(5.0)], Unfit.UNSTEADY, 0),
        ([*loads(0.0), Load(5.0, 5.0, 0.51, 100, 0.01)], Unfit.UNSTEADY, 1),
        ([*loads(0.0, 5.0), Load(0.0, 0.11, 0.0, 100, 0.01)], Unfit.ZERO_MOVED, None),
        ([*loads(0.0), Load(5.0, -4.0, 0.0, 100, 0.01)], Unfit.NOT_RISING, None),
        ([*loads(0.0), Load(5.0, 0.0, 0.0, 100, 0.01)], Unfit.NOT_RISING, None),
        (loads(0.0, 5.0, gain=1.1 * GAINS[1]), Unfit.ABSURD_GAIN, None),
        (loads(0.0, 3.0, gain=0.9 * GAINS[0]), Unfit.ABSURD_GAIN, None),
        ([*loads(0.0, 10.0), Load(5.0, 6.0, 0.0, 100, 0.01)], Unfit.BENT, 2),
        ([*loads(0.0, 5.0), Load(6.0, 4.9, 0.01, 100, 0.01)], Unfit.NOT_MONOTONE, 2),
        ([*loads(0.0), Load(nan, 5.0, 0.0, 100, 0.01)], Unfit.NOT_A_NUMBER, 1),
        ([*loads(0.0), Load(5.0, nan, 0.0, 100, 0.01)], Unfit.NOT_A_NUMBER, 1),
        ([*loads(0.0), Load(5.0, 5.0, 0.0, 0, 0.01)], Unfit.NOT_A_NUMBER, 1),
    ],
)
def test_loads_that_give_no_calibration_say_why(
    given: list[Load], reason: Unfit, load: int | None
) -> None:
    found = refused(given)
    assert (found.reason, found.load) == (reason, load)


def test_a_refusal_says_what_would_have_been_accepted() -> None:
    found = refused(loads(0.0, 2.0), full_scale_n=100.0)
    assert found == Refusal(Unfit.TOO_CLOSE, value=2.0, limit=5.0)
    assert isinstance(fit(loads(0.0, 5.0), 100.0), Fit)


@pytest.mark.parametrize(("sent_n", "is_zero"), [(0.0, True), (-0.09, True), (0.11, False)])
def test_a_reading_in_the_air_that_is_no_zero_was_not_tared(sent_n: float, is_zero: bool) -> None:  # noqa: FBT001 -- a table
    refusal = not_tared(Load(0.0, sent_n, 0.0, 100, 0.0))
    assert (refusal is None) is is_zero
    assert refusal is None or refusal.reason is Unfit.NOT_TARED


def test_a_channel_of_unknown_full_scale_cannot_saturate() -> None:
    assert isinstance(fit(loads(0.0, 5.0), 0.0), Fit)
