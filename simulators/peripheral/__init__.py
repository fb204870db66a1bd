"""The simulated tool as a Bluetooth peripheral: a GATT server around any bumble host."""

from simulators.peripheral.identity import controller_address
from simulators.peripheral.peripheral import Peripheral

__all__ = ["Peripheral", "controller_address"]
