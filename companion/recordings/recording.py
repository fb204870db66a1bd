"""A recording in memory: columns in SI units, NaN where a cell is not known."""

from dataclasses import dataclass
from itertools import pairwise
from statistics import median

GAP_S = 0.2
"""An interval longer than this, and than five median intervals, is a gap (docs/recordings.md)."""
GAP_INTERVALS = 5
"""Median intervals that a gap is longer than, besides (docs/recordings.md)."""

Column = list[float]
"""One value per sample."""
Columns3 = tuple[Column, Column, Column]
"""The x, y and z of a vector."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """The samples of one file; a group of columns that is not there is None, or empty for force.

    Attributes:
        t_s: sample times in seconds, strictly increasing, at least two.
        force_n: contact force in newtons, one column per channel.
        accel_mps2: specific force in the sensor frame.
        gyro_radps: angular velocity in the sensor frame.
        travel_m: signed roller travel since the start.
        touching: the tool's own verdict, 0 or 1.
        saturated: whether the force sensor was at its end, 0 or 1.
        warnings: what was left out of the file, as sentences.
    """

    t_s: Column
    force_n: tuple[Column, ...] = ()
    accel_mps2: Columns3 | None = None
    gyro_radps: Columns3 | None = None
    travel_m: Column | None = None
    touching: Column | None = None
    saturated: Column | None = None
    warnings: tuple[str, ...] = ()

    @property
    def median_interval_s(self) -> float:
        """The median time between samples."""
        return median(after - before for before, after in pairwise(self.t_s))

    def gaps(self) -> list[tuple[float, float]]:
        """Return the gaps: from the last sample before to the first after."""
        longest = max(GAP_S, GAP_INTERVALS * self.median_interval_s)
        return [(a, b) for a, b in pairwise(self.t_s) if b - a > longest]
