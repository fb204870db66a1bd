"""What a person does not decide: draws from ranges, by a seed."""

import numpy as np

from simulators.scenario import Range


class Chance:
    """Draws for one person; the same generator gives the same draws."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random

    def between(self, ends: Range) -> float:
        """Return a value drawn evenly from a range."""
        low, high = ends
        return low + (high - low) * float(self._random.random())

    def falls(self, share: float) -> bool:
        """Return True in a share of all cases."""
        return bool(self._random.random() < share)
