"""Samples that came late: they change what a step was, and nothing that was said of it live."""

import pytest

from companion.coaching.events import (
    Event,
    OverPressureMissed,
    Repetition,
    SessionFinished,
    StepFinished,
    StepResult,
)
from tests.coaching.performed import Performed, all_arrive, performed

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

_AT_THE_END = (StepFinished, SessionFinished, OverPressureMissed)


def with_holes(number: int) -> bool:
    """Two seconds are missing in every fifteen, and single frames in between."""
    return not (180 <= number % 300 < 220 or number % 47 == 0)


def play(step: str, *, resent_after: int | None = None, is_whole: bool = False) -> Performed:
    arrives = all_arrive if is_whole else with_holes
    return performed(
        "five-minutes", "heavy-hand", 3, arrives=arrives, resent_after=resent_after, only=step
    )


def live(events: list[Event]) -> list[Event]:
    return [event for event in events if not isinstance(event, _AT_THE_END)]


def result_of(what: Performed) -> StepResult:
    (result,) = what.summary.steps
    return result


@pytest.mark.parametrize(("step", "missed"), [("forehead", 1), ("under-eye-left", 0)])
def test_a_step_was_what_it_is_without_holes_and_what_was_said_of_it_stays(
    step: str, missed: int
) -> None:
    never, late, whole = play(step), play(step, resent_after=45), play(step, is_whole=True)
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
