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
    QUIT = "quit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Root of all events."""

    event: ClassVar[str]
    device_s: float
