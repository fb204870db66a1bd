"""Samples of any rate become rows at 50 Hz, in units in which tilt and turning weigh alike."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from companion.sensing.tool import Axis
from protocols.telemetry import STANDARD_GRAVITY_MPS2

Floats: TypeAlias = npt.NDArray[np.float64]

ROWS_HZ = 50
"""Rows per second: hands move below 10 Hz (docs/sensing.md)."""
BLOCK_ROWS = 5
"""Rows that are handed on at a time."""
TURN_S = 0.2
"""Seconds that make an angular velocity weigh like the tilt it brings (docs/sensing.md)."""
CHANNELS = 6
"""Columns of a row: specific force, then angular velocity."""
ROW_US = 1_000_000 // ROWS_HZ
"""Length of a row in us."""
BLOCK_US = BLOCK_ROWS * ROW_US
"""Length of a block in us."""
_PER_ROW = np.array([1 / STANDARD_GRAVITY_MPS2] * 3 + [TURN_S] * 3) / (2 * ROW_US)


class Grid:
    """Averages samples down, or interpolates them up, to rows at a fixed rate.

    A row is the mean over its 20 ms of the straight lines between samples. Rows come in blocks,
    each as soon as a sample reaches the block's end: how samples came in frames does not matter.

    Attributes:
        edge_us: the end of the newest row taken.
    """

    def __init__(self) -> None:
        self.edge_us = 0
        self._due_us = 0
        self._pending: list[tuple[int, float, float, float, float, float, float]] = []

    def restart(self) -> None:
        """Begin anew: what came before does not go on."""
        self._pending.clear()

    def add(self, t_us: int, accel: Axis, gyro: Axis) -> bool:
        """Take a sample; return whether at least one block is complete."""
        if not self._pending:
            self.edge_us = t_us
            self._due_us = t_us + BLOCK_US
        self._pending.append((t_us, *accel, *gyro))
        return t_us >= self._due_us

    def take(self) -> Floats:
        """Return the rows of the complete blocks, shape (rows, 6)."""
        samples = np.array(self._pending)
        times, values = samples[:, 0], samples[:, 1:]
        lengths = times[1:] - times[:-1]
        integral = np.zeros(values.shape)
        np.cumsum((values[1:] + values[:-1]) * lengths[:, None], axis=0, out=integral[1:])
        rows = (self._pending[-1][0] - self.edge_us) // BLOCK_US * BLOCK_ROWS
        edges = self.edge_us + ROW_US * np.arange(rows + 1)
        after = np.searchsorted(times[:-1], edges, side="right")
        before = after - 1
        share = ((edges - times[before]) / lengths[before])[:, None]
        at_edges = integral[before]
        at_edges += share * (integral[after] - at_edges)
        self.edge_us = int(edges[-1])
        self._due_us = self.edge_us + BLOCK_US
        del self._pending[: int(before[-1])]
        means: Floats = (at_edges[1:] - at_edges[:-1]) * _PER_ROW
        return means
