"""The mean cycle of a repeated motion, and phases moved to where they fit it."""

from math import ceil, sqrt
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from companion.sensing.counting.grid import CHANNELS, Floats
from companion.sensing.counting.points import POINTS, smooth

BINS = 36
"""Bins of the mean cycle (docs/sensing.md)."""
SHIFT_BINS = 10
"""Bins by which a fit moves a phase at most (docs/sensing.md)."""
AVERAGE_CYCLES = 0.2
"""Cycles to either side over which a fit averages (docs/sensing.md)."""
FIT_PRICE = 0.02
"""Price of moving a phase in a fit: variances per channel, times bins squared over SHIFT_BINS."""
MATCH_PRICE = 0.05
"""The same where the newest points are matched."""
NOISE_SHARE = 0.1
"""Share of a channel's power that is taken for noise at least."""
BELL_BINS = 1.5
"""Width of the bell with which a point counts for the bins around it."""
_SHIFTS = np.arange(-SHIFT_BINS, SHIFT_BINS + 1)
_PRICES = CHANNELS * _SHIFTS**2 / SHIFT_BINS
_CENTRES = (np.arange(BINS)[:, None] + 0.5) / BINS
_HALF = ceil(AVERAGE_CYCLES * POINTS)
_LEAST = 1e-12

Bins: TypeAlias = npt.NDArray[np.int64]


class Fit(NamedTuple):
    """Phases of points, and the mean squared distance to the mean cycle that is left."""

    phase: Floats
    left: float


class Cycle:
    """A mean cycle: the course of each channel over the phase, in units of its noise."""

    def __init__(self, x: Floats, phase: Floats) -> None:
        self._middle = x.mean(axis=0)
        x = x - self._middle
        apart = (phase - _CENTRES + 0.5) % 1.0 - 0.5
        weights = np.exp(-0.5 * (apart * (BINS / BELL_BINS)) ** 2) + _LEAST
        course = (weights @ x) / weights.sum(axis=1, keepdims=True)
        residual = x - course[_bins(phase)]
        power, noise = (x * x).mean(axis=0), (residual * residual).mean(axis=0)
        self._scale = 1 / np.sqrt(noise + NOISE_SHARE * power + _LEAST)
        self._course = course * self._scale
        self._square = np.einsum("ij,ij->i", self._course, self._course)

    def fit(self, x: Floats, phase: Floats) -> Fit:
        """Move the phase of every point to where it and its neighbours fit best."""
        costs = _averaged(self._around(x, phase)) + FIT_PRICE * _PRICES
        best = np.argmin(costs, axis=1)
        moved = phase + _SHIFTS[best] / BINS
        return Fit(smooth(moved), float(costs[np.arange(len(x)), best].mean()))

    def shift(self, x: Floats, phase: Floats) -> float:
        """Return by how many cycles all points together are ahead of their phases."""
        costs = self._around(x, phase).mean(axis=0) + MATCH_PRICE * _PRICES
        return float(_SHIFTS[np.argmin(costs)]) / BINS

    def likeness(self, x: Floats, phase: Floats) -> float:
        """Return the correlation of points with the cycle at their phases."""
        scaled = (x - self._middle) * self._scale
        course = self._course[_bins(phase)]
        energy = float((scaled * scaled).sum() * (course * course).sum())
        return float((scaled * course).sum()) / sqrt(energy + _LEAST)

    def _around(self, x: Floats, phase: Floats) -> Floats:
        """Return the squared distance of points to the bins around their phases."""
        scaled = (x - self._middle) * self._scale
        squares = np.einsum("ij,ij->i", scaled, scaled)
        costs = squares[:, None] + self._square - 2 * scaled @ self._course.T
        around: Floats = np.take_along_axis(costs, (_bins(phase)[:, None] + _SHIFTS) % BINS, axis=1)
        return around


def _bins(phase: Floats) -> Bins:
    return np.floor(phase * BINS).astype(np.int64) % BINS


def _averaged(costs: Floats) -> Floats:
    """Return the mean over the rows to either side, over fewer at the ends."""
    count = len(costs)
    integral = np.zeros((count + 1, costs.shape[1]))
    np.cumsum(costs, axis=0, out=integral[1:])
    index = np.arange(count)
    upper = np.minimum(index + _HALF + 1, count)
    lower = np.maximum(index - _HALF, 0)
    means: Floats = (integral[upper] - integral[lower]) / (upper - lower)[:, None]
    return means
