"""A face that lies: no direction is told, whether the person said so or the tool shows it."""

import pytest

from companion.coaching.events import Hint, HintKind, Loss, LossKind
from companion.coaching.events.score import Part, Score
from companion.coaching.hints.dose import Bounds
from tests.coaching.performed import Performed, performed

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

DIRECTIONS = {HintKind.WRONG_DIRECTION, HintKind.PULLING_DOWN}
ASKED = Bounds(is_upright=False)
CASES = [
    ("quick", "careful", "small-roller"),
    ("drainage", "left-hand", "small-roller"),
    ("five-minutes-stone", "careful", "gua-sha"),
]


def kinds(done: Performed) -> set[HintKind]:
    return {event.kind for event in done.events if isinstance(event, Hint)}


def parts(done: Performed) -> set[Part]:
    scores = [step.score for step in done.summary.steps if isinstance(step.score, Score)]
    return {part.part for score in scores for part in score.parts}


def losses(done: Performed) -> list[Loss]:
    scores = [step.score for step in done.summary.steps if isinstance(step.score, Score)]
    return [loss for score in scores for loss in score.losses]


@pytest.mark.thinned(4)
@pytest.mark.parametrize("bounds", [None, ASKED])
@pytest.mark.parametrize(("routine", "manner", "tool"), CASES)
def test_lying_brings_no_wrong_direction(
    routine: str, manner: str, tool: str, bounds: Bounds | None
) -> None:
    done = performed(routine, f"{manner}+lying", 33, tool=tool, bounds=bounds)
    assert kinds(done) & DIRECTIONS == set()
    assert [loss for loss in losses(done) if loss.kind is LossKind.WRONG_DIRECTION] == []
    if bounds is ASKED:
        assert Part.DIRECTION not in parts(done)


def test_the_wrong_way_of_an_upright_face_is_told() -> None:
    done = performed("quick", "wrong-direction", 34)
    assert HintKind.WRONG_DIRECTION in kinds(done)
    assert Part.DIRECTION in parts(done)


def test_the_wrong_way_of_a_face_that_lies_is_not_known() -> None:
    done = performed("quick", "wrong-direction+lying", 34)
    assert kinds(done) & DIRECTIONS == set()
