"""Time and pressure of one step, added up from the trace."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from typing import Final, NamedTuple

from companion.coaching.squeezes import Swell
from companion.sensing.types import Level, PlainPoint

BREAK_S = 0.25
"""Seconds between samples of one level that break a run: a pause or a hole. Source: ours, D."""


_BY_PEAK: Final = (Level.LIGHT, Level.ON_TARGET, Level.FIRM)
"""Levels that a squeeze goes through on its way up: the highest of them is its own."""

_UNKNOWN: Final = Level.UNKNOWN
_NO_CONTACT: Final = Level.NO_CONTACT


class Turn(NamedTuple):
    """Contact began or ended."""

    device_s: float
    touching: bool


@dataclass(slots=True)
class LevelRun:
    """Contact at one level without a break; seconds on the tool clock.

    Attributes:
        level: which.
        contact: the number of the contact, or of the squeeze, it is part of.
        from_s: when it began.
        to_s: its last sample.
        seconds: how long it was.
        peak_kpa: its highest pressure; None where not known.
    """

    level: Level
    contact: int
    from_s: float
    to_s: float
    seconds: float
    peak_kpa: float | None


class Tally:
    """Seconds of contact by level, and the mean and peak of what was judged.

    Args:
        touching: whether the tool is on the skin already.
        by_contact: the runs are not of samples: whole contacts are added by their peak.
        swell: tells squeezes apart, each of which counts as a whole by what it reaches; None
            where every moment counts by itself.

    Attributes:
        runs: contact at one level without a break, in order.
        known_s: seconds in which the pressure was known, the air included.
        unknown_s: seconds in which it was not.
    """

    def __init__(
        self, *, touching: bool = False, by_contact: bool = False, swell: Swell | None = None
    ) -> None:
        self._touching = touching
        self._by_contact = by_contact
        self._swell = swell
        self._squeezed: list[LevelRun] = []
        self._contact = 0
        self.runs: list[LevelRun] = []
        self.known_s = 0.0
        self.unknown_s = 0.0
        self._turns: deque[Turn] = deque()
        self._waiting_s = 0.0
        self._seconds_by_level: dict[str, float] = {}
        self._sum_kpa = 0.0
        self._judged = 0
        self._peak_kpa: float | None = None

    @property
    def seconds_by_level(self) -> dict[str, float]:
        """Seconds of contact alone; those of a squeeze at the level it reached."""
        if self._swell is None:
            return self._seconds_by_level
        seconds: dict[str, float] = {}
        for run in self.runs:
            seconds[run.level] = seconds.get(run.level, 0.0) + run.seconds
        return seconds

    def squeezes(self) -> list[LevelRun]:
        """Return the squeezes that have ended since this was last asked, by what they reached."""
        squeezed, self._squeezed = self._squeezed, []
        return squeezed

    @property
    def mean_kpa(self) -> float | None:
        """Mean pressure over the judged contact time; None where there was none."""
        return self._sum_kpa / self._judged if self._judged else None

    @property
    def peak_kpa(self) -> float | None:
        """Highest pressure of the judged contact time; None where there was none."""
        return self._peak_kpa

    def turned(self, turns: Iterable[Turn]) -> None:
        """Take note of where contact began or ended, before the samples around it are added."""
        self._turns.extend(turns)

    def peaked(self, pressure_kpa: float) -> None:
        """Take the peak of a judged contact that was too short for the trace to follow."""
        self._peak_kpa = max(self._peak_kpa or 0.0, pressure_kpa)

    def contacted(self, level: Level, pressure_kpa: float, *, from_s: float, to_s: float) -> None:
        """Take a whole contact that is judged by its peak."""
        self.peaked(pressure_kpa)
        self._contact += 1
        run = LevelRun(level, self._contact, from_s, to_s, to_s - from_s, pressure_kpa)
        self.runs.append(run)

    def unheard(self, seconds: float) -> None:
        """Take time without samples."""
        self.unknown_s += seconds

    def add(self, points: Iterable[PlainPoint], interval_s: float) -> None:
        """Add samples of the trace, ``interval_s`` apart.

        Only samples in contact count. A level is shown a little later than the contact it came
        from, for a tap at its end: contact without a level yet gets the next one shown.
        """
        turns = self._turns
        for device_s, pressure_kpa, level in points:
            while turns and turns[0].device_s <= device_s:
                self._turn(turns.popleft())
            if level is _UNKNOWN:
                self.unknown_s += interval_s
            else:
                self.known_s += interval_s
            if self._waiting_s and level is not _NO_CONTACT:
                self._take(device_s, pressure_kpa, level, self._waiting_s)
                self._waiting_s = 0.0
            if not self._touching:
                continue
            if level is _NO_CONTACT:
                self._waiting_s += interval_s
            else:
                self._take(device_s, pressure_kpa, level, interval_s)
            if level is not _UNKNOWN and pressure_kpa is not None:
                self._judged += 1
                self._sum_kpa += pressure_kpa
                self._peak_kpa = max(self._peak_kpa or 0.0, pressure_kpa)

    def _turn(self, turn: Turn) -> None:
        self._touching = turn.touching
        if turn.touching:
            self._waiting_s = 0.0
            self._contact += 1
        elif self._swell is not None:
            self._swell.begin()
            self._end_squeeze()

    def _take(
        self, device_s: float, pressure_kpa: float | None, level: Level, seconds: float
    ) -> None:
        self._seconds_by_level[level] = self._seconds_by_level.get(level, 0.0) + seconds
        if self._by_contact:
            return
        if self._swell is not None and self._swell.rises_anew(pressure_kpa or 0.0):
            self._end_squeeze()
            self._contact += 1
        run = self.runs[-1] if self.runs else None
        if run is None or run.contact != self._contact or device_s - run.to_s > BREAK_S:
            run = self._begin_run(device_s - seconds, pressure_kpa, level)
        elif run.level is not level:
            if self._swell is not None and run.level in _BY_PEAK and level in _BY_PEAK:
                run.level = max(run.level, level, key=_BY_PEAK.index)
            else:
                run = self._begin_run(device_s - seconds, pressure_kpa, level)
        run.seconds += seconds
        run.to_s = device_s
        if pressure_kpa is not None and (run.peak_kpa is None or pressure_kpa > run.peak_kpa):
            run.peak_kpa = pressure_kpa

    def _begin_run(self, from_s: float, pressure_kpa: float | None, level: Level) -> LevelRun:
        run = LevelRun(level, self._contact, from_s, from_s, 0.0, pressure_kpa)
        self.runs.append(run)
        return run

    def _end_squeeze(self) -> None:
        """Keep what the present squeeze reached: too much, where any of it was."""
        present = takewhile(lambda run: run.contact == self._contact, reversed(self.runs))
        highest = max(present, key=lambda run: run.peak_kpa or 0.0, default=None)
        if highest is not None:
            self._squeezed.append(highest)
