"""What all layouts of the profile share: length checks, ranges and rounding to counts."""

import math
from enum import IntEnum
from typing import Final, TypeVar

from protocols.errors import DecodeError, EncodeError

_Code = TypeVar("_Code", bound=IntEnum)

PROFILE_VERSION: Final = 1
NOT_KNOWN: Final = -0x8000
"""A sample's field that the tool could not measure (0x8000)."""


def at_least(data: bytes, size: int, what: str) -> None:
    """Refuse a value shorter than its layout.

    Raises:
        DecodeError: at the offset where the value ends.
    """
    if len(data) < size:
        raise DecodeError(len(data), f"{what} has {size} bytes, this value ends after {len(data)}")


def counts(value: float | None, per_unit: float, *, offset: int, top: int, what: str) -> int:
    """Return a quantity in counts, rounded to the nearest; None becomes 0.

    Args:
        value: the quantity in its SI unit.
        per_unit: counts that make one of that unit.
        offset: where the field lies, for the error.
        top: the largest count of the field.
        what: the field's name, for the error.

    Raises:
        EncodeError: the quantity is negative, not a number, or too large for the field.
    """
    if value is None:
        return 0
    if not (math.isfinite(value) and 0 <= (rounded := round(value * per_unit)) <= top):
        raise EncodeError(offset, f"{what} is {value:g}, the field holds 0 to {top / per_unit:g}")
    return rounded


def named(kind: type[_Code], code: int) -> _Code | int:
    """Return a code's enum member, or the bare number where it has none."""
    try:
        return kind(code)
    except ValueError:
        return code


def whole(value: int, *, offset: int, low: int = 0, high: int, what: str) -> int:
    """Return a whole number that fits its field.

    Raises:
        EncodeError: it lies outside ``low`` to ``high``.
    """
    if not low <= value <= high:
        raise EncodeError(offset, f"{what} is {value}, not within {low} to {high}")
    return value
