"""The session as a screen sees it before there is a tool."""

from companion.coaching.routine import Routine
from companion.coaching.view import Phase, StepState, View
from companion.sensing.types import Doubt, Level


def waiting_view(routine: Routine) -> View:
    """Return the view of a routine that waits for its tool."""
    return View(
        phase=Phase.WAITING,
        title=routine.title,
        slot=routine.slot,
        about_s=routine.about_s,
        session_elapsed_s=0.0,
        steps=routine.steps,
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
