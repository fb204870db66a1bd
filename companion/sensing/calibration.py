"""From known loads on a force sensor to its gain, with what the fit is worth.

The tool is pressed on a scale or a force gauge; for each load there is what that says and what the
tool sent. The line through them is fitted by least squares, sent on applied, because the applied
force is the better known of the two, and is turned round afterwards (classical calibration;
Draper and Smith, Applied Regression Analysis, section 3.2).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import hypot, isfinite, sqrt
from statistics import fmean
from typing import Final

SCALE_SHARE: Final = 0.005
"""Standard error of the reference's own gain (kitchen scales state 1 g in 200 g; grade D)."""

LEAST_SPAN_N: Final = 1.0
"""Loads closer together tell too little: a scale of 1 g and a hand's tremor are 2 % of it (D)."""

LEAST_SPAN_SHARE: Final = 0.05
"""The same, of the channel's full scale: the line must not be drawn far beyond its points (D)."""

MOST_UNSTEADY_SHARE: Final = 0.1
"""Spread of one load's samples, of the load: more and the hand did not hold still (D)."""

MOST_UNSTEADY_N: Final = 0.05
"""The same for small loads, newtons (D)."""

MOST_BENT_SHARE: Final = 0.05
"""Residual of one load, of the span: more is no line; ours, a quarter of the target's width (D)."""

MOST_ZERO_N: Final = 0.1
"""Change between two readings without load, newtons: more is a zero that drifts (D)."""

GAINS: Final = (0.2, 5.0)
"""Gains that are believed: outside them the units are wrong, or the sensor is (D)."""

SATURATED_SHARE: Final = 0.98
"""Of full scale: a reading from there on is a lower bound and no reading."""

_A_LINE: Final = 2


@dataclass(frozen=True, slots=True)
class Load:
    """One load held still.

    Attributes:
        applied_n: what the reference says, newtons; 0 for the tool in the air.
        sent_n: mean of what the tool sent meanwhile, newtons by its present calibration.
        spread_n: standard deviation of that.
        samples: how many there were.
        resolution_n: the reference's last digit, newtons.
    """

    applied_n: float
    sent_n: float
    spread_n: float
    samples: int
    resolution_n: float


