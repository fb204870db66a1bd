"""A walk through a routine as samples tell it, without its turns: what leads from step to step."""

from collections.abc import Iterable, Sequence
from typing import Final

from companion.coaching.alerts import AlertDesk
from companion.coaching.course import Course
from companion.coaching.events import Event, SessionPaused, SessionResumed
from companion.coaching.gate import Gate
from companion.coaching.hindsight import Hindsight, Seen
from companion.coaching.hints.dose import Bounds
from companion.coaching.ledger import Ledger
from companion.coaching.routine import Routine, Step
from companion.coaching.sample_clock import SampleClock
from companion.coaching.scaling import PLAIN_PERCENT, next_scale
from companion.coaching.sensing_engine import SensingEngine
from companion.coaching.stroke_log import StrokeNews
from companion.coaching.telling import Telling
from companion.coaching.view import Phase
from companion.sensing.types import (
    ContactBegan,
    ContactEnded,
    Doubt,
    FaultEnded,
    FaultFound,
    OverPressureCleared,
    PlainPoint,
    SensingEvent,
    Task,
)
from protocols.telemetry import Telemetry

_WAITING: Final = Phase.WAITING
_RUNNING: Final = Phase.RUNNING
_ASKING: Final = Phase.ASKING
_RESTING: Final = Phase.RESTING
_FINISHED: Final = Phase.FINISHED
_BEFORE_THE_START = (FaultFound, FaultEnded, ContactBegan, ContactEnded)


