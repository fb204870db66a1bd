"""Limits of a number in a scenario file, which docs/scenarios.md lists."""

from dataclasses import dataclass
from typing import TypeVar

_V = TypeVar("_V", float, tuple[float, float])


@dataclass(frozen=True, slots=True)
class Within:
    """A check that a value, or both ends of a range, lie within limits.

    The limits are what a hand can do and how long a test should last, not what is good for a face.

    Attributes:
        low: smallest value.
        high: largest value.
        unit: what both are in, empty for a number or a share.
    """

    low: float
    high: float
    unit: str = ""

    def __call__(self, value: _V) -> _V:
        """Return the value as it is.

        Raises:
            ValueError: it lies outside.
        """
        ends = value if isinstance(value, tuple) else (value, value)
        if not (self.low <= ends[0] and ends[1] <= self.high):
            raise ValueError(f"must lie within {self.low:g} to {self.high:g}")
        return value
