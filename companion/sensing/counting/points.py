"""Rows become points, a fixed number per cycle, and points get a phase."""

import numpy as np

from companion.sensing.counting.grid import Floats

POINTS = 18
"""Points per cycle at which the phase is fitted (docs/sensing.md)."""
HANN_CYCLES = 1.5
"""Length of the window in which the carrier is followed, in cycles (docs/sensing.md)."""
SMOOTH_POINTS = 3
"""A phase is averaged over this many points to either side: a sixth of a cycle."""
_EDGE_POINTS = 9
_WINDOW = np.hanning((int(HANN_CYCLES * POINTS) | 1) + 2)[1:-1]
_BOX = np.ones(2 * SMOOTH_POINTS + 1) / (2 * SMOOTH_POINTS + 1)


def resample(x: Floats, spacing: float, count: int) -> Floats:
    """Return points up to the newest row: each the mean over one spacing of rows.

    Args:
        x: rows, shape (rows, channels).
        spacing: rows per point.
        count: points; they cover no more than the rows that are there.
    """
    ends = np.maximum(len(x) - spacing * np.arange(count, -1, -1), 0.0)
    integral = np.zeros((len(x) + 1, x.shape[1]))
    np.cumsum(x, axis=0, out=integral[1:])
    before = np.minimum(ends.astype(np.int64), len(x) - 1)
    share = (ends - before)[:, None]
    at_ends = integral[before] + share * (integral[before + 1] - integral[before])
    points: Floats = np.diff(at_ends, axis=0) / spacing
    return points


def places(end: int, spacing: float, count: int) -> Floats:
    """Return where the points of ``resample`` lie, as row numbers, ``end`` rows being there."""
    backwards: Floats = np.arange(count - 0.5, 0, -1)
    return end - 0.5 - spacing * backwards


def demodulate(x: Floats) -> Floats:
    """Return the phase of points in cycles, from an arbitrary zero: the turn of their carrier.

    The turn from point to point is summed over the channels by their power, so that no channel
    has to be chosen and no sign to be known.
    """
    count, width = len(x), len(_WINDOW)
    carrier = np.exp(-2j * np.pi / POINTS * np.arange(count))
    size = 1 << (count + width).bit_length()
    spectrum = np.fft.fft((x - x.mean(axis=0)) * carrier[:, None], size, axis=0)
    smoothed = np.fft.ifft(spectrum * np.fft.fft(_WINDOW, size)[:, None], axis=0)
    baseband = smoothed[width // 2 : width // 2 + count]
    turns = np.angle(np.einsum("ij,ij->i", baseband[1:], baseband[:-1].conj()))
    phase = np.zeros(count)
    np.cumsum(turns / (2 * np.pi) + 1 / POINTS, out=phase[1:])
    return phase


def smooth(phase: Floats) -> Floats:
    """Return a phase averaged over its neighbours, its ends going on as they were."""
    reach = min(_EDGE_POINTS, len(phase) - 1)
    steps = np.arange(1, SMOOTH_POINTS + 1)
    before = phase[0] - (phase[reach] - phase[0]) / reach * steps[::-1]
    after = phase[-1] + (phase[-1] - phase[-1 - reach]) / reach * steps
    return np.convolve(np.concatenate([before, phase, after]), _BOX, mode="valid")
