"""Finding a repeated motion, and where it began."""

from collections import deque
from math import pi, sqrt

import numpy as np

from companion.sensing.counting.grid import ROWS_HZ, TURN_S, Floats
from companion.sensing.counting.period import Period, find_period
from protocols.telemetry import STANDARD_GRAVITY_MPS2

WINDOWS_ROWS = (1000, 600, 250, 110, 55)
"""Newest rows in which a period is looked for: 20, 12, 5, 2.2 and 1.1 s (docs/sensing.md)."""
SHORTER_WINS = 0.1
"""By how much a shorter window's value must be higher: a lead-in spoils the long ones."""
LOCK_VALUE = 0.5
"""Autocorrelation from which a motion repeats (docs/sensing.md)."""
SURE_VALUE = 0.65
"""From here on few cycles are enough (docs/sensing.md)."""
SURE_CYCLES = 2.2
"""Cycles that must be there for a sure value (docs/sensing.md)."""
UNSURE_CYCLES = 3.6
"""Cycles that must be there else: twice the period has been seen then (docs/sensing.md)."""
AGREEING = 3
"""Estimates in a row that must agree (docs/sensing.md)."""
SPREAD = 0.15
"""Relative difference within which they agree (docs/sensing.md)."""
ALIKE = 0.3
"""Correlation from which a stretch of motion is the same cycle (docs/sensing.md)."""
REACH = 0.15
"""Share of a cycle by which its length may differ from the next one's (docs/sensing.md)."""
SHORT_SHARE = 0.2
"""Share of a cycle before the first that is too short to compare: it is taken along."""
TREMOR_M = 0.002
"""Way from end to end below which a motion that also hardly turns the tool is a hand's tremor
(engineering choice: ten times what a simulated hand makes at rest, a fifth of a short stroke)."""
TREMOR_RAD = 0.0175
"""The same for the turn: one degree (engineering choice)."""
TREMOR_CYCLES = 2
"""Newest cycles that this is looked for in: as few as a lock needs."""
_SHIFTS = 4
_LEAST = 1e-12


class Search:
    """Looks for a period in the newest rows, again and again."""

    def __init__(self) -> None:
        self._found: deque[Period] = deque(maxlen=AGREEING)

    def step(self, x: Floats) -> Period | None:
        """Return the period once it is certain.

        Args:
            x: all rows so far, at most the longest window of them.
        """
        best = _best(x)
        if best is None or best.value < LOCK_VALUE:
            self._found.clear()
            return None
        self._found.append(best)
        lengths = [found.rows for found in self._found]
        if len(lengths) < AGREEING or max(lengths) > (1 + SPREAD) * min(lengths):
            return None
        cycles = SURE_CYCLES if best.value >= SURE_VALUE else UNSURE_CYCLES
        if len(x) < cycles * best.rows or is_tremor(x, best.rows):
            return None
        return best


def is_tremor(x: Floats, period: float) -> bool:
    """Return whether the newest cycles move the tool hardly at all.

    A motion of amplitude A and angular frequency w has the acceleration A w^2 and the speed A w.
    """
    newest = x[-max(round(TREMOR_CYCLES * period), 1) :]
    turns = 2 * pi / period * np.arange(len(newest))
    carrier = (newest - newest.mean(axis=0)).T @ np.exp(-1j * turns)
    amplitudes = 2 * np.abs(carrier) / len(newest)
    w = 2 * pi * ROWS_HZ / period
    way_m = 2 * float(np.linalg.norm(amplitudes[:3])) * STANDARD_GRAVITY_MPS2 / w**2
    turn_rad = 2 * float(np.linalg.norm(amplitudes[3:])) / (TURN_S * w)
    return way_m < TREMOR_M and turn_rad < TREMOR_RAD


def first_row(x: Floats, period: float) -> int:
    """Return the row at which the motion that the newest rows repeat began.

    It walks back cycle by cycle while a cycle is like the next one, so that a lead-in is left
    out and the first repetitions are not.
    """
    size, reach = round(period), max(1, round(REACH * period))
    x = x - x.mean(axis=0)
    shifts = range(-reach, reach + 1, max(1, reach // _SHIFTS))
    end = len(x)
    while end >= 2 * size + reach:
        cycle = x[end - size : end]
        begins = [end - 2 * size - shift for shift in shifts]
        likeness = [_likeness(cycle, x[begin : begin + size]) for begin in begins]
        best = max(range(len(begins)), key=likeness.__getitem__)
        if likeness[best] < ALIKE:
            break
        end = begins[best] + size
    return _before(x, max(0, end - size), size, reach)


def _before(x: Floats, first: int, size: int, reach: int) -> int:
    """Take along what lies before the first whole cycle, where it is a part of one."""
    if first <= SHORT_SHARE * size:
        return 0
    for part in (first if first <= size + reach else 0, size // 2):
        if 0 < part <= first:
            ahead = x[first - part + size : first + size]
            if _likeness(x[first - part : first][: len(ahead)], ahead) >= ALIKE:
                return first - part
    return first


def _best(x: Floats) -> Period | None:
    best: Period | None = None
    longer = 0
    for window in WINDOWS_ROWS:
        rows = min(window, len(x))
        if rows == longer or rows < WINDOWS_ROWS[-1] // 2:
            continue
        longer = rows
        found = find_period(x[-rows:])
        if found is not None and (best is None or found.value > best.value + SHORTER_WINS):
            best = found
    return best


def _likeness(a: Floats, b: Floats) -> float:
    """Return the correlation of two stretches, all channels together."""
    a, b = a - a.mean(axis=0), b - b.mean(axis=0)
    energy = float((a * a).sum() * (b * b).sum())
    return float((a * b).sum()) / sqrt(energy + _LEAST)
