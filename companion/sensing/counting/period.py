"""The period of a motion, from the autocorrelation of all channels at once."""

from typing import NamedTuple

import numpy as np

from companion.sensing.counting.grid import ROWS_HZ, Floats

SHORTEST_S = 0.2
"""Shortest period looked for (docs/sensing.md)."""
LONGEST_S = 7.0
"""Longest period looked for: a stroke of 10 cm at 3 cm/s and its way back (docs/sensing.md)."""
WINDOW_SHARE = 0.6
"""Longest period looked for, of the window."""
FALL = 0.35
"""The autocorrelation must fall below this before a peak is a period."""
PEAK_SHARE = 0.85
"""The first peak of at least this share of the highest is the period."""


class Period(NamedTuple):
    """A period in rows, and the autocorrelation there (1 is an exact repeat)."""

    rows: float
    value: float


def autocorrelation(x: Floats) -> Floats:
    """Return the normalised autocorrelation of all channels together, for lags 0 and up.

    Each lag is normalised by the energy of the parts that overlap there.
    """
    count = len(x)
    lags = int(min(LONGEST_S * ROWS_HZ, WINDOW_SHARE * count)) + 2
    size = 1 << (count + lags - 1).bit_length()
    x = x - x.mean(axis=0)
    spectrum = np.fft.rfft(x.T, size)
    power = (spectrum.real**2 + spectrum.imag**2).sum(axis=0)
    products = np.fft.irfft(power, size)[:lags]
    energy = np.cumsum(np.einsum("ij,ij->i", x, x))
    head = energy[count - 1 - np.arange(lags)]
    tail = energy[-1] - np.concatenate(([0.0], energy[: lags - 1]))
    values: Floats = products / np.sqrt(np.maximum(head * tail, 1e-12))
    return values


def peaks(values: Floats) -> list[Period]:
    """Return the peaks after the first fall, shortest period first."""
    low = np.flatnonzero(values < FALL)
    if not len(low):
        return []
    start = max(int(low[0]), int(SHORTEST_S * ROWS_HZ))
    inner = values[start:]
    if len(inner) < 3:  # noqa: PLR2004 - a peak has two neighbours
        return []
    tops = np.flatnonzero((inner[1:-1] >= inner[:-2]) & (inner[1:-1] > inner[2:])) + start + 1
    return [_refined(values, int(top)) for top in tops]


def chosen(found: list[Period]) -> Period | None:
    """Return the first of the peaks that is nearly as high as the highest."""
    best = max((peak.value for peak in found), default=0.0)
    if best <= 0.0:
        return None
    return next(peak for peak in found if peak.value >= PEAK_SHARE * best)


def find_period(x: Floats) -> Period | None:
    """Return the period of rows of shape (n, 6); None where there is none."""
    return chosen(peaks(autocorrelation(x)))


def _refined(values: Floats, top: int) -> Period:
    """Return a peak's place between the lags, by the parabola through its neighbours."""
    a, b, c = float(values[top - 1]), float(values[top]), float(values[top + 1])
    bend = a - 2 * b + c
    shift = 0.0 if bend == 0.0 else 0.5 * (a - c) / bend
    return Period(top + shift, b)
