"""What a tool's sensors make of a motion: what there is to feel, their errors, their faults."""

from simulators.sensors.bank import SensorBank, SensorSample
from simulators.sensors.faults import FAULT_KINDS, SensorFault
from simulators.sensors.felt import Felt

__all__ = ["FAULT_KINDS", "Felt", "SensorBank", "SensorFault", "SensorSample"]
