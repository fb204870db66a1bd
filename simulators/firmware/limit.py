"""The tool's own limit: judged sample by sample, so that a warning does not need the link."""

from typing import Final

from protocols.massage_tool import LimitLevel

CLEARED_BELOW: Final = 0.95
"""Share of the limit below which it clears (tool-profile.md, Tool Control Point)."""
OFF_DELAY_US: Final = 200_000
"""How long the force must stay below that (same place)."""


class _Latch:
    """One level: raised after the on-delay, cleared after the off-delay."""

    def __init__(self, limit: float, on_delay_us: int) -> None:
        self._limit = limit
        self._on_delay_us = on_delay_us
        self._since_us: int | None = None
        self.is_raised = False

    def judge(self, device_us: int, force: float) -> None:
        if self.is_raised:
            is_turning, delay_us = force < CLEARED_BELOW * self._limit, OFF_DELAY_US
        else:
            is_turning, delay_us = force >= self._limit, self._on_delay_us
        if not is_turning:
            self._since_us = None
            return
        if self._since_us is None:
            self._since_us = device_us
        if device_us - self._since_us >= delay_us:
            self.is_raised = not self.is_raised
            self._since_us = None


class Limit:
    """Caution and stop on the summed force in counts.

    Attributes:
        level: what stands now.
    """

    def __init__(self) -> None:
        self.level = LimitLevel.CLEARED
        self._latches: tuple[tuple[LimitLevel, _Latch], ...] = ()

    @property
    def is_armed(self) -> bool:
        """Whether some level is on."""
        return bool(self._latches)

    def arm(self, caution_counts: float, stop_counts: float, on_delay_us: int) -> None:
        """Judge by new limits from here on; 0 turns a level off. Nothing stands any more."""
        limits = ((LimitLevel.STOP, stop_counts), (LimitLevel.CAUTION, caution_counts))
        self._latches = tuple(
            (level, _Latch(counts, on_delay_us)) for level, counts in limits if counts > 0
        )
        self.level = LimitLevel.CLEARED

    def judge(self, device_us: int, force: float) -> bool:
        """Look at one sample.

        Returns:
            Whether the level changed.
        """
        before = self.level
        self.level = LimitLevel.CLEARED
        for level, latch in reversed(self._latches):
            latch.judge(device_us, force)
            if latch.is_raised:
                self.level = level
        return self.level is not before
