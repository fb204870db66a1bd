"""Holes in the stream, and how many repetitions may lie in them unseen."""

from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from companion.sensing.copied import Copied

MOST_HOLES = 4_096
"""Holes that are kept of a step: one in each frame of seven minutes (engineering choice)."""
QUICKEST_US = 250_000
"""Shortest time between two repetitions where none were seen: taps at 4 Hz."""


class Seen(NamedTuple):
    """A repetition that was counted.

    Attributes:
        start_us: its first sample.
        end_us: its last one.
        is_whole: no hole cut it.
    """

    start_us: int
    end_us: int
    is_whole: bool = True


class Holes(Copied):
    """Remembers where samples are missing within a step.

    What lies wholly within a hole is not known: it is neither counted nor held against anybody, and
    how many there may be is told beside the count.
    """

    def __init__(self) -> None:
        self._holes: deque[tuple[int, int]] = deque(maxlen=MOST_HOLES)

    def add(self, from_us: int, to_us: int) -> None:
        """Take time without samples: from the newest one before it to the first one after."""
        self._holes.append((from_us, to_us))

    def unseen(self, seen: Sequence[Seen], *, least_us: int) -> int:
        """Return how many repetitions may lie in the holes: more do not fit.

        One fits into a hole if no more of it is left outside than is told as none; and none is
        shorter, or follows quicker, than those that were seen.

        Args:
            seen: those that were counted, in order.
            least_us: the shortest that is told.
        """
        if not self._holes:
            return 0
        lasted = [one.end_us - one.start_us for one in seen if one.is_whole]
        apart = [after.start_us - before.end_us for before, after in pairwise(seen)]
        fit = _Fit(min(lasted, default=least_us), max(0, min(apart, default=QUICKEST_US)), least_us)
        starts = [one.start_us for one in seen]
        count = 0
        for hole in self._holes:
            after = bisect_right(starts, hole[0])
            free_from_us = seen[after - 1].end_us + fit.gap_us if after else hole[0] - least_us
            free_to_us = starts[after] - fit.gap_us if after < len(starts) else hole[1] + least_us
            count += fit.into(hole, (free_from_us, free_to_us))
        return count


class _Fit(NamedTuple):
    """How short a repetition is, how soon the next one follows, and what is told as none, us."""

    shortest_us: int
    gap_us: int
    least_us: int

    def into(self, hole: tuple[int, int], free: tuple[int, int]) -> int:
        """Return how many fit into a hole, beside what was seen before and after it."""
        (from_us, to_us), least_us = hole, self.least_us
        hidden_us = to_us - from_us + least_us
        window_us = min(to_us + least_us, free[1]) - max(from_us - least_us, free[0])
        left_us = min(hidden_us, window_us) - self.shortest_us
        return 0 if left_us < 0 else 1 + left_us // max(1, self.shortest_us + self.gap_us)
