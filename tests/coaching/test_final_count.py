"""The count at the end of a step: looked at again, while the live count stays as it was."""

import pytest

from companion.coaching.events import (
    AdviceKind,
    Command,
    LossKind,
    Repetition,
    StepFinished,
    StepResult,
)
from companion.coaching.events.score import Score
from companion.sensing.types import Level
from tests.coaching.performed import performed
from tests.coaching.scripted import Bench, repeated, step, summary_of


def test_the_result_has_the_final_count_and_the_live_one_stays() -> None:
    bench = Bench(step(goal=3))
    events = bench.start() + bench.pass_s(1.0, repeated(0.05), repeated(0.06))
    bench.engine.recounted_s = [0.05]
    events += bench.pass_s(0.5, repeated(1.05))
    told = [event.count for event in events if isinstance(event, Repetition)]
    assert told == [1, 2, 3]
    (result,) = summary_of(events).steps
    assert (result.repetitions, result.counted_live, result.outcome) == (1, 3, "done")
    (finished,) = [event for event in events if isinstance(event, StepFinished)]
    assert finished.repetitions == 1


def test_a_step_that_was_short_live_was_done_by_its_final_count() -> None:
    bench = Bench(step(goal=3, limit_s=2.0))
    bench.start()
    bench.engine.recounted_s = [0.05, 1.0, 1.5]
    summary = summary_of(bench.pass_s(2.0, repeated(0.05), repeated(0.06)))
    (result,) = summary.steps
    assert (result.repetitions, result.counted_live, result.outcome) == (3, 2, "done")
    assert [advice.kind for advice in summary.advice] == []


def test_score_and_advice_go_by_the_final_count() -> None:
    bench = Bench(step(goal=10, limit_s=3.0))
    bench.start()
    bench.press(Level.ON_TARGET, 4.0)
    bench.engine.recounted_s = [0.05, 0.06, 0.07, 0.08]
    summary = summary_of(bench.pass_s(3.0, *(repeated(0.05) for _ in range(9))))
    (short,) = [advice for advice in summary.advice if advice.kind is AdviceKind.SHORT]
    assert (short.count, short.goal) == (4, 10)
    (result,) = summary.steps
    assert isinstance(result.score, Score)
    (loss,) = [x for x in result.score.losses if x.kind is LossKind.REPETITIONS_MISSING]
    assert (loss.count, loss.goal, loss.points) == (4, 10, 5)


def test_what_may_lie_where_samples_are_missing_is_told_and_not_held_against_anybody() -> None:
    def ended(unseen: int) -> StepResult:
        bench = Bench(step(goal=10, limit_s=3.0))
        bench.engine.unseen = unseen
        bench.start()
        bench.press(Level.ON_TARGET, 4.0)
        summary = summary_of(bench.pass_s(3.0, *(repeated(0.05) for _ in range(7))))
        assert (summary.advice == ()) is (unseen >= 3)
        return summary.steps[0]

    def lost(result: StepResult) -> int:
        assert isinstance(result.score, Score)
        return sum(x.points for x in result.score.losses)

    known, one, all_of_them = ended(0), ended(1), ended(3)
    assert [r.outcome for r in (known, one, all_of_them)] == ["short"] * 3
    assert [(r.repetitions, r.unseen) for r in (known, one, all_of_them)] == [
        (7, 0),
        (7, 1),
        (7, 3),
    ]
    assert lost(known) > lost(one) > lost(all_of_them) == 0


def test_what_was_done_in_a_pause_is_not_counted_at_the_end() -> None:
    bench = Bench(step(goal=9, limit_s=4.0))
    bench.start()
    bench.pass_s(1.0, repeated(0.05))
    bench.command(Command.PAUSE)
    bench.pass_s(1.0, repeated(1.05))
    bench.command(Command.PAUSE)
    bench.pass_s(1.0, repeated(2.05))
    bench.command(Command.PAUSE)
    bench.pass_s(1.0, repeated(3.05))
    (result,) = summary_of(bench.command(Command.STOP)).steps
    assert (result.repetitions, result.counted_live) == (2, 2)


def test_a_pause_that_lasts_over_a_step_counts_in_neither() -> None:
    bench = Bench(step(goal=9, limit_s=9.0), step("two", goal=9, limit_s=9.0))
    bench.start()
    bench.pass_s(1.0, repeated(0.05))
    bench.command(Command.PAUSE)
    bench.command(Command.SKIP)
    bench.pass_s(1.0, repeated(1.05))
    bench.command(Command.PAUSE)
    bench.pass_s(1.0, repeated(2.05))
    first, second = summary_of(bench.command(Command.STOP)).steps
    assert (first.repetitions, second.repetitions) == (1, 1)


def test_a_step_that_begins_in_a_pause_counts_from_its_end_on() -> None:
    bench = Bench(step(goal=9, limit_s=4.0), step("two", goal=9, limit_s=4.0))
    bench.start()
    bench.command(Command.PAUSE)
    bench.command(Command.SKIP)
    bench.pass_s(1.0, repeated(0.05))
    bench.command(Command.PAUSE)
    bench.pass_s(1.0, repeated(1.05))
    result = summary_of(bench.command(Command.STOP)).steps[1]
    assert (result.repetitions, result.counted_live) == (1, 1)


def test_what_is_under_way_at_the_end_is_told_with_its_step() -> None:
    bench = Bench(step(goal=9, limit_s=1.0), step("two"))
    bench.start()
    bench.engine.at_finish = [repeated(1.0)]
    bench.engine.recounted_s = [1.0]
    events = bench.pass_s(1.0)
    assert [(e.step, e.count) for e in events if isinstance(e, Repetition)] == [("one", 1)]


@pytest.mark.unmeasured
def test_the_final_count_is_right_where_frames_are_lost() -> None:
    """Every twentieth frame lost, alone or three at a time: a fifth of a second at most."""
    done = performed(
        "quick", "careful", 31, arrives=lambda number: number % 60 not in (7, 8, 9, 33)
    )
    assert [(s.repetitions, s.counted_live) for s in done.summary.steps] == [
        (s.goal or 0, s.goal or 0) for s in done.summary.steps
    ]
