"""Whether a stroke went where its step declares, as far as gravity can tell."""

from collections.abc import Iterable
from typing import Final

from companion.coaching.routine import Direction, Step
from companion.sensing.types import (
    Band,
    PlainPoint,
    RepetitionKind,
    Stroke,
    StrokeDirection,
    Technique,
)

LOADED_SHARE: Final = 0.5
"""Mean pressure, as a share of the target's low end, from which a stroke is work and not a light
way back. Source: ours, grade D."""

PULL_S: Final = 0.4
"""Seconds above the target while going down that are a pull (domain notes 4.4, grade D)."""

PULL_M: Final = 0.02
"""Metres above the target while going down that are a pull (domain notes 4.4, grade D)."""

_GLIDING = frozenset({Technique.SWEEP, Technique.STRETCH})
_RIGHT = {
    Direction.UP: frozenset({StrokeDirection.UP}),
    Direction.DOWN_DRAIN: frozenset({StrokeDirection.DOWN}),
    Direction.OUTWARD: frozenset({StrokeDirection.HORIZONTAL}),
    Direction.ANY: frozenset[StrokeDirection](),
}
_WRONG = {
    Direction.UP: frozenset({StrokeDirection.DOWN}),
    Direction.DOWN_DRAIN: frozenset({StrokeDirection.UP}),
    Direction.OUTWARD: frozenset({StrokeDirection.DOWN}),
    Direction.ANY: frozenset[StrokeDirection](),
}
"""What gravity can tell is wrong: the opposite. Inward and outward look alike to it, outward may
rise, and on a face that leans back up looks sideways."""


def is_right(step: Step, found: StrokeDirection, pressure_kpa: float | None) -> bool | None:
    """Return whether a stroke went where its step declares; None where nobody can say.

    Only gliding one way is judged, and only work: a light way back is none.

    Args:
        step: what is being done.
        found: the direction seen; the face must be upright.
        pressure_kpa: the stroke's mean pressure; None where not known.
    """
    if step.repetition is not RepetitionKind.STROKE or not _is_loaded(step, pressure_kpa):
        return None
    if found in _WRONG[step.direction]:
        return False
    return True if found in _RIGHT[step.direction] else None


def is_pull(step: Step, stroke: Stroke, points: Iterable[PlainPoint], interval_s: float) -> bool:
    """Return whether a stroke pulled the skin down where its step does not declare down.

    Args:
        step: what is being done.
        stroke: what was found; the face must be upright.
        points: the trace around it, ``interval_s`` apart.
        interval_s: seconds between points.
    """
    allowed = step.direction is Direction.DOWN_DRAIN or step.technique not in _GLIDING
    if allowed or step.band is None or stroke.direction is not StrokeDirection.DOWN:
        return False
    loaded_s = _above_target_s(step.band, stroke, points, interval_s)
    if loaded_s > PULL_S:
        return True
    passed_s = stroke.end_s - stroke.start_s
    travel_m = stroke.travel_m or 0.0
    return passed_s > 0 and travel_m * loaded_s / passed_s > PULL_M


def _is_loaded(step: Step, pressure_kpa: float | None) -> bool:
    if step.technique not in _GLIDING or step.band is None or pressure_kpa is None:
        return False
    return pressure_kpa >= LOADED_SHARE * step.band.low_kpa


def _above_target_s(
    band: Band, stroke: Stroke, points: Iterable[PlainPoint], interval_s: float
) -> float:
    inside = (kpa for at_s, kpa, _ in points if stroke.start_s <= at_s <= stroke.end_s)
    return interval_s * sum(kpa is not None and kpa > band.high_kpa for kpa in inside)
