"""Over-pressure: caution and stop, raised once per event, with on-delay and deadband."""

from math import isfinite

from companion.sensing.types import (
    Band,
    Level,
    OverPressureCleared,
    OverPressureRaised,
    SensingEvent,
)

CUTOFF_HZ = 10.0
"""Low-pass ahead of the limits (docs/sensing.md)."""
CAUTION_ON_DELAY_US = 60_000
"""Time above the caution limit before it is raised (docs/sensing.md)."""
STOP_ON_DELAY_US = 20_000
"""Time above the stop limit before it is raised, never less than two samples (docs/sensing.md)."""
BALANCE_US = 100_000
"""Time above less time below that raises an alert without the on-delay in one piece: inside the
shortest event of 150 ms (engineering choice)."""
CLEAR_SHARE = 0.98
"""Share of a limit below which an alert may clear; at .95 neighbouring events melt together
(docs/sensing.md)."""
OFF_DELAY_US = 100_000
"""Time below that share before an alert clears (docs/sensing.md)."""
_MILLION = 1_000_000


class Limit:
    """One limit: whether its alert stands.

    A spike that is over before the on-delay has passed must stay silent, yet the filter still
    holds it up when its force is gone: an alert is raised only while the force itself is above.
    A trembling hand takes the signal below the limit again and again, although the force is
    above it on the whole: the time above less the time below raises the alert a little later.

    Attributes:
        level: caution or stop.
        limit_kpa: the limit.
        standing: whether the alert stands.
        onset_us: first filtered sample above the limit of the present excursion, which lasts as
            long as more time was spent above than below.
        peak_kpa: highest filtered pressure since then.
    """

    def __init__(self, level: Level, limit_kpa: float, on_delay_us: int) -> None:
        self.level = level
        self.limit_kpa = limit_kpa
        self.standing = False
        self.onset_us: int | None = None
        self.peak_kpa = 0.0
        self._on_delay_us = on_delay_us
        self._clear_kpa = CLEAR_SHARE * limit_kpa
        self._above_us: int | None = None
        self._last_us = 0
        self._balance_us = 0
        self._below_us: int | None = None

    def is_due(self, t_us: int, raw_kpa: float, smooth_kpa: float) -> bool:
        """Take a sample while the alert does not stand; return whether it must be raised."""
        if self.onset_us is None:
            if smooth_kpa > self.limit_kpa:
                self.onset_us = self._above_us = self._last_us = t_us
                self.peak_kpa = smooth_kpa
            return False
        passed_us = t_us - self._last_us
        self._last_us = t_us
        self.peak_kpa = max(self.peak_kpa, smooth_kpa)
        if smooth_kpa <= self.limit_kpa:
            self._above_us = None
            self._balance_us -= passed_us
            if self._balance_us <= 0:
                self.forget()
            return False
        self._balance_us += passed_us
        if self._above_us is None:
            self._above_us = t_us
        is_lasting = t_us - self._above_us >= self._on_delay_us
        return raw_kpa > self.limit_kpa and (is_lasting or self._balance_us >= BALANCE_US)

    def forget(self) -> None:
        """Forget an excursion that has not raised the alert."""
        self.onset_us = self._above_us = None
        self._balance_us = 0

    def is_over(self, t_us: int, smooth_kpa: float) -> bool:
        """Take a sample while the alert stands; return whether it must be cleared."""
        self.peak_kpa = max(self.peak_kpa, smooth_kpa)
        if smooth_kpa >= self._clear_kpa:
            self._below_us = None
            return False
        if self._below_us is None:
            self._below_us = t_us
        return t_us - self._below_us >= OFF_DELAY_US

    def raise_alert(self, t_us: int, smooth_kpa: float) -> OverPressureRaised:
        """Let the alert stand."""
        self.standing = True
        self._below_us = None
        if self.onset_us is None:
            self.onset_us = t_us
        return OverPressureRaised(
            device_s=t_us / _MILLION,
            level=self.level,
            onset_s=self.onset_us / _MILLION,
            pressure_kpa=smooth_kpa,
            limit_kpa=self.limit_kpa,
        )

    def clear(self, t_us: int, reason: str) -> OverPressureCleared:
        """Let the alert end."""
        onset_us = t_us if self.onset_us is None else self.onset_us
        self.standing = False
        self.forget()
        return OverPressureCleared(
            device_s=t_us / _MILLION,
            level=self.level,
            reason=reason,
            onset_s=onset_us / _MILLION,
            peak_kpa=self.peak_kpa,
        )


class OverPressure:
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
        self._quiet_kpa = min(band.caution_kpa, band.stop_kpa)

    def step(self, t_us: int, raw_kpa: float, smooth_kpa: float, out: list[SensingEvent]) -> bool:
        """Take one sample of the pressure, bare and low-passed at 10 Hz.

        Returns:
            Whether an alert was raised or cleared.
        """
        caution, stop = self._caution, self._stop
        if smooth_kpa <= self._quiet_kpa and caution.onset_us is None and stop.onset_us is None:
            return False
        before = len(out)
        is_stop_due = not stop.standing and stop.is_due(t_us, raw_kpa, smooth_kpa)
        self._let_end(t_us, smooth_kpa, out)
        is_caution_due = not caution.standing and caution.is_due(t_us, raw_kpa, smooth_kpa)
        if is_caution_due or (is_stop_due and not caution.standing and self._has_caution):
            out.append(caution.raise_alert(t_us, smooth_kpa))
        if is_stop_due:
            out.append(stop.raise_alert(t_us, smooth_kpa))
        if before == len(out):
            return False
        self._settle()
        return True

    def clear(self, t_us: int, reason: str, out: list[SensingEvent]) -> None:
        """End whatever stands, and forget an excursion that has begun."""
        for limit in (self._stop, self._caution):
            if limit.standing:
                out.append(limit.clear(t_us, reason))
            limit.forget()
        self._settle()

    def forget(self) -> None:
        """Forget excursions that have not raised an alert yet."""
        for limit in (self._stop, self._caution):
            if not limit.standing:
                limit.forget()

    def _let_end(self, t_us: int, smooth_kpa: float, out: list[SensingEvent]) -> None:
        out.extend(
            limit.clear(t_us, "ended")
            for limit in (self._stop, self._caution)
            if limit.standing and limit.is_over(t_us, smooth_kpa)
        )

    def _settle(self) -> None:
        standing = Level.CAUTION if self._caution.standing else None
        self.level = Level.STOP if self._stop.standing else standing
