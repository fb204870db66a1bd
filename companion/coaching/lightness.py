"""Too light: a step done so lightly for so long that it is worth saying."""

from collections.abc import Iterable
from dataclasses import dataclass

from companion.sensing.types import Level, Point

TOO_LIGHT_AFTER_S = 5.0
"""Seconds of contact, light without a break, before it is said. Source: ours, grade D."""

TOO_LIGHT_SPACING_S = 10.0
"""Seconds from one such warning to the next, at least. Source: ours, grade D."""


@dataclass(slots=True)
class LightRun:
    """Contact that is light without a break.

    Attributes:
        onset_s: its first sample on the tool clock.
        seconds: its length, time in the air left out.
        pressure_kpa: the newest pressure.
    """

    onset_s: float
    seconds: float
    pressure_kpa: float


class Lightness:
    """Watches for light contact without a break.

    Time in the air neither adds to a run nor breaks it; a firmer or an unknown level breaks it.

    Attributes:
        run: the present run, None where the last contact was not light.
        peak_kpa: the highest pressure of the present run, or of the last one.
    """

    def __init__(self) -> None:
        self.run: LightRun | None = None
        self.peak_kpa = 0.0
        self._said_s: float | None = None

    def reset(self) -> None:
        """Forget the present run; the spacing between warnings stays."""
        self.run = None

    def watch(self, points: Iterable[Point], interval_s: float) -> None:
        """Take in samples of the trace, ``interval_s`` apart."""
        for device_s, pressure_kpa, level in points:
            if level is Level.NO_CONTACT:
                continue
            if level is not Level.LIGHT or pressure_kpa is None:
                self.run = None
                continue
            run = self.run
            if run is None:
                run = self.run = LightRun(device_s, 0.0, pressure_kpa)
                self.peak_kpa = pressure_kpa
            run.seconds += interval_s
            run.pressure_kpa = pressure_kpa
            self.peak_kpa = max(self.peak_kpa, pressure_kpa)

    def worth_saying(self, device_s: float) -> LightRun | None:
        """Return the present run if it should be said now; it is then taken as said."""
        recent = self._said_s is not None and device_s - self._said_s < TOO_LIGHT_SPACING_S
        if self.run is None or self.run.seconds <= TOO_LIGHT_AFTER_S or recent:
            return None
        self._said_s = device_s
        return self.run
