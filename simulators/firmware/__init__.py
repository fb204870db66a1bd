"""What runs inside a tool: the Massage Tool Profile on a given clock, without any Bluetooth."""

from simulators.firmware.body import Body, Reading, Tool
from simulators.firmware.firmware import Firmware
from simulators.firmware.motor import Buzz, Reason
from simulators.firmware.values import Calibrated, Measurement, Outgoing

__all__ = [
    "Body",
    "Buzz",
    "Calibrated",
    "Firmware",
    "Measurement",
    "Outgoing",
    "Reading",
    "Reason",
    "Tool",
]
