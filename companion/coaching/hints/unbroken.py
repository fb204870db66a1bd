"""Contact off the target for so long without a break that it is worth saying."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from companion.sensing.types import Level, PlainPoint

SAY_AFTER_S: Final = 5.0
"""Seconds of contact, at one level without a break, before it is said. Source: ours, grade D."""

SHORT_AFTER_S: Final = 3.0
"""The same where it was so in several contacts, one after the other: steps of few short ones would
be over before. Source: ours, grade D."""

SHORT_CONTACTS: Final = 2
"""How many contacts those are, each of more than ``EDGE_S`` at the level."""

NEWEST_PEAKS: Final = 4
"""How many of the newest taps or squeezes are looked at."""

PEAKS_OFF: Final = 3
"""How many of them, the newest included, must be so by their peaks before it is said: one may be a
slip of the hand, and so may two. Source: ours, grade D."""

EDGE_S: Final = 0.5
"""Softer contact for so long does not break firm contact: every stroke begins and ends softly.
Source: ours, grade D."""

_WARNED = frozenset({Level.CAUTION, Level.STOP})
_SOFTER = frozenset({Level.LIGHT, Level.ON_TARGET})
_NO_CONTACT: Final = Level.NO_CONTACT
_UNKNOWN: Final = Level.UNKNOWN


@dataclass(slots=True)
class Run:
    """Contact at a level without a break.

    Attributes:
        onset_s: its first sample on the tool clock.
        seconds: its length, time in the air left out.
        pressure_kpa: the newest pressure.
        contacts: how many contacts have been at the level for more than ``EDGE_S``.
        contact_s: how long the newest one has been.
        peaks: how many of the newest taps or squeezes were at the level.
    """

    onset_s: float
    seconds: float
    pressure_kpa: float
    contacts: int = 0
    contact_s: float = 0.0
    peaks: int = 0

    def lasts(self, interval_s: float, pressure_kpa: float) -> None:
        """Take one more sample at the level."""
        was_edge = self.contact_s <= EDGE_S
        self.seconds += interval_s
        self.contact_s += interval_s
        self.pressure_kpa = pressure_kpa
        self.contacts += was_edge and self.contact_s > EDGE_S

    @property
    def is_worth_saying(self) -> bool:
        """Whether it has gone on for long enough."""
        is_short = self.contacts >= SHORT_CONTACTS and self.seconds > SHORT_AFTER_S
        return is_short or self.seconds > SAY_AFTER_S or self.peaks >= PEAKS_OFF


class Unbroken:
    """Watches for contact at one level, light or firm.

    Time in the air neither adds to a run nor breaks it. An unknown level breaks it, and so does
    another one; softer contact breaks a firm run only when it lasts.

    Args:
        level: light or firm.

    Attributes:
        run: the present run, None where the last contact was at another level.
        peak_kpa: the highest pressure of the present run, or of the last one.
    """

    def __init__(self, level: Level) -> None:
        self.run: Run | None = None
        self.peak_kpa = 0.0
        self._level = level
        self._softer = _SOFTER if level is Level.FIRM else frozenset[Level]()
        self._softer_s = 0.0
        self._newest: deque[float | None] = deque(maxlen=NEWEST_PEAKS)

    def reset(self) -> None:
        """Forget the present run, and the peaks before it."""
        self.run = None
        self._newest.clear()

    def watch(self, points: Iterable[PlainPoint], interval_s: float) -> None:
        """Take in samples of the trace, ``interval_s`` apart."""
        for device_s, pressure_kpa, level in points:
            if level is self._level and pressure_kpa is not None:
                self._softer_s = 0.0
                self._going(device_s, pressure_kpa).lasts(interval_s, pressure_kpa)
            elif level is _UNKNOWN:
                self.reset()
            elif self.run is not None:
                self._other(self.run, level, interval_s)

    def peaked(self, level: Level, pressure_kpa: float, *, began_s: float) -> None:
        """Take a tap or squeeze by its peak; one at another level ends the run.

        One that was warned about is told by its warning, and what was before it is forgotten.
        """
        if level in _WARNED:
            self.reset()
            return
        if level is not self._level:
            self._newest.append(None)
            self.run = None
            return
        self._newest.append(began_s)
        off_s = [each_s for each_s in self._newest if each_s is not None]
        run = self._going(off_s[0], pressure_kpa)
        run.onset_s = min(run.onset_s, off_s[0])
        run.peaks = len(off_s)
        run.pressure_kpa = pressure_kpa

    def _going(self, device_s: float, pressure_kpa: float) -> Run:
        """Return the present run, or one that begins here."""
        if self.run is None:
            self.run = Run(device_s, 0.0, pressure_kpa)
            self.peak_kpa = pressure_kpa
        self.peak_kpa = max(self.peak_kpa, pressure_kpa)
        return self.run

    def _other(self, run: Run, level: Level, interval_s: float) -> None:
        if level is _NO_CONTACT:
            run.contact_s = 0.0
            return
        self._softer_s += interval_s
        if level not in self._softer or self._softer_s > EDGE_S:
            self.run = None
