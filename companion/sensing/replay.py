"""Feeds kept frames to the live engine, with every change of task and zero at its time."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from companion.sensing.engine import Engine
from companion.sensing.intake import GAP_INTERVALS
from companion.sensing.types import SensingEvent, StepEnd, Task
from protocols.telemetry import Telemetry

SILENCE_US = 300_000
"""Time without a sample after which a live session is told of the silence."""
_MILLION = 1_000_000


class Turn(NamedTuple):
    """A moment at which a step ends, begins, or both; ``task`` is what holds from there on."""

    at_us: int
    ends: bool
    begins: bool
    task: Task | None


class ZeroTurn(NamedTuple):
    """A moment at which the tool took its zero, or lost it."""

    at_us: int
    is_known: bool


Change: TypeAlias = Turn | ZeroTurn
"""What happens between two frames."""


class Replay:
    """One engine, and what is played to it.

    Args:
        engine: a live engine that has heard nothing yet.
        changes: in order of time; each comes after the frames that end no later.

    Attributes:
        engine: the engine.
        recounted: for each step that is over, the times of its repetitions, looked at again.
        unseen: how many more there may have been in them, wholly where samples are missing.
    """

    def __init__(self, engine: Engine, changes: Iterable[Change] = ()) -> None:
        self.engine = engine
        self.recounted: list[tuple[float, ...]] = []
        self.unseen = 0
        self._changes = deque(changes)
        self._is_open = False
        self._unheard: ZeroTurn | None = None

    def run(self, frames: Iterable[Telemetry]) -> Iterator[tuple[Telemetry, list[SensingEvent]]]:
        """Yield each frame with what the engine says to it, and to what came before it."""
        newest_us: int | None = None
        for frame in frames:
            events: list[SensingEvent] = []
            if newest_us is not None and _is_silent(newest_us, frame):
                silent_us = newest_us + SILENCE_US
                events += self._changed(silent_us)
                events += self.engine.silence(silent_us / _MILLION)
            newest_us = frame.device_us + (len(frame.samples) - 1) * frame.interval_us
            events += self._changed(newest_us)
            events += self.engine.receive(frame)
            yield frame, events

    def end(self) -> StepEnd:
        """End at the last sample: what that brings out, and every repetition, counted again."""
        events = self._changed((self.engine.intake.last_us or 0) + 1)
        if self._is_open:
            events += self._finished()
            self._is_open = False
        times_s = tuple(time_s for step in self.recounted for time_s in step)
        return StepEnd(events=tuple(events), repetitions_s=times_s, unseen=self.unseen)

    def _changed(self, before_us: int) -> list[SensingEvent]:
        """Let everything happen that happened before a moment."""
        events: list[SensingEvent] = []
        if self._unheard is not None:
            events += self._zeroed(self._unheard)
        while self._changes and self._changes[0].at_us < before_us:
            change = self._changes.popleft()
            events += self._turned(change) if isinstance(change, Turn) else self._zeroed(change)
        return events

    def _zeroed(self, zero: ZeroTurn) -> list[SensingEvent]:
        """Take or lose a zero; one of a time before anything was kept is of the first frame.

        The tool's own clock can lag behind its samples: the moment it is told of a zero then lies
        within the first frame, which the zero was taken from.
        """
        is_unheard = zero.is_known and self.engine.intake.last_us is None
        self._unheard = zero if is_unheard else None
        if is_unheard:
            return []
        return self.engine.tared(zero.at_us / _MILLION) if zero.is_known else self.engine.untared()

    def _turned(self, turn: Turn) -> list[SensingEvent]:
        events = list(self._finished()) if turn.ends else []
        self._is_open = turn.begins
        return events + self.engine.begin(turn.task)

    def _finished(self) -> Sequence[SensingEvent]:
        end = self.engine.finish()
        self.recounted.append(end.repetitions_s)
        self.unseen += end.unseen
        return end.events


def _is_silent(newest_us: int, frame: Telemetry) -> bool:
    hole_us = frame.device_us - newest_us
    return hole_us > SILENCE_US and hole_us > GAP_INTERVALS * frame.interval_us
