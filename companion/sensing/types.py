"""The words between sensing and the rooms around it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeAlias


class Level(StrEnum):
    """How hard the tool is pressed, against the band of the present step.

    Whoever looks at each sample keeps the members that it looks for in names of its own: to ask
    an enum for one of them takes longer than the rest of such a look.
    """

    NO_CONTACT = "no_contact"
    LIGHT = "light"
    ON_TARGET = "on_target"
    FIRM = "firm"
    CAUTION = "caution"
    STOP = "stop"
    UNKNOWN = "unknown"


class Doubt(StrEnum):
    """Why the level cannot be known."""

    NO_FORCE_SENSOR = "no_force_sensor"
    AREA_UNKNOWN = "area_unknown"
    MASS_UNKNOWN = "mass_unknown"
    NOT_TARED = "not_tared"
    TOO_UNCERTAIN = "too_uncertain"
    SILENCE = "silence"
    FORCE_FROZEN = "force_frozen"
    FORCE_MISSING = "force_missing"
    FORCE_SATURATED = "force_saturated"
    FORCE_IMPLAUSIBLE = "force_implausible"
    ZERO_DRIFTED = "zero_drifted"
    GRAVITY_UNKNOWN = "gravity_unknown"


class Technique(StrEnum):
    """What the hand does with the tool."""

    SWEEP = "sweep"
    TAP = "tap"
    CIRCLE = "circle"
    KNEAD = "knead"
    PINCH = "pinch"
    PRESS_HOLD = "press_hold"
    STRETCH = "stretch"


class RepetitionKind(StrEnum):
    """What one repetition is: a one-way stroke, a there-and-back cycle, or one contact."""

    STROKE = "stroke"
    CYCLE = "cycle"
    CONTACT = "contact"


class StrokeDirection(StrEnum):
    """Direction of a stroke in the gravity frame."""

    UP = "up"
    DOWN = "down"
    HORIZONTAL = "horizontal"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Band:
    """Pressure limits of one step in kPa: mean over the contact patch, for taps the peak."""

    low_kpa: float
    high_kpa: float
    caution_kpa: float
    stop_kpa: float


@dataclass(frozen=True, slots=True)
class Task:
    """What the engine looks for now; a band of None counts but judges no pressure.

    Attributes:
        recline_rad: how far the face is reclined: 0 upright, pi / 2 lying on the back; None
            where the posture is not known. Up and down are told along the face.
        reads_posture: whether no direction is told once the tool is seen to lie on a face that is
            reclined; false where gravity's up and down are wanted, whatever the posture.
    """

    repetition: RepetitionKind
    technique: Technique
    band: Band | None
    recline_rad: float | None = 0.0
    reads_posture: bool = False


class Point(NamedTuple):
    """One sample of the pressure trace; None where the pressure is not known."""

    device_s: float
    pressure_kpa: float | None
    level: Level


PlainPoint: TypeAlias = tuple[float, float | None, Level]
"""The same without names, for whoever goes through all of them: cheaper to make."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactBegan:
    """The tool touches the skin. ``source`` says from what: force, tool or motion."""

    device_s: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactEnded:
    """The tool left the skin; forces in newtons, None where not known.

    ``ended_s`` is when the force was nothing, by the fall of a soft edge; else the first sample off
    the skin, or where nothing tells any more the last one known to be on it. ``device_s`` is when
    that was believed: of a soft edge the last bit may still be to come then.
    """

    device_s: float
    began_s: float
    ended_s: float
    mean_n: float | None
    peak_n: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """A confirmed stroke; ``device_s`` is the moment of confirmation.

    Attributes:
        loaded_share: share of its time in which the pressure reached the band of the step, so
            that a light way back can be told from a pull; None where force or band is not known.
        is_light_return: whether it is the way back over the skin, lightly, of the stroke before: a
            stroke, but no repetition where repetitions are strokes.
        drag: stick-slip index: 1 is like the person's own first strokes; None for these, and where
            it is not observable (below 100 Hz, short strokes, holes).
    """

    device_s: float
    start_s: float
    end_s: float
    direction: StrokeDirection
    travel_m: float | None
    mean_n: float | None
    peak_n: float | None
    loaded_share: float | None = None
    is_light_return: bool = False
    drag: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """One more repetition of the present task was counted."""

    device_s: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelMoved:
    """The level changed; the pressure in kPa that told it, of taps the peak, None if not known."""

    device_s: float
    level: Level
    doubt: Doubt | None
    pressure_kpa: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverPressureRaised:
    """The pressure has been above a limit for the on-delay; ``level`` is caution or stop."""

    device_s: float
    level: Level
    onset_s: float
    pressure_kpa: float
    limit_kpa: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OverPressureCleared:
    """The alert of ``level`` ended. ``reason``: ended, unknown or step_ended.

    ``peak_is_least``: the force was at its end meanwhile, the peak is at least ``peak_kpa``.
    """

    device_s: float
    level: Level
    reason: str
    onset_s: float
    peak_kpa: float
    peak_is_least: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultFound:
    """A sensor fault began at ``start_s`` (kinds as in the recordings contract)."""

    device_s: float
    kind: str
    start_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultEnded:
    """A sensor fault is over."""

    device_s: float
    kind: str


SensingEvent = (
    ContactBegan
    | ContactEnded
    | Stroke
    | Repeated
    | LevelMoved
    | OverPressureRaised
    | OverPressureCleared
    | FaultFound
    | FaultEnded
)
"""Everything the engine can say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepEnd:
    """What the end of a step brings out.

    Attributes:
        events: what was under way and is now fixed, in order of time.
        repetitions_s: the time of every repetition after a second look at the whole step; their
            number may differ from the live count, which is never taken back.
        unseen: how many more there may have been, wholly where samples are missing: nobody knows.
    """

    events: tuple[SensingEvent, ...]
    repetitions_s: tuple[float, ...]
    unseen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What the hand seems to do; a label of None is unsure, the confidence lies in 0 to 1."""

    label: Technique | None
    confidence: float
