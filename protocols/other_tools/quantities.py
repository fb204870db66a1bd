"""The quantities that a described tool can give, their units, and a row of them as a reading."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import itemgetter, mul
from typing import Any, Final

from protocols.other_tools.readings import Reading
from protocols.telemetry import STANDARD_GRAVITY_MPS2, Sample
from protocols.wrapping import Unwrapper

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


_ACCEL: Final = (Quantity.ACCEL_X, Quantity.ACCEL_Y, Quantity.ACCEL_Z)
_GYRO: Final = (Quantity.GYRO_X, Quantity.GYRO_Y, Quantity.GYRO_Z)
_ABSENT: Final = -1
"""Where a row's values lack a component: its last place, which holds None."""

_new = tuple.__new__

_Values = Sequence[float | None]
_Pick = Callable[[_Values], Any]


class Assembler:
    """Rows of plain numbers in, readings out.

    Args:
        givings: what the numbers of a row mean, in their order; force may come several times,
            once for each channel.
    """

    def __init__(self, givings: Sequence[Giving]) -> None:
        quantities = [giving.quantity for giving in givings]
        self._factors = [giving.factor for giving in givings]
        forces = [place for place, each in enumerate(quantities) if each is Quantity.FORCE]
        self._force = picked(forces)
        self._lone_force = forces[0] if len(forces) == 1 else None
        self._accel = _vector(quantities, _ACCEL)
        self._gyro = _vector(quantities, _GYRO)
        self._travel = _place(quantities, Quantity.TRAVEL)
        self._time = _place(quantities, Quantity.TIME)
        self._time_factor = self._factors[self._time] if self._factors else 1.0
        bits = next((each.wrap_bits for each in givings if each.wrap_bits), 0)
        self._range = 1 << bits
        self._unwrap = Unwrapper(bits).unwrap if bits else None

    def reading(self, numbers: Sequence[float | None]) -> Reading:
        """Return the reading of one row; None, and what is not finite, is not known."""
        values: list[Any]
        try:
            values = list(map(mul, numbers, self._factors))
            total = sum(values)
        except TypeError:
            total = math.nan
        if total - total != 0.0:  # some are not known, or not finite
            values = list(map(_finite, numbers, self._factors))
        values.append(None)
        force, accel, gyro, time_us = self._lone_force, self._accel, self._gyro, None
        value = values[self._time]
        if value is not None and -_LARGEST_US < value < _LARGEST_US:
            if self._unwrap is not None:
                count = int(numbers[self._time] or 0) % self._range
                value = self._unwrap(count) * self._time_factor
            time_us = round(value)
        # Called by its class a named tuple takes twice as long to make.
        return _new(
            Reading,
            (
                time_us,
                _new(
                    Sample,
                    (
                        self._force(values) if force is None else (values[force],),
                        None if accel is None else accel(values),
                        None if gyro is None else gyro(values),
                        values[self._travel],
                    ),
                ),
            ),
        )


def _finite(number: float | None, factor: float) -> float | None:
    value = None if number is None else number * factor
    return value if value is not None and math.isfinite(value) else None


def _place(quantities: Sequence[Quantity], wanted: Quantity) -> int:
    return quantities.index(wanted) if wanted in quantities else _ABSENT


def _vector(quantities: Sequence[Quantity], axes: Sequence[Quantity]) -> _Pick | None:
    places = [_place(quantities, axis) for axis in axes]
    return None if set(places) == {_ABSENT} else itemgetter(*places)


def picked(places: Sequence[int]) -> Callable[[Sequence[Any]], Any]:
    """Return what picks the values at places as a tuple, however many they are."""
    if len(places) > 1:
        return itemgetter(*places)
    if not places:
        return lambda _values: ()
    (place,) = places
    return lambda values: (values[place],)
