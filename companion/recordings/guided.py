"""A guided session out of a store: what was said then, over the samples as they came."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from companion.coaching.events import (
    AlertRaised,
    Event,
    SessionFinished,
    SessionStarted,
    StepFinished,
    StepStarted,
)
from companion.coaching.routine import Routine, Step
from companion.recordings.retelling import Retelling
from companion.recordings.tape import Heard, Note
from companion.sensing.engine import Engine
from companion.sensing.replay import Change, Replay
from companion.sensing.tool import Tool
from protocols.telemetry import Telemetry


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept of a session.

    Attributes:
        tool: the tool, with the contact area on which it was judged.
        frames: what it sent, in the order in which it came.
        changes: its zeros and the tasks of its steps, in order of time.
        events: what was said.
        routine: as it was used.
        last_s: end of the last sample, on the tool clock.
    """

    tool: Tool
    frames: Iterable[Telemetry]
    changes: Sequence[Change]
    events: Sequence[Event]
    routine: Routine
    last_s: float


class Guided:
    """A source of a tape: nothing is said but what was said then.

    Args:
        kept: the session.

    Attributes:
        begin_s: when the session began, on the tool clock.
        end_s: when it ended; of one that broke off, when the last of it came.
        tells_ahead: yes: every warning is known from the beginning.
    """

    tells_ahead = True

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._untold = kept.events
        events = kept.events
        begun = next((e.device_s for e in events if isinstance(e, SessionStarted)), 0.0)
        said_s = max((event.device_s for event in events), default=begun)
        is_over = any(isinstance(event, SessionFinished) for event in events)
        self.begin_s = begun
        self.end_s = said_s if is_over else max(said_s, kept.last_s)

    def retelling(self) -> Retelling:
        """Return the session before its first event."""
        routine = self._kept.routine
        return Retelling(routine.title, routine.about_s, _steps(routine, self._kept.events))

    def heard(self) -> Iterator[Heard]:
        """Yield every frame as the engine takes it; what was sent again was not heard live."""
        replay = Replay(Engine(self._kept.tool), self._kept.changes)
        live = (frame for frame in self._kept.frames if not frame.resent)
        for frame, sensed in replay.run(live):
            yield Heard(frame, sensed, replay.engine.trace)

    def told(self, _heard: Heard | None) -> Iterable[Event]:
        """Return all that was said, the first time."""
        told, self._untold = self._untold, ()
        return told

    def note(self, event: Event) -> Note | None:
        """Return what a warning is noted as; None for any other event."""
        return Note(event.device_s, event.level) if isinstance(event, AlertRaised) else None

    def kpa(self, pressure_kpa: float) -> float:
        """Return the pressure as it is."""
        return pressure_kpa


def _steps(routine: Routine, events: Sequence[Event]) -> tuple[Step, ...]:
    """Return the steps that were done of a routine: some are left out where a tool lacks force."""
    count = next((e.steps for e in events if isinstance(e, SessionStarted)), len(routine.steps))
    if count == len(routine.steps):
        return routine.steps
    told = (e.step for e in events if isinstance(e, StepStarted | StepFinished))
    summaries = (e.summary.steps for e in events if isinstance(e, SessionFinished))
    known = {*told, *(step.step for step in chain.from_iterable(summaries))}
    return tuple(step for step in routine.steps if step.id in known)
