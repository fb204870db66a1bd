"""Hints: what would be better now, said rarely and never over a warning."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from companion.coaching.events.base import Cue
from companion.coaching.routine import Direction, Side, Zone
from companion.sensing.types import StrokeDirection, Technique


class HintKind(StrEnum):
    """What a hint is about; its sentence in the catalogue has the same name.

    ``too_light`` stands until it is over and is therefore told as an alert.
    """

    TOO_LIGHT = "too_light"
    TOO_FIRM = "too_firm"
    RUSHING = "rushing"
    TOO_SLOW = "too_slow"
    WRONG_TECHNIQUE = "wrong_technique"
    WRONG_DIRECTION = "wrong_direction"
    PULLING_DOWN = "pulling_down"
    DRAGGING = "dragging"
    HELD_LONG = "held_long"
    SESSION_LONG = "session_long"
    DOSE_CAUTION = "dose_caution"
    DOSE_STOP = "dose_stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint(Cue):
    """One hint; null where a figure has no part in it.

    ``asked`` is the technique declared, ``technique`` the one seen, if it has a name; ``onset_s``
    is when what it is about began; ``limit`` is in the unit of the figure it is
    compared with.
    """

    event: ClassVar[str] = "hint"
    kind: HintKind
    step: str
    zone: Zone
    side: Side
    onset_s: float
    direction: StrokeDirection | None = None
    wanted: Direction | None = None
    pressure_kpa: float | None = None
    speed_cm_s: float | None = None
    per_minute: float | None = None
    seconds: float | None = None
    limit: float | None = None
    technique: Technique | None = None
    asked: Technique | None = None
