"""What the edges subscribe to: every event of a session, and every command a user can give.

``event`` is an event's name in ``--json`` output; ``device_s`` is the session's mapped tool
clock in seconds.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from companion.coaching.routine import Direction, Side, StepKind, Zone
from companion.sensing.types import Band, Doubt, Level, Technique


class Command(StrEnum):
    """What a user may ask for during a session."""

    PAUSE = "pause"
    SKIP = "skip"
    REPEAT = "repeat"
    TARE = "tare"
    MUTE = "mute"
    ACKNOWLEDGE = "acknowledge"
    STOP = "stop"
    QUIT = "quit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Root of all events."""

    event: ClassVar[str]
    device_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkUp(Event):
    """The tool is connected and streams; ``gap_s`` is the hole since the last sample, if any."""

    event: ClassVar[str] = "link_up"
    tool: str
    rate_hz: float
    resumed: bool
    gap_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLost(Event):
    """The connection to the tool ended without our asking; we go on trying."""

    event: ClassVar[str] = "link_lost"
    tool: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolTared(Event):
    """A tare ended: done, or refused (moving or loaded) with the old offset kept."""

    event: ClassVar[str] = "tool_tared"
    done: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitArmed(Event):
    """The tool's own limit is set (newtons), or could not be: then ``reason`` says why."""

    event: ClassVar[str] = "limit_armed"
    armed: bool
    caution_n: float
    stop_n: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolBuzzed(Event):
    """A haptic command on a warning was acknowledged by the tool, or failed."""

    event: ClassVar[str] = "tool_buzzed"
    done: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolSaid(Event):
    """An event of the tool itself (contact, limit, button, fault, power) in plain words."""

    event: ClassVar[str] = "tool_said"
    kind: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryRead(Event):
    """The tool's battery level in percent."""

    event: ClassVar[str] = "battery"
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TelemetryRejected(Event):
    """A notification broke the protocol and was ignored; ``count`` is how many so far."""

    event: ClassVar[str] = "telemetry_rejected"
    count: int
    offset: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplesLost(Event):
    """Samples the tool did not send: a gap that is never filled."""

    event: ClassVar[str] = "samples_lost"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Event):
    """Something worth a line: ``key`` names its sentence in the catalogue."""

    event: ClassVar[str] = "notice"
    key: str
    values: dict[str, object] = field(default_factory=dict)


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
class AlertRaised(Event):
    """A warning to the person. ``kind``: over_pressure or too_light; times in tool seconds."""

    event: ClassVar[str] = "alert_raised"
    alert: int
    kind: str
    level: Level
    step: str
    zone: Zone
    side: Side
    onset_s: float
    pressure_kpa: float
    limit_kpa: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCleared(Event):
    """A warning is over. ``reason``: ended, unknown (never as fine), step_ended or paused."""

    event: ClassVar[str] = "alert_cleared"
    alert: int
    kind: str
    level: Level
    step: str
    reason: str
    onset_s: float
    duration_s: float
    peak_kpa: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAcknowledged(Event):
    """The person has seen the warning."""

    event: ClassVar[str] = "alert_acknowledged"
    alert: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRaised(Event):
    """A sensor of the tool cannot be believed since ``start_s``."""

    event: ClassVar[str] = "fault_raised"
    kind: str
    start_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultCleared(Event):
    """A sensor works again."""

    event: ClassVar[str] = "fault_cleared"
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFinished(Event):
    """A step is over. ``outcome``: a ``StepOutcome``; hand steps count nothing and have no goal."""

    event: ClassVar[str] = "step_finished"
    step: str
    index: int
    outcome: str
    repetitions: int
    goal: int | None
    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPaused(Event):
    """The session waits for the person."""

    event: ClassVar[str] = "session_paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionResumed(Event):
    """The session goes on."""

    event: ClassVar[str] = "session_resumed"


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

    Seconds by level are of contact time only. Pressures are of the judged contact time, in
    kPa, None where there was none. ``judged`` says whether any pressure was judged, and
    ``doubt`` what prevented it; a hand step, and one without contact, has neither.
    """

    step: str
    zone: Zone
    side: Side
    kind: StepKind
    outcome: str
    repetitions: int
    goal: int | None
    duration_s: float
    seconds_by_level: dict[str, float]
    mean_kpa: float | None
    peak_kpa: float | None
    judged: bool
    doubt: Doubt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRecord:
    """One warning in the summary, times in tool seconds."""

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


class AdviceKind(StrEnum):
    """What a piece of advice is about; its sentence in the catalogue has the same name."""

    OVER_PRESSURE = "over_pressure"
    FIRM = "firm"
    TOO_LIGHT = "too_light"
    SHORT = "short"
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
        limit_kpa: the limit to stay under, or where the target begins.
        upper_kpa: where the target ends.
        seconds: for how long.
        count: repetitions done.
        goal: repetitions to do.
        doubt: why the pressure was not judged.
    """

    kind: AdviceKind
    step: str = ""
    zone: Zone | None = None
    side: Side = Side.BOTH
    pressure_kpa: float | None = None
    limit_kpa: float | None = None
    upper_kpa: float | None = None
    seconds: float | None = None
    count: int | None = None
    goal: int | None = None
    doubt: Doubt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was done: counted, timed and warned, never scored with invented data.

    ``duration_s`` is time with samples, pauses left out; ``gaps_s`` is time without samples.
    """

    routine: str
    outcome: str
    duration_s: float
    steps: tuple[StepResult, ...]
    alerts: tuple[AlertRecord, ...]
    gaps_s: float
    samples: int
    advice: tuple[Advice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFinished(Event):
    """The session is over. ``outcome``: finished, stopped or interrupted."""

    event: ClassVar[str] = "session_finished"
    outcome: str
    summary: Summary
