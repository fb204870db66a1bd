"""Squeezes: what one press of kneading or of a pinch is, from the course of the pressure."""

from typing import Final

from companion.coaching.routine import Step
from companion.sensing.types import Technique

SQUEEZED: Final = frozenset({Technique.KNEAD, Technique.PINCH})
"""Techniques that press and let go within a contact: what they press is what they reach."""

SWING_SHARE: Final = 0.25
"""Share of the target's upper end by which pressure must fall for a squeeze to let off, and rise
for the next one to begin: more than an unsteady hand wanders. Source: ours, grade D."""


class Swell:
    """Follows a pressure that rises and lets off; finds where it rises anew.

    Args:
        swing_kpa: least fall, and least rise after it.
    """

    def __init__(self, swing_kpa: float) -> None:
        self._swing_kpa = swing_kpa
        self.begin()

    def begin(self) -> None:
        """A contact begins, or a squeeze."""
        self._highest_kpa = 0.0
        self._lowest_kpa: float | None = None

    def rises_anew(self, pressure_kpa: float) -> bool:
        """Take one sample in contact; return whether the next squeeze has begun with it."""
        if self._lowest_kpa is None:
            self._highest_kpa = max(self._highest_kpa, pressure_kpa)
            if pressure_kpa <= self._highest_kpa - self._swing_kpa:
                self._lowest_kpa = pressure_kpa
            return False
        self._lowest_kpa = min(self._lowest_kpa, pressure_kpa)
        if pressure_kpa < self._lowest_kpa + self._swing_kpa:
            return False
        self.begin()
        return True


def swell_of(step: Step) -> Swell | None:
    """Return what tells a step's squeezes apart; None where it has none, or is not judged."""
    if step.technique not in SQUEEZED or step.band is None:
        return None
    return Swell(SWING_SHARE * step.band.high_kpa)
