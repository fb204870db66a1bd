"""Too fast or too slow: strokes by their speed, where a wheel knows it, repetitions by time."""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import Final

from companion.coaching.routine import CadenceUnit, Step
from companion.sensing.types import Stroke

FASTEST_CM_S: Final = 10.0
"""Mean speed of a stroke above which it is rushed: gentle stroking is done at 1 to 10 cm/s.
Source: domain notes, seed 004 (relaxation), grade D."""

TOLERANCE: Final = 0.08
"""How far beside a declared cadence is still within it, as a share: tempo is to be known within
8 % on real recordings (domain notes 4.3), and what we may have misread is not called wrong."""

NEWEST_INTERVALS: Final = 5
"""A rate is that of the median of so many intervals between repetitions (domain notes 4.2)."""

KNOWN_FROM_INTERVALS: Final = 3
"""Before so many intervals the rate is not known: one slow one may be a breath. Ours, grade D."""


class Pace(StrEnum):
    """How fast something was, against what the step asks for."""

    GOOD = "good"
    FAST = "fast"
    SLOW = "slow"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceFacts:
    """The rate at one repetition; seconds on the tool clock.

    Attributes:
        from_s: the repetition before it.
        to_s: the repetition.
        per_minute: repetitions per minute, by the newest intervals.
        pace: whether that is what the step asks for.
    """

    from_s: float
    to_s: float
    per_minute: float
    pace: Pace


def speed_cm_s(stroke: Stroke) -> float | None:
    """Return a stroke's mean speed; None where no wheel measured its travel."""
    passed_s = stroke.end_s - stroke.start_s
    if stroke.travel_m is None or passed_s <= 0:
        return None
    return 100 * stroke.travel_m / passed_s


def fastest_cm_s(step: Step) -> float:
    """Return the speed above which a step is rushed: that of its own cadence, if it has one."""
    return FASTEST_CM_S if (asked := _asked(step, CadenceUnit.CM_PER_S)) is None else asked[1]


def slowest_cm_s(step: Step) -> float | None:
    """Return the speed below which a step is too slow; None where it asks for none."""
    return None if (asked := _asked(step, CadenceUnit.CM_PER_S)) is None else asked[0]


def speed_pace(step: Step, speed: float | None) -> Pace | None:
    """Return whether a mean speed in cm/s fits a step; None where it is not known."""
    if speed is None:
        return None
    asked = _asked(step, CadenceUnit.CM_PER_S)
    if asked is None:
        return Pace.FAST if speed > FASTEST_CM_S else Pace.GOOD
    return _pace(speed, asked)


def rate_limits(step: Step) -> tuple[float, float] | None:
    """Return the slowest and fastest rate a step asks for, per minute; None where it asks none."""
    return _asked(step, CadenceUnit.PER_MINUTE)


class RateWatch:
    """Judges the rate of repetitions in a step whose cadence is one per minute.

    A pause, silence or an unknown stretch is no interval.
    """

    def __init__(self) -> None:
        self._before_s: float | None = None
        self._intervals: deque[float] = deque(maxlen=NEWEST_INTERVALS)

    def begin(self) -> None:
        """A step begins."""
        self._before_s = None
        self._intervals.clear()

    def interrupt(self) -> None:
        """What comes next is not held against the repetition before."""
        self._before_s = None

    def repeated(self, step: Step, device_s: float) -> PaceFacts | None:
        """Return the rate at a repetition; None where it is not known or the step asks for none."""
        before_s, self._before_s = self._before_s, device_s
        asked = rate_limits(step)
        if asked is None or before_s is None or device_s <= before_s:
            return None
        self._intervals.append(device_s - before_s)
        if len(self._intervals) < KNOWN_FROM_INTERVALS:
            return None
        per_minute = 60 / median(self._intervals)
        return PaceFacts(
            from_s=before_s, to_s=device_s, per_minute=per_minute, pace=_pace(per_minute, asked)
        )


def _asked(step: Step, unit: CadenceUnit) -> tuple[float, float] | None:
    cadence = step.cadence
    return (cadence.low, cadence.high) if cadence is not None and cadence.unit is unit else None


def _pace(value: float, asked: tuple[float, float]) -> Pace:
    low, high = asked
    if value > high * (1 + TOLERANCE):
        return Pace.FAST
    return Pace.SLOW if value < low * (1 - TOLERANCE) else Pace.GOOD
