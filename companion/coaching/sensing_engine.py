"""What coaching asks of sensing, so that either can be tested without the other."""

from collections.abc import Sequence
from typing import Protocol

from companion.sensing.trace import Trace
from companion.sensing.types import (
    Band,
    Doubt,
    Level,
    Recognised,
    SensingEvent,
    StepEnd,
    Task,
)
from protocols.telemetry import Telemetry


class ToolFacts(Protocol):
    """What coaching must know about the tool."""

    @property
    def contact_area_m2(self) -> float | None:
        """The whole working surface; None where it is not known."""
        ...

    def can_count(self, task: Task) -> bool:
        """Return whether the repetitions of a task can be told."""
        ...

    @property
    def has_wheel(self) -> bool:
        """Whether the tool knows its travel."""
        ...


class SensingEngine(Protocol):
    """Samples in, events out; times in seconds on the session's mapped tool clock."""

    @property
    def tool(self) -> ToolFacts:
        """The tool whose samples come in."""
        ...

    @property
    def trace(self) -> Trace:
        """The ring of pressure samples."""
        ...

    @property
    def level(self) -> Level:
        """The pressure level now."""
        ...

    @property
    def doubt(self) -> Doubt | None:
        """Why the level is unknown, if it is."""
        ...

    @property
    def pressure_kpa(self) -> float | None:
        """The latest pressure; None where it is not known."""
        ...

    @property
    def technique(self) -> Recognised | None:
        """What the hand does by the newest contacts of the step; None where nothing names it."""
        ...

    def begin(self, task: Task | None) -> Sequence[SensingEvent]:
        """Look for another task from now on, or for none."""
        ...

    def finish(self) -> StepEnd:
        """End the step: fix what is under way, and count its repetitions again."""
        ...

    def receive(self, telemetry: Telemetry) -> Sequence[SensingEvent]:
        """Take samples in."""
        ...

    def tared(self, device_s: float) -> Sequence[SensingEvent]:
        """Take note that the tool has been tared."""
        ...

    def untared(self) -> Sequence[SensingEvent]:
        """Take note that the tool has restarted and lost its tare."""
        ...

    def oiled(self) -> None:
        """Take note that there is oil on the skin now: what drags is learnt anew."""
        ...

    def zero_drifted(self, device_s: float, *, drifted: bool) -> Sequence[SensingEvent]:
        """Take the tool's own word that its zero has drifted, or is right again."""
        ...

    def silence(self, device_s: float) -> Sequence[SensingEvent]:
        """Take note that no samples come."""
        ...

    def can_judge(self, band: Band) -> Doubt | None:
        """Return why this tool could not judge a band, or None if it can."""
        ...
