"""The quantities that a described tool can give, their units, and a row of them as a reading."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from protocols.other_tools.readings import Reading
from protocols.telemetry import Sample, Vector
from protocols.wrapping import Unwrapper

STANDARD_GRAVITY_MPS2: Final = 9.80665
"""One g, and the newtons of one kilogram-force (CGPM 1901)."""

_POUND_KG: Final = 0.45359237
"""The international avoirdupois pound (1959)."""


class Quantity(StrEnum):
    """What a field or column gives."""

    FORCE = "force"
    ACCEL_X = "accel_x"
    ACCEL_Y = "accel_y"
    ACCEL_Z = "accel_z"
    GYRO_X = "gyro_x"
    GYRO_Y = "gyro_y"
    GYRO_Z = "gyro_z"
    TRAVEL = "travel"
    TIME = "time"


UNITS: Final = {
    "N": ("force", 1.0),
    "mN": ("force", 1e-3),
    "kgf": ("force", STANDARD_GRAVITY_MPS2),
    "gf": ("force", STANDARD_GRAVITY_MPS2 / 1e3),
    "lbf": ("force", STANDARD_GRAVITY_MPS2 * _POUND_KG),
    "m/s2": ("accel", 1.0),
    "g": ("accel", STANDARD_GRAVITY_MPS2),
    "mg": ("accel", STANDARD_GRAVITY_MPS2 / 1e3),
    "rad/s": ("gyro", 1.0),
    "deg/s": ("gyro", math.pi / 180),
    "mdeg/s": ("gyro", math.pi / 180e3),
    "m": ("travel", 1.0),
    "mm": ("travel", 1e-3),
    "um": ("travel", 1e-6),
    "s": ("time", 1e6),
    "ms": ("time", 1e3),
    "us": ("time", 1.0),
}
"""Unit -> what it measures, and how many newtons, m/s2, rad/s, metres or microseconds it is."""

_LARGEST_US: Final = 2.0**53
"""Times past it are no clock's: 285 years."""


def measures(quantity: Quantity) -> str:
    """Return what a quantity's unit must measure: force, accel, gyro, travel or time."""
    return quantity.value.partition("_")[0]


def units_of(quantity: Quantity) -> tuple[str, ...]:
    """Return the units that a quantity can have."""
    return tuple(unit for unit, (kind, _) in UNITS.items() if kind == measures(quantity))


@dataclass(frozen=True, slots=True)
class Giving:
    """What one number of a row means.

    Attributes:
        quantity: what it gives.
        factor: SI units (time: microseconds) of one count.
        wrap_bits: width of a time that wraps, in bits of its counts; 0 for one that does not.
    """

    quantity: Quantity
    factor: float
    wrap_bits: int = 0


_MOTION: Final = {
    Quantity.ACCEL_X: 0,
    Quantity.ACCEL_Y: 1,
    Quantity.ACCEL_Z: 2,
    Quantity.GYRO_X: 3,
    Quantity.GYRO_Y: 4,
    Quantity.GYRO_Z: 5,
}


class Assembler:
    """Rows of plain numbers in, readings out.

    Args:
        givings: what the numbers of a row mean, in their order; force may come several times,
            once for each channel.
    """

    def __init__(self, givings: Sequence[Giving]) -> None:
        self._givings = tuple(givings)
        quantities = {giving.quantity for giving in givings}
        self._has_accel = any(measures(quantity) == "accel" for quantity in quantities)
        self._has_gyro = any(measures(quantity) == "gyro" for quantity in quantities)
        bits = next((each.wrap_bits for each in givings if each.wrap_bits), 0)
        self._clock = Unwrapper(bits) if bits else None

    def reading(self, numbers: Sequence[float | None]) -> Reading:
        """Return the reading of one row; None, and what is not finite, is not known."""
        force: list[float | None] = []
        motion: list[float | None] = [None] * len(_MOTION)
        travel: float | None = None
        time_us: int | None = None
        for giving, number in zip(self._givings, numbers, strict=True):
            value = None if number is None else number * giving.factor
            if value is not None and not math.isfinite(value):
                value = None
            match giving.quantity:
                case Quantity.FORCE:
                    force.append(value)
                case Quantity.TRAVEL:
                    travel = value
                case Quantity.TIME:
                    time_us = self._time_us(giving, number, value)
                case axis:
                    motion[_MOTION[axis]] = value
        return Reading(time_us, Sample(tuple(force), *self._vectors(motion), travel))

    def _vectors(self, motion: list[float | None]) -> tuple[Vector | None, Vector | None]:
        ax, ay, az, gx, gy, gz = motion
        return (ax, ay, az) if self._has_accel else None, (gx, gy, gz) if self._has_gyro else None

    def _time_us(self, giving: Giving, number: float | None, value: float | None) -> int | None:
        if number is None or value is None or not -_LARGEST_US < value < _LARGEST_US:
            return None
        if self._clock is None or not giving.wrap_bits:
            return round(value)
        return round(self._clock.unwrap(int(number) % (1 << giving.wrap_bits)) * giving.factor)
