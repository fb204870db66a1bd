"""What goes wrong around a tool: links, batteries, bonds, rivals and firmware that lies."""

from simulators.mishaps.director import (
    NEEDS_THE_AIR,
    Begun,
    CannotStageError,
    Director,
    Happened,
    Stage,
)
from simulators.mishaps.lies import LyingFirmware

__all__ = [
    "NEEDS_THE_AIR",
    "Begun",
    "CannotStageError",
    "Director",
    "Happened",
    "LyingFirmware",
    "Stage",
]
