"""What the engine finds becomes what is told: repetitions, levels, warnings, faults."""

from collections.abc import Iterable, Sequence
from typing import assert_never

from companion.coaching.alerts import OVER_PRESSURE, TOO_LIGHT, AlertDesk, AlertKey
from companion.coaching.course import Course
from companion.coaching.events import (
    Event,
    FaultCleared,
    FaultRaised,
    Hint,
    HintKind,
    LevelChanged,
    PromptKind,
    Repetition,
)
from companion.coaching.hints.coach import Coach
from companion.coaching.hints.desk import BETWEEN_S, PRIORITY, Wish, warning_priority
from companion.coaching.hints.dose import Bounds
from companion.coaching.hints.strokes import EARLY_S
from companion.coaching.prompting import prompt
from companion.coaching.routine import Step
from companion.coaching.sensing_engine import SensingEngine
from companion.coaching.stroke_log import StrokeLog
from companion.coaching.tally import Turn
from companion.coaching.trend import TrendWatch
from companion.sensing.types import (
    ContactBegan,
    ContactEnded,
    FaultEnded,
    FaultFound,
    Level,
    LevelMoved,
    OverPressureCleared,
    OverPressureRaised,
    PlainPoint,
    Repeated,
    SensingEvent,
    Stroke,
    Technique,
)

_TOO_LIGHT = AlertKey(TOO_LIGHT, Level.LIGHT)
_GLIDES = frozenset({Technique.SWEEP, Technique.CIRCLE, Technique.STRETCH})
"""What moves over the skin: the swelling force of kneading jerks like skin that drags."""


