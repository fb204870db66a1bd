"""What happens between the tool and us."""

from dataclasses import dataclass, field
from typing import ClassVar

from companion.coaching.events.base import Event


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
    """Samples the tool did not send: a gap in what was judged live, never filled with guesses."""

    event: ClassVar[str] = "samples_lost"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplesResent(Event):
    """Missing samples were asked for: ``count`` came late, ``gone`` nobody has any more.

    What came late goes to the record and to the final count of the step.
    """

    event: ClassVar[str] = "samples_resent"
    count: int
    gone: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Event):
    """Something worth a line: ``key`` names its sentence in the catalogue."""

    event: ClassVar[str] = "notice"
    key: str
    values: dict[str, object] = field(default_factory=dict)
