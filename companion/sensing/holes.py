"""Holes in the stream, and how many repetitions may lie in them unseen."""

from collections import deque
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

MOST_HOLES = 4_096
"""Holes that are kept of a step: one in each frame of seven minutes (engineering choice)."""
QUICKEST_US = 250_000
"""Shortest time between two repetitions where none were seen: taps at 4 Hz."""


class Hole(NamedTuple):
    """Time without samples.

    Attributes:
        from_us: the newest sample before it.
        to_us: the first one after it.
        is_cut: the tool touched as it began.
    """

    from_us: int
    to_us: int
    is_cut: bool


class Holes:
    """Remembers where samples are missing within a step.

    What lies wholly within a hole is not known: it is neither counted nor held against anybody, and
    how many there may be is told beside the count.
    """

    def __init__(self) -> None:
        self._holes: deque[Hole] = deque(maxlen=MOST_HOLES)

    def add(self, hole: Hole) -> None:
        """Take one more."""
        self._holes.append(hole)

    def unseen(
        self, times_us: Sequence[int], lasted_us: Sequence[int], *, least_us: int, apart_us: int
    ) -> int:
        """Return how many repetitions may lie in the holes: more do not fit.

        A repetition fits into a hole if no more of it is left outside than is told as none; two
        fit if they follow each other as quickly as any two that were seen.

        Args:
            times_us: when each repetition was complete.
            lasted_us: how long some of them touched, whole ones only.
            least_us: the shortest that is told.
            apart_us: shortest time between one and the next.
        """
        needed_us = max(0, min(lasted_us, default=least_us) - least_us)
        apart = [after - before for before, after in pairwise(times_us) if after > before]
        quickest_us = min(apart, default=QUICKEST_US)
        count = 0
        for hole in self._holes:
            free_us = hole.to_us - hole.from_us - needed_us - (apart_us if hole.is_cut else 0)
            count += 1 + free_us // quickest_us if free_us > 0 else 0
        return count
