"""Looks at a set again, part by part while it goes on, so that its end has little left to do."""

from math import floor

import numpy as np

from companion.sensing.counting.final import fitted_set
from companion.sensing.counting.grid import BLOCK_ROWS, ROW_US, ROWS_HZ, Floats
from companion.sensing.counting.live import LiveCycles
from companion.sensing.counting.points import POINTS

FINAL_SHARE = 0.5
"""Share of the open repetition that may be missing for the final count (docs/sensing.md)."""
PART_CYCLES = 50
"""Cycles that are looked at again by themselves once as many have come after them: sets of a
hundred cycles, the most a step can ask for, are looked at as a whole (docs/sensing.md)."""
PART_ROWS = 150 * ROWS_HZ
"""The same in rows, for slow cycles: two minutes and a half (docs/sensing.md)."""
_HALF_POINT = 0.5 / POINTS
_ROWS_BACK = ROW_US * np.arange(BLOCK_ROWS)[::-1]


class LookBack:
    """The second look at one set.

    Args:
        per_cycle: repetitions in a there-and-back cycle.
    """

    def __init__(self, per_cycle: int) -> None:
        self._per_cycle = per_cycle
        self._times_us: list[int] = []
        self._row = 0
        self._zero: float | None = None
        self._mark = 0.0

    def forget(self, rows: int) -> None:
        """Take note that so many of the oldest rows are gone."""
        self._row = max(0, self._row - rows)

    def take(self, live: LiveCycles, block_ends_us: list[int]) -> None:
        """Look at the oldest part again, where there is enough after it."""
        first = max(self._row, live.start)
        rows, phase = live.rows, live.phases
        open_rows = len(rows) - first
        if not live.period or open_rows < 2 * min(PART_ROWS, PART_CYCLES * live.period):
            return
        end = first + open_rows // 2
        found = fitted_set(
            rows[first:end], phase[first:end], is_first=self._zero is None, is_last=False
        )
        if found is None:
            return
        marks = self._marks(found.phase)
        self._times_us += self._told(marks, found.at + first, floor(marks[-1]), block_ends_us)
        self._zero = self._zero_of(found.phase)
        self._mark = float(marks[-1])
        self._row = end

    def times_us(self, live: LiveCycles, block_ends_us: list[int]) -> list[int]:
        """Return when each repetition of the set was, as it is known by now."""
        first = max(self._row, live.start)
        if not live.period:
            return self._times_us.copy()
        rows, phase = live.rows[first:], live.phases[first:]
        found = fitted_set(rows, phase, is_first=self._zero is None, is_last=True)
        if found is None:
            return self._times_us.copy()
        marks = self._marks(found.phase)
        cycles = float(found.phase[-1]) + _HALF_POINT - self._zero_of(found.phase)
        last = floor(cycles * self._per_cycle + FINAL_SHARE)
        return self._times_us + self._told(marks, found.at + first, last, block_ends_us)

    def _zero_of(self, phase: Floats) -> float:
        return float(phase[0]) - _HALF_POINT if self._zero is None else self._zero

    def _marks(self, phase: Floats) -> Floats:
        """Return how many repetitions there were at each point, as a fraction."""
        from_0: Floats = phase - self._zero_of(phase)
        marks: Floats = np.maximum.accumulate(from_0) * self._per_cycle
        return np.maximum(marks, self._mark)

    def _told(self, marks: Floats, at: Floats, last: int, block_ends_us: list[int]) -> list[int]:
        """Return the times of the repetitions up to ``last`` that are not told yet."""
        wanted = np.arange(len(self._times_us) + 1, last + 1)
        if not len(wanted):
            return []
        times = (np.array(block_ends_us)[:, None] - _ROWS_BACK).ravel()
        rows = np.interp(wanted, marks, at)
        told: list[int] = np.interp(rows, np.arange(len(times)), times).astype(np.int64).tolist()
        return told
