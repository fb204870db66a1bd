"""Whether the tool lies still, from blocks of rows."""

from collections import deque
from collections.abc import Collection, Sequence

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
_ACCEL, _GYRO = range(3), range(3, 6)


class Rest:
    """Tells rest from motion.

    Attributes:
        seconds: how long the tool has been still, 0 while it moves.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._bias = [0.0, 0.0, 0.0]
        self._means: deque[list[float]] = deque(maxlen=BIAS_BLOCKS)

    def restart(self) -> None:
        """Forget what was before a gap; the bias stays."""
        self.seconds = 0.0
        self._means.clear()

    def step(self, block: Floats) -> None:
        """Take one block of rows."""
        self._means.append((block.sum(axis=0) / len(block)).tolist())
        if len(self._means) < BLOCKS:
            return
        self._learn()
        newest = list(self._means)[-BLOCKS:]
        if _swing(newest, _ACCEL) >= STILL_G or self._turning(newest) >= STILL_RADPS:
            self.seconds = 0.0
        else:
            self.seconds += _BLOCK_S if self.seconds else BLOCKS * _BLOCK_S

    def _turning(self, means: Sequence[list[float]]) -> float:
        """Return the largest angular velocity beyond the bias, in rad/s."""
        return max(
            abs(mean[channel] / TURN_S - bias)
            for mean in means
            for channel, bias in zip(_GYRO, self._bias, strict=True)
        )

    def _learn(self) -> None:
        means = self._means
        if len(means) < BIAS_BLOCKS or _swing(means, _ACCEL) >= STILL_G:
            return
        if _swing(means, _GYRO) >= STILL_RADPS * TURN_S:
            return
        bias = [sum(mean[channel] for mean in means) / len(means) / TURN_S for channel in _GYRO]
        if max(abs(value) for value in bias) < LARGEST_BIAS_RADPS:
            self._bias = bias


def _swing(means: Collection[list[float]], channels: range) -> float:
    """Return the largest range of any of the channels."""
    swing = 0.0
    for channel in channels:
        values = [mean[channel] for mean in means]
        swing = max(swing, max(values) - min(values))
    return swing
