"""Drag: how much a tool sticks and slips on the skin, against the same person's first strokes."""

from collections.abc import Sequence
from statistics import fmean, median
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from companion.sensing.copied import Copied
from companion.sensing.faults import SANE_N
from companion.sensing.motion_faults import SANE_MPS2
from companion.sensing.ring import Ring
from companion.sensing.tool import Axis

LOWEST_HZ = 8.0
"""Where sticking and slipping begins to be told from the stroke itself (domain notes: 8 to 40)."""
HIGHEST_HZ = 40.0
"""Where it ends (domain notes)."""
LEAST_RATE_HZ = 99.0
"""Rate from which that band is observable: a tool that grants 100 may be a little slow."""
EDGE_US = 100_000
"""Time at either end of a stroke that is left out: touching down and lifting off shake the tool
(engineering choice)."""
SHORTEST_S = 0.4
"""Shortest part of a stroke that is looked at: three periods of the lowest frequency (engineering
choice)."""
FIRST_STROKES = 6
"""First strokes after oiling, which are taken as they are (engineering choice)."""
NEWEST_STROKES = 7
"""Newest strokes of whose indices the median is judged (engineering choice: one stroke alone
scatters by half)."""
DRY_TIMES = 1.7
"""Times the energy of the first strokes from which the skin is dry (engineering choice, on
simulated hands: medians of oiled ones stay below 1.6, those on dry skin above 1.9)."""
LONGEST_SAMPLES = 4_096
"""Newest samples that are kept: longer strokes are looked at in their last part."""
_NONE = 1e-12
"""Energy below which there is none: what rounding leaves."""
_MILLION = 1_000_000
Floats = npt.NDArray[np.float64]


class Roughness(NamedTuple):
    """Energy between 8 and 40 Hz, per sample; None where it was not measured.

    Attributes:
        accel: of the specific force, all axes, (m/s2)^2.
        force: of the contact force, N^2.
    """

    accel: float | None
    force: float | None


class DragWatch(Copied):
    """Follows the drag from stroke to stroke.

    The stick-slip index of a stroke is its energy between 8 and 40 Hz over that of the person's
    own first strokes, the mean of acceleration and force where both are known. The energy of
    the first strokes stands for the energy of the stroke: tremor is in both, and falls out of the
    comparison. What is dry from the first stroke on is not seen.
    """

    def __init__(self) -> None:
        self._samples: Ring[tuple[int, float | None, Axis | None]] = Ring(maxlen=LONGEST_SAMPLES)
        self.oiled()

    def oiled(self) -> None:
        """Learn anew: the strokes that follow are oiled."""
        self._first: list[Roughness] = []

    def add(self, t_us: int, force_n: float | None, accel: Axis | None) -> None:
        """Take one sample in contact."""
        self._samples.append((t_us, force_n, accel))

    def stroke(self, start_us: int, end_us: int, interval_us: int) -> float | None:
        """Return the stick-slip index of a stroke that has ended; 1 is like the first strokes.

        None for the first strokes, and where it is not observable: below 100 Hz, in short strokes,
        over holes, without motion sensor and force, with values that no such sensor has.

        Args:
            start_us: when it began.
            end_us: when it ended.
            interval_us: time between samples.
        """
        rough = self._roughness(start_us + EDGE_US, end_us - EDGE_US, interval_us)
        if rough is None:
            return None
        if len(self._first) < FIRST_STROKES:
            self._first.append(rough)
            return None
        pairs = zip(rough, *self._first, strict=True)
        ratios = [
            one / base
            for one, *first in pairs
            if one is not None and (base := _median([x for x in first if x is not None])) > _NONE
        ]
        if not ratios:
            return None
        return fmean(ratios)

    def _roughness(self, start_us: int, end_us: int, interval_us: int) -> Roughness | None:
        if interval_us * LEAST_RATE_HZ > _MILLION:
            return None
        rows = []
        for row in reversed(self._samples):
            if row[0] < start_us:
                break
            if row[0] <= end_us:
                rows.append(row)
        lasted_us = len(rows) * interval_us
        is_whole = rows and rows[0][0] - rows[-1][0] < lasted_us
        if not is_whole or lasted_us < SHORTEST_S * _MILLION:
            return None
        accels = [accel for _, _, accel in rows if accel is not None]
        forces = [force for _, force, _ in rows if force is not None]
        rough = Roughness(
            _energy(accels, len(rows), SANE_MPS2, interval_us),
            _energy(forces, len(rows), SANE_N, interval_us),
        )
        return None if rough == (None, None) else rough


def _energy(
    values: Sequence[float] | Sequence[Axis], count: int, sane: float, interval_us: int
) -> float | None:
    """Return the energy of as many values, None where one is missing or not from a sensor."""
    columns = np.array(values)
    is_whole = len(columns) == count and bool((np.abs(columns) < sane).all())
    return band_energy(columns, interval_us) if is_whole else None


def band_energy(values: Floats, interval_us: int) -> float:
    """Return the energy per sample between 8 and 40 Hz, summed over the columns.

    By the periodogram of what is left of the mean, under a Hann window (Parseval).

    Args:
        values: evenly spaced, (n, k) or (n,).
        interval_us: time between them.
    """
    columns = values.reshape(len(values), -1)
    window = np.hanning(len(columns))[:, None]
    spectrum = np.abs(np.fft.rfft((columns - columns.mean(axis=0)) * window, axis=0)) ** 2
    at_hz = np.fft.rfftfreq(len(columns), interval_us / _MILLION)
    inside = (at_hz >= LOWEST_HZ) & (at_hz <= HIGHEST_HZ)
    return float(2 * spectrum[inside].sum() / (len(columns) * (window**2).sum()))


def _median(values: Sequence[float]) -> float:
    return median(values) if values else 0.0
