"""Warnings and faults: raised, cleared, seen."""

from dataclasses import dataclass
from typing import ClassVar

from companion.coaching.events.base import Cue, Event
from companion.coaching.routine import Side, Zone
from companion.sensing.types import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRaised(Cue):
    """A warning to the person. ``kind``: over_pressure or too_light; times in tool seconds.

    Over-pressure that goes on after samples were late, and none missing, is warned of again: with
    another number and the same ``onset_s``.
    """

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
    """A warning is over. ``reason``: ended, unknown (never as fine), step_ended or paused.

    ``peak_is_least``: the force sensor was at its end meanwhile, and the highest pressure was at
    least ``peak_kpa``.
    """

    event: ClassVar[str] = "alert_cleared"
    alert: int
    kind: str
    level: Level
    step: str
    reason: str
    onset_s: float
    duration_s: float
    peak_kpa: float
    peak_is_least: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAcknowledged(Event):
    """The person has seen the warning."""

    event: ClassVar[str] = "alert_acknowledged"
    alert: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OverPressureMissed(Event):
    """Too much pressure that nobody was warned of, found late in samples that were sent again.

    ``reason`` is ``link_down``: the link was. It is told at the end of the step; ``onset_s`` and
    ``ended_s`` say when it was. Its number is one of the warnings'. ``peak_is_least``: as of a
    warning that is over.
    """

    event: ClassVar[str] = "over_pressure_missed"
    alert: int
    level: Level
    step: str
    zone: Zone
    side: Side
    onset_s: float
    ended_s: float | None
    peak_kpa: float
    limit_kpa: float
    reason: str
    peak_is_least: bool = False


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
