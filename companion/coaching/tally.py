"""Time and pressure of one step, added up from the trace."""

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from companion.sensing.types import Level, Point


class Turn(NamedTuple):
    """Contact began or ended."""

    device_s: float
    touching: bool


class Tally:
    """Seconds of contact by level, and the mean and peak of what was judged.

    Args:
        touching: whether the tool is on the skin already.
    """

    def __init__(self, *, touching: bool = False) -> None:
        self._touching = touching
        self._turns: deque[Turn] = deque()
        self._waiting_s = 0.0
        self.seconds_by_level: dict[str, float] = {}
        self._sum_kpa = 0.0
        self._judged = 0
        self._peak_kpa: float | None = None

    @property
    def mean_kpa(self) -> float | None:
        """Mean pressure over the judged contact time; None where there was none."""
        return self._sum_kpa / self._judged if self._judged else None

    @property
    def peak_kpa(self) -> float | None:
        """Highest pressure of the judged contact time; None where there was none."""
        return self._peak_kpa

    def turned(self, turns: Iterable[Turn]) -> None:
        """Take note of where contact began or ended, before the samples around it are added."""
        self._turns.extend(turns)

    def peaked(self, pressure_kpa: float) -> None:
        """Take the peak of a judged contact that was too short for the trace to follow."""
        self._peak_kpa = max(self._peak_kpa or 0.0, pressure_kpa)

    def add(self, points: Iterable[Point], interval_s: float) -> None:
        """Add samples of the trace, ``interval_s`` apart.

        Only samples in contact count. A level is shown a little later than the contact it came
        from, for a tap at its end: contact without a level yet gets the next one shown.
        """
        turns = self._turns
        for device_s, pressure_kpa, level in points:
            while turns and turns[0].device_s <= device_s:
                self._turn(turns.popleft())
            if level is not Level.NO_CONTACT and self._waiting_s:
                self._take(level, self._waiting_s)
                self._waiting_s = 0.0
            if not self._touching:
                continue
            if level is Level.NO_CONTACT:
                self._waiting_s += interval_s
            else:
                self._take(level, interval_s)
            if level is not Level.UNKNOWN and pressure_kpa is not None:
                self._judged += 1
                self._sum_kpa += pressure_kpa
                self._peak_kpa = max(self._peak_kpa or 0.0, pressure_kpa)

    def _turn(self, turn: Turn) -> None:
        self._touching = turn.touching
        if turn.touching:
            self._waiting_s = 0.0

    def _take(self, level: Level, seconds: float) -> None:
        self.seconds_by_level[level] = self.seconds_by_level.get(level, 0.0) + seconds
