"""A tape that is played: a position that time, keys and seeking move, and what is read there."""

from collections.abc import Callable, Sequence
from math import inf

from companion.coaching.events import Event, Summary
from companion.coaching.view import View
from companion.live import LinkState, LinkView, Mark, Progress
from companion.recordings.retelling import Moment
from companion.recordings.tape import Tape
from companion.sensing.trace import Trace
from companion.sensing.types import Level, Point

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Times real time, to choose from."""
RECENT_S = 60.0
"""So much of the trace before a position is shown after a jump."""
PASSED_S = 1.0
"""A warning that was reached less than this ago is not gone back to: the one before it is."""
_FRESH_S = 0.3
_FRESH_SAMPLES = 2.0
"""What was measured so many intervals ago still stands: a recording of 1 Hz has one a second."""


class Playback:
    """Reads like a live session, and can be moved about in.

    Args:
        tape: what is played; it is taken in meanwhile.
        speed: one of ``SPEEDS``.

    Attributes:
        trace: the ring of pressure samples that were played.
        jumps: how many times the position changed otherwise than by time that passed.
    """

    def __init__(self, tape: Tape, speed: float = 1.0) -> None:
        self.trace = Trace()
        self.jumps = 0
        self._tape = tape
        self._speed = speed
        self._is_paused = False
        self._seeking: Callable[[], float | None] | None = None
        self._at_s = tape.source.begin_s
        self._retelling = tape.source.retelling()
        tape.fill()
        self._jump(tape.source.begin_s)

    @property
    def muted(self) -> bool:
        """Whether sound is off: nobody can have switched it off."""
        return False

    @property
    def summary(self) -> Summary | None:
        """What the session had come to, once its end has been shown."""
        return self._retelling.summary

    def view(self) -> View:
        """Return the session as it stood at the position."""
        session_s, phase_s = self._tape.lengths.at(self._at_s)
        newest = self._tape.points.newest(self._at_s)
        is_fresh = newest is not None and self._at_s - newest.device_s <= self._fresh_s
        level = newest.level if newest is not None and is_fresh else Level.UNKNOWN
        kpa = newest.pressure_kpa if newest is not None and is_fresh else None
        trend = self._tape.trends.at(self._at_s) if is_fresh else None
        return self._retelling.view(Moment(session_s, phase_s, level, kpa, trend))

    def link(self) -> LinkView:
        """Return the link as far as it is known of then."""
        told = self._retelling
        state = LinkState.LIVE if told.is_linked else LinkState.LOST
        if told.is_linked and self._tape.is_in_hole(self._at_s):
            state = LinkState.SILENT
        return LinkView(
            state=state,
            tool=told.tool,
            rate_hz=self._tape.rate_hz,
            battery_percent=told.battery_percent,
        )

    def progress(self) -> Progress:
        """Return where it stands."""
        begin_s, tape = self._tape.source.begin_s, self._tape
        return Progress(
            position_s=self._at_s - begin_s,
            length_s=self._end_s - begin_s,
            speed=self._speed,
            is_paused=self._is_paused,
            is_seeking=self._seeking is not None or self._is_held_up,
            taken_s=max(0.0, min(tape.filled_s, self._end_s) - begin_s),
            marks=[Mark(note.at_s - begin_s, note.level) for note in tape.notes],
            holes=[(from_s - begin_s, to_s - begin_s) for from_s, to_s in tape.holes],
        )

    def recent(self) -> Sequence[Point]:
        """Return the samples of the last minute before the position; a jump adds none."""
        from_s = max(self._at_s - RECENT_S, self._tape.source.begin_s)
        return list(self._tape.points.between(from_s, self._at_s))

    def fill(self) -> bool:
        """Take one more frame in; False when there are no more."""
        return self._tape.fill()

    def advance(self, seconds: float) -> Sequence[Event]:
        """Let time pass, at the speed chosen; return what was said in it."""
        if self._seeking is not None:
            self._seek()
            return []
        if self._is_paused or self._at_s >= self._end_s:
            return []
        to_s = min(self._at_s + seconds * self._speed, self._end_s, self._tape.filled_s)
        return self._play(max(to_s, self._at_s))

    def pause(self) -> None:
        """Stand still, or go on; at the end, begin again."""
        if self._at_s >= self._end_s:
            self._is_paused = False
            self.seek_edge(end=False)
        else:
            self._is_paused = not self._is_paused

    def change_speed(self, *, faster: bool) -> None:
        """Take the next speed; none is beyond the first and the last."""
        at = SPEEDS.index(self._speed) + (1 if faster else -1)
        self._speed = SPEEDS[min(max(at, 0), len(SPEEDS) - 1)]

    def seek(self, seconds: float) -> None:
        """Go forward, or back."""
        self._seek_to(self._aim_s + seconds)

    def seek_edge(self, *, end: bool) -> None:
        """Go to the beginning or to the end."""
        self._seek_to(self._end_s if end else self._tape.source.begin_s)

    def seek_warning(self, *, later: bool) -> None:
        """Go to the next warning, or to the one before; where there is none, stay."""
        self._seeking = self._next_warning if later else self._warning_before
        self._seek()

    @property
    def _fresh_s(self) -> float:
        """How old the newest sample may be; in a hole nothing is fresh for longer than live."""
        rate_hz = self._tape.rate_hz
        if rate_hz is None or self._tape.is_in_hole(self._at_s):
            return _FRESH_S
        return max(_FRESH_S, _FRESH_SAMPLES / rate_hz)

    @property
    def _end_s(self) -> float:
        return self._tape.source.end_s

    @property
    def _is_held_up(self) -> bool:
        return not self._is_paused and self._tape.filled_s <= self._at_s < self._end_s

    @property
    def _aim_s(self) -> float:
        """Where it is going: several keys in a row add up."""
        aim_s = None if self._seeking is None else self._seeking()
        return self._at_s if aim_s is None else aim_s

    def _seek_to(self, aim_s: float) -> None:
        aim_s = min(max(aim_s, self._tape.source.begin_s), self._end_s)
        self._seeking = lambda: aim_s
        self._seek()

    def _seek(self) -> None:
        """Go where it is to go, once everything up to there has been taken in."""
        aim_s = None if self._seeking is None else self._seeking()
        if aim_s is not None and (aim_s <= self._tape.filled_s or self._tape.is_whole):
            self._seeking = None
            self._jump(aim_s)

    def _next_warning(self) -> float | None:
        later = (note.at_s for note in self._tape.notes if note.at_s > self._at_s)
        found = next(later, None)
        return self._at_s if found is None and self._tape.knows_warnings else found

    def _warning_before(self) -> float:
        margin_s = 0.0 if self._is_paused else PASSED_S * max(1.0, self._speed)
        before = [n.at_s for n in self._tape.notes if n.at_s < self._at_s - margin_s]
        return before[-1] if before else self._at_s

    def _jump(self, to_s: float) -> None:
        self.jumps += 1
        self._retelling = self._tape.source.retelling()
        for event in self._tape.events(-inf, to_s):
            self._retelling.take(event)
        self._at_s = to_s

    def _play(self, to_s: float) -> list[Event]:
        """Move the position on; return what was said on the way."""
        events = self._tape.events(self._at_s, to_s)
        for event in events:
            self._retelling.take(event)
        for point in self._tape.points.between(self._at_s, to_s):
            self.trace.add(*point)
        self._at_s = to_s
        return events
