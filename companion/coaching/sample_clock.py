"""Time that passes with samples, and time that passes without."""

from protocols.telemetry import Telemetry

GAP_S = 0.2
"""Seconds between samples above which nothing is known. Source: domain notes, 4.2, grade D."""


class SampleClock:
    """The session's clock: it runs on samples, in seconds of the mapped tool clock.

    Attributes:
        now_s: time of the newest sample; None before the first.
        gap_s: the hole before the newest frame, 0 where there was none; without what was taken
            of it before.
    """

    def __init__(self) -> None:
        self.now_s: float | None = None
        self.gap_s = 0.0
        self._silent = False
        self._taken_s = 0.0

    def advance(self, telemetry: Telemetry) -> float:
        """Take in a frame and return the seconds it covers; ``gap_s`` is the rest."""
        first_s = telemetry.device_us / 1e6
        span_s = (len(telemetry.samples) - 1) * telemetry.interval_us / 1e6
        interval_s = telemetry.interval_us / 1e6
        before_s, silent = self.now_s, self._silent
        taken_s, self._taken_s = self._taken_s, 0.0
        self._silent = False
        self.gap_s = 0.0
        if before_s is None:
            self.now_s = first_s + span_s
            return span_s + interval_s
        self.now_s = max(before_s, first_s + span_s)
        passed_s = self.now_s - before_s
        if silent or first_s - before_s > max(GAP_S, interval_s):
            covered_s = min(passed_s, span_s + interval_s)
            self.gap_s = max(0.0, passed_s - covered_s - taken_s)
            return covered_s
        return passed_s

    @property
    def is_silent(self) -> bool:
        """Whether no samples come at present."""
        return self._silent

    def silence(self) -> None:
        """Take what comes before the next sample as a gap, however short."""
        self._silent = True

    def at(self, device_s: float) -> float:
        """Return a moment that is not before the newest sample."""
        return device_s if self.now_s is None else max(device_s, self.now_s)

    def take_unheard_s(self, device_s: float) -> float:
        """Return the seconds of silence up to a moment, each once; 0 while samples come."""
        if not self._silent or self.now_s is None:
            return 0.0
        fresh_s = max(0.0, self.at(device_s) - self.now_s - self._taken_s)
        self._taken_s += fresh_s
        return fresh_s
