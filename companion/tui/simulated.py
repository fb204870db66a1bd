"""What the simulation's screen shows and asks for: the words between it and a simulator."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class RadioState(StrEnum):
    """What a simulated tool's radio does."""

    OFF = "off"
    IDLE = "idle"
    ADVERTISING = "advertising"
    CONNECTED = "connected"


class Action(StrEnum):
    """What a tester can do to a simulated tool."""

    HARDER = "harder"
    SOFTER = "softer"
    AWAY = "away"
    FREEZE = "freeze"
    DRAIN = "drain"
    BUTTON = "button"
    SWITCH = "switch"
    LOSE = "lose"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolLook:
    """A simulated tool at one moment.

    Attributes:
        name: the advertised name.
        address: its identity address.
        radio: what its radio does.
        central: who is connected; empty for nobody.
        is_encrypted: whether that link is encrypted.
        mtu: ATT_MTU of the link, in bytes.
        interval_ms: its connection interval.
        rate_hz: samples per second of the run; None while nothing streams.
        samples: how many the run has taken.
        dropped: frames that the link did not take.
        battery_percent: the charge.
        place: what the hand does now, in words; empty before and after its work.
        force_n: true contact force, newtons; None for a tool without a force sensor.
        pressure_kpa: true mean pressure over the working surface.
        factor: how many times as hard as planned the hand presses.
        is_away: out of range.
        is_frozen: a sensor is frozen.
        is_draining: the battery runs down.
        is_buzzing: the motor runs.
        passkey: what its display shows; empty for nothing.
    """

    name: str
    address: str
    radio: RadioState
    central: str = ""
    is_encrypted: bool = False
    mtu: int = 0
    interval_ms: float = 0.0
    rate_hz: float | None = None
    samples: int = 0
    dropped: int = 0
    battery_percent: int = 0
    place: str = ""
    force_n: float | None = None
    pressure_kpa: float | None = None
    factor: float = 1.0
    is_away: bool = False
    is_frozen: bool = False
    is_draining: bool = False
    is_buzzing: bool = False
    passkey: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the screen's log: when (seconds since the start), which tool, what."""

    at_s: float
    tool: str
    words: str


class Simulated(Protocol):
    """A simulation that can be looked at and acted on."""

    @property
    def air(self) -> str:
        """Where other processes join, or what the tools are on."""

    def tools(self) -> Sequence[ToolLook]:
        """Every tool as it stands now."""

    def happenings(self) -> Sequence[Happening]:
        """What has happened so far, newest last; at most some hundred."""

    def act(self, place: int, action: Action) -> None:
        """Do something to the tool at this place of `tools`."""
