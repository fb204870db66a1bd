"""Whole points out of shares, so that parts add up to the whole."""

from collections.abc import Sequence
from math import floor

_DECIMALS = 9
_ROUNDING = 1e-9


def whole_points(points: float) -> int:
    """Return the whole part of a number of points; noise of the arithmetic does not cost one."""
    return floor(points + _ROUNDING)


def dealt(points: int, shares: Sequence[float]) -> list[int]:
    """Deal whole points out in proportion to shares: largest remainder, the earlier one first.

    Args:
        points: how many; the result adds up to exactly that.
        shares: not negative, not all 0 unless there are no points.
    """
    whole = sum(shares)
    if not points or not whole:
        return [0] * len(shares)
    exact = [points * share / whole for share in shares]
    given = [whole_points(part) for part in exact]
    by_rest = sorted(range(len(shares)), key=lambda at: round(given[at] - exact[at], _DECIMALS))
    for at in by_rest[: points - sum(given)]:
        given[at] += 1
    return given