class Telling:
    """Turns findings into events for the step that is being done.

    Args:
        course: where the walk through the steps stands.
        alerts: the warnings.
        engine: what senses.
        bounds: what holds for the person beside the pressure limits.

    Attributes:
        coach: what watches for hints.
        touching: whether the tool is on the skin, as far as the engine has said.
        strokes: every stroke that was made in a step.
        trend: where the pressure is going.
    """

    def __init__(
        self, course: Course, alerts: AlertDesk, engine: SensingEngine, bounds: Bounds
    ) -> None:
        self._course = course
        self._alerts = alerts
        self._engine = engine
        self._area_m2 = engine.tool.contact_area_m2
        self.touching = False
        self.trend = TrendWatch()
        self._turns: list[Turn] = []
        self.coach = Coach(self._area_m2, bounds, has_wheel=engine.tool.has_wheel)
        self.strokes = StrokeLog(self._area_m2)

    def contact_turns(self) -> list[Turn]:
        """Return where contact began or ended since this was last asked."""
        turns, self._turns = self._turns, []
        return turns

    def told(self, found: Iterable[SensingEvent], *, counting: bool) -> list[Event]:
        """Return the events of some findings; without ``counting`` repetitions are ignored."""
        return [event for sensed in found for event in self._told(sensed, counting=counting)]

    def hints(
        self, points: Sequence[PlainPoint], interval_s: float, now_s: float, elapsed_s: float
    ) -> list[Event]:
        """Watch what could be better; raise, end or say what is worth it.

        Args:
            points: new samples of the trace.
            interval_s: seconds between them.
            now_s: time of the newest sample.
            elapsed_s: length of the session.
        """
        attempt, coach = self._course.attempt, self.coach
        step = attempt.step
        if step.band is not None:
            coach.watch(step, points, interval_s)
        for squeeze in attempt.tally.squeezes():
            coach.squeezed(squeeze.from_s, squeeze.level, squeeze.peak_kpa or 0.0)
        coach.turns(attempt.timed, attempt.repetitions, attempt.elapsed_s, now_s)
        events: list[Event] = []
        if coach.light.run is None and self._alerts.stands(_TOO_LIGHT):
            unknown = bool(points) and points[-1][2] is Level.UNKNOWN
            events = self._too_light_over("unknown" if unknown else "ended", now_s)
        wish = coach.say(
            step,
            now_s,
            elapsed_s,
            warned=self._alerts.any_stands(OVER_PRESSURE),
            light_stands=self._alerts.stands(_TOO_LIGHT),
        )
        return events if wish is None else events + self._said(wish, now_s)

    def hints_over(self, reason: str, now_s: float) -> list[Event]:
        """End the warning of too light contact, if it stands, and forget what is under way."""
        self.coach.forget()
        return self._too_light_over(reason, now_s)

    def _too_light_over(self, reason: str, now_s: float) -> list[Event]:
        return self._alerts.cleared(
            _TOO_LIGHT, device_s=now_s, reason=reason, peak_kpa=self.coach.light.peak_kpa
        )

    def _said(self, wish: Wish, now_s: float) -> list[Event]:
        step = self._course.step
        if isinstance(wish.kind, PromptKind):
            return [prompt(self._course, wish.kind, now_s, wish)]
        if wish.kind is HintKind.WRONG_TECHNIQUE:
            self._course.attempt.is_other_technique = True
        if wish.kind is not HintKind.TOO_LIGHT:
            return [_hint(wish.kind, wish, step, now_s)]
        return self._alerts.raised(
            _TOO_LIGHT,
            step,
            device_s=now_s,
            onset_s=wish.onset_s,
            pressure_kpa=wish.pressure_kpa or 0.0,
            limit_kpa=wish.limit or 0.0,
        )

    def _told(self, sensed: SensingEvent, *, counting: bool) -> list[Event]:
        match sensed:
            case Repeated():
                return self._repeated(sensed) if counting else []
            case LevelMoved():
                return self._level_moved(sensed)
            case OverPressureRaised():
                return self._over_pressure(sensed, counting=counting)
            case OverPressureCleared():
                return self._alerts.cleared(
                    AlertKey(OVER_PRESSURE, sensed.level),
                    device_s=sensed.device_s,
                    reason=sensed.reason,
                    peak_kpa=sensed.peak_kpa,
                    peak_is_least=sensed.peak_is_least,
                )
            case FaultFound() | FaultEnded():
                return [_fault(sensed)]
            case ContactBegan() | ContactEnded() | Stroke():
                self._noted(sensed, counting=counting)
                return []
            case _:
                assert_never(sensed)

    def _noted(self, sensed: ContactBegan | ContactEnded | Stroke, *, counting: bool) -> None:
        if not isinstance(sensed, Stroke):
            self._touched(sensed, counting=counting)
        elif counting:
            self._stroked(sensed)

    def _stroked(self, sensed: Stroke) -> None:
        attempt = self._course.attempt
        if attempt.step.technique in _GLIDES:
            self.coach.dragged(sensed.start_s, sensed.drag)
        facts = self.coach.stroke(attempt.step, sensed)
        if facts is not None:
            attempt.strokes.append(facts)
            found = self._engine.technique
            technique = None if found is None else found.label
            self.strokes.add(attempt.step.id, sensed, facts.direction, technique)

    def _touched(self, sensed: ContactBegan | ContactEnded, *, counting: bool) -> None:
        if isinstance(sensed, ContactEnded) and counting:
            self.coach.lifted(self._course.step, sensed, self._engine.technique)
            self._tapped(sensed)
            self._course.attempt.judges_strokes = not self.coach.sees_other
        self.touching = isinstance(sensed, ContactBegan)
        self.coach.touched(sensed.device_s, touching=self.touching)
        self._turns.append(Turn(sensed.device_s, self.touching))

    def _tapped(self, sensed: ContactEnded) -> None:
        """Take a tap's peak from its contact: a tap is judged by it, and too short to show.

        What ends in this step and began in the one before is none of it.
        """
        attempt, area_m2 = self._course.attempt, self._area_m2
        began_s = attempt.began_s
        is_of_step = began_s is None or sensed.began_s >= began_s - EARLY_S
        is_tap = attempt.step.technique is Technique.TAP and is_of_step
        if not is_tap or sensed.peak_n is None or area_m2 is None:
            return
        pressure_kpa = sensed.peak_n / area_m2 / 1e3
        level = attempt.tapped(sensed, pressure_kpa)
        if level is not None:
            self.coach.tapped(sensed, level, pressure_kpa)

    def _repeated(self, sensed: Repeated) -> list[Event]:
        attempt = self._course.attempt
        if not attempt.counts:
            return []
        attempt.repetitions += 1
        pace = self.coach.repeated(attempt.step, sensed.device_s)
        attempt.paces += [] if pace is None else [pace]
        return [
            Repetition(
                device_s=sensed.device_s,
                step=attempt.step.id,
                count=attempt.repetitions,
                goal=attempt.goal,
            )
        ]

    def _level_moved(self, sensed: LevelMoved) -> list[Event]:
        self._course.attempt.doubted(sensed.doubt)
        return [
            LevelChanged(
                device_s=sensed.device_s,
                level=sensed.level,
                doubt=sensed.doubt,
                pressure_kpa=sensed.pressure_kpa,
                trend=self.trend.trend,
            )
        ]

    def _over_pressure(self, sensed: OverPressureRaised, *, counting: bool) -> list[Event]:
        events = self._alerts.raised(
            AlertKey(OVER_PRESSURE, sensed.level),
            self._course.step,
            device_s=sensed.device_s,
            onset_s=sensed.onset_s,
            pressure_kpa=sensed.pressure_kpa,
            limit_kpa=sensed.limit_kpa,
        )
        if events:
            self.coach.told(warning_priority(sensed.level), sensed.device_s)
        if counting and events:
            self._course.attempt.warned(self._alerts.newest)
        return events


def _hint(kind: HintKind, wish: Wish, step: Step, now_s: float) -> Hint:
    return Hint(
        device_s=now_s,
        kind=kind,
        priority=PRIORITY[kind],
        spacing_s=BETWEEN_S,
        step=step.id,
        zone=step.zone,
        side=step.side,
        onset_s=wish.onset_s,
        direction=wish.direction,
        wanted=wish.wanted,
        pressure_kpa=wish.pressure_kpa,
        speed_cm_s=wish.speed_cm_s,
        per_minute=wish.per_minute,
        seconds=wish.seconds,
        limit=wish.limit,
        technique=wish.technique,
        asked=wish.asked,
    )


def _fault(sensed: FaultFound | FaultEnded) -> Event:
    match sensed:
        case FaultFound():
            return FaultRaised(device_s=sensed.device_s, kind=sensed.kind, start_s=sensed.start_s)
        case FaultEnded():
            return FaultCleared(device_s=sensed.device_s, kind=sensed.kind)
        case _:
            assert_never(sensed)
