"""A routine as plain data: its steps, zones and what a repetition is."""

from dataclasses import dataclass
from enum import StrEnum

from companion.sensing.types import Band, RepetitionKind, Technique


class Zone(StrEnum):
    """A part of face, neck or chest with limits of its own."""

    FOREHEAD = "forehead"
    TEMPLES = "temples"
    UNDER_EYE = "under_eye"
    CHEEK = "cheek"
    JAWLINE = "jawline"
    NECK_FRONT = "neck_front"
    NECK_BACK = "neck_back"
    DECOLLETE = "decollete"


class Side(StrEnum):
    """The person's own side."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


class Direction(StrEnum):
    """Direction a step declares."""

    UP = "up"
    OUTWARD = "outward"
    DOWN_DRAIN = "down_drain"
    ANY = "any"


class StepKind(StrEnum):
    """Who works: the tool (judged) or the bare hand (shown and timed, never judged)."""

    TOOL = "tool"
    HAND = "hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a routine.

    Attributes:
        id: short name, unique in its routine.
        kind: tool or hand.
        zone: where.
        side: on which side.
        technique: with which technique.
        direction: declared direction.
        repetition: what one repetition is.
        repetitions: how many; None where the step is timed only.
        time_limit_s: seconds after which the step ends however many were done; a hand step
            lasts exactly this long.
        band: pressure limits in kPa; None on hand steps.
        hint: what to do, in few words.
        instead_of: the article's technique where the tool's is a named equivalent, else empty.
    """

    id: str
    kind: StepKind
    zone: Zone
    side: Side
    technique: Technique
    direction: Direction
    repetition: RepetitionKind
    repetitions: int | None
    time_limit_s: float
    band: Band | None
    hint: str
    instead_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Routine:
    """A named sequence of steps with its source.

    Attributes:
        name: short name, the file's without its ending.
        title: what a person calls it.
        source: where it comes from.
        slot: time of day it is meant for: morning, evening or any.
        about_s: how long it takes, roughly.
        steps: in order, at least one.
        slip_note: what to put on the skin before the first step; empty where none is needed.
    """

    name: str
    title: str
    source: str
    slot: str
    about_s: float
    steps: tuple[Step, ...]
    slip_note: str = ""
