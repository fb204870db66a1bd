"""A session: a routine walked through on sample time, and everything worth telling about it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from companion.coaching.attempt import task_of
from companion.coaching.care import CareTable
from companion.coaching.events import (
    Command,
    Event,
    SessionFinished,
    SessionOutcome,
    SlipConfirmed,
    StepOutcome,
)
from companion.coaching.gate import Gate
from companion.coaching.hindsight import Hindsight
from companion.coaching.hints.desk import STEP_PRIORITY
from companion.coaching.hints.dose import Bounds
from companion.coaching.limits import with_limits
from companion.coaching.routine import Routine
from companion.coaching.scaling import PLAIN_PERCENT
from companion.coaching.sensing_engine import SensingEngine
from companion.coaching.view import Phase, View
from companion.coaching.walk import Walk
from companion.sensing.types import SensingEvent
from protocols.telemetry import Telemetry

_ENDINGS = {
    Command.STOP: SessionOutcome.STOPPED,
    Command.QUIT: SessionOutcome.STOPPED,
    Command.UNWELL: SessionOutcome.UNWELL,
}
_RUNNING: Final = Phase.RUNNING
_RESTING: Final = Phase.RESTING
_EXCUSED = frozenset({SessionOutcome.UNWELL, SessionOutcome.INTERRUPTED})


class Session(Walk):
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
        resends: the tool can send samples again: they go to the final count of a step.

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
        resends: bool = False,
    ) -> None:
        if not routine.steps:
            raise ValueError("a routine needs a step")
        steps = tuple(with_limits(step, care) for step in routine.steps)
        super().__init__(
            replace(routine, steps=steps),
            engine,
            bounds or Bounds(),
            gate=Gate(routine.slip_note, oiled=oiled),
            hindsight=Hindsight(is_worth_it=resends),
            percent=percent,
        )

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
        if telemetry.resent:
            self._hindsight.late(telemetry)
            return []
        self._hindsight.before(self, self._clock, telemetry)
        events = self.hear(telemetry)
        self._hindsight.after(telemetry)
        return events + self._move_on()

    def catch_up(self) -> None:
        """Prepare to look again at what comes late, or go on; to be called once events are told."""
        self._hindsight.catch_up(self)

    def _move_on(self) -> list[Event]:
        """End the step or the rest, if it is over."""
        if self._paused:
            return []
        if self._phase is _RUNNING:
            outcome = self._course.attempt.outcome
            return [] if outcome is None else self._leave(outcome, self._now(0.0))
        if self._phase is _RESTING and self._gate.is_rested:
            return self._enter(self._course.index, self._now(0.0))
        return []

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
            trend=self._telling.trend.trend,
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

    def _steer(self, command: Command, now_s: float) -> list[Event]:
        steers: dict[Command, Callable[[float], list[Event]]] = {
            Command.PAUSE: self.pause,
            Command.SKIP: self._skip,
            Command.REPEAT: self._repeat,
            Command.BACK: self._back,
            Command.CONFIRM: self._confirm,
            Command.SCALE_UP: partial(self.scale, longer=True),
            Command.SCALE_DOWN: partial(self.scale, longer=False),
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
        self._hindsight.also(now_s, lambda past: past.engine.oiled())
        confirmed: list[Event] = [SlipConfirmed(device_s=now_s)]
        return confirmed + self._enter(self._course.index, now_s) if is_asked else confirmed

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
        self._telling.strokes.begin()
        self._telling.coach.begin(now_s, touching=touching)
        self._telling.coach.told(STEP_PRIORITY, now_s)
        events.append(self._course.begin(index, self._doubt(step), now_s, touching=touching))
        if self._paused:
            self._course.attempt.pause_turned(now_s)
        events += self._told(begun)
        self._hindsight.begin(self, self._clock, now_s)
        return events

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
        told, missed = self._alerts.records, self._alerts.missed
        course, routine = self._course, self.routine
        summary = self._ledger.summary(routine, course, results, told, outcome, missed=missed)
        summary = replace(summary, doses=self._telling.coach.doses)
        return [*events, SessionFinished(device_s=now_s, outcome=outcome, summary=summary)]

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
        events += self._look_again(now_s)
        if outcome is None:
            return events
        records = (*self._alerts.records, *self._alerts.missed)
        return [*events, self._course.end(outcome, now_s, records, is_excused=is_excused)]
