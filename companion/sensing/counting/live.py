"""Follows the phase of a repeated motion as it comes."""

import numpy as np

from companion.sensing.counting.cycle import Cycle, Fit
from companion.sensing.counting.grid import CHANNELS, Floats
from companion.sensing.counting.lock import Search, first_row
from companion.sensing.counting.period import Period, autocorrelation, chosen, peaks
from companion.sensing.counting.points import POINTS, demodulate, places, resample

SEARCH_ROWS = 15
"""Rows between two looks for a period while there is none."""
WINDOW_ROWS = 1500
"""Newest rows that are looked at, at most: 30 s (docs/sensing.md)."""
SHORT_WINDOW_ROWS = 150
"""Newest rows that are looked at, at least: 3 s (docs/sensing.md)."""
WINDOW_CYCLES = 4.5
"""Newest cycles that are looked at (docs/sensing.md)."""
BRISK_WINDOW_CYCLES = 5.0
"""The same for cycles shorter than .6 s (docs/sensing.md)."""
BRISK_ROWS = 30
"""Rows of a cycle that is brisk."""
RENEW_ROWS = 40
"""Rows between two looks at the period (docs/sensing.md: .6 to 1 s)."""
RENEW_CYCLES = 0.6
"""Cycles between two looks at the period, at least."""
NEAR = (0.7, 1.4)
"""A new period between these shares of the old one is the same octave (docs/sensing.md)."""
KEEP_SHARE = 0.6
"""An octave is kept while its peak has this share of the highest (docs/sensing.md)."""
OTHER_ROWS = 75
"""Rows for which another octave must win, or one period (docs/sensing.md)."""
LOST_VALUE = 0.3
"""Autocorrelation below which nothing is said about the period."""
MATCH_POINTS = 6
"""Newest points that are matched with the mean cycle: a third of it (docs/sensing.md)."""
MATCHES_PER_CYCLE = 6
"""Matches per cycle (docs/sensing.md)."""
HISTORY_WINS = 0.9
"""A phase found anew must leave this share of what the known one leaves (docs/sensing.md)."""
LONGEST_ROWS = 30_000
"""Rows kept for the final count: ten minutes."""
_FIRST_ROWS = 1_024


