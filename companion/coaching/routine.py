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


class CadenceUnit(StrEnum):
    """What a cadence counts."""

    PER_MINUTE = "per_minute"
    CM_PER_S = "cm_per_s"


@dataclass(frozen=True, slots=True)
class Cadence:
    """How fast a step is meant: repetitions per minute, or centimetres of skin per second.

    Attributes:
        low: the slowest.
        high: the fastest, above ``low``.
        unit: what is counted.
    """

    low: float
    high: float
    unit: CadenceUnit


SLIP_TECHNIQUES = frozenset({Technique.SWEEP, Technique.CIRCLE, Technique.STRETCH})
"""Techniques that move along the skin and need oil or cream, unless a step says otherwise."""


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
        say: what a voice says in place of the hint; empty where the hint is said.
        slip_needed: whether it needs something to glide on.
        cadence: how fast; None where the step asks for no pace.
        rest_s: seconds of rest after it.
        alternate_hands: whether the hands take turns.
        accepted: the author's words that accept limits above the care table's; empty where no
            limit is.
        rules: names of the rules it follows, as ``companion evidence`` lists them.
        unaccepted: the limits without what was accepted; None where nothing was.
        hold_s: longest hold in seconds by the care table; None where the technique does not hold.
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
    say: str = ""
    slip_needed: bool = False
    cadence: Cadence | None = None
    rest_s: float = 0.0
    alternate_hands: bool = False
    accepted: str = ""
    rules: tuple[str, ...] = ()
    unaccepted: Band | None = None
    hold_s: float | None = None


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
        evidence: what is known of it, and how well; empty where its file does not say.
    """

    name: str
    title: str
    source: str
    slot: str
    about_s: float
    steps: tuple[Step, ...]
    slip_note: str = ""
    evidence: str = ""
