"""The tool's battery: a charge that drains with time."""

import math
from typing import Final

LOW_PERCENT: Final = 15
"""The charge at which the tool says that it is low; a choice of this firmware."""
_FULL_PERCENT: Final = 100.0
_HOUR_US: Final = 3_600_000_000


class Battery:
    """A charge at a moment, and how fast it goes.

    Attributes:
        is_plugged: whether external power feeds the tool, so that nothing drains.

    Args:
        percent: the charge at the beginning, 0 to 100.
        drain_percent_per_hour: how fast it drains while the tool is on.
    """

    def __init__(self, percent: float, drain_percent_per_hour: float) -> None:
        self.is_plugged = False
        self._charge = float(percent)
        self._at_us: int | None = None
        self._drain_per_us = drain_percent_per_hour / _HOUR_US

    @property
    def percent(self) -> int:
        """What is told: whole percent, 0 only when nothing is left."""
        return math.ceil(self._charge)

    def advance(self, device_us: int) -> bool:
        """Drain until a moment of the tool's continuous clock.

        Returns:
            Whether the charge has become low on the way.
        """
        before = self.percent
        if self._at_us is not None and not self.is_plugged:
            used = (device_us - self._at_us) * self._drain_per_us
            self._charge = max(0.0, self._charge - used)
        self._at_us = device_us
        return self.percent <= LOW_PERCENT < before

    def rest(self, device_us: int) -> None:
        """Let time pass that costs nothing: the tool was off."""
        self._at_us = device_us

    def set(self, percent: float) -> bool:
        """The charge is now this.

        Returns:
            Whether it has become low.
        """
        before, self._charge = self.percent, min(_FULL_PERCENT, max(0.0, float(percent)))
        return self.percent <= LOW_PERCENT < before

    def drain(self, percent_per_hour: float) -> None:
        """Drain so fast from here on; 0 is not at all."""
        self._drain_per_us = percent_per_hour / _HOUR_US

    def next_us(self) -> int | None:
        """Return when one percent less will be told; None while nothing drains."""
        if self.is_plugged or self._at_us is None or self._drain_per_us <= 0 or not self._charge:
            return None
        step = self._charge - (math.ceil(self._charge) - 1)
        return self._at_us + math.ceil(step / self._drain_per_us)
