"""Another technique than the step's is told where it is clear, once, and never on a guess."""

from dataclasses import replace

import pytest

from companion.coaching.care import CareLimits
from companion.coaching.events import Event, Hint, HintKind
from companion.coaching.hints.technique import ALIKE, CERTAIN
from companion.coaching.routine import Direction
from companion.coaching.session import Session
from companion.sensing.types import (
    ContactBegan,
    ContactEnded,
    Level,
    Recognised,
    RepetitionKind,
    Stroke,
    StrokeDirection,
    Technique,
)
from tests.coaching.scripted import BAND, Bench, Facts, routine, same_everywhere, step
from tests.coaching.test_hints import hints, kinds, stroke

SURE = CERTAIN + 0.1
ANYTHING = same_everywhere({technique: CareLimits(BAND) for technique in Technique})


def started(
    technique: Technique = Technique.SWEEP, *, has_wheel: bool = True, upward: bool = False
) -> Bench:
    one = replace(step("one", goal=None, limit_s=400.0), technique=technique)
    one = replace(one, direction=Direction.UP if upward else Direction.ANY)
    if technique is not Technique.SWEEP:
        one = replace(one, repetition=RepetitionKind.CONTACT)
    bench = Bench(step("one"))
    bench.engine.tool = Facts(has_wheel=has_wheel)
    bench.session = Session(routine(one), bench.engine, ANYTHING)
    bench.start()
    bench.press(Level.ON_TARGET, 4.0)
    return bench


def contact(
    bench: Bench,
    seen: Technique | None,
    *strokes: Stroke,
    confidence: float = SURE,
    lasting_s: float = 2.0,
) -> list[Event]:
    """Let a contact begin, stroke and end; the engine then sees a technique."""
    began_s = bench.now_s
    events = bench.pass_s(lasting_s - 0.2, ContactBegan(device_s=began_s, source="force"))
    events += bench.pass_s(0.1, *strokes)
    bench.engine.technique = Recognised(label=seen, confidence=confidence)
    ended_s = bench.now_s
    end = ContactEnded(device_s=ended_s, began_s=began_s, ended_s=ended_s, mean_n=0.4, peak_n=0.4)
    return [*events, *bench.pass_s(0.1, end), *bench.pass_s(3.0)]


def told(bench: Bench, seen: Technique | None, contacts: int, **more: float) -> list[HintKind]:
    events = [event for _ in range(contacts) for event in contact(bench, seen, **more)]
    return kinds(events)


def test_it_is_told_at_the_second_contact_and_once_in_a_step() -> None:
    bench = started()
    assert told(bench, Technique.CIRCLE, 1) == []
    (hint,) = hints(contact(bench, Technique.CIRCLE))
    assert (hint.kind, hint.technique, hint.asked) == (
        HintKind.WRONG_TECHNIQUE,
        Technique.CIRCLE,
        Technique.SWEEP,
    )
    assert told(bench, Technique.CIRCLE, 9) == []


def test_taps_are_told_at_the_third_contact() -> None:
    bench = started()
    assert told(bench, Technique.TAP, 2, lasting_s=0.3) == []
    assert told(bench, Technique.TAP, 1, lasting_s=0.3) == [HintKind.WRONG_TECHNIQUE]


@pytest.mark.parametrize(
    ("seen", "confidence"), [(None, 0.0), (Technique.SWEEP, 1.0), (Technique.CIRCLE, CERTAIN - 0.1)]
)
def test_what_is_unsure_or_right_is_not_told(seen: Technique | None, confidence: float) -> None:
    assert told(started(), seen, 6, confidence=confidence) == []


@pytest.mark.parametrize("pair", sorted(sorted(pair) for pair in ALIKE if len(pair) > 1))
def test_what_cannot_be_told_apart_is_not_told(pair: list[Technique]) -> None:
    one, other = pair
    assert told(started(one), other, 6) == []
    assert told(started(other), one, 6) == []


@pytest.mark.parametrize("seen", [Technique.TAP, Technique.KNEAD, Technique.PINCH])
def test_without_a_wheel_a_sweep_is_told_from_less(seen: Technique) -> None:
    assert told(started(has_wheel=False), seen, 6) == []
    assert told(started(has_wheel=True), seen, 6) == [HintKind.WRONG_TECHNIQUE]
    assert told(started(has_wheel=False), Technique.CIRCLE, 6) == [HintKind.WRONG_TECHNIQUE]


def test_contacts_far_too_long_for_taps_are_told_even_without_a_name() -> None:
    bench = started(Technique.TAP)
    assert told(bench, None, 2) == []
    (hint,) = hints(contact(bench, None))
    assert (hint.technique, hint.asked) == (None, Technique.TAP)
    assert told(started(Technique.TAP), None, 9, lasting_s=0.5) == []


def down(bench: Bench) -> Stroke:
    return stroke(bench.now_s + 1.8, StrokeDirection.DOWN)


def test_strokes_of_circles_have_no_direction_and_cost_nothing() -> None:
    bench = started(upward=True)
    events = [event for _ in range(4) for event in contact(bench, Technique.CIRCLE, down(bench))]
    assert kinds(events) == [HintKind.WRONG_TECHNIQUE]
    assert not bench.session._course.attempt.judges_strokes


def test_strokes_the_wrong_way_are_told_when_their_contact_was_one() -> None:
    bench = started(upward=True)
    events = contact(bench, Technique.SWEEP, down(bench))
    assert kinds(events) == []
    assert kinds(contact(bench, Technique.SWEEP, down(bench))) == [HintKind.WRONG_DIRECTION]
    assert bench.session._course.attempt.judges_strokes


def test_in_a_contact_that_does_not_end_a_stroke_is_told_after_three_seconds() -> None:
    bench = started(upward=True)
    contact(bench, Technique.SWEEP)
    bench.pass_s(0.1, ContactBegan(device_s=bench.now_s, source="force"))
    bench.pass_s(2.0, stroke(bench.now_s, StrokeDirection.DOWN))
    assert kinds(bench.pass_s(2.9, stroke(bench.now_s, StrokeDirection.DOWN))) == []
    told_late = bench.pass_s(0.5)
    assert [event.kind for event in told_late if isinstance(event, Hint)] == [
        HintKind.WRONG_DIRECTION
    ]
