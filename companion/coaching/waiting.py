"""A session as it is seen before there is a tool."""

from companion.coaching.routine import Routine
from companion.coaching.scaling import PLAIN_PERCENT, scaled
from companion.coaching.view import Phase, StepState, View
from companion.sensing.types import Doubt, Level


def waiting_view(routine: Routine, percent: int = PLAIN_PERCENT) -> View:
    """Return the view of a routine that waits for its tool; ``percent`` of it is to be done."""
    return View(
        phase=Phase.WAITING,
        title=routine.title,
        slot=routine.slot,
        about_s=routine.about_s * percent / PLAIN_PERCENT,
        scale_percent=percent,
        session_elapsed_s=0.0,
        steps=tuple(scaled(step, percent) for step in routine.steps),
        states=(StepState.NEXT,) * len(routine.steps),
        index=0,
        repetitions=0,
        step_elapsed_s=0.0,
        level=Level.UNKNOWN,
        doubt=Doubt.SILENCE,
        pressure_kpa=None,
        cannot_judge=None,
        alerts=(),
        slip_note=routine.slip_note,
    )
