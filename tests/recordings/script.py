"""A session of the past that exists only on paper: a source of a tape, and what is known of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from companion.coaching.events import (
    AlertCleared,
    AlertRaised,
    Event,
    LevelChanged,
    Repetition,
    SessionFinished,
    SessionOutcome,
    SessionPaused,
    SessionResumed,
    SessionStarted,
    StepFinished,
    StepStarted,
    Summary,
)
from companion.recordings.playback import Playback
from companion.recordings.retelling import Retelling
from companion.recordings.tape import Heard, Note, Tape
from companion.sensing.trace import Trace
from companion.sensing.types import Doubt, Level
from protocols.telemetry import Sample, Telemetry
from tests.tui.fake_live import STEPS, summary

BEGIN_S, LENGTH_S = 4.0, 60.0
WARNED_S = (12.0, 25.0, 48.0)
"""Since the beginning: a caution, a stop, a caution."""
HOLE_S = (30.0, 34.0)
PAUSE_S = (40.0, 45.0)
STEP_S = (20.0,)
_LEVELS = (Level.CAUTION, Level.STOP, Level.CAUTION)
_FRAME_US, _INTERVAL_US = 100_000, 20_000


@dataclass
class Script:
    """Two steps, three warnings, a hole and a pause in a minute."""

    begin_s: float = BEGIN_S
    end_s: float = BEGIN_S + LENGTH_S
    tells_ahead: bool = True
    has_end: bool = True
    _told: bool = field(default=False)

    def retelling(self) -> Retelling:
        return Retelling("Five minutes for the face", 300.0, STEPS[:3])

    def heard(self) -> Iterator[Heard]:
        """Samples from three seconds before the beginning on, at 50 Hz; none in the hole."""
        trace = Trace()
        for number in range(10, 10 * int(self.end_s) + 1):
            since_s = number / 10 - self.begin_s
            if HOLE_S[0] < since_s < HOLE_S[1]:
                continue
            frame = Telemetry(
                device_us=number * _FRAME_US - 4 * _INTERVAL_US,
                interval_us=_INTERVAL_US,
                first_sample=number * 5,
                resent=False,
                saturated=False,
                touching=None,
                samples=(Sample((), None, None, None),) * 5,
            )
            for at in range(5):
                at_s = (frame.device_us + at * _INTERVAL_US) / 1e6
                trace.add(at_s, *_pressed(at_s - self.begin_s))
            yield Heard(frame, [], trace)

    def told(self, _heard: Heard | None) -> Iterable[Event]:
        events = [] if self._told else self.events()
        self._told = True
        return events

    def note(self, event: Event) -> Note | None:
        return Note(event.device_s, event.level) if isinstance(event, AlertRaised) else None

    def kpa(self, pressure_kpa: float) -> float:
        return pressure_kpa

    def events(self) -> list[Event]:
        """Everything that was said, in order."""
        at = self.begin_s
        said: list[Event] = [_started(at), _step(0, at), level(at + 1.0, Level.ON_TARGET)]
        for number, (after_s, grade) in enumerate(zip(WARNED_S, _LEVELS, strict=True), 1):
            said += _warned(number, at + after_s, grade)
        said += [
            Repetition(device_s=at + 15.0, step="forehead", count=1, goal=10),
            _step_over(0, at + STEP_S[0]),
            _step(1, at + STEP_S[0]),
            level(at + HOLE_S[0] + 0.3, Level.UNKNOWN, Doubt.SILENCE),
            level(at + HOLE_S[1], Level.ON_TARGET),
            SessionPaused(device_s=at + PAUSE_S[0]),
            SessionResumed(device_s=at + PAUSE_S[1]),
        ]
        if self.has_end:
            said.append(finished(at + LENGTH_S))
        return sorted(said, key=lambda event: event.device_s)


def played(script: Script | None = None, *, filled: bool = True) -> Playback:
    """Return a playback of a script, with everything taken in."""
    playback = Playback(Tape(script or Script()))
    while filled and playback.fill():
        pass
    return playback


def whole() -> Summary:
    """What the session came to."""
    return summary()


def finished(device_s: float) -> SessionFinished:
    return SessionFinished(device_s=device_s, outcome=SessionOutcome.FINISHED, summary=whole())


def level(device_s: float, to: Level, doubt: Doubt | None = None) -> LevelChanged:
    return LevelChanged(device_s=device_s, level=to, doubt=doubt, pressure_kpa=None)


def _pressed(since_s: float) -> tuple[float, Level]:
    for after_s, grade in zip(WARNED_S, _LEVELS, strict=True):
        if after_s - 0.1 <= since_s <= after_s + 1.5:
            return (10.0, grade) if grade is Level.STOP else (7.0, grade)
    return 2.0 + (since_s % 2.0), Level.ON_TARGET


def _started(device_s: float) -> SessionStarted:
    return SessionStarted(
        device_s=device_s,
        routine="five-minutes",
        title="Five minutes for the face",
        tool="Aurora roller",
        started_at="2026-11-21T07:30:00+00:00",
        steps=3,
    )


def _step(index: int, device_s: float) -> StepStarted:
    one = STEPS[index]
    return StepStarted(
        device_s=device_s,
        step=one.id,
        index=index,
        steps=3,
        kind=one.kind,
        zone=one.zone,
        side=one.side,
        technique=one.technique,
        direction=one.direction,
        repetitions=one.repetitions,
        time_limit_s=one.time_limit_s,
        band=one.band,
        cannot_judge=None,
        hint=one.hint,
    )


def _step_over(index: int, device_s: float) -> StepFinished:
    return StepFinished(
        device_s=device_s,
        step=STEPS[index].id,
        index=index,
        outcome="done",
        repetitions=10,
        goal=10,
        duration_s=20.0,
    )


def _warned(number: int, device_s: float, grade: Level) -> list[Event]:
    one = STEPS[0 if device_s < BEGIN_S + STEP_S[0] else 1]
    raised = AlertRaised(
        device_s=device_s,
        alert=number,
        kind="over_pressure",
        level=grade,
        step=one.id,
        zone=one.zone,
        side=one.side,
        onset_s=device_s - 0.06,
        pressure_kpa=7.0,
        limit_kpa=6.0,
    )
    cleared = AlertCleared(
        device_s=device_s + 1.5,
        alert=number,
        kind="over_pressure",
        level=grade,
        step=one.id,
        reason="ended",
        onset_s=device_s - 0.06,
        duration_s=1.56,
        peak_kpa=7.2,
    )
    return [
        raised,
        level(device_s, grade),
        cleared,
        level(device_s + 1.5, Level.ON_TARGET),
    ]