class Unfit(StrEnum):
    """Why loads give no calibration."""

    TOO_FEW = "too_few"
    NOT_A_NUMBER = "not_a_number"
    TOO_CLOSE = "too_close"
    SATURATED = "saturated"
    UNSTEADY = "unsteady"
    ZERO_MOVED = "zero_moved"
    NOT_TARED = "not_tared"
    NOT_RISING = "not_rising"
    NOT_MONOTONE = "not_monotone"
    ELSEWHERE = "elsewhere"
    ABSURD_GAIN = "absurd_gain"
    BENT = "bent"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A fit that is not to be used.

    Attributes:
        reason: why.
        load: place of the load that is to blame, from 0; None for all of them.
        value: what was found, in the unit of ``limit``.
        limit: what would have been accepted.
    """

    reason: Unfit
    load: int | None = None
    value: float | None = None
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """A calibration: force = gain x (sent - zero).

    Attributes:
        gain: newtons applied per newton sent; a factor on the present calibration's gain.
        zero_n: what is sent without load, newtons.
        residual_n: root mean square of what the line leaves over, newtons applied, by its degrees
            of freedom; None for two loads, which any line fits.
        uncertainty: relative standard uncertainty of the gain (GUM 4.2 and 5.1).
        lightest_n: the range of applied loads in which the fit was seen to hold.
        heaviest_n: its other end.
        loads: how many there were.
    """

    gain: float
    zero_n: float
    residual_n: float | None
    uncertainty: float
    lightest_n: float
    heaviest_n: float
    loads: int


def fit(loads: Sequence[Load], full_scale_n: float) -> Fit | Refusal:
    """Return the calibration that loads give, or why they give none.

    Args:
        loads: at least two of different size; one of them should be none at all.
        full_scale_n: where the channel saturates, newtons by its present calibration.
    """
    refusal = _refused(loads, full_scale_n)
    return refusal or _fitted(loads)


def _refused(loads: Sequence[Load], full_scale_n: float) -> Refusal | None:
    if len(loads) < _A_LINE:
        return Refusal(Unfit.TOO_FEW, value=len(loads), limit=_A_LINE)
    applied = [load.applied_n for load in loads]
    least = max(LEAST_SPAN_N, LEAST_SPAN_SHARE * full_scale_n)
    for place, load in enumerate(loads):
        refusal = _refused_load(place, load, full_scale_n)
        if refusal is not None:
            return refusal
    span = max(applied) - min(applied)
    if span < least:
        return Refusal(Unfit.TOO_CLOSE, value=span, limit=least)
    return _zero_moved(loads)


def _refused_load(place: int, load: Load, full_scale_n: float) -> Refusal | None:
    if not all(map(isfinite, (load.applied_n, load.sent_n, load.spread_n))) or load.samples < 1:
        return Refusal(Unfit.NOT_A_NUMBER, place)
    end_n = SATURATED_SHARE * full_scale_n
    if load.sent_n >= end_n > 0:
        return Refusal(Unfit.SATURATED, place, load.sent_n, end_n)
    most_n = max(MOST_UNSTEADY_N, MOST_UNSTEADY_SHARE * abs(load.sent_n))
    if load.spread_n > most_n:
        return Refusal(Unfit.UNSTEADY, place, load.spread_n, most_n)
    return None


def _zero_moved(loads: Sequence[Load]) -> Refusal | None:
    empty = [load.sent_n for load in loads if load.applied_n == 0.0]
    moved_n = max(empty) - min(empty) if empty else 0.0
    if moved_n > MOST_ZERO_N:
        return Refusal(Unfit.ZERO_MOVED, value=moved_n, limit=MOST_ZERO_N)
    return None


def _fitted(loads: Sequence[Load]) -> Fit | Refusal:
    applied, sent = [load.applied_n for load in loads], [load.sent_n for load in loads]
    centre_n, middle_n = fmean(applied), fmean(sent)
    width = sum((x - centre_n) ** 2 for x in applied)
    pairs = zip(applied, sent, strict=True)
    slope = sum((x - centre_n) * (y - middle_n) for x, y in pairs) / width
    zero_n = middle_n - slope * centre_n
    if slope <= 0.0:
        return Refusal(Unfit.NOT_RISING, value=slope, limit=0.0)
    gain = 1.0 / slope
    falls = _falls(loads)
    if falls is not None:
        return falls
    if not GAINS[0] <= gain <= GAINS[1]:
        return Refusal(Unfit.ABSURD_GAIN, value=gain, limit=GAINS[gain > 1.0])
    left_n = [(load.sent_n - zero_n) * gain - load.applied_n for load in loads]
    span_n = max(applied) - min(applied)
    worst = max(range(len(loads)), key=lambda place: abs(left_n[place]))
    if abs(left_n[worst]) > MOST_BENT_SHARE * span_n:
        return Refusal(Unfit.BENT, worst, abs(left_n[worst]), MOST_BENT_SHARE * span_n)
    residual_n = _residual_n(left_n)
    scatter_n = max(residual_n or 0.0, _reading_n(loads, gain))
    return Fit(
        gain=gain,
        zero_n=zero_n,
        residual_n=residual_n,
        uncertainty=hypot(scatter_n / sqrt(width), SCALE_SHARE),
        lightest_n=min(applied),
        heaviest_n=max(applied),
        loads=len(loads),
    )


def _falls(loads: Sequence[Load]) -> Refusal | None:
    """Return which larger load sent less than a smaller one, by more than they tremble."""
    order = sorted(range(len(loads)), key=lambda place: loads[place].applied_n)
    for before, after in pairwise(order):
        lighter, heavier = loads[before], loads[after]
        fell_n = lighter.sent_n - heavier.sent_n
        apart_n = heavier.applied_n - lighter.applied_n
        allowed_n = 2.0 * hypot(lighter.spread_n, heavier.spread_n, heavier.resolution_n)
        if apart_n > heavier.resolution_n and fell_n > allowed_n:
            return Refusal(Unfit.NOT_MONOTONE, after, heavier.sent_n, lighter.sent_n)
    return None


def not_tared(empty: Load) -> Refusal | None:
    """Return why the reading in the air, right after the tare, is no zero; None where it is one."""
    if abs(empty.sent_n) > MOST_ZERO_N:
        return Refusal(Unfit.NOT_TARED, value=empty.sent_n, limit=MOST_ZERO_N)
    return None


def _residual_n(left_n: Sequence[float]) -> float | None:
    free = len(left_n) - _A_LINE
    return sqrt(sum(each**2 for each in left_n) / free) if free else None


def _reading_n(loads: Sequence[Load], gain: float) -> float:
    """Return the standard uncertainty of one reading: the reference's digit and the hand's tremor.

    The tremor counts in full, not by the root of the samples: the reference shows another moment
    of it than the tool's mean.
    """
    return max(hypot(load.resolution_n / sqrt(12.0), load.spread_n * gain) for load in loads)
