"""A session as a screen sees it: one frozen snapshot, cheap to make."""

from dataclasses import dataclass
from enum import StrEnum

from companion.coaching.events import AlertRaised
from companion.coaching.routine import Step
from companion.coaching.trend import Trend
from companion.sensing.types import Doubt, Level


class Phase(StrEnum):
    """Where a session stands; ``asking``: whether there is oil on the skin."""

    WAITING = "waiting"
    RUNNING = "running"
    ASKING = "asking"
    RESTING = "resting"
    PAUSED = "paused"
    FINISHED = "finished"


class StepState(StrEnum):
    """Where one step stands, for the strip of steps."""

    NEXT = "next"
    NOW = "now"
    DONE = "done"
    SHORT = "short"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The session at one moment; times in seconds, pressure in kPa, None where not known.

    ``cannot_count``: the tool cannot tell the repetitions of the present step.
    ``acknowledged`` has the numbers of those standing alerts that the person has seen;
    ``slip_note`` says what to put on the skin before the tool glides, empty for nothing;
    ``slip_confirmed``: it is there; ``asks_oil``: the person should say so.
    ``rest_left_s``: of the rest before the present step.
    ``scale_percent``: how much of the routine's file is to be done; the steps are as scaled.
    ``slot`` is the time of day that the routine is meant for.
    ``trend``: where the pressure is going within the present contact.
    ``in_newtons``: the contact area is not known; pressures are told for an area on which a newton
    is a kilopascal, and are to be shown as forces.
    """

    phase: Phase
    title: str
    about_s: float
    session_elapsed_s: float
    steps: tuple[Step, ...]
    states: tuple[StepState, ...]
    index: int
    repetitions: int
    step_elapsed_s: float
    level: Level
    doubt: Doubt | None
    pressure_kpa: float | None
    cannot_judge: Doubt | None
    alerts: tuple[AlertRaised, ...]
    cannot_count: bool = False
    acknowledged: frozenset[int] = frozenset()
    slip_note: str = ""
    slip_confirmed: bool = False
    asks_oil: bool = False
    rest_left_s: float = 0.0
    scale_percent: int = 100
    slot: str = "any"
    trend: Trend | None = None
    in_newtons: bool = False

    @property
    def step(self) -> Step | None:
        """The present step; None before there are any, without a routine, and after the last."""
        return self.steps[self.index] if self.index < len(self.steps) else None
