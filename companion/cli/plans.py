"""A routine as a plan for the simulated hand: the only thing the two sides share."""

from typing import Final

from companion.coaching.routine import Routine, Step, StepKind
from companion.sensing.types import RepetitionKind
from simulators.plan import Plan, PlannedStep

_SECONDS_PER_STROKE: Final = 3.0
"""How many strokes a hand makes of a step that only has a time."""


def plan_of(routine: Routine) -> Plan:
    """Return what the simulated hand is to do for a routine."""
    return Plan(steps=tuple(_planned(step) for step in routine.steps))


def _planned(step: Step) -> PlannedStep:
    by_hand, band = step.kind is StepKind.HAND, step.band
    return PlannedStep(
        id=step.id,
        hand_only=by_hand,
        zone=step.zone,
        side=step.side,
        technique=step.technique,
        direction=step.direction,
        repetitions=0 if by_hand else _strokes(step),
        duration_s=step.time_limit_s if by_hand else 0.0,
        low_kpa=0.0 if band is None else band.low_kpa,
        high_kpa=0.0 if band is None else band.high_kpa,
        caution_kpa=None if band is None else band.caution_kpa,
        stop_kpa=None if band is None else band.stop_kpa,
        there_and_back=step.repetition is RepetitionKind.CYCLE,
    )


def _strokes(step: Step) -> int:
    if step.repetitions is None:
        return max(1, round(step.time_limit_s / _SECONDS_PER_STROKE))
    return step.repetitions * (2 if step.repetition is RepetitionKind.CYCLE else 1)
