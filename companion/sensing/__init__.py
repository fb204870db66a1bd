"""Samples become contact, attitude, strokes, pressure and faults: pure, on sample time."""

from companion.sensing.engine import Engine
from companion.sensing.tool import Tool

__all__ = ["Engine", "Tool"]
