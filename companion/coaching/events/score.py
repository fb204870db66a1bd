"""How well a step or a session was done: points, and for each lost one what cost it."""

from dataclasses import dataclass
from enum import StrEnum

from companion.coaching.routine import Direction, Side, Zone
from companion.sensing.types import Level, StrokeDirection


class Part(StrEnum):
    """What is scored; each part has its points (docs/coaching.md)."""

    BAND = "band"
    OVER_PRESSURE = "over_pressure"
    DIRECTION = "direction"
    TEMPO = "tempo"
    REPETITIONS = "repetitions"
    COMPLETENESS = "completeness"


class LossKind(StrEnum):
    """What points were lost for; its sentences in the catalogue have the same name."""

    OVER_PRESSURE = "over_pressure"
    FIRM = "firm"
    LIGHT = "light"
    WRONG_DIRECTION = "wrong_direction"
    RUSHED = "rushed"
    TOO_SLOW = "too_slow"
    REPETITIONS_MISSING = "repetitions_missing"
    LEFT_EARLY = "left_early"


class UnscoredReason(StrEnum):
    """Why there is no score; its sentence in the catalogue has the same name."""

    BY_HAND = "by_hand"
    NOT_REACHED = "not_reached"
    TOO_LITTLE_KNOWN = "too_little_known"
    TOO_LITTLE_TOUCH = "too_little_touch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One event that cost points; None where a figure has no part in it.

    Attributes:
        kind: what was wrong.
        part: the part of the score it was taken from.
        points: whole points, at least 1.
        step: the step's id.
        zone: where.
        side: on which side.
        from_s: when it began, on the tool clock.
        to_s: when it ended.
        seconds: how much of that time is held against it.
        level: the level of pressure.
        pressure_kpa: the highest pressure met.
        is_least: the force sensor was at its end, and the pressure was at least that.
        limit_kpa: the limit that was passed, or the end of the target that was missed.
        alert: the number of the warning.
        direction: the direction seen.
        wanted: the direction declared.
        speed_cm_s: the mean speed of the stroke.
        per_minute: the rate of repetitions.
        count: repetitions done.
        goal: repetitions to do.
    """

    kind: LossKind
    part: Part
    points: int
    step: str
    zone: Zone
    side: Side
    from_s: float
    to_s: float
    seconds: float
    level: Level | None = None
    pressure_kpa: float | None = None
    is_least: bool = False
    limit_kpa: float | None = None
    alert: int | None = None
    direction: StrokeDirection | None = None
    wanted: Direction | None = None
    speed_cm_s: float | None = None
    per_minute: float | None = None
    count: int | None = None
    goal: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartScore:
    """The points of one part: ``points`` kept of ``possible``."""

    part: Part
    points: int
    possible: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Points kept of those possible: the parts add up to it, and the losses to the rest.

    A part that could not be known is not in it. ``percent`` is the whole part of the share.
    Losses stand most expensive first.
    """

    points: int
    possible: int
    percent: int
    parts: tuple[PartScore, ...]
    losses: tuple[Loss, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unscored:
    """Why there is no score; shares of time from 0 to 1, None where they have no part in it."""

    reason: UnscoredReason
    known_share: float | None = None
    needed_share: float | None = None
