"""What a step was with the samples that came late: a second walk, behind the live one."""

from collections import deque
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import replace
from functools import partial
from operator import attrgetter
from typing import Final, Generic, NamedTuple, Protocol, Self, TypeVar

from companion.coaching.attempt import Attempt
from companion.coaching.events import AlertRecord
from companion.coaching.ledger import Ledger
from companion.coaching.sample_clock import GAP_S, SampleClock
from companion.coaching.stroke_log import StrokeLog
from protocols.telemetry import Telemetry

PACE: Final = 8
"""Entries gone through with each live frame: forty samples of the usual five cost less than a
millisecond, so that catching up with a minute delays no warning (engineering choice)."""

KEPT: Final = 100
"""Entries after which the copy is taken anew: five seconds of the usual frames, which are gone
through once samples are missing (engineering choice)."""

_MILLION: Final = 1_000_000


class Seen(NamedTuple):
    """A step as it was, looked at again with what came late.

    Attributes:
        attempt: its repetitions, times and pressures.
        ledger: time and samples of the session up to its end.
        warnings: the over-pressure that a link without holes would have warned of.
        strokes: every stroke of it.
    """

    attempt: Attempt
    ledger: Ledger
    warnings: tuple[AlertRecord, ...]
    strokes: StrokeLog


class Walks(Protocol):
    """A session as far as it is walked through once more."""

    def hear(self, telemetry: Telemetry) -> object:
        """Take in samples, and stay in the step whatever they say."""

    def silence(self, device_s: float) -> object:
        """Take note that no samples come."""

    def end_step(self, now_s: float) -> Seen:
        """Fix what is under way in the step; return what it was."""

    def shared(self) -> Iterable[object]:
        """Return what never changes: a copy has it in common."""


W = TypeVar("W", bound=Walks)


class _Hole:
    """A stretch without samples, and what came of it late."""

    def __init__(self, from_us: int, to_us: int) -> None:
        self.from_us = from_us
        self.to_us = to_us
        self.frames: list[Telemetry] = []
        self.is_settled = False


class _Said(Generic[W]):
    """Something that happened to the live session, and when on the tool clock."""

    def __init__(self, at_us: int, again: Callable[[W], object]) -> None:
        self.at_us = at_us
        self.again = again


class Hindsight(Generic[W]):
    """Keeps a session as it stood before a hole, and lets it catch up once the hole is filled.

    A copy is taken now and then, once what was decided has been told, so that no decision ever
    waits for it; with it is kept what has happened since. Where samples are missing the copy is
    given that, then what came late, and then everything after it. What was told live stays as it
    was told: only the step's end looks at the copy.

    Args:
        is_worth_it: whether the tool can send samples again; if not, nothing is ever kept.

    Attributes:
        holes_s: from when to when samples were missing in the step.
    """

    def __init__(self, *, is_worth_it: bool = False) -> None:
        self.holes_s: list[tuple[float, float]] = []
        self._is_worth_it = is_worth_it
        self._past: W | None = None
        self._since_us: int | None = None
        self._is_parted = False
        self._log: deque[_Said[W] | _Hole] = deque()
        self._open: list[_Hole] = []

    def begin(self, live: W, clock: SampleClock, now_s: float) -> None:
        """A step begins, perhaps in the midst of a silence."""
        self.drop()
        self._since_us = round(now_s * _MILLION) if self._is_worth_it else None
        if clock.is_silent:
            self.silent(live)

    def drop(self) -> None:
        """No step is being done: nothing is looked back on."""
        self._past = None
        self._is_parted = False
        self._log.clear()
        self._open.clear()
        self.holes_s = []
        self._since_us = None

    def silent(self, live: W) -> None:
        """Samples stop coming, before the live session is told."""
        if self._since_us is None:
            return
        self._is_parted = True
        if self._past is None:
            self._past = _copy(live)

    def before(self, live: W, clock: SampleClock, telemetry: Telemetry) -> None:
        """A live frame comes, before the live session is told: is there a hole before it?"""
        if self._since_us is None or clock.now_s is None:
            return
        to_us = telemetry.device_us
        from_us = max(round(clock.now_s * _MILLION) + telemetry.interval_us, self._since_us)
        if to_us - from_us < telemetry.interval_us / 2:
            return
        self.silent(live)
        self.holes_s.append((from_us / _MILLION, to_us / _MILLION))
        meanwhile: deque[_Said[W]] = deque()
        while self._log and isinstance(said := self._log[-1], _Said) and said.at_us > from_us:
            meanwhile.appendleft(said)
            self._log.pop()
        for said in meanwhile:
            self._open_hole(from_us, said.at_us)
            self._log.append(said)
            from_us = said.at_us
        self._open_hole(from_us, to_us)

    def after(self, telemetry: Telemetry) -> None:
        """A live frame came, and the live session has been told."""
        if self._past is not None:
            self.also(telemetry.device_us / _MILLION, partial(_hear, telemetry))

    def catch_up(self, live: W) -> None:
        """Take the copy, or let it come nearer: not before what was decided has been told."""
        if self._since_us is None:
            return
        if self._is_parted:
            self._catch_up(PACE)
        elif self._past is None or len(self._log) >= KEPT:
            self._past = _copy(live)
            self._log.clear()

    def late(self, telemetry: Telemetry) -> None:
        """Take samples that were missing."""
        for hole in self._open:
            if hole.from_us <= telemetry.device_us < hole.to_us:
                hole.frames.append(replace(telemetry, resent=False))

    def also(self, device_s: float, again: Callable[[W], object]) -> None:
        """Something happened to the live session that is to happen to the copy, too."""
        if self._past is not None:
            self._log.append(_Said(round(device_s * _MILLION), again))

    def settled(self) -> None:
        """Nothing more comes late: the copy may go on."""
        for hole in self._open:
            hole.is_settled = True

    def close(self, now_s: float) -> Seen | None:
        """End the step; return what it was, None where nothing was missing in it."""
        past = self._past
        if past is None or not self._is_parted:
            return None
        self.settled()
        while self._log:
            self._catch_up(len(self._log))
        self._past = None
        return past.end_step(now_s)

    def __deepcopy__(self, _memo: dict[int, object]) -> Self:
        """Return one that looks back on nothing: a copy is not copied again."""
        return type(self)()

    def _open_hole(self, from_us: int, to_us: int) -> None:
        hole = _Hole(from_us, to_us)
        self._open.append(hole)
        self._log.append(hole)

    def _catch_up(self, most: int) -> None:
        past = self._past
        for _ in range(most):
            if past is None or not self._log:
                return
            entry = self._log[0]
            if isinstance(entry, _Hole) and not entry.is_settled:
                return
            self._log.popleft()
            if isinstance(entry, _Hole):
                self._open.remove(entry)
                self._fill(past, entry)
            else:
                entry.again(past)

    def _fill(self, past: W, hole: _Hole) -> None:
        """Put what came late in its place; what did not come is silence there, too."""
        frames = sorted(hole.frames, key=attrgetter("device_us"))
        first_us = frames[0].device_us if frames else hole.to_us
        if first_us - hole.from_us > GAP_S * _MILLION:
            past.silence(hole.from_us / _MILLION)
        for frame in reversed(frames):
            self._log.appendleft(_Said(frame.device_us, partial(_hear, frame)))


def _hear(telemetry: Telemetry, past: Walks) -> None:
    past.hear(telemetry)


def _copy(live: W) -> W:
    return deepcopy(live, {id(each): each for each in live.shared()})
