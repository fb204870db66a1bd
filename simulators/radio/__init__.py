"""A virtual Bluetooth LE radio: bumble's virtual controllers, put right."""

from simulators.radio.air import Air, connect_host
from simulators.radio.controller import RadioController
from simulators.radio.quiet import loud_bumble, quiet_bumble

__all__ = [
    "Air",
    "RadioController",
    "connect_host",
    "loud_bumble",
    "quiet_bumble",
]
