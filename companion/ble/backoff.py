"""How long to wait before the next attempt."""

import random
from typing import Final

DELAYS_S: Final = (0.25, 0.5, 1.0, 2.0, 4.0)
JITTER: Final = 0.2
"""Each delay is moved by up to this share, so that two computers do not stay in step."""


class Backoff:
    """Growing, capped, jittered delays.

    Args:
        seed: for the jitter; None takes chance.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)  # noqa: S311 # no secret hangs on a delay
        self._failures = 0

    @property
    def failures(self) -> int:
        """Attempts that failed since the last success."""
        return self._failures

    def reset(self) -> None:
        """An attempt succeeded."""
        self._failures = 0

    def next_s(self) -> float:
        """An attempt failed: seconds to wait before the next."""
        delay = DELAYS_S[min(self._failures, len(DELAYS_S) - 1)]
        self._failures += 1
        return delay * self._random.uniform(1 - JITTER, 1 + JITTER)
