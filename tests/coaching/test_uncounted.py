"""Repetitions that the tool cannot tell are unknown: neither 0 nor missing."""

from dataclasses import replace
from typing import TypeVar

import pytest

from companion.coaching.events import (
    AdviceKind,
    Command,
    Event,
    LossKind,
    Part,
    Prompt,
    PromptKind,
    Repetition,
    StepFinished,
    StepResult,
    StepStarted,
)
from companion.coaching.routine import Step
from companion.sensing.types import Level
from tests.coaching.scripted import Bench, Facts, Scripted, repeated, step, summary_of

E = TypeVar("E", bound=Event)


def blind(*steps: Step) -> Bench:
    """Return a session with a tool that cannot tell these steps' repetitions."""
    return Bench(*steps, engine=Scripted(tool=Facts(counts=False)))


def of_kind(events: list[Event], kind: type[E]) -> list[E]:
    return [event for event in events if isinstance(event, kind)]


def scored_parts(result: StepResult) -> dict[Part, int]:
    assert result.score is not None
    return {part.part: part.points for part in result.score.parts}


def test_the_beginning_says_that_nothing_is_counted() -> None:
    bench = blind(step(), step("by-hand", hand=True))
    (begun,) = of_kind(bench.start(), StepStarted)
    assert begun.cannot_count
    assert bench.session.view().cannot_count
    (by_hand,) = of_kind(bench.command(Command.SKIP), StepStarted)
    assert not by_hand.cannot_count
    assert not of_kind(Bench(step()).start(), StepStarted)[0].cannot_count


def test_a_step_ends_with_its_time_and_is_not_short() -> None:
    bench = blind(step(goal=2, limit_s=5.0))
    bench.start()
    bench.press(Level.ON_TARGET, 4.0)
    events = bench.pass_s(4.9, repeated(0.5), repeated(1.0), repeated(1.5))
    assert not of_kind(events, Repetition)
    assert not of_kind(events, StepFinished)
    events = bench.pass_s(0.1)
    (ended,) = of_kind(events, StepFinished)
    assert (ended.outcome, ended.repetitions, ended.goal) == ("done", None, None)
    summary = summary_of(events)
    (result,) = summary.steps
    assert (result.repetitions, result.counted_live, result.goal) == (None, None, None)
    assert AdviceKind.SHORT not in {advice.kind for advice in summary.advice}
    assert result.score is not None
    assert Part.REPETITIONS not in scored_parts(result)
    assert result.score.percent == 100


def test_leaving_it_costs_nothing_once_something_was_done() -> None:
    bench = blind(step(goal=2), step("two"))
    bench.start()
    bench.press(Level.ON_TARGET, 4.0)
    bench.pass_s(3.0)
    bench.command(Command.SKIP)
    left = summary_of(bench.command(Command.QUIT)).steps[0]
    assert (left.outcome, left.repetitions) == ("skipped", None)
    assert not {Part.REPETITIONS, Part.COMPLETENESS} & scored_parts(left).keys()


@pytest.mark.parametrize("command", [Command.SKIP, None])
def test_where_nothing_touched_nothing_was_done(command: Command | None) -> None:
    bench = blind(step(goal=2, limit_s=5.0))
    bench.start()
    bench.press(Level.NO_CONTACT, 0.0)
    events = bench.pass_s(3.0 if command else 5.0)
    summary = summary_of(bench.command(command) if command else events)
    assert scored_parts(summary.steps[0]) == {Part.OVER_PRESSURE: 30, Part.COMPLETENESS: 0} or (
        scored_parts(summary.steps[0]) == {Part.COMPLETENESS: 0}
    )
    assert summary.steps[0].score is not None
    assert [loss.kind for loss in summary.steps[0].score.losses] == [LossKind.LEFT_EARLY]


def test_what_was_not_reached_was_certainly_not_done() -> None:
    bench = blind(step(goal=2), step("two", goal=3))
    bench.start()
    missed = summary_of(bench.command(Command.QUIT)).steps[1]
    assert (missed.outcome, missed.repetitions, missed.goal) == ("not_reached", 0, 3)


def test_its_hands_and_its_end_go_by_the_time() -> None:
    one = replace(step(goal=8, limit_s=30.0), alternate_hands=True)
    bench = blind(one)
    bench.start()
    at = {
        prompt.kind: prompt.device_s
        for prompt in of_kind(bench.pass_s(29.0, repeated(0.5)), Prompt)
    }
    assert at[PromptKind.HANDS] == pytest.approx(15.0, abs=0.2)
    assert at[PromptKind.LAST] == pytest.approx(20.0, abs=0.2)