class LiveCycles:
    """The phase of the newest row in cycles, healing backwards over the newest cycles.

    Attributes:
        period: rows per cycle; 0 while no repeated motion is found.
        start: row at which the repeated motion began.
    """

    def __init__(self) -> None:
        self.period = 0.0
        self.start = 0
        self._x = np.zeros((_FIRST_ROWS, CHANNELS))
        self._phase = np.zeros(_FIRST_ROWS)
        self._count = 0
        self._search = Search()
        self._cycle: Cycle | None = None
        self._searched = self._matched = self._refitted = self._renewed = 0
        self._other_since: int | None = None

    @property
    def rows(self) -> Floats:
        """All rows kept, shape (rows, 6)."""
        return self._x[: self._count]

    @property
    def phases(self) -> Floats:
        """The phases of all rows kept; they mean something from ``start`` on."""
        return self._phase[: self._count]

    @property
    def cycles(self) -> float:
        """The phase of the newest row: cycles since the motion began."""
        return float(self._phase[self._count - 1]) if self.period else 0.0

    def feed(self, block: Floats) -> bool:
        """Take rows; return whether the phase of the newest one is known anew."""
        self._append(block)
        if self._cycle is None:
            return self._look()
        if self._count - self._renewed >= max(RENEW_ROWS, RENEW_CYCLES * self.period):
            self._renew()
        is_due = self._count - self._refitted >= self.period
        if is_due or self._count - self._matched >= self.period / MATCHES_PER_CYCLE:
            self.match()
        if is_due:
            self._refit()
        return self._matched == self._count

    def match(self) -> None:
        """Find the phase of the newest row: where the newest points fit the mean cycle."""
        last, self._matched = self._matched, self._count
        if self._cycle is None or last == self._count:
            return
        spacing = self.period / POINTS
        newest = self._x[max(0, self._count - int(MATCH_POINTS * spacing) - 2) : self._count]
        ahead = (places(0, spacing, MATCH_POINTS) + 1) / self.period
        guess = self._phase[self._count - 1]
        points = resample(newest, spacing, MATCH_POINTS)
        passed = np.arange(1, self._count - last + 1) / (self._count - last)
        before = self._phase[last - 1]
        moved = guess + self._cycle.shift(points, guess + ahead) - before
        self._phase[last : self._count] = before + moved * passed

    def _append(self, block: Floats) -> None:
        if self._count + len(block) > LONGEST_ROWS:
            self._forget(LONGEST_ROWS // 2)
        count, end = self._count, self._count + len(block)
        if end > len(self._x):
            self._x = np.concatenate([self._x, np.zeros_like(self._x)])
            self._phase = np.concatenate([self._phase, np.zeros_like(self._phase)])
        self._x[count:end] = block
        if self.period:
            steps = np.arange(1, len(block) + 1) / self.period
            self._phase[count:end] = self._phase[count - 1] + steps
        self._count = end

    def _forget(self, rows: int) -> None:
        """Let the oldest rows go; phases go on from what they were."""
        left = self._count - rows
        self._x[:left] = self._x[rows : self._count]
        self._phase[:left] = self._phase[rows : self._count]
        self._count = left
        self.start = max(0, self.start - rows)
        self._searched -= rows
        self._matched -= rows
        self._refitted -= rows
        self._renewed -= rows
        if self._other_since is not None:
            self._other_since -= rows

    def _look(self) -> bool:
        if self._count - self._searched < SEARCH_ROWS:
            return False
        self._searched = self._count
        oldest = max(0, self._count - WINDOW_ROWS)
        window = self._x[oldest : self._count]
        found = self._search.step(window)
        if found is None:
            return False
        self.period = found.rows
        self.start = oldest + first_row(window, found.rows)
        self._matched = self._refitted = self._renewed = self._count
        points, at = self._points(WINDOW_ROWS)
        phase = demodulate(points)
        phase = Cycle(points, phase).fit(points, phase).phase
        self._settle(points, phase - phase[0] + 0.5 / POINTS, at)
        return True

    def _refit(self) -> None:
        """Learn the mean cycle anew, and let the newest phases heal with it."""
        self._refitted = self._count
        points, at = self._points(int(max(SHORT_WINDOW_ROWS, WINDOW_CYCLES * self.period)))
        rows = np.arange(self.start, self._count)
        old = np.interp(at, rows, self._phase[self.start : self._count])
        fresh = _fitted(points, demodulate(points))
        known = _fitted(points, old)
        phase = fresh.phase if fresh.left < HISTORY_WINS * known.left else known.phase
        anchor = np.median(old[:POINTS] - phase[:POINTS])
        self._settle(points, phase + anchor, at)

    def _points(self, rows: int) -> tuple[Floats, Floats]:
        """Return the points of the newest rows, and their places."""
        spacing = self.period / POINTS
        rows = min(rows, self._count - self.start, WINDOW_ROWS)
        count = max(int(rows / spacing), POINTS)
        oldest = max(0, self._count - WINDOW_ROWS)
        points = resample(self._x[oldest : self._count], spacing, count)
        return points, places(self._count, spacing, count)

    def _settle(self, points: Floats, phase: Floats, at: Floats) -> None:
        """Give the rows the phases of the points."""
        self._cycle = Cycle(points, phase)
        first = max(int(at[0]) + 1, self.start)
        rows = np.arange(first, self._count)
        beyond = np.maximum(rows - at[-1], 0.0) / self.period
        self._phase[first : self._count] = np.interp(rows, at, phase) + beyond

    def _renew(self) -> None:
        """Look at the period again; another octave must win for a while."""
        self._renewed = self._count
        cycles = BRISK_WINDOW_CYCLES if self.period < BRISK_ROWS else WINDOW_CYCLES
        rows = int(min(WINDOW_ROWS, max(SHORT_WINDOW_ROWS, cycles * self.period)))
        oldest = max(self.start, self._count - rows)
        found = peaks(autocorrelation(self._x[oldest : self._count]))
        best = chosen(found)
        if best is None:
            return
        near = max((p for p in found if self._is_near(p)), key=lambda p: p.value, default=None)
        top = max(peak.value for peak in found)
        if near is not None and near.value >= KEEP_SHARE * top:
            self.period, self._other_since = near.rows, None
        elif top < LOST_VALUE or self._other_since is None:
            self._other_since = self._count
        elif self._count - self._other_since >= max(OTHER_ROWS, self.period):
            self.period, self._other_since = best.rows, None

    def _is_near(self, found: Period) -> bool:
        return NEAR[0] * self.period <= found.rows <= NEAR[1] * self.period


def _fitted(points: Floats, phase: Floats) -> Fit:
    return Cycle(points, phase).fit(points, phase)
