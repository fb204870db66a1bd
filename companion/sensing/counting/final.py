"""The cycles of a whole set, looked at again when it is over."""

from typing import NamedTuple

import numpy as np

from companion.sensing.counting.cycle import Cycle
from companion.sensing.counting.grid import Floats
from companion.sensing.counting.points import POINTS, places, resample

LEAST_CYCLES = 1.0
"""Cycles found live below which there is no set to look at again."""
ROUNDS = 2
"""Times that mean cycle and phases are fitted to each other (docs/sensing.md)."""
ALIKE_SHARE = 0.6
"""Share of the set's usual likeness with its mean cycle below which an end of it is other motion
(docs/sensing.md)."""
TRIM_POINTS = 9
"""Points cut off at a time: half a cycle (docs/sensing.md)."""
COMPARED_POINTS = 13
"""Points that are compared with the mean cycle: three quarters of it (docs/sensing.md)."""


class FittedSet(NamedTuple):
    """Phases of points of a set, or of a part of one, and their row numbers."""

    phase: Floats
    at: Floats


def fitted_set(x: Floats, live_phase: Floats, *, is_first: bool, is_last: bool) -> FittedSet | None:
    """Return the phases of the rows of a set or a part of it; None where there is no whole cycle.

    One mean cycle is learnt from all of them, and the phases found live are moved to fit it.

    Args:
        x: the rows, shape (n, 6).
        live_phase: the phases found live, shape (n,).
        is_first: whether the set begins with them: other motion there is cut off.
        is_last: whether it ends with them.
    """
    cycles = float(live_phase[-1] - live_phase[0]) if len(x) else 0.0
    if cycles < LEAST_CYCLES:
        return None
    spacing = len(x) / cycles / POINTS
    count = int(len(x) / spacing)
    points, at = resample(x, spacing, count), places(len(x), spacing, count)
    phase = np.interp(at, np.arange(len(x)), live_phase)
    for _ in range(ROUNDS):
        phase = Cycle(points, phase).fit(points, phase).phase
    first, end = _trimmed(Cycle(points, phase), points, phase)
    kept = slice(first if is_first else 0, end if is_last else len(points))
    return FittedSet(phase[kept], at[kept])


def _trimmed(cycle: Cycle, points: Floats, phase: Floats) -> tuple[int, int]:
    """Return the points between which the set is like its mean cycle."""

    def likeness(first: int) -> float:
        part = slice(first, first + COMPARED_POINTS)
        return cycle.likeness(points[part], phase[part])

    first, end, width = 0, len(points), COMPARED_POINTS
    usual = float(np.median([likeness(at) for at in range(0, end - width + 1, TRIM_POINTS)]))
    while end - first > 2 * width and likeness(end - width) < ALIKE_SHARE * usual:
        end -= TRIM_POINTS
    while end - first > 2 * width and likeness(first) < ALIKE_SHARE * usual:
        first += TRIM_POINTS
    return first, end
