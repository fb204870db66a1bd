"""The course of a session."""

from dataclasses import dataclass
from typing import ClassVar

from companion.coaching.events.base import Cue, Event
from companion.coaching.events.results import SessionOutcome, Summary
from companion.coaching.routine import Direction, Side, StepKind, Zone
from companion.coaching.trend import Trend
from companion.sensing.types import Band, Doubt, Level, Technique


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStarted(Event):
    """A routine begins. ``started_at`` is aware UTC, ISO 8601.

    ``slip_note`` says what to put on the skin before the tool glides, empty for nothing; ``slot``
    is the time of day that the routine is meant for: morning, evening or any. ``scale_percent``
    is how much of it is to be done.
    """

    event: ClassVar[str] = "session_started"
    routine: str
    title: str
    tool: str
    started_at: str
    steps: int
    slip_note: str = ""
    slot: str = "any"
    scale_percent: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStarted(Cue):
    """A step begins; ``cannot_judge`` says why its pressure will not be judged, else None.

    ``cannot_count``: the tool cannot tell its repetitions; they are not counted, and it ends by
    its time or by a command.

    ``changes_side``: the step before was on the other side. ``spoken`` is what the routine's file
    has a voice say in place of the hint, empty for the same.
    """

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
    cannot_count: bool = False
    changes_side: bool = False
    alternate_hands: bool = False
    spoken: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition(Event):
    """One more repetition was done."""

    event: ClassVar[str] = "repetition"
    step: str
    count: int
    goal: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelChanged(Event):
    """The pressure level changed; the pressure in kPa that told it, None where not known.

    Taps are judged by the peak of each contact, not by the pressure of the moment.
    ``trend`` is where the pressure was going within the contact, null where that was not known.
    """

    event: ClassVar[str] = "level_changed"
    level: Level
    doubt: Doubt | None
    pressure_kpa: float | None
    trend: Trend | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFinished(Event):
    """A step is over. ``outcome``: a ``StepOutcome``; hand steps count nothing and have no goal.

    Where the tool could not tell its repetitions they are null, there is no goal, and a step that
    ended by its time is done.

    ``repetitions`` is the final count, after a second look at the whole step: it may differ from
    the last ``repetition``, which was counted live and is never taken back.
    One that is skipped while the session asks for oil had no ``step_started``.

    ``points`` of ``possible`` were kept, as the summary's score has them in full; null without one.
    """

    event: ClassVar[str] = "step_finished"
    step: str
    index: int
    outcome: str
    repetitions: int | None
    goal: int | None
    duration_s: float
    points: int | None = None
    possible: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipConfirmed(Event):
    """The person said that oil or cream is on the skin: steps that glide may begin."""

    event: ClassVar[str] = "slip_confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutineScaled(Event):
    """The routine was made shorter or longer, ``percent`` of what its file says.

    ``step`` is the present one, or the one that comes, with what is asked of it now;
    ``about_s`` is how long the whole routine takes, roughly.
    """

    event: ClassVar[str] = "routine_scaled"
    percent: int
    step: str
    repetitions: int | None
    time_limit_s: float
    about_s: float


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
