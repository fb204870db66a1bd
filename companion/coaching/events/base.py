"""What every event is, and what the person may ask for."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class Command(StrEnum):
    """What a user may ask for during a session."""

    PAUSE = "pause"
    SKIP = "skip"
    REPEAT = "repeat"
    BACK = "back"
    TARE = "tare"
    MUTE = "mute"
    ACKNOWLEDGE = "acknowledge"
    STOP = "stop"
    UNWELL = "unwell"
    CONFIRM = "confirm"
    SCALE_UP = "scale_up"
    SCALE_DOWN = "scale_down"
    QUIT = "quit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Root of all events."""

    event: ClassVar[str]
    device_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue(Event):
    """Something to tell the person now, on a screen, by a voice or by the tool's motor.

    A higher ``priority`` matters more. For ``spacing_s`` after it nothing is told that does not
    matter more; a warning waits for nothing.
    """

    priority: int = 0
    spacing_s: float = 0.0
