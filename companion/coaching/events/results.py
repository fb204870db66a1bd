"""What a step and a session came to."""

from dataclasses import dataclass
from enum import StrEnum

from companion.coaching.events.score import Score, Unscored
from companion.coaching.routine import Direction, Side, StepKind, Zone
from companion.sensing.types import Doubt, Level, Technique


class SessionOutcome(StrEnum):
    """How a session ended; ``unwell``: the person said so, ``interrupted``: not by the person."""

    FINISHED = "finished"
    STOPPED = "stopped"
    UNWELL = "unwell"
    INTERRUPTED = "interrupted"


class StepOutcome(StrEnum):
    """How a step ended; ``short``: at its time limit, ``repeated``: begun again from zero."""

    DONE = "done"
    SHORT = "short"
    SKIPPED = "skipped"
    STOPPED = "stopped"
    REPEATED = "repeated"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """One step in the summary: its last attempt, an ``outcome`` as in ``StepOutcome``.

    ``repetitions`` is the final count: at the end of the step all of it is looked at again.
    ``counted_live`` is what was counted while it was done; it may differ, and was never taken
    back. Both are null, and there is no goal, where the tool could not tell repetitions of this
    kind: nobody knows how many there were. ``unseen`` is how many more there may have been, wholly
    where samples are missing: they are not held against the person. Seconds by level are of contact
    time only; those of a tap, or of a squeeze of kneading or a pinch, count at the level that it
    reached. Pressures are of the judged contact time, in kPa, None where there was none.
    ``judged`` says whether any pressure was judged, and ``doubt`` what prevented it; a hand step,
    and one without contact, has neither. ``known_s`` and ``unknown_s`` are the seconds in which the
    pressure was known and was not, silence included. There is a ``score``, or ``unscored`` says why
    there is none.
    ``is_other_technique``: it was told that the step's technique was not what was done.
    """

    step: str
    zone: Zone
    side: Side
    kind: StepKind
    outcome: str
    repetitions: int | None
    goal: int | None
    duration_s: float
    seconds_by_level: dict[str, float]
    mean_kpa: float | None
    peak_kpa: float | None
    judged: bool
    doubt: Doubt | None = None
    known_s: float = 0.0
    unknown_s: float = 0.0
    counted_live: int | None = 0
    score: Score | None = None
    unscored: Unscored | None = None
    is_other_technique: bool = False
    unseen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRecord:
    """One warning in the summary, times in tool seconds.

    ``peak_is_least``: the force sensor was at its end meanwhile, and the highest pressure was at
    least ``peak_kpa``.
    """

    alert: int
    kind: str
    level: Level
    step: str
    zone: Zone
    side: Side
    onset_s: float
    raised_s: float
    cleared_s: float | None
    peak_kpa: float
    limit_kpa: float
    reason: str
    peak_is_least: bool = False


class AdviceKind(StrEnum):
    """What a piece of advice is about; its sentence in the catalogue has the same name."""

    OVER_PRESSURE = "over_pressure"
    FIRM = "firm"
    TOO_LIGHT = "too_light"
    SHORT = "short"
    WRONG_TECHNIQUE = "wrong_technique"
    WRONG_DIRECTION = "wrong_direction"
    RUSHED = "rushed"
    TOO_SLOW = "too_slow"
    NOT_JUDGED = "not_judged"
    GAPS = "gaps"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to do better, and the figures that say why; None where a figure has no part in it.

    Attributes:
        kind: what it is about.
        step: the step's id, empty for the whole session.
        zone: where.
        side: on which side.
        pressure_kpa: the highest pressure met.
        is_least: the force sensor was at its end, and the pressure was at least that.
        limit_kpa: the limit to stay under, or where the target begins.
        upper_kpa: where the target ends.
        seconds: for how long.
        count: repetitions done, or strokes that were wrong.
        goal: repetitions to do.
        wanted: the direction declared.
        asked: the technique declared.
        limit_cm_s: the speed to stay under, or to reach.
        limit_per_minute: the rate to stay under, or to reach.
        doubt: why the pressure was not judged.
    """

    kind: AdviceKind
    step: str = ""
    zone: Zone | None = None
    side: Side = Side.BOTH
    pressure_kpa: float | None = None
    is_least: bool = False
    limit_kpa: float | None = None
    upper_kpa: float | None = None
    seconds: float | None = None
    count: int | None = None
    goal: int | None = None
    wanted: Direction | None = None
    asked: Technique | None = None
    limit_cm_s: float | None = None
    limit_per_minute: float | None = None
    doubt: Doubt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneDose:
    """How long and how hard one zone was pressed above ``above_kpa``, both sides together.

    ``impulse_kpa_s`` is pressure times that time. What was not known is in neither.
    """

    zone: Zone
    above_kpa: float
    seconds: float
    impulse_kpa_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was done: counted, timed, warned, and scored where enough of it was known.

    ``duration_s`` is time with samples, pauses left out; ``gaps_s`` is time without samples.
    There is a ``score``, the points of the steps added up, or ``unscored`` says why there is
    none. ``missed`` is over-pressure that nobody was warned of because the link was down, found
    late in samples that were sent again. ``began_s`` is when the session began,
    on the tool clock; null if it did not. ``scale_percent`` is how much of the routine was to be
    done at last. ``doses`` has the zones that were pressed above the pressure whose time is capped.
    """

    routine: str
    outcome: SessionOutcome
    duration_s: float
    steps: tuple[StepResult, ...]
    alerts: tuple[AlertRecord, ...]
    gaps_s: float
    samples: int
    advice: tuple[Advice, ...]
    score: Score | None = None
    unscored: Unscored | None = None
    began_s: float | None = None
    scale_percent: int = 100
    missed: tuple[AlertRecord, ...] = ()
    doses: tuple[ZoneDose, ...] = ()
