"""Strokes that come back over the skin: the session stays where the hand is."""

import pytest

from companion.coaching.events import Hint, HintKind, Repetition, StepFinished
from tests.coaching.performed import Performed, performed

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

AGREES_S = 0.7
"""A repetition is told within this time of its end: half a second, and the radio's frames."""


def told(done: Performed, step: str) -> list[float]:
    return [e.device_s for e in done.events if isinstance(e, Repetition) and e.step == step]


def check_counts(done: Performed) -> None:
    """Every repetition is told once, in its own step, as it is made."""
    for step in done.truth.steps:
        if not step.hand_only:
            times = told(done, step.id)
            assert len(times) == len(step.repetitions_s), step.id
            assert [at for at in times if at < step.start_s] == [], step.id
            late = [a - b for a, b in zip(times, step.repetitions_s, strict=True)]
            assert -AGREES_S < min(late) <= max(late) < AGREES_S, step.id
    ends = [event for event in done.events if isinstance(event, StepFinished)]
    assert {event.outcome for event in ends} == {"done"}


@pytest.mark.thinned(4)
@pytest.mark.parametrize("way_back", ["light-return", "there-and-back"])
@pytest.mark.parametrize(
    ("routine", "tool"),
    [
        ("drainage", "small-roller"),
        ("less", "small-roller"),
        ("quick", "large-roller"),
        ("slow", "gua-sha"),
    ],
)
def test_the_session_stays_with_the_hand(way_back: str, routine: str, tool: str) -> None:
    check_counts(performed(routine, way_back, 21, tool=tool))


@pytest.mark.thinned(4)
@pytest.mark.parametrize("person", ["left-hand", "lying", "left-hand+lying"])
@pytest.mark.parametrize("way_back", ["light-return", "there-and-back"])
def test_whoever_does_it(way_back: str, person: str) -> None:
    check_counts(performed("quick", f"{way_back}+{person}", 22))


@pytest.mark.thinned(2)
@pytest.mark.parametrize("seed", [23, 24])
def test_nothing_is_said_about_a_light_way_back(seed: int) -> None:
    done = performed("quick", "light-return", seed)
    check_counts(done)
    assert [event for event in done.events if isinstance(event, Hint)] == []


def test_rubbing_to_and_fro_where_up_is_declared_is_the_wrong_way() -> None:
    done = performed("quick", "there-and-back", 23)
    kinds = {event.kind for event in done.events if isinstance(event, Hint)}
    assert HintKind.WRONG_DIRECTION in kinds
