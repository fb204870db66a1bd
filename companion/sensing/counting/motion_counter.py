"""Repetitions of free motion: counted live, and once more when the step is over."""

from math import floor

from companion.sensing.counting.grid import BLOCK_ROWS, BLOCK_US, ROW_US, ROWS_HZ, Floats, Grid
from companion.sensing.counting.live import LiveCycles
from companion.sensing.counting.look_back import LookBack
from companion.sensing.counting.rest import Rest
from companion.sensing.tool import Axis

EARLY_CYCLES = 0.15
"""Share of a cycle before its end at which a repetition is counted (docs/sensing.md)."""
CLOSING_SHARE = 0.45
"""Share of the open repetition that may be missing at rest and at the end (docs/sensing.md)."""
BRIDGE_US = 600_000
"""A hole up to this long is bridged by a straight line; after a longer one the motion is looked
for anew."""
REST_CYCLES = 0.35
"""Share of a cycle after which rest is cut out of the motion (docs/sensing.md)."""
LEAST_REST_S = 0.12
"""Rest that is cut out at least takes this long (docs/sensing.md)."""
MOST_REST_S = 1.0
"""Rest of this length is cut out whatever the period (docs/sensing.md)."""
SEARCH_REST_S = 0.4
"""Rest that is cut out while no period is known (docs/sensing.md)."""
SANE_MPS2 = 500.0
"""A specific force beyond this is no reading."""
SANE_RADPS = 100.0
"""An angular velocity beyond this is no reading."""


class MotionCounter:
    """Counts repetitions from accelerometer and gyroscope alone.

    Args:
        per_cycle: repetitions in a there-and-back cycle.

    Attributes:
        count: repetitions so far; never taken back.
    """

    def __init__(self, per_cycle: int) -> None:
        self.count = 0
        self._per_cycle = per_cycle
        self._grid = Grid()
        self._rest = Rest()
        self._live = LiveCycles()
        self._look_back = LookBack(per_cycle)
        self._block_ends_us: list[int] = []
        self._before = 0
        self._final_us: list[int] = []
        self._last_us: int | None = None
        self._is_closed = False

    def step(self, t_us: int, accel: Axis, gyro: Axis) -> bool:
        """Take a sample; return whether the count went up."""
        if not _is_sane(accel, SANE_MPS2) or not _is_sane(gyro, SANE_RADPS):
            return False
        count = self.count
        if self._last_us is not None and t_us - self._last_us > BRIDGE_US:
            self._break()
        self._last_us = t_us
        if self._grid.add(t_us, accel, gyro):
            rows = self._grid.take()
            end_us = self._grid.edge_us - len(rows) * ROW_US
            for first in range(0, len(rows), BLOCK_ROWS):
                end_us += BLOCK_US
                self._take(rows[first : first + BLOCK_ROWS], end_us)
        return self.count > count

    def close(self) -> bool:
        """Count the open repetition where it is nearly done; return whether the count went up."""
        count = self.count
        self._close()
        return self.count > count

    def final_us(self) -> list[int]:
        """Return the time of every repetition after a second look at the whole."""
        return self._final_us + self._look_back.times_us(self._live, self._block_ends_us)

    def _take(self, block: Floats, end_us: int) -> None:
        self._rest.step(block)
        if self._rest.seconds >= self._longest_rest_s():
            if not self._is_closed:
                self._close()
            return
        self._is_closed = False
        live = self._live
        kept = len(live.rows)
        is_known = live.feed(block)
        self._block_ends_us.append(end_us)
        if len(live.rows) < kept:
            self._look_back.forget(kept + len(block) - len(live.rows))
            del self._block_ends_us[: -(len(live.rows) // BLOCK_ROWS)]
        if is_known:
            self._count_up(min(EARLY_CYCLES * self._per_cycle, CLOSING_SHARE))
        self._look_back.take(live, self._block_ends_us)

    def _longest_rest_s(self) -> float:
        period_s = self._live.period / ROWS_HZ
        if not period_s:
            return SEARCH_REST_S
        return min(max(REST_CYCLES * period_s, LEAST_REST_S), MOST_REST_S)

    def _close(self) -> None:
        self._is_closed = True
        self._live.match()
        self._count_up(CLOSING_SHARE)

    def _count_up(self, share: float) -> None:
        now = self._before + floor(self._live.cycles * self._per_cycle + share)
        self.count = max(self.count, now)

    def _break(self) -> None:
        """Begin anew after a hole: what came before it is looked at for the last time."""
        self._close()
        self._final_us = self.final_us()
        self._before = self.count
        self._live = LiveCycles()
        self._look_back = LookBack(self._per_cycle)
        self._block_ends_us.clear()
        self._grid.restart()
        self._rest.restart()


def _is_sane(vector: Axis, limit: float) -> bool:
    x, y, z = vector
    return -limit < x < limit and -limit < y < limit and -limit < z < limit
