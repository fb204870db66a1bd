"""A session on the real engine: what the hand does is what is told."""

from collections.abc import Callable
from math import pi, sin

import pytest

from companion.coaching.events import (
    AlertCleared,
    AlertRaised,
    Command,
    Event,
    LevelChanged,
    Repetition,
    SessionFinished,
    StepFinished,
    StepStarted,
)
from companion.coaching.routine import Routine, Zone
from companion.coaching.session import Session
from companion.coaching.trend import Trend
from companion.sensing.engine import Engine
from companion.sensing.tool import Tool
from companion.sensing.types import Doubt, Level, Technique
from companion.settings.care import load_care
from companion.settings.routines import load_routine
from tests.coaching.scripted import routine, step, summary_of
from tests.sensing.rig import ROLLER, Rig

Course = Callable[[float], float]


class Hand:
    """Moves a simulated roller of 1 cm2: 0.1 N on the skin is 1 kPa."""

    def __init__(self, steps: Routine, tool: Tool = ROLLER) -> None:
        self.rig = Rig(tool=tool)
        self.session = Session(steps, Engine(tool), load_care(), oiled=True)
        self.events: list[Event] = []

    def rest(self, seconds: float) -> list[Event]:
        return self.play(seconds, lambda _: 0.0, lambda _: 0.0)

    def play(self, seconds: float, force_n: Course, speed_mps: Course) -> list[Event]:
        begun_s = self.rig.t
        events: list[Event] = []
        for _ in range(round(seconds * 20)):
            at = [self.rig.t - begun_s + index / 100 for index in range(5)]
            samples = [self.rig.sample(force_n(t), speed_mps(t) / 100) for t in at]
            events += self.session.receive(self.rig.frame(samples))
        self.events += events
        return events

    def ready(self) -> list[Event]:
        self.rest(1.0)
        self.session.tared(self.rig.t)
        begun = self.session.start(self.rig.t)
        self.events += begun
        return begun

    def sweep(self, peak_kpa: float) -> list[Event]:
        """One rolling stroke of a second, then half a second in the air."""
        events = self.play(
            1.0, lambda t: 0.1 * peak_kpa * sin(pi * t) ** 0.5, lambda t: 0.08 * sin(pi * t)
        )
        return events + self.rest(0.5)

    def tap(self, peak_kpa: float) -> list[Event]:
        events = self.play(0.15, lambda t: 0.1 * peak_kpa * sin(pi * t / 0.15), lambda _: 0.0)
        return events + self.rest(0.45)


def of_kind(events: list[Event], kind: type[Event]) -> list[Event]:
    return [event for event in events if isinstance(event, kind)]


def test_the_five_minute_routine_is_finished_without_a_warning() -> None:
    hand = Hand(load_routine("five-minutes"))
    hand.ready()
    for planned in hand.session.routine.steps:
        for _ in range(planned.repetitions or 0):
            if planned.band is None:
                continue
            aim = (planned.band.low_kpa + planned.band.high_kpa) / 2
            hand.tap(aim) if planned.technique is Technique.TAP else hand.sweep(aim)
        if planned.band is None:
            hand.rest(planned.time_limit_s)
    for _ in range(20):
        hand.rest(0.5)
    summary = summary_of(hand.events)
    assert summary.outcome == "finished"
    assert [(s.step, s.outcome) for s in summary.steps] == [
        (s.id, "done") for s in hand.session.routine.steps
    ]
    assert [s.repetitions for s in summary.steps] == [10, 10, 10, 0, 0, 10, 10, 10]
    assert summary.alerts == ()
    assert summary.gaps_s == 0.0
    judged = [s for s in summary.steps if s.judged]
    assert len(judged) == 6
    for result, planned in zip(summary.steps, hand.session.routine.steps, strict=True):
        if planned.band is not None:
            assert result.peak_kpa is not None
            assert planned.band.low_kpa < result.peak_kpa < planned.band.caution_kpa
            contact_s = sum(result.seconds_by_level.values())
            is_tap = planned.technique is Technique.TAP
            expected_s = 10 * (0.15 if is_tap else 1.0)
            assert contact_s == pytest.approx(expected_s, rel=0.2)
            assert result.peak_kpa == pytest.approx(
                (planned.band.low_kpa + planned.band.high_kpa) / 2, rel=0.05
            )


