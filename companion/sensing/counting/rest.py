"""Whether the tool lies still, from blocks of rows."""

from collections import deque

import numpy as np

from companion.sensing.counting.grid import BLOCK_ROWS, ROWS_HZ, TURN_S, Floats

STILL_RADPS = 0.014
"""Angular velocity beyond the bias that is motion, in rad/s (docs/sensing.md)."""
STILL_G = 0.008
"""Range of the specific force that is motion, in g (docs/sensing.md)."""
LARGEST_BIAS_RADPS = 0.06
"""A steady angular velocity above this is no bias: 3.4 degrees per second."""
BLOCKS = 3
"""Blocks over which the motion is looked at."""
BIAS_BLOCKS = 5
"""Blocks of steady rest from which the gyroscope's bias is taken."""
_BLOCK_S = BLOCK_ROWS / ROWS_HZ


class Rest:
    """Tells rest from motion.

    Attributes:
        seconds: how long the tool has been still, 0 while it moves.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._bias = np.zeros(3)
        self._means: deque[Floats] = deque(maxlen=BIAS_BLOCKS)

    def restart(self) -> None:
        """Forget what was before a gap; the bias stays."""
        self.seconds = 0.0
        self._means.clear()

    def step(self, block: Floats) -> None:
        """Take one block of rows."""
        self._means.append(block.mean(axis=0))
        if len(self._means) < BLOCKS:
            return
        means = np.array(self._means)
        self._learn(means)
        newest = means[-BLOCKS:]
        turning = np.abs(newest[:, 3:] / TURN_S - self._bias).max()
        if turning >= STILL_RADPS or np.ptp(newest[:, :3], axis=0).max() >= STILL_G:
            self.seconds = 0.0
        else:
            self.seconds += _BLOCK_S if self.seconds else BLOCKS * _BLOCK_S

    def _learn(self, means: Floats) -> None:
        if len(means) < BIAS_BLOCKS:
            return
        swing = np.ptp(means, axis=0)
        if swing[:3].max() >= STILL_G or swing[3:].max() >= STILL_RADPS * TURN_S:
            return
        bias = means[:, 3:].mean(axis=0) / TURN_S
        if np.abs(bias).max() < LARGEST_BIAS_RADPS:
            self._bias = bias
