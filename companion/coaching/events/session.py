"""The course of a session."""

from dataclasses import dataclass
from typing import ClassVar

from companion.coaching.events.base import Event
from companion.coaching.events.results import SessionOutcome, Summary
from companion.coaching.routine import Direction, Side, StepKind, Zone
from companion.sensing.types import Band, Doubt, Level, Technique


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStarted(Event):
    """A routine begins. ``started_at`` is aware UTC, ISO 8601.

    ``slip_note`` says what to put on the skin before the tool glides, empty for nothing.
    """

    event: ClassVar[str] = "session_started"
    routine: str
    title: str
    tool: str
    started_at: str
    steps: int
    slip_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStarted(Event):
    """A step begins; ``cannot_judge`` says why its pressure will not be judged, else None."""

    event: ClassVar[str] = "step_started"
    step: str
    index: int
    steps: int
    kind: StepKind
    zone: Zone
    side: Side
    technique: Technique
    direction: Direction
    repetitions: int | None
    time_limit_s: float
    band: Band | None
    cannot_judge: Doubt | None
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition(Event):
    """One more repetition was done."""

    event: ClassVar[str] = "repetition"
    step: str
    count: int
    goal: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelChanged(Event):
    """The pressure level changed; pressure in kPa, None where not known."""

    event: ClassVar[str] = "level_changed"
    level: Level
    doubt: Doubt | None
    pressure_kpa: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFinished(Event):
    """A step is over. ``outcome``: a ``StepOutcome``; hand steps count nothing and have no goal.

    ``repetitions`` is the final count, after a second look at the whole step: it may differ from
    the last ``repetition``, which was counted live and is never taken back.
    ``points`` of ``possible`` were kept, as the summary's score has them in full; null without one.
    """

    event: ClassVar[str] = "step_finished"
    step: str
    index: int
    outcome: str
    repetitions: int
    goal: int | None
    duration_s: float
    points: int | None = None
    possible: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPaused(Event):
    """The session waits for the person."""

    event: ClassVar[str] = "session_paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionResumed(Event):
    """The session goes on."""

    event: ClassVar[str] = "session_resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFinished(Event):
    """The session is over. ``outcome``: a ``SessionOutcome``."""

    event: ClassVar[str] = "session_finished"
    outcome: SessionOutcome
    summary: Summary
