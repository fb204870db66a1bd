"""What goes wrong around a tool: links, batteries, bonds, rivals and firmware that lies."""

from simulators.mishaps.director import Begun, CannotStageError, Director, Happened, Stage
from simulators.mishaps.kinds import CountedFrom, Mishap, MishapKind, MishapTable, mishap_of
from simulators.mishaps.lies import Lie, LyingFirmware

__all__ = [
    "Begun",
    "CannotStageError",
    "CountedFrom",
    "Director",
    "Happened",
    "Lie",
    "LyingFirmware",
    "Mishap",
    "MishapKind",
    "MishapTable",
    "Stage",
    "mishap_of",
]