class Walk:
    """Adds up what samples tell of the present step; whoever leads through the steps builds on it.

    Args:
        routine: what is to be done; every tool step has its band.
        engine: the sensing engine of the tool in hand.
        bounds: what holds for the person beside the pressure limits.
        gate: what stands before a step.
        hindsight: looks at steps again with what came late.
        percent: how much of the routine is to be done.

    Attributes:
        routine: what is to be done.
        engine: the sensing engine of the tool in hand.
    """

    def __init__(
        self,
        routine: Routine,
        engine: SensingEngine,
        bounds: Bounds,
        *,
        gate: Gate,
        hindsight: "Hindsight[Walk]",
        percent: int = PLAIN_PERCENT,
    ) -> None:
        self.routine = routine
        self.engine = engine
        self._phase = Phase.WAITING
        self._paused = False
        self._gate = gate
        self._hindsight = hindsight
        self._ledger = Ledger()
        self._clock = SampleClock()
        self._alerts = AlertDesk()
        self._recline_rad = bounds.recline_rad
        self._course = Course(routine.steps, engine.tool.can_count, percent)
        self._telling = Telling(self._course, self._alerts, engine, bounds)
        self._cursor = 0

    @property
    def finished(self) -> bool:
        """Whether the session is over."""
        return self._phase is _FINISHED

    def hear(self, telemetry: Telemetry) -> list[Event]:
        """Take in samples, and stay in the step whatever they say."""
        sensed = self.engine.receive(telemetry)
        points, self._cursor = self.engine.trace.plain_since(self._cursor)
        covered_s = self._clock.advance(telemetry)
        self._follow(points, is_least=telemetry.saturated)
        if self._phase is _WAITING:
            return self._told(s for s in sensed if isinstance(s, _BEFORE_THE_START))
        self._ledger.samples += len(telemetry.samples)
        interval_s = telemetry.interval_us / 1e6
        self._telling.coach.remember(points, interval_s)
        events, attempt = self._told(sensed) if sensed else [], self._course.attempt
        attempt.tally.turned(self._telling.contact_turns())
        if self._paused or self._phase is _ASKING:
            return events
        self._ledger.elapsed_s += covered_s
        self._ledger.gaps_s += self._clock.gap_s
        if self._phase is _RESTING:
            self._gate.rested(covered_s)
            return events
        attempt.elapsed_s += covered_s
        now_s = self._now(0.0)
        if attempt.step.band is not None:
            attempt.tally.unheard(self._clock.gap_s)
            attempt.tally.add(points, interval_s)
        return events + self._telling.hints(points, interval_s, now_s, self._ledger.elapsed_s)

    def take_strokes(self) -> list[StrokeNews]:
        """Return the strokes that were made since this was last asked, and those withdrawn."""
        return self._telling.strokes.take()

    def refilled(self) -> None:
        """Take note that no sample is missing any more that could still come."""
        self._hindsight.settled()

    def shared(self) -> Iterable[object]:
        """Return what never changes."""
        course = self._course
        fixed = (self.routine, *self.routine.steps, *course.steps, self.engine.tool)
        return (*fixed, *course.ended, *course.attempt.strokes, *self._alerts.records)

    def end_step(self, now_s: float) -> Seen:
        """Fix what is under way in the step; return what it was."""
        self._count_silence(now_s)
        self._last_of_step()
        ended, _ = self._retask(None)
        self._told(ended)
        self._alerts.clear_all(now_s, "step_ended")
        attempt = self._course.attempt
        warnings = [found for found in self._alerts.records if found.alert in attempt.warnings]
        return Seen(attempt, self._ledger, tuple(warnings), self._telling.strokes)

    def tared(self, device_s: float) -> list[Event]:
        """Take note that the tool has been tared."""
        self._hindsight.also(device_s, lambda past: past.tared(device_s))
        events = self._told(self.engine.tared(device_s))
        self._course.attempt.cannot_judge = self._doubt(self._course.step)
        return events

    def tool_restarted(self, device_s: float) -> list[Event]:
        """Take note that the tool has restarted: its tare is gone, and what was before is a gap."""
        self._hindsight.also(device_s, lambda past: past.tool_restarted(device_s))
        events = self._told(self.engine.untared())
        self._course.attempt.cannot_judge = self._doubt(self._course.step)
        return events + self.silence(device_s)

    def zero_drifted(self, device_s: float, *, drifted: bool) -> list[Event]:
        """Take the tool's own word that its zero has drifted, or is right again."""
        self._hindsight.also(device_s, lambda past: past.zero_drifted(device_s, drifted=drifted))
        return self._told(self.engine.zero_drifted(device_s, drifted=drifted))

    def silence(self, device_s: float) -> list[Event]:
        """Take note that no samples come: timers hold, warnings end as unknown."""
        if self.finished:
            return []
        self._hindsight.silent(self)
        self._clock.silence()
        self._telling.trend.restart()
        events = self._told(self.engine.silence(device_s))
        events += self._telling.hints_over("unknown", self._now(device_s))
        return events + self._alerts.clear_all(self._now(device_s), "unknown")

    def pause(self, now_s: float) -> list[Event]:
        """Begin a pause, or end it."""
        self._hindsight.also(now_s, lambda past: past.pause(now_s))
        self._course.attempt.pause_turned(now_s)
        self._paused = not self._paused
        if not self._paused:
            return [SessionResumed(device_s=now_s)]
        events = self._telling.hints_over("paused", now_s)
        return [*events, SessionPaused(device_s=now_s)]

    def scale(self, now_s: float, *, longer: bool) -> list[Event]:
        """Make the routine longer or shorter."""
        course = self._course
        percent = next_scale(course.percent, longer=longer)
        if percent == course.percent:
            return []
        self._hindsight.also(now_s, lambda past: past.scale(now_s, longer=longer))
        return [course.rescale(percent, self.routine.about_s, now_s)]

    def _follow(self, points: Iterable[PlainPoint], *, is_least: bool) -> None:
        """Follow where the pressure goes in a running step."""
        step = self._course.step if self._phase is _RUNNING else None
        self._telling.trend.take(points, step, self.engine.doubt, is_least=is_least)

    def _now(self, device_s: float) -> float:
        return self._clock.at(device_s)

    def _doubt(self, step: Step) -> Doubt | None:
        return None if step.band is None else self.engine.can_judge(step.band)

    def _count_silence(self, now_s: float) -> None:
        """Count the silence so far to the step in which it was, if it was in one."""
        if self._paused or self._phase is _WAITING:
            return
        unheard_s = self._clock.take_unheard_s(now_s)
        if self._phase is _ASKING:
            return
        self._ledger.gaps_s += unheard_s
        if self._phase is _RUNNING:
            self._course.attempt.tally.unheard(unheard_s)

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
        self._telling.trend.restart()
        sensed = self.engine.begin(task)
        ended = [s for s in sensed if isinstance(s, OverPressureCleared)]
        return ended, [s for s in sensed if not isinstance(s, OverPressureCleared)]

    def _look_again(self, now_s: float) -> list[Event]:
        """Let the step be what it was with the samples that came late, if any did."""
        holes_s, seen = self._hindsight.holes_s, self._hindsight.close(now_s)
        self._hindsight.drop()
        if seen is None:
            return []
        attempt, alerts, self._ledger = self._course.attempt, self._alerts, seen.ledger
        attempt.look_again(seen.attempt)
        self._telling.strokes.look_again(seen.strokes)
        events: list[Event] = []
        for found in seen.warnings:
            if missed := alerts.found_late(found, holes_s, now_s):
                attempt.warned(alerts.newest)
                events += missed
        return events

    def _told(self, found: Iterable[SensingEvent]) -> list[Event]:
        counting = self._phase is _RUNNING and not self._paused
        return self._telling.told(found, counting=counting)
