"""A simulated tool's data sheet: what it tells a host, and what its parts are really like."""

from simulators.tool_data.files import ToolFileError, load_tool, parse_tool
from simulators.tool_data.sheet import Edge, Sensors, ToolData

__all__ = ["Edge", "Sensors", "ToolData", "ToolFileError", "load_tool", "parse_tool"]
