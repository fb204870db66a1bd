"""The offset of an accelerometer, learnt from how long gravity seems to be in many attitudes."""

from collections.abc import Sequence

import numpy as np

from companion.sensing.copied import Copied
from companion.sensing.tool import Axis
from protocols.telemetry import STANDARD_GRAVITY_MPS2

WINDOW_US = 1_000_000
"""Time over which specific force is averaged: over it a hand that goes to and fro gains little
speed (docs/sensing.md)."""
LOOK_US = 50_000
"""Time between the samples that are looked at: motion of a hand lies below 10 Hz."""
PRIOR_MPS2 = 0.1
"""Standard deviation of an offset before anything is known: 10 mg (data sheets: up to 20 to 40)."""
NOISE_MPS2 = 0.05
"""Standard deviation of a window's mean where nothing moves (docs/sensing.md)."""
MOTION_SHARE = 0.5
"""Share of the acceleration in a window, root mean square, that its mean may still hold
(docs/sensing.md)."""
_MILLION = 1_000_000


class Offset(Copied):
    """What an accelerometer reads too much, in m/s2 along its own axes.

    Over a while a hand does not rise, so the mean specific force along up is gravity: what is
    more is the offset's share in that direction. Each attitude tells one direction; a Kalman
    filter puts them together. Quick motion tells little, and what is not seen stays at nought.

    Attributes:
        value: the offset as known so far.
        row: the same as an array.
    """

    def __init__(self) -> None:
        self.value: Axis = (0.0, 0.0, 0.0)
        self.row = np.zeros(3)
        self._spread = np.eye(3) * PRIOR_MPS2**2
        self._restart()

    def _restart(self) -> None:
        self._up: Axis = (0.0, 0.0, 0.0)
        self._along = self._square = 0.0
        self._looks = self._samples = 0

    def left(self, interval_us: int) -> int:
        """Return how many samples are left of the present window, at least one."""
        return max(1, WINDOW_US // interval_us - self._samples)

    def looks(self, count: int, interval_us: int) -> range:
        """Return which of the next samples are to be looked at."""
        every = max(1, LOOK_US // interval_us)
        return range(-self._samples % every, count, every)

    def look(self, samples: Sequence[tuple[Axis, Axis]]) -> None:
        """Take samples: specific force, and the direction up in the same frame."""
        (p, q, r), (s, t, u), g = self.value, self._up, STANDARD_GRAVITY_MPS2
        along, square = self._along, self._square
        for (a, b, c), (x, y, z) in samples:
            s, t, u = s + x, t + y, u + z
            along += a * x + b * y + c * z
            k, m, n = a - p - g * x, b - q - g * y, c - r - g * z
            square += k * k + m * m + n * n
        self._up, self._along, self._square = (s, t, u), along, square
        self._looks += len(samples)

    def passed(self, count: int, interval_us: int) -> bool:
        """Let samples be over, no more than are left; return whether a window was full."""
        self._samples += count
        if self._samples < WINDOW_US // interval_us:
            return False
        if self._looks:
            self._learn()
        self._restart()
        return True

    def _learn(self) -> None:
        direction = np.array(self._up) / self._looks
        shaken = (self._square / self._looks) ** 0.5
        noise = (NOISE_MPS2 + MOTION_SHARE * shaken) ** 2
        spread = self._spread.dot(direction)
        gain = spread / (direction.dot(spread) + noise)
        more = self._along / self._looks - STANDARD_GRAVITY_MPS2 - direction.dot(self.row)
        self.row = self.row + gain * more
        x, y, z = self.row.tolist()
        self.value = (x, y, z)
        self._spread = self._spread - gain[:, None] * spread
