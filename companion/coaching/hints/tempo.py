"""Rushing: strokes faster than a light, slow massage is done, where the wheel knows the speed."""

from typing import Final

from companion.coaching.routine import CadenceUnit, Step
from companion.sensing.types import Stroke

FASTEST_CM_S: Final = 10.0
"""Mean speed of a stroke above which it is rushed: gentle stroking is done at 1 to 10 cm/s.
Source: domain notes, seed 004 (relaxation), grade D."""


def speed_cm_s(stroke: Stroke) -> float | None:
    """Return a stroke's mean speed; None where no wheel measured its travel."""
    passed_s = stroke.end_s - stroke.start_s
    if stroke.travel_m is None or passed_s <= 0:
        return None
    return 100 * stroke.travel_m / passed_s


def fastest_cm_s(step: Step) -> float:
    """Return the speed above which a step is rushed: that of its own cadence, if it has one."""
    cadence = step.cadence
    if cadence is not None and cadence.unit is CadenceUnit.CM_PER_S:
        return cadence.high
    return FASTEST_CM_S


def is_rushed(step: Step, speed: float | None) -> bool | None:
    """Return whether a mean speed in cm/s is too fast for a step; None where it is not known."""
    return None if speed is None else speed > fastest_cm_s(step)
