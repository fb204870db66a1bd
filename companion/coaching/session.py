"""A session: a routine walked through on sample time, and everything worth telling about it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from companion.coaching.alerts import AlertDesk
from companion.coaching.attempt import task_of
from companion.coaching.care import CareTable
from companion.coaching.course import Course
from companion.coaching.events import (
    Command,
    Event,
    SessionFinished,
    SessionOutcome,
    SessionPaused,
    SessionResumed,
    SlipConfirmed,
    StepOutcome,
)
from companion.coaching.gate import Gate
from companion.coaching.hints.desk import STEP_PRIORITY
from companion.coaching.hints.dose import Bounds
from companion.coaching.ledger import Ledger
from companion.coaching.limits import with_limits
from companion.coaching.routine import Routine, Step
from companion.coaching.sample_clock import SampleClock
from companion.coaching.scaling import PLAIN_PERCENT, next_scale
from companion.coaching.sensing_engine import SensingEngine
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
    it happens, and the next one begins at once, unless the step has a rest after it, or the next
    one glides and nobody said yet that there is oil on the skin. Timers run while samples come
    and the session is neither paused nor asking. Nothing here raises on any telemetry.

    Args:
        routine: what is to be done; a tool step without a band gets the care table's.
        engine: the sensing engine of the tool in hand.
        care: the limits by zone and technique.
        bounds: what else holds for the person; None for no caps and a face that is upright.
        oiled: the person said already that oil is on the skin: it is not asked any more.
        percent: how much of the routine is to be done.

    Raises:
        ValueError: the routine has no steps, or a tool step that the care table refuses.
    """

    def __init__(
        self,
        routine: Routine,
        engine: SensingEngine,
        care: CareTable,
        bounds: Bounds | None = None,
        *,
        oiled: bool = False,
        percent: int = PLAIN_PERCENT,
    ) -> None:
        if not routine.steps:
            raise ValueError("a routine needs a step")
        steps = tuple(with_limits(step, care) for step in routine.steps)
        self.routine = replace(routine, steps=steps)
        self.engine = engine
        self._phase = Phase.WAITING
        self._paused = False
        self._gate = Gate(routine.slip_note, oiled=oiled)
        self._ledger = Ledger()
        self._clock = SampleClock()
        self._alerts = AlertDesk()
        bounds = bounds or Bounds()
        self._recline_rad = bounds.recline_rad
        self._course = Course(self.routine.steps, engine.tool.can_count, percent)
        self._telling = Telling(self._course, self._alerts, engine, bounds)
        self._cursor = 0

    @property
    def finished(self) -> bool:
        """Whether the session is over."""
        return self._phase is Phase.FINISHED

    def start(self, device_s: float) -> list[Event]:
        """Begin the first step; nothing if the session has begun."""
        if self._phase is not Phase.WAITING:
            return []
        self._ledger.began_s = self._now(device_s)
        return self._enter(0, self._ledger.began_s)

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
        self._ledger.samples += len(telemetry.samples)
        interval_s = telemetry.interval_us / 1e6
        self._telling.coach.remember(points, interval_s)
        events, attempt = self._told(sensed), self._course.attempt
        attempt.tally.turned(self._telling.contact_turns())
        if self._paused or self._phase is Phase.ASKING:
            return events
        self._ledger.elapsed_s += covered_s
        self._ledger.gaps_s += self._clock.gap_s
        if self._phase is Phase.RESTING:
            is_over = self._gate.rested(covered_s)
            return events + (self._enter(self._course.index, self._now(0.0)) if is_over else [])
        attempt.elapsed_s += covered_s
        now_s = self._now(0.0)
        if attempt.step.band is not None:
            attempt.tally.unheard(self._clock.gap_s)
            attempt.tally.add(points, interval_s)
        events += self._telling.hints(points, interval_s, now_s, self._ledger.elapsed_s)
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

    def zero_drifted(self, device_s: float, *, drifted: bool) -> list[Event]:
        """Take the tool's own word that its zero has drifted, or is right again."""
        return self._told(self.engine.zero_drifted(device_s, drifted=drifted))

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
        self._course.lower(min(share, 1.0))

    def limits_n(self) -> tuple[float, float] | None:
        """Return caution and stop of the present step in newtons on the whole contact area.

        None where nothing is judged: between sessions, on a hand step, or where it cannot be.
        """
        area_m2, band = self.engine.tool.contact_area_m2, self._course.attempt.step.band
        is_over = self._phase in {Phase.WAITING, Phase.FINISHED}
        if is_over or band is None or area_m2 is None or self.engine.can_judge(band):
            return None
        return band.caution_kpa * 1e3 * area_m2, band.stop_kpa * 1e3 * area_m2

    def view(self) -> View:
        """Return the session as it stands."""
        course, attempt = self._course, self._course.attempt
        return View(
            phase=self._shown_phase,
            title=self.routine.title,
            slot=self.routine.slot,
            about_s=self.routine.about_s * course.percent / PLAIN_PERCENT,
            session_elapsed_s=self._ledger.elapsed_s,
            steps=course.shown_steps,
            states=course.states,
            index=course.index,
            repetitions=attempt.repetitions,
            step_elapsed_s=attempt.elapsed_s,
            level=self.engine.level,
            doubt=self.engine.doubt,
            pressure_kpa=self.engine.pressure_kpa,
            cannot_judge=attempt.cannot_judge,
            cannot_count=attempt.cannot_count,
            alerts=self._alerts.standing,
            acknowledged=self._alerts.acknowledged,
            slip_note=self.routine.slip_note,
            slip_confirmed=self._gate.is_oiled,
            asks_oil=self._phase is Phase.ASKING or self._telling.coach.oil.is_wanted,
            rest_left_s=self._gate.rest_left_s,
            scale_percent=course.percent,
        )

    @property
    def _shown_phase(self) -> Phase:
        is_going = self._phase not in {Phase.WAITING, Phase.FINISHED}
        return Phase.PAUSED if self._paused and is_going else self._phase

    def _now(self, device_s: float) -> float:
        return self._clock.at(device_s)

    def _doubt(self, step: Step) -> Doubt | None:
        return None if step.band is None else self.engine.can_judge(step.band)

    def _steer(self, command: Command, now_s: float) -> list[Event]:
        steers: dict[Command, Callable[[float], list[Event]]] = {
            Command.PAUSE: self._pause,
            Command.SKIP: self._skip,
            Command.REPEAT: self._repeat,
            Command.BACK: self._back,
            Command.CONFIRM: self._confirm,
            Command.SCALE_UP: partial(self._scale, longer=True),
            Command.SCALE_DOWN: partial(self._scale, longer=False),
            Command.ACKNOWLEDGE: self._alerts.acknowledge,
        }
        steer = steers.get(command)
        return [] if steer is None else steer(now_s)

    def _skip(self, now_s: float) -> list[Event]:
        """Leave the step, end the rest, or go without a step that would need oil."""
        match self._phase:
            case Phase.RESTING:
                return self._enter(self._course.index, now_s)
            case Phase.ASKING:
                passed: list[Event] = [self._course.pass_over(now_s)]
                if self._course.is_last:
                    return passed + self._finish(SessionOutcome.FINISHED, now_s)
                return passed + self._enter(self._course.index + 1, now_s)
            case _:
                return self._leave(StepOutcome.SKIPPED, now_s)

    def _repeat(self, now_s: float) -> list[Event]:
        """Begin the step again; between two steps that is the one before."""
        if not self._course.begun:
            return self._back(now_s)
        return self._enter(self._course.index, now_s, left=StepOutcome.REPEATED)

    def _leave(self, outcome: StepOutcome, now_s: float) -> list[Event]:
        if self._course.is_last:
            return self._finish(SessionOutcome.FINISHED, now_s, left=outcome)
        return self._enter(self._course.index + 1, now_s, left=outcome)

    def _back(self, now_s: float) -> list[Event]:
        """Begin the step before; the first one has none and is begun again, if it had begun."""
        index = self._course.index
        if not self._course.begun:
            return self._enter(index - 1, now_s) if index else []
        left = StepOutcome.SKIPPED if index else StepOutcome.REPEATED
        return self._enter(max(0, index - 1), now_s, left=left)

    def _confirm(self, now_s: float) -> list[Event]:
        """Take it that oil is on the skin, where that was asked: before a step, or as it drags."""
        oil, is_asked = self._telling.coach.oil, self._phase is Phase.ASKING
        if not is_asked and not oil.is_wanted:
            return []
        self._gate.is_oiled = True
        oil.oiled()
        self.engine.oiled()
        confirmed: list[Event] = [SlipConfirmed(device_s=now_s)]
        return confirmed + self._enter(self._course.index, now_s) if is_asked else confirmed

    def _scale(self, now_s: float, *, longer: bool) -> list[Event]:
        course = self._course
        percent = next_scale(course.percent, longer=longer)
        if percent == course.percent:
            return []
        return [course.rescale(percent, self.routine.about_s, now_s)]

    def _enter(self, index: int, now_s: float, left: StepOutcome | None = None) -> list[Event]:
        """Begin a step, the one before ended: its warnings first, then the new step's level.

        What stands before the step is waited for: a rest, or oil on the skin.
        """
        self._count_silence(now_s)
        phase = self._gate.before(self._course, index, left)
        step = self._course.steps[index]
        events = self._last_of_step()
        task = task_of(step, self._recline_rad) if phase is Phase.RUNNING else None
        ended, begun = self._retask(task)
        events += self._ended(ended, left, now_s)
        self._phase = phase
        if phase is not Phase.RUNNING:
            self._course.stand_before(index, self._doubt(step))
            told = self._gate.prompt(self._course, phase, now_s)
            self._telling.coach.told(told.priority, now_s)
            return [*events, *self._told(begun), told]
        touching = self._telling.touching
        self._telling.coach.begin(now_s, touching=touching)
        self._telling.coach.told(STEP_PRIORITY, now_s)
        events.append(self._course.begin(index, self._doubt(step), now_s, touching=touching))
        if self._paused:
            self._course.attempt.paused(now_s, goes_on=False)
        return events + self._told(begun)

    def _count_silence(self, now_s: float) -> None:
        """Count the silence so far to the step in which it was, if it was in one."""
        if self._paused or self._phase is Phase.WAITING:
            return
        unheard_s = self._clock.take_unheard_s(now_s)
        if self._phase is Phase.ASKING:
            return
        self._ledger.gaps_s += unheard_s
        if self._phase is Phase.RUNNING:
            self._course.attempt.tally.unheard(unheard_s)

    def _finish(
        self, outcome: SessionOutcome, now_s: float, left: StepOutcome = StepOutcome.STOPPED
    ) -> list[Event]:
        events = self._last_of_step()
        ended, _ = self._retask(None)
        self._count_silence(now_s)
        is_excused = outcome in _EXCUSED
        left_now = left if self._course.begun else None
        events += self._ended(ended, left_now, now_s, is_excused=is_excused)
        self._phase = Phase.FINISHED
        results = self._course.results(now_s, is_excused=is_excused)
        alerts = self._alerts.records
        summary = self._ledger.summary(self.routine, self._course, results, alerts, outcome)
        summary = replace(summary, doses=self._telling.coach.doses)
        return [*events, SessionFinished(device_s=now_s, outcome=outcome, summary=summary)]

    def _last_of_step(self) -> list[Event]:
        """Fix what is under way in the step, and count its repetitions again."""
        if not self._course.begun:
            return []
        end = self.engine.finish()
        events = self._told(end.events)
        self._course.attempt.recount(end.repetitions_s, end.unseen)
        return events

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
        self._course.attempt.paused(now_s, goes_on=self._paused)
        self._paused = not self._paused
        if not self._paused:
            return [SessionResumed(device_s=now_s)]
        events = self._telling.hints_over("paused", now_s)
        return [*events, SessionPaused(device_s=now_s)]

    def _told(self, found: Iterable[SensingEvent]) -> list[Event]:
        counting = self._phase is Phase.RUNNING and not self._paused
        return self._telling.told(found, counting=counting)
