"""What the firmware hands out."""

import math
from typing import NamedTuple

from protocols.massage_tool import NOT_KNOWN
from simulators.firmware.body import Reading


class RunLook(NamedTuple):
    """A run at one moment: its rate in Hz, and how many samples it has taken."""

    rate_hz: int
    samples: int


class Outgoing(NamedTuple):
    """What the tool wants to send, each oldest first; answers go before events."""

    answers: tuple[bytes, ...]
    frames: tuple[bytes, ...]
    events: tuple[bytes, ...]


class Calibrated(NamedTuple):
    """One force channel's calibration: gain in parts per million, offset in counts."""

    gain_ppm: int
    offset_counts: int


class Measurement(NamedTuple):
    """What the sensors read last, None where that is not known.

    Attributes:
        force_n: calibrated, tared force of all channels, gravity still in it.
        turning_dps: how fast the tool itself turns, degrees per second, never negative.
    """

    force_n: float | None
    turning_dps: float | None


def measurement(
    reading: Reading, sum_counts: float | None, force_unit_n: float, turning_unit: float | None
) -> Measurement:
    """Return a sample in units.

    Args:
        reading: as read.
        sum_counts: calibrated, tared force of all channels.
        force_unit_n: newtons per count.
        turning_unit: radians per second per count; None where the tool has no gyroscope.
    """
    force_n = None if sum_counts is None else sum_counts * force_unit_n
    gyro = reading.gyro
    if turning_unit is None or gyro is None or NOT_KNOWN in gyro:
        return Measurement(force_n, None)
    return Measurement(force_n, math.degrees(math.hypot(*gyro) * turning_unit))
