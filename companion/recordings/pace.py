"""The time between samples, learnt from those seen so far."""

from bisect import bisect_left, insort
from collections import deque

SPAN = 31
"""Intervals whose median is the pace: lost samples and jitter do not move it (engineering
choice)."""
TOLERANCE = 0.01
"""Share by which the median must differ before the pace follows: a filter made for a pace is made
anew with it (engineering choice)."""


class Pace:
    """The interval that filters are made for.

    Attributes:
        interval_us: the pace in microseconds; 0 before the second sample.
    """

    def __init__(self) -> None:
        self.interval_us = 0
        self._newest: deque[int] = deque()
        self._sorted: list[int] = []

    def step(self, interval_us: int) -> None:
        """Take the time from one sample to the next."""
        newest = self._newest
        if len(newest) == SPAN and newest[0] == interval_us:
            newest.rotate(-1)
            return
        newest.append(interval_us)
        insort(self._sorted, interval_us)
        if len(newest) > SPAN:
            oldest = newest.popleft()
            del self._sorted[bisect_left(self._sorted, oldest)]
        middle = self._sorted[len(self._sorted) // 2]
        if abs(middle - self.interval_us) > TOLERANCE * self.interval_us:
            self.interval_us = middle
