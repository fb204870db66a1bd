"""A session of the past, taken in by the engine of today once, to be looked at at any moment."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from math import inf, isnan, nan
from typing import NamedTuple, Protocol

from companion.coaching.events import Event
from companion.coaching.sample_clock import SampleClock
from companion.coaching.view import Phase
from companion.recordings.retelling import Retelling
from companion.recordings.trends import Trends
from companion.sensing.trace import Trace
from companion.sensing.types import Level, Point, SensingEvent
from protocols.telemetry import Telemetry

SILENCE_S = 0.3
"""After this long without a sample a live session was told of the silence."""
_LEVELS = tuple(Level)
_NUMBERS = {level: number for number, level in enumerate(_LEVELS)}
_MILLION = 1_000_000
_COUNTS = frozenset({Phase.RUNNING, Phase.RESTING})


class Heard(NamedTuple):
    """A frame, what the engine said to it, and the trace that its points went to."""

    frame: Telemetry
    sensed: Sequence[SensingEvent]
    trace: Trace


class Note(NamedTuple):
    """A warning: when it was raised on the tool clock, and its level."""

    at_s: float
    level: Level


class Source(Protocol):
    """Where a tape comes from.

    Attributes:
        begin_s: when it begins, on the tool clock; what comes before is heard, not shown.
        end_s: when it ends.
        tells_ahead: all events are told with the first frame.
    """

    begin_s: float
    end_s: float
    tells_ahead: bool

    def retelling(self) -> Retelling:
        """Return the session before its first event."""
        ...

    def heard(self) -> Iterator[Heard]:
        """Yield every frame as the engine takes it."""
        ...

    def told(self, heard: Heard | None) -> Iterable[Event]:
        """Return the events up to a frame that were not returned yet; None: all that are left."""
        ...

    def note(self, event: Event) -> Note | None:
        """Return what a warning is noted as; None for any other event."""
        ...

    def kpa(self, pressure_kpa: float) -> float:
        """Return what is shown for a pressure of the trace."""
        ...


class Points:
    """Pressure samples by time: 17 bytes each, so that hours of them have room."""

    def __init__(self) -> None:
        self._at_s, self._kpa, self._level = array("d"), array("d"), bytearray()

    def add(self, at_s: float, shown_kpa: float | None, level: Level) -> None:
        """Take a sample, with the pressure that is shown for it."""
        self._at_s.append(at_s)
        self._kpa.append(nan if shown_kpa is None else shown_kpa)
        self._level.append(_NUMBERS[level])

    def between(self, after_s: float, to_s: float) -> Iterator[Point]:
        """Yield the samples after a moment, up to another."""
        for at in range(bisect_right(self._at_s, after_s), bisect_right(self._at_s, to_s)):
            yield self._point(at)

    def newest(self, at_s: float) -> Point | None:
        """Return the newest sample at a moment; None before the first."""
        at = bisect_right(self._at_s, at_s) - 1
        return None if at < 0 else self._point(at)

    def _point(self, at: int) -> Point:
        kpa = self._kpa[at]
        return Point(self._at_s[at], None if isnan(kpa) else kpa, _LEVELS[self._level[at]])


class Lengths:
    """How long session and step have lasted, by the time of each frame."""

    def __init__(self) -> None:
        self._at_s, self._session_s, self._phase_s = array("d"), array("d"), array("d")

    def add(self, at_s: float, session_s: float, phase_s: float) -> None:
        """Take what holds from the end of a frame on."""
        self._at_s.append(at_s)
        self._session_s.append(session_s)
        self._phase_s.append(phase_s)

    def at(self, at_s: float) -> tuple[float, float]:
        """Return seconds of the session and of its step or rest."""
        at = bisect_right(self._at_s, at_s) - 1
        return (0.0, 0.0) if at < 0 else (self._session_s[at], self._phase_s[at])


class Tape:
    """What a source gives, frame by frame; times in seconds of the tool clock.

    Args:
        source: what is taken in.

    Attributes:
        source: what is taken in.
        points: the trace.
        lengths: of session and step.
        trends: where the pressure was going.
        notes: the warnings that are known so far.
        holes: from and to, where samples are missing.
        filled_s: everything up to here has been taken in.
        is_whole: there is nothing more to take in.
        rate_hz: samples per second; None before the first frame.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.points, self.lengths, self.trends = Points(), Lengths(), Trends()
        self.notes: list[Note] = []
        self.holes: list[tuple[float, float]] = []
        self.filled_s = -inf
        self.is_whole = False
        self.rate_hz: float | None = None
        self._events: list[Event] = []
        self._event_s = array("d")
        self._heard = source.heard()
        self._clock = SampleClock()
        self._retelling = source.retelling()
        self._retold = 0
        self._session_s = self._phase_s = 0.0
        self._cursor = 0

    def fill(self) -> bool:
        """Take one more frame in; False when there are no more."""
        heard = next(self._heard, None)
        self._tell(self.source.told(heard))
        if heard is None:
            self._end()
            return False
        self._take(heard)
        return True

    @property
    def knows_warnings(self) -> bool:
        """Whether no more warnings can come up."""
        return self.is_whole or self.source.tells_ahead

    def events(self, after_s: float, to_s: float) -> list[Event]:
        """Return what was said after a moment, up to another."""
        first, last = bisect_right(self._event_s, after_s), bisect_right(self._event_s, to_s)
        return self._events[first:last]

    def is_in_hole(self, at_s: float) -> bool:
        """Return whether samples are missing at a moment, for longer than is not noticed."""
        at = bisect_left(self.holes, (at_s, inf)) - 1
        return at >= 0 and self.holes[at][0] + SILENCE_S < at_s < self.holes[at][1]

    def _tell(self, events: Iterable[Event]) -> None:
        for event in events:
            newest_s = self._event_s[-1] if self._event_s else -inf
            self._event_s.append(max(newest_s, event.device_s))
            self._events.append(event)
            note = self.source.note(event)
            if note is not None:
                self.notes.append(note)

    def _take(self, heard: Heard) -> None:
        frame, clock = heard.frame, self._clock
        self.rate_hz = self.rate_hz or _MILLION / frame.interval_us
        before_s = clock.now_s
        covered_s = clock.advance(frame)
        now_s = clock.now_s or 0.0
        if clock.gap_s and before_s is not None:
            self.holes.append((before_s, frame.device_us / _MILLION))
        points, self._cursor = heard.trace.plain_since(self._cursor)
        for at_s, kpa, level in points:
            self.points.add(at_s, None if kpa is None else self.source.kpa(kpa), level)
        self._count(covered_s, now_s)
        step, doubt = self._retelling.step, self._retelling.doubt
        self.trends.watch.take(points, step, doubt, is_least=frame.saturated)
        self.trends.keep(now_s)
        self.filled_s = now_s

    def _end(self) -> None:
        """Take note that no samples come any more; up to the end they are missing."""
        last_s, end_s = self._clock.now_s, self.source.end_s
        if not self.is_whole and last_s is not None and end_s - last_s > SILENCE_S:
            self.holes.append((last_s, end_s))
        self.is_whole, self.filled_s = True, inf

    def _count(self, covered_s: float, now_s: float) -> None:
        """Count a frame to what was under way in it, and then let what was said at its end hold."""
        if self._retelling.phase in _COUNTS:
            self._session_s += covered_s
            self._phase_s += covered_s
        for event in self._due(now_s):
            if self._retelling.take(event):
                self._phase_s = 0.0
        self.lengths.add(now_s, self._session_s, self._phase_s)

    def _due(self, now_s: float) -> Iterator[Event]:
        while self._retold < len(self._events) and self._event_s[self._retold] <= now_s:
            yield self._events[self._retold]
            self._retold += 1
