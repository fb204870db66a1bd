"""A routine made shorter or longer in its midst: the present step, those to come, the summary."""

from dataclasses import replace

import pytest

from companion.coaching.events import Command, HintKind, RoutineScaled, StepFinished, StepStarted
from companion.coaching.hints.dose import Bounds
from companion.coaching.person import DoseCaps
from companion.coaching.routine import Zone
from companion.coaching.scaling import SCALES, next_scale, scaled
from companion.coaching.session import Session
from companion.sensing.types import Level
from tests.coaching.scripted import CARE, Bench, names, repeated, routine, step, summary_of
from tests.coaching.test_hints import kinds

TEN = step("ten", goal=10, limit_s=40.0)


@pytest.mark.parametrize(
    ("percent", "count", "time_s"), [(50, 5, 20.0), (75, 8, 30.0), (100, 10, 40.0), (150, 15, 60.0)]
)
def test_repetitions_and_time_are_scaled_and_limits_are_not(
    percent: int, count: int, time_s: float
) -> None:
    less = scaled(TEN, percent)
    assert (less.repetitions, less.time_limit_s) == (count, time_s)
    assert replace(less, repetitions=10, time_limit_s=40.0) == TEN


def test_something_is_always_left_to_do() -> None:
    assert scaled(step("one", goal=1), 50).repetitions == 1
    assert scaled(step("timed", goal=None, limit_s=1.0), 50).time_limit_s == 1.0


def test_the_steps_of_the_scale_end_at_both_ends() -> None:
    assert [next_scale(p, longer=True) for p in SCALES] == [75, 100, 125, 150, 150]
    assert [next_scale(p, longer=False) for p in SCALES] == [50, 50, 75, 100, 125]


def test_it_holds_for_the_present_step_and_those_to_come() -> None:
    bench = Bench(TEN, replace(TEN, id="next"))
    bench.start()
    bench.pass_s(0.1, repeated(0.0))
    (told,) = bench.command(Command.SCALE_DOWN)
    assert isinstance(told, RoutineScaled)
    assert (told.percent, told.step, told.repetitions, told.time_limit_s) == (75, "ten", 8, 30.0)
    assert told.about_s == pytest.approx(45.0)
    view = bench.session.view()
    assert [one.repetitions for one in view.steps] == [8, 8]
    assert (view.scale_percent, view.about_s) == (75, 45.0)
    begun = bench.command(Command.SKIP)[1]
    assert isinstance(begun, StepStarted)
    assert (begun.repetitions, begun.time_limit_s) == (8, 30.0)


def test_what_was_done_is_not_taken_back_and_ends_the_step() -> None:
    bench = Bench(TEN, replace(TEN, id="next"))
    bench.start()
    bench.pass_s(0.1, *[repeated(0.0)] * 7)
    bench.command(Command.SCALE_DOWN)
    bench.command(Command.SCALE_DOWN)
    assert bench.session.view().steps[0].repetitions == 7
    finished = bench.pass_s(0.1)[0]
    assert isinstance(finished, StepFinished)
    assert (finished.outcome, finished.repetitions, finished.goal) == ("done", 7, 7)


def test_less_than_the_file_says_is_all_that_is_asked_and_costs_nothing() -> None:
    bench = Bench(TEN)
    bench.session = Session(routine(TEN), bench.engine, CARE, percent=50)
    bench.start()
    bench.press(Level.ON_TARGET, 4.0)
    bench.pass_s(2.0)
    summary = summary_of(bench.pass_s(0.1, *[repeated(0.0)] * 5))
    assert (summary.outcome, summary.scale_percent) == ("finished", 50)
    assert summary.score is not None
    assert summary.score.points == summary.score.possible


def test_a_step_begun_again_is_as_long_as_the_routine_is_now() -> None:
    bench = Bench(TEN)
    bench.start()
    bench.pass_s(0.1, *[repeated(0.0)] * 9)
    bench.command(Command.SCALE_DOWN)
    begun = bench.command(Command.REPEAT)[1]
    assert isinstance(begun, StepStarted)
    assert begun.repetitions == 8


def test_at_its_end_the_scale_does_nothing_and_says_nothing() -> None:
    bench = Bench(TEN)
    assert bench.command(Command.SCALE_UP) == []
    bench.start()
    assert (
        names(bench.command(Command.SCALE_UP) + bench.command(Command.SCALE_UP))
        == ["routine_scaled"] * 2
    )
    assert bench.command(Command.SCALE_UP) == []


def test_a_pause_and_the_question_for_oil_are_no_obstacle() -> None:
    bench = Bench(replace(TEN, slip_needed=True))
    bench.start()
    assert names(bench.command(Command.SCALE_UP)) == ["routine_scaled"]
    bench.command(Command.PAUSE)
    assert names(bench.command(Command.SCALE_UP)) == ["routine_scaled"]
    begun = bench.command(Command.CONFIRM)[1]
    assert isinstance(begun, StepStarted)
    assert begun.repetitions == 15


def test_caps_hold_however_long_the_routine_is() -> None:
    caps = DoseCaps(above_kpa=5.0, caution_s=6.0, stop_s=18.0, session_s=30.0)
    long = step("long", goal=None, limit_s=60.0)
    bench = Bench(long)
    bench.session = Session(routine(long), bench.engine, CARE, Bounds(dose={Zone.CHEEK: caps}))
    bench.start()
    bench.command(Command.SCALE_UP)
    bench.command(Command.SCALE_UP)
    bench.press(Level.ON_TARGET, 5.5)
    assert kinds(bench.pass_s(80.0)) == [
        HintKind.DOSE_CAUTION,
        HintKind.DOSE_STOP,
        HintKind.SESSION_LONG,
    ]
