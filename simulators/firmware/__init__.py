"""What runs inside a tool: the Massage Tool Profile on a given clock, without any Bluetooth."""

from simulators.firmware.body import Body, Reading, Tool
from simulators.firmware.firmware import Firmware, Outgoing
from simulators.firmware.motor import Buzz, Reason

__all__ = ["Body", "Buzz", "Firmware", "Outgoing", "Reading", "Reason", "Tool"]
