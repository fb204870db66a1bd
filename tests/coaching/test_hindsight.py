"""Samples that came late: they change what a step was, and nothing that was said of it live."""

from collections.abc import Callable
from copy import copy
from functools import cache
from typing import ClassVar, Self

import pytest

from companion.coaching.events import (
    Event,
    OverPressureMissed,
    Repetition,
    SessionFinished,
    StepFinished,
    StepResult,
)
from companion.coaching.session import Session
from tests.coaching.performed import Performed, all_arrive, performed
from tests.coaching.scripted import CARE, Scripted, frame, routine, step, summary_of

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

_AT_THE_END = (StepFinished, SessionFinished, OverPressureMissed)


def with_holes(number: int) -> bool:
    """Two seconds are missing in every fifteen, and single frames in between."""
    return not (180 <= number % 300 < 220 or number % 47 == 0)


def late_and_short(number: int) -> bool:
    """A fifth of a second is missing, long after the step has begun."""
    return not 500 <= number < 504


@cache
def play(
    step: str, *, resent_after: int | None = None, arrives: Callable[[int], bool] = with_holes
) -> Performed:
    return performed(
        "five-minutes", "heavy-hand", 3, arrives=arrives, resent_after=resent_after, only=step
    )


class Watched(Scripted):
    """An engine that knows when it is copied."""

    copied_in: ClassVar[list[str]] = []
    moment: ClassVar[str] = ""

    def __deepcopy__(self, _memo: dict[int, object]) -> Self:
        self.copied_in.append(self.moment)
        return copy(self)


def live(events: list[Event]) -> list[Event]:
    return [event for event in events if not isinstance(event, _AT_THE_END)]


def result_of(what: Performed) -> StepResult:
    (result,) = what.summary.steps
    return result


@pytest.mark.parametrize(("step", "missed"), [("forehead", 1), ("under-eye-left", 0)])
def test_a_step_was_what_it_is_without_holes_and_what_was_said_of_it_stays(
    step: str, missed: int
) -> None:
    never, late, whole = play(step), play(step, resent_after=45), play(step, arrives=all_arrive)
    assert live(late.events) == live(never.events)
    told = [event for event in late.events if isinstance(event, Repetition)]
    result, same = result_of(late), result_of(whole)
    assert result.counted_live == len(told) == result_of(never).counted_live
    assert result.repetitions == same.repetitions == len(late.truth.steps[0].repetitions_s)
    assert result.peak_kpa == pytest.approx(same.peak_kpa, abs=0.05)
    for level, seconds in same.seconds_by_level.items():
        assert result.seconds_by_level[level] == pytest.approx(seconds, abs=0.1)
    assert never.summary.gaps_s > 1.5
    assert late.summary.gaps_s < 0.1
    assert len(late.summary.missed) == missed
    assert len(late.summary.missed) + len(late.summary.alerts) == len(whole.summary.alerts)


@pytest.mark.measured
@pytest.mark.unmeasured
def test_a_short_hole_long_after_the_step_began_is_filled_as_if_it_had_not_been() -> None:
    whole = play("forehead", arrives=all_arrive)
    late = play("forehead", arrives=late_and_short, resent_after=20)
    assert late.summary.gaps_s < 0.01
    result, same = result_of(late), result_of(whole)
    assert result.repetitions == same.repetitions
    assert (result.mean_kpa, result.peak_kpa) == pytest.approx((same.mean_kpa, same.peak_kpa))
    for level, seconds in same.seconds_by_level.items():
        assert result.seconds_by_level[level] == pytest.approx(seconds, abs=0.02)


def test_no_decision_waits_until_what_was_is_copied() -> None:
    """A frame is missing after thirteen seconds, and again later on."""
    Watched.copied_in.clear()
    session = Session(routine(step(goal=None)), Watched(), CARE, resends=True)
    session.start(0.0)
    events = []
    for number in range(310):
        if number in {130, 200}:
            continue
        Watched.moment = "receive"
        events += session.receive(frame(number / 10))
        Watched.moment = "catch_up"
        session.catch_up()
        if number in {150, 220}:
            session.receive(frame((number - 20) / 10, resent=True))
            session.refilled()
    assert Watched.copied_in == ["catch_up"] * 2
    assert summary_of(events).gaps_s == pytest.approx(0.0)