def test_pressing_too_hard_is_warned_once_at_its_step() -> None:
    hand = Hand(routine(step("one", zone=Zone.FOREHEAD, goal=3), step("two", goal=1)))
    hand.ready()
    hand.sweep(4.0)
    hand.sweep(10.0)
    hand.sweep(4.0)
    hand.sweep(4.0)
    raised = of_kind(hand.events, AlertRaised)
    assert len(raised) == 1
    alert = raised[0]
    assert isinstance(alert, AlertRaised)
    assert (alert.kind, alert.level, alert.step) == ("over_pressure", Level.CAUTION, "one")
    assert 8.0 < alert.pressure_kpa < 10.5
    cleared = of_kind(hand.events, AlertCleared)[0]
    assert isinstance(cleared, AlertCleared)
    assert cleared.reason == "ended"
    assert cleared.peak_kpa == pytest.approx(10.0, abs=0.5)
    last = hand.events[-1]
    assert isinstance(last, SessionFinished)
    assert [a.kind.value for a in last.summary.advice] == ["over_pressure"]


def test_a_hand_that_presses_ever_harder_is_seen_to_before_the_warning() -> None:
    hand = Hand(routine(step("one", limit_s=60.0)))
    hand.ready()
    hand.play(1.0, lambda _: 0.4, lambda _: 0.0)
    assert hand.session.view().trend is Trend.STEADY
    hand.play(1.8, lambda t: 0.4 + 0.2 * t, lambda _: 0.0)
    seen = hand.session.view()
    assert (seen.level, seen.trend, seen.alerts) == (Level.FIRM, Trend.RISING, ())
    firm = [e for e in hand.events if isinstance(e, LevelChanged) and e.level is Level.FIRM]
    assert [event.trend for event in firm] == [Trend.RISING]
    hand.play(0.5, lambda t: 0.76 + 0.2 * t, lambda _: 0.0)
    assert of_kind(hand.events, AlertRaised)
    hand.rest(0.1)
    hand.rest(0.1)
    assert hand.session.view().trend is None


def test_the_warning_ends_with_its_step() -> None:
    hand = Hand(routine(step("one"), step("two")))
    hand.ready()
    hand.play(0.5, lambda _: 1.0, lambda _: 0.0)
    assert of_kind(hand.events, AlertRaised)
    events = hand.session.command(Command.SKIP, hand.rig.t)
    assert isinstance(events[0], AlertCleared)
    assert events[0].reason == "step_ended"
    assert isinstance(events[1], StepFinished)
    assert isinstance(events[2], StepStarted)


def test_light_strokes_bring_a_hint() -> None:
    hand = Hand(routine(step("one", goal=20, limit_s=100.0)))
    hand.ready()
    for _ in range(9):
        hand.sweep(1.0)
    raised = of_kind(hand.events, AlertRaised)
    assert [e.kind for e in raised if isinstance(e, AlertRaised)] == ["too_light"]


def test_a_tool_of_unknown_area_counts_but_does_not_judge() -> None:
    tool = Tool(
        **{name: getattr(ROLLER, name) for name in ROLLER.__slots__} | {"contact_area_m2": None}
    )
    hand = Hand(routine(step("one", goal=2)), tool)
    begun = hand.ready()[0]
    assert isinstance(begun, StepStarted)
    assert begun.cannot_judge is Doubt.AREA_UNKNOWN
    assert hand.session.limits_n() is None
    hand.sweep(10.0)
    hand.sweep(10.0)
    assert len(of_kind(hand.events, Repetition)) == 2
    result = summary_of(hand.events).steps[0]
    assert (result.outcome, result.judged, result.doubt) == ("done", False, Doubt.AREA_UNKNOWN)
    assert summary_of(hand.events).alerts == ()


def test_a_restart_in_the_step_is_unknown_until_the_next_tare() -> None:
    hand = Hand(routine(step("one", goal=9)))
    hand.ready()
    hand.sweep(4.0)
    hand.play(0.5, lambda _: 1.0, lambda _: 0.0)
    events = hand.session.tool_restarted(hand.rig.t)
    cleared = of_kind(events, AlertCleared)
    assert [e.reason for e in cleared if isinstance(e, AlertCleared)] == ["unknown"]
    hand.rest(1.0)
    assert hand.session.view().doubt is Doubt.NOT_TARED
    hand.session.tared(hand.rig.t)
    hand.rest(1.0)
    assert hand.session.view().level is Level.NO_CONTACT
    assert hand.session.view().cannot_judge is None
