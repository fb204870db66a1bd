"""The limits a step has: its own, or the care table's."""

from dataclasses import replace

from companion.coaching.care import CareTable
from companion.coaching.routine import Step, StepKind


def with_limits(step: Step, care: CareTable) -> Step:
    """Return a step with its limits: a tool step has some, a hand step has none.

    Args:
        step: a tool step without a band gets the care table's, and the table's longest hold.
        care: the limits by zone and technique.

    Raises:
        ValueError: the care table refuses what the step does with the tool.
    """
    if step.kind is StepKind.HAND:
        return replace(step, band=None, hold_s=None)
    limits = care.limits(step.zone, step.technique)
    if limits is None:
        raise ValueError(f"step {step.id}: {step.technique} is refused on {step.zone}")
    return replace(step, band=step.band or limits.band, hold_s=limits.hold_s)
