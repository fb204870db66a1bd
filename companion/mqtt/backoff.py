"""How long to wait before a broker is tried again."""

import random
from typing import Final

FIRST_S: Final = 1.0
LONGEST_S: Final = 30.0
JITTER: Final = 0.25
"""Share by which a delay is moved: a house of hubs does not come back at once."""


class Backoff:
    """Delays that double from one second to half a minute.

    Args:
        seed: for the jitter; None takes chance.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)  # noqa: S311 -- no secret hangs on a delay
        self._next_s = FIRST_S

    def reset(self) -> None:
        """A connection has stood."""
        self._next_s = FIRST_S

    def next_s(self, *, is_lasting: bool) -> float:
        """An attempt failed: seconds until the next.

        Args:
            is_lasting: somebody has to mend it first, so that haste helps nobody.
        """
        delay = LONGEST_S if is_lasting else self._next_s
        self._next_s = min(2 * delay, LONGEST_S)
        return delay * self._random.uniform(1 - JITTER, 1 + JITTER)
