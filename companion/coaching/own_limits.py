"""Limits that a person lowers for themselves, on top of all that lowers them already."""

from dataclasses import dataclass, replace

from companion.coaching.routine import Routine, Step
from companion.sensing.types import Band


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLimits:
    """Shares of a routine's limits, above 0 and at most 1.

    A limit is never left above the next one: a lower stop brings caution and target down with it, a
    lower caution the target. So they rise whatever is chosen, and none goes up.

    Attributes:
        target: of the upper end of the target.
        caution: of the caution limit.
        stop: of the stop limit.
    """

    target: float = 1.0
    caution: float = 1.0
    stop: float = 1.0

    @property
    def shares(self) -> tuple[float, float, float]:
        """What target, caution and stop are multiplied by."""
        caution = min(self.caution, self.stop)
        return min(self.target, caution), caution, self.stop

    @property
    def lowers(self) -> bool:
        """Whether anything is lowered."""
        return min(self.shares) < 1.0

    def band(self, band: Band) -> Band:
        """Return a band as it is with these limits.

        The lower end comes down to half of the new upper end where it is above that, as where
        limits are lowered for a person (engineering choice).
        """
        target, caution, stop = self.shares
        high = band.high_kpa * target
        return Band(
            low_kpa=min(band.low_kpa, high / 2) if target < 1.0 else band.low_kpa,
            high_kpa=high,
            caution_kpa=band.caution_kpa * caution,
            stop_kpa=band.stop_kpa * stop,
        )

    def routine(self, routine: Routine) -> Routine:
        """Return a routine as it is with these limits; none that it raised stays raised."""
        if not self.lowers:
            return routine
        return replace(routine, steps=tuple(self._step(step) for step in routine.steps))

    def _step(self, step: Step) -> Step:
        if step.band is None:
            return step
        band = self.band(step.unaccepted or step.band)
        return replace(step, band=band, accepted="", unaccepted=None)
