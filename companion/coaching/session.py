"""A session: a routine walked through on sample time, and everything worth telling about it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import assert_never

from companion.coaching.alerts import AlertDesk
from companion.coaching.attempt import task_of
from companion.coaching.care import CareTable
from companion.coaching.course import Course
from companion.coaching.events import (
    Command,
    Event,
    Score,
    SessionFinished,
    SessionOutcome,
    SessionPaused,
    SessionResumed,
    StepOutcome,
    StepResult,
    Summary,
    Unscored,
)
from companion.coaching.hints.dose import Bounds
from companion.coaching.person import lowered
from companion.coaching.routine import Routine, Step, StepKind
from companion.coaching.sample_clock import SampleClock
from companion.coaching.score import session_score
from companion.coaching.sensing_engine import SensingEngine
from companion.coaching.summary import advice
from companion.coaching.telling import Telling
from companion.coaching.view import Phase, View
from companion.sensing.types import (
    ContactBegan,
    ContactEnded,
    Doubt,
    FaultEnded,
    FaultFound,
    OverPressureCleared,
    SensingEvent,
    Task,
)
from protocols.telemetry import Telemetry

_ENDINGS = {
    Command.STOP: SessionOutcome.STOPPED,
    Command.QUIT: SessionOutcome.STOPPED,
    Command.UNWELL: SessionOutcome.UNWELL,
}
_EXCUSED = frozenset({SessionOutcome.UNWELL, SessionOutcome.INTERRUPTED})
_BEFORE_THE_START = (FaultFound, FaultEnded, ContactBegan, ContactEnded)


class Session:
    """Walks through a routine: telemetry and commands in, events out.

    A step ends with its last repetition or at its time limit, at the end of the frame in which
    it happens, and the next one begins at once. Timers run while samples come and the session
    is not paused. Nothing here raises on any telemetry.

    Args:
        routine: what is to be done; a tool step without a band gets the care table's.
        engine: the sensing engine of the tool in hand.
        care: the limits by zone and technique.
        bounds: what else holds for the person; None for no caps and a face that is upright.

    Raises:
        ValueError: the routine has no steps, or a tool step that the care table refuses.
    """

    def __init__(
        self,
        routine: Routine,
        engine: SensingEngine,
        care: CareTable,
        bounds: Bounds | None = None,
    ) -> None:
        if not routine.steps:
            raise ValueError("a routine needs a step")
        self.routine = replace(routine, steps=tuple(_with_band(s, care) for s in routine.steps))
        self._own_steps = self.routine.steps
        self.engine = engine
        self._phase = Phase.WAITING
        self._clock = SampleClock()
        self._alerts = AlertDesk()
        self._course = Course(self.routine.steps)
        self._telling = Telling(
            self._course, self._alerts, engine.tool.contact_area_m2, bounds or Bounds()
        )
        self._began_s: float | None = None
        self._elapsed_s = 0.0
        self._gaps_s = 0.0
        self._samples = 0
        self._cursor = 0

    @property
    def finished(self) -> bool:
        """Whether the session is over."""
        return self._phase is Phase.FINISHED

    def start(self, device_s: float) -> list[Event]:
        """Begin the first step; nothing if the session has begun."""
        if self._phase is not Phase.WAITING:
            return []
        self._phase = Phase.RUNNING
        self._began_s = self._now(device_s)
        return self._enter(0, self._began_s)

    def receive(self, telemetry: Telemetry) -> list[Event]:
        """Take in samples; samples sent again change nothing that was said live."""
        if self.finished:
            return []
        sensed = self.engine.receive(telemetry)
        if telemetry.resent:
            return []
        points, self._cursor = self.engine.trace.since(self._cursor)
        covered_s = self._clock.advance(telemetry)
        if self._phase is Phase.WAITING:
            return self._told(s for s in sensed if isinstance(s, _BEFORE_THE_START))
        self._samples += len(telemetry.samples)
        interval_s = telemetry.interval_us / 1e6
        self._telling.coach.remember(points, interval_s)
        events, attempt = self._told(sensed), self._course.attempt
        attempt.tally.turned(self._telling.contact_turns())
        if self._phase is Phase.PAUSED:
            return events
        self._elapsed_s += covered_s
        self._gaps_s += self._clock.gap_s
        attempt.elapsed_s += covered_s
        now_s = self._now(0.0)
        if attempt.step.band is not None:
            attempt.tally.unheard(self._clock.gap_s)
            attempt.tally.add(points, interval_s)
            events += self._telling.hints(points, interval_s, now_s, self._elapsed_s)
        outcome = attempt.outcome
        return events if outcome is None else events + self._leave(outcome, now_s)

    def tared(self, device_s: float) -> list[Event]:
        """Take note that the tool has been tared."""
        events = self._told(self.engine.tared(device_s))
        self._course.attempt.cannot_judge = self._doubt(self._course.step)
        return events

    def tool_restarted(self, device_s: float) -> list[Event]:
        """Take note that the tool has restarted: its tare is gone, and what was before is a gap."""
        events = self._told(self.engine.untared())
        self._course.attempt.cannot_judge = self._doubt(self._course.step)
        return events + self.silence(device_s)

    def silence(self, device_s: float) -> list[Event]:
        """Take note that no samples come: timers hold, warnings end as unknown."""
        if self.finished:
            return []
        self._clock.silence()
        events = self._told(self.engine.silence(device_s))
        events += self._telling.hints_over("unknown", self._now(device_s))
        return events + self._alerts.clear_all(self._now(device_s), "unknown")

    def command(self, command: Command, device_s: float) -> list[Event]:
        """Do what the person asks for; what does not fit the moment does nothing."""
        now_s = self._now(device_s)
        if command in _ENDINGS:
            return [] if self.finished else self._finish(_ENDINGS[command], now_s)
        if self._phase in {Phase.WAITING, Phase.FINISHED}:
            return []
        return self._steer(command, now_s)

    def interrupt(self, device_s: float) -> list[Event]:
        """End the session for a reason that is not the person's."""
        return (
            [] if self.finished else self._finish(SessionOutcome.INTERRUPTED, self._now(device_s))
        )

    def lower(self, share: float) -> None:
        """Lower the limits from the next step on; the present one keeps what it began with.

        Args:
            share: of the routine's own limits, above 0 and at most 1: they are never raised.
        """
        self._course.steps = tuple(_lowered(step, min(share, 1.0)) for step in self._own_steps)

    def limits_n(self) -> tuple[float, float] | None:
        """Return caution and stop of the present step in newtons on the whole contact area.

        None where nothing is judged: between sessions, on a hand step, or where it cannot be.
        """
        area_m2, band = self.engine.tool.contact_area_m2, self._course.attempt.step.band
        running = self._phase in {Phase.RUNNING, Phase.PAUSED}
        if not running or band is None or area_m2 is None or self.engine.can_judge(band):
            return None
        return band.caution_kpa * 1e3 * area_m2, band.stop_kpa * 1e3 * area_m2

    def view(self) -> View:
        """Return the session as it stands."""
        attempt = self._course.attempt
        return View(
            phase=self._phase,
            title=self.routine.title,
            about_s=self.routine.about_s,
            session_elapsed_s=self._elapsed_s,
            steps=self.routine.steps,
            states=self._course.states,
            index=self._course.index,
            repetitions=attempt.repetitions,
            step_elapsed_s=attempt.elapsed_s,
            level=self.engine.level,
            doubt=self.engine.doubt,
            pressure_kpa=self.engine.pressure_kpa,
            cannot_judge=attempt.cannot_judge,
            alerts=self._alerts.standing,
            acknowledged=self._alerts.acknowledged,
            slip_note=self.routine.slip_note,
        )

    def _now(self, device_s: float) -> float:
        return self._clock.at(device_s)

    def _doubt(self, step: Step) -> Doubt | None:
        return None if step.band is None else self.engine.can_judge(step.band)

    def _steer(self, command: Command, now_s: float) -> list[Event]:
        match command:
            case Command.PAUSE:
                return self._pause(now_s)
            case Command.SKIP:
                return self._leave(StepOutcome.SKIPPED, now_s)
            case Command.REPEAT:
                return self._enter(self._course.index, now_s, left=StepOutcome.REPEATED)
            case Command.BACK:
                return self._back(now_s)
            case Command.ACKNOWLEDGE:
                return self._alerts.acknowledge(now_s)
            case Command.TARE | Command.MUTE | Command.STOP | Command.UNWELL | Command.QUIT:
                return []
            case _:
                assert_never(command)

    def _leave(self, outcome: StepOutcome, now_s: float) -> list[Event]:
        if self._course.is_last:
            return self._finish(SessionOutcome.FINISHED, now_s, left=outcome)
        return self._enter(self._course.index + 1, now_s, left=outcome)

    def _back(self, now_s: float) -> list[Event]:
        """Begin the step before; the first one has none and is begun again."""
        index = self._course.index
        left = StepOutcome.SKIPPED if index else StepOutcome.REPEATED
        return self._enter(max(0, index - 1), now_s, left=left)

    def _enter(self, index: int, now_s: float, left: StepOutcome | None = None) -> list[Event]:
        """Begin a step, the one before ended: its warnings first, then the new step's level."""
        if left is not None:
            self._count_silence(now_s)
        step = self._course.steps[index]
        if step is not self.routine.steps[index]:
            steps = self.routine.steps
            self.routine = replace(self.routine, steps=(*steps[:index], step, *steps[index + 1 :]))
        ended, begun = self._retask(task_of(step))
        events = self._ended(ended, left, now_s)
        touching = self._telling.touching
        self._telling.coach.begin(now_s)
        events.append(self._course.begin(index, self._doubt(step), now_s, touching=touching))
        return events + self._told(begun)

    def _count_silence(self, now_s: float) -> None:
        """Count the silence so far to the step in which it was."""
        if self._phase is Phase.RUNNING:
            unheard_s = self._clock.take_unheard_s(now_s)
            self._gaps_s += unheard_s
            self._course.attempt.tally.unheard(unheard_s)

    def _finish(
        self, outcome: SessionOutcome, now_s: float, left: StepOutcome = StepOutcome.STOPPED
    ) -> list[Event]:
        ended, _ = self._retask(None)
        self._count_silence(now_s)
        is_excused = outcome in _EXCUSED
        left_now = left if self._course.begun else None
        events = self._ended(ended, left_now, now_s, is_excused=is_excused)
        self._phase = Phase.FINISHED
        results = self._course.results(now_s, is_excused=is_excused)
        summary = self._summary(outcome, results)
        return [*events, SessionFinished(device_s=now_s, outcome=outcome, summary=summary)]

    def _retask(self, task: Task | None) -> tuple[Sequence[SensingEvent], list[SensingEvent]]:
        """Set the engine's task; return what ends the old one, and what begins the new one."""
        sensed = self.engine.begin(task)
        ended = [s for s in sensed if isinstance(s, OverPressureCleared)]
        return ended, [s for s in sensed if not isinstance(s, OverPressureCleared)]

    def _ended(
        self,
        sensed: Sequence[SensingEvent],
        outcome: StepOutcome | None,
        now_s: float,
        *,
        is_excused: bool = False,
    ) -> list[Event]:
        events = self._told(sensed) + self._telling.hints_over("step_ended", now_s)
        events += self._alerts.clear_all(now_s, "step_ended")
        if outcome is None:
            return events
        records = self._alerts.records
        return [*events, self._course.end(outcome, now_s, records, is_excused=is_excused)]

    def _pause(self, now_s: float) -> list[Event]:
        if self._phase is Phase.PAUSED:
            self._phase = Phase.RUNNING
            return [SessionResumed(device_s=now_s)]
        self._phase = Phase.PAUSED
        events = self._telling.hints_over("paused", now_s)
        return [*events, SessionPaused(device_s=now_s)]

    def _summary(self, outcome: SessionOutcome, results: tuple[StepResult, ...]) -> Summary:
        alerts, score = self._alerts.records, session_score(results)
        return Summary(
            routine=self.routine.name,
            outcome=outcome,
            duration_s=self._elapsed_s,
            steps=results,
            alerts=alerts,
            gaps_s=self._gaps_s,
            samples=self._samples,
            advice=advice(self.routine.steps, results, alerts, self._gaps_s),
            score=score if isinstance(score, Score) else None,
            unscored=score if isinstance(score, Unscored) else None,
            began_s=self._began_s,
        )

    def _told(self, found: Iterable[SensingEvent]) -> list[Event]:
        return self._telling.told(found, counting=self._phase is Phase.RUNNING)


def _lowered(step: Step, share: float) -> Step:
    return step if step.band is None else replace(step, band=lowered(step.band, share))


def _with_band(step: Step, care: CareTable) -> Step:
    """Return a step with its limits: a tool step has some, a hand step has none."""
    if step.kind is StepKind.HAND:
        return replace(step, band=None)
    limits = care.limits(step.zone, step.technique)
    if limits is None:
        raise ValueError(f"step {step.id}: {step.technique} is refused on {step.zone}")
    return replace(step, band=step.band or limits.band)
