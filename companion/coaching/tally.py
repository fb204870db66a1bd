"""Time and pressure of one step, added up from the trace."""

from collections.abc import Iterable

from companion.sensing.types import Level, Point


class Tally:
    """Seconds of contact by level, and the mean and peak of what was judged."""

    def __init__(self) -> None:
        self.seconds_by_level: dict[str, float] = {}
        self._sum_kpa = 0.0
        self._judged = 0
        self._peak_kpa: float | None = None

    @property
    def mean_kpa(self) -> float | None:
        """Mean pressure over the judged contact time; None where there was none."""
        return self._sum_kpa / self._judged if self._judged else None

    @property
    def peak_kpa(self) -> float | None:
        """Highest pressure of the judged contact time; None where there was none."""
        return self._peak_kpa

    def add(self, points: Iterable[Point], interval_s: float, *, touching: bool) -> None:
        """Add samples.

        Args:
            points: samples of the trace.
            interval_s: seconds between them.
            touching: whether a sample of unknown level belongs to a contact.
        """
        seconds = self.seconds_by_level
        for _, pressure_kpa, level in points:
            if level is Level.NO_CONTACT or (level is Level.UNKNOWN and not touching):
                continue
            seconds[level] = seconds.get(level, 0.0) + interval_s
            if level is Level.UNKNOWN or pressure_kpa is None:
                continue
            self._sum_kpa += pressure_kpa
            self._judged += 1
            if self._peak_kpa is None or pressure_kpa > self._peak_kpa:
                self._peak_kpa = pressure_kpa
