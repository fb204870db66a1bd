"""One session on its way into the store: events at once, telemetry a second at a time."""

import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final, Protocol
from uuid import uuid4

from companion.coaching.events import Event, SessionFinished, SessionStarted
from companion.coaching.stroke_log import StrokeNews
from companion.sensing.types import Point
from companion.store.blocks import Units
from companion.store.compacting import Compacted
from companion.store.entries import CameLate, Said, Samples, SessionBegan, SessionEnded, ToolRow
from companion.store.grouping import Most, block_row, end_us, goes_on, has_room
from companion.store.outbox import Together
from companion.store.strokes import StrokeSaid
from companion.store.trace import Traced, Tracing
from companion.store.writer import Entry, Later
from companion.strict_json import as_plain
from protocols.massage_tool import PROFILE_VERSION
from protocols.telemetry import Telemetry

SMALL: Final = Most(1_000_000, 1_000)
"""A second: what a power cut may take of the raw samples."""

ZERO_US: Final = 2_000_000
"""Kept from before the beginning: the tool took its zero then, and what hung on its sensor while
it did so must be known to tell the force on the skin."""

EARLY_FRAMES: Final = 64
"""Frames that wait for a beginning: more than come between an event and its arrival here."""

_BREATH_S: Final = 50e-6
"""Between two columns of a block: long enough for the event loop to get its turn."""


class Takes(Protocol):
    """Where entries go."""

    def put(self, entry: Entry) -> None:
        """Take an entry; returns at once."""


class Also(Protocol):
    """What else is written with an event, in the same transaction."""

    @property
    def uid(self) -> str:
        """Names the session for good."""

    def entries(self, event: Event) -> tuple[Entry, ...]:
        """Return what belongs to an event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of a session before it begins.

    Attributes:
        person: whose it is.
        routine: the routine's name.
        routine_body: the routine as it will be used, JSON.
        software: the companion's version.
        source: ``live``, or ``raw`` for a recording without a routine.
    """

    person: str
    routine: str
    routine_body: str
    software: str
    source: str = "live"


class Recorder:
    """Takes what a session says and what its tool sends, and puts it where it is written.

    Samples are kept from a little before the session's beginning to its end. Events reach us a
    little later than samples do, so that the newest samples wait for a beginning that is on its
    way. Samples that were missing and came late are collected apart: they stand in blocks of their
    own, marked as resent, after the blocks that were written meanwhile.

    Args:
        takes: where entries go.
        about: what is known beforehand.
        now: the time of day, aware UTC.
        also: what else is written with an event; None for nothing.

    Attributes:
        uid: names the session.
    """

    def __init__(
        self,
        takes: Takes,
        about: About,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        also: Also | None = None,
    ) -> None:
        self.uid = uuid4().hex if also is None else also.uid
        self._also = also
        self._takes = takes
        self._about = about
        self._now = now
        self._tool: ToolRow | None = None
        self._units = Units()
        self._is_open = False
        self._said = 0
        self._blocks = 0
        self._early: deque[Telemetry] = deque(maxlen=EARLY_FRAMES)
        self._live: list[Telemetry] = []
        self._late: list[Telemetry] = []
        self._newest_us = self._heard_us = 0
        self._tracing = Tracing()
        self._strokes: list[StrokeNews] = []
        self._calibration: str | None = None

    def know(self, tool: ToolRow, units: Units, calibration: str | None = None) -> None:
        """Take note of the tool, of what its counts mean, and of its calibration, JSON."""
        self._tool, self._units, self._calibration = tool, units, calibration

    async def run(self, events: AsyncIterator[Event]) -> None:
        """Take events until there are no more."""
        async for event in events:
            self.hear(event)

    def hear(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, SessionStarted):
            self._begin(round(event.device_s * 1e6))
        if not self._is_open:
            return
        if isinstance(event, SessionFinished):
            end_us = round(event.device_s * 1e6)
            for frames in (self._live, self._late):
                frames[:] = [frame for frame in frames if frame.device_us < end_us]
                self._flush(frames)
            self._trace(is_over=True)
        fields = {"event": event.event} | as_plain(event)
        entries: list[Entry] = [Said(uid=self.uid, place=self._said, at=self._at(), fields=fields)]
        self._said += 1
        if isinstance(event, SessionFinished):
            self._is_open = False
            summary = as_plain(event.summary)
            entries.append(SessionEnded(uid=self.uid, at=self._at(), summary=summary))
        if self._also is not None:
            entries += self._also.entries(event)
        self._takes.put(entries[0] if len(entries) == 1 else Together(tuple(entries)))
        if isinstance(event, SessionFinished):
            self._takes.put(Compacted(self.uid, self._units))

    def receive(self, telemetry: Telemetry) -> None:
        """Take one frame of samples."""
        if not self._is_open:
            self._early.append(telemetry)
            return
        frames = self._late if telemetry.resent else self._live
        if telemetry.resent:
            self._heard_us = self._newest_us
        else:
            self._newest_us = end_us(telemetry)
            if self._newest_us - self._heard_us >= SMALL.device_us:
                self._flush(self._late)
        if frames and not (goes_on(frames[-1], telemetry) and has_room(frames, telemetry, SMALL)):
            self._flush(frames)
        frames.append(telemetry)
        if end_us(telemetry) - frames[0].device_us >= SMALL.device_us:
            self._flush(frames)

    def feel(self, points: Iterable[Point]) -> None:
        """Take the pressures that were judged live."""
        self._tracing.add(points)

    def stroked(self, news: StrokeNews) -> None:
        """Take a stroke, or that one is withdrawn."""
        if self._is_open:
            self._takes.put(StrokeSaid(self.uid, self._at(), news))
        else:
            self._strokes.append(news)

    def _begin(self, device_us: int) -> None:
        self._is_open = True
        about = self._about
        self._takes.put(
            SessionBegan(
                uid=self.uid,
                person=about.person,
                routine=about.routine,
                routine_body=about.routine_body,
                tool=self._tool,
                at=self._at(),
                software=about.software,
                profile=PROFILE_VERSION,
                source=about.source,
                calibration=self._calibration,
            )
        )
        self._tracing.begin(device_us / 1e6)
        for news in self._strokes:
            self.stroked(news)
        self._strokes.clear()
        for frame in self._early:
            if frame.device_us >= device_us - ZERO_US:
                self.receive(frame)
        self._early.clear()

    def _flush(self, frames: list[Telemetry]) -> None:
        if not frames:
            return
        if frames is self._late:
            self._takes.put(self._came_late())
        make = partial(self._samples, tuple(frames), self._blocks, self._at())
        frames.clear()
        self._takes.put(Later(make, is_vital=Samples.is_vital))
        self._blocks += 1
        self._trace()

    def _came_late(self) -> CameLate:
        first, last = self._late[0], self._late[-1]
        return CameLate(
            uid=self.uid,
            place=self._blocks,
            at=self._at(),
            from_us=first.device_us,
            to_us=end_us(last),
            heard_us=self._heard_us,
        )

    def _samples(self, frames: tuple[Telemetry, ...], place: int, at: str) -> Samples:
        """Return a block of frames: a millisecond's work and more, done where it is written."""
        row = block_row(frames, self._units, partial(time.sleep, _BREATH_S))
        return Samples(uid=self.uid, place=place, at=at, row=row)

    def _trace(self, *, is_over: bool = False) -> None:
        if bins := self._tracing.take(is_over=is_over):
            self._takes.put(Traced(self.uid, self._at(), bins))

    def _at(self) -> str:
        return self._now().isoformat(timespec="milliseconds")
