"""Over-pressure: the caution and the stop of one band, and when none of them has to be asked."""

from math import inf, isfinite

from companion.sensing.copied import Copied
from companion.sensing.limits import CAUTION_ON_DELAY_US, STOP_ON_DELAY_US, Limit, Moment
from companion.sensing.types import Band, Level, SensingEvent
from companion.sensing.zero_phase import LAG_US, ZeroPhase

QUIET_SHARE = 0.9
"""Share of the lower limit below which nothing can begin, once the causal pressure has been there
for as long as the one without delay is late: that is not above either then (engineering choice)."""


class OverPressure(Copied):
    """The caution and the stop limit of one band.

    A stop never stands without its caution: it brings the caution with it when the caution's
    own on-delay has not passed yet. A limit that is infinite is none, and brings nothing.

    Attributes:
        level: the highest level that stands, or None.
    """

    def __init__(self, band: Band) -> None:
        self.level: Level | None = None
        self._caution = Limit(Level.CAUTION, band.caution_kpa, CAUTION_ON_DELAY_US)
        self._stop = Limit(Level.STOP, band.stop_kpa, STOP_ON_DELAY_US)
        self._has_caution = isfinite(band.caution_kpa)
        self._quiet_kpa = QUIET_SHARE * min(band.caution_kpa, band.stop_kpa)
        self._loud_us = 0
        self._is_quiet = True
        self._undelayed = ZeroPhase()

    def step(
        self,
        t_us: int,
        raw_kpa: float,
        smooth_kpa: float,
        out: list[SensingEvent],
        *,
        is_saturated: bool = False,
    ) -> bool:
        """Take one sample of the pressure, bare and low-passed at 10 Hz.

        Args:
            t_us: its time.
            raw_kpa: the bare pressure.
            smooth_kpa: the same, low-passed.
            out: what is raised or cleared is added here.
            is_saturated: whether the true pressure is at least the bare one.

        Returns:
            Whether an alert was raised or cleared.
        """
        self._undelayed.step(t_us, raw_kpa)
        if smooth_kpa > self._quiet_kpa:
            self._loud_us = t_us
        elif self._is_quiet:
            return False
        caution, stop = self._caution, self._stop
        now = Moment(
            t_us, raw_kpa, smooth_kpa, is_saturated, *self._undelayed.late(), self._undelayed
        )
        before = len(out)
        is_stop_due = not stop.standing and stop.is_due(now)
        self._let_end(now, out)
        is_caution_due = not caution.standing and caution.is_due(now)
        if is_caution_due or (is_stop_due and not caution.standing and self._has_caution):
            out.append(caution.raise_alert(t_us, smooth_kpa))
        if is_stop_due:
            out.append(stop.raise_alert(t_us, smooth_kpa))
        is_past = t_us - self._loud_us >= LAG_US
        self._is_quiet = is_past and caution.is_quiet() and stop.is_quiet()
        if before == len(out):
            return False
        self._settle()
        return True

    @property
    def calm_below_kpa(self) -> float:
        """The pressure, low-passed, below which nothing can begin now; below any where it has."""
        return self._quiet_kpa if self._is_quiet else -inf

    def pass_by(self, samples: list[tuple[int, float]]) -> None:
        """Take samples in which nothing can begin: time and bare pressure."""
        self._undelayed.run(samples)

    def clear(self, t_us: int, reason: str, out: list[SensingEvent]) -> None:
        """End whatever stands, and forget an excursion that has begun."""
        for limit in (self._stop, self._caution):
            if limit.standing:
                out.append(limit.clear(t_us, reason))
            limit.forget()
        self._rest()

    def suspend(self, t_us: int, out: list[SensingEvent]) -> None:
        """End whatever stands because no samples come; it may go on with the next one."""
        standing = [limit for limit in (self._stop, self._caution) if limit.standing]
        out.extend(limit.suspend(t_us) for limit in standing)
        self._rest()

    def forget(self) -> None:
        """Forget excursions that have not raised an alert yet: a hole is no time above."""
        self._undelayed.restart()
        for limit in (self._stop, self._caution):
            if not limit.standing:
                limit.forget()
        self._rest()

    def _let_end(self, now: Moment, out: list[SensingEvent]) -> None:
        out.extend(
            limit.clear(now.t_us, "ended")
            for limit in (self._stop, self._caution)
            if limit.standing and limit.is_over(now)
        )

    def _rest(self) -> None:
        self._is_quiet = self._caution.is_quiet() and self._stop.is_quiet()
        self._settle()

    def _settle(self) -> None:
        standing = Level.CAUTION if self._caution.standing else None
        self.level = Level.STOP if self._stop.standing else standing
