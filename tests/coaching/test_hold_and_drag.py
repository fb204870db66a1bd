"""Holds longer than the care table has them, and skin that drags for want of oil."""

from dataclasses import replace

import pytest

from companion.coaching.care import CareLimits
from companion.coaching.events import Command, Event, Hint, HintKind, PromptKind
from companion.coaching.hints.coach import Coach
from companion.coaching.hints.dose import Bounds
from companion.coaching.limits import with_limits
from companion.coaching.session import Session
from companion.sensing.drag import DRY_TIMES, NEWEST_STROKES
from companion.sensing.types import Level, RepetitionKind, Stroke, StrokeDirection, Technique
from tests.coaching.scripted import BAND, Bench, Scripted, routine, same_everywhere, step

HOLD = replace(
    step("hold", goal=None, limit_s=300.0),
    technique=Technique.PRESS_HOLD,
    repetition=RepetitionKind.CONTACT,
)
TABLE = same_everywhere(
    {
        Technique.PRESS_HOLD: CareLimits(BAND, hold_s=5.0),
        Technique.SWEEP: CareLimits(BAND),
    }
)


def held() -> Bench:
    bench = Bench(step("one"))
    bench.engine = Scripted()
    bench.session = Session(routine(HOLD), bench.engine, TABLE)
    bench.start()
    bench.pass_s(4.0)
    return bench


def hints(events: list[Event]) -> list[Hint]:
    return [event for event in events if isinstance(event, Hint)]


def test_the_longest_hold_is_the_care_tables() -> None:
    assert with_limits(HOLD, TABLE).hold_s == 5.0
    assert with_limits(step("sweep"), TABLE).hold_s is None
    assert with_limits(replace(HOLD, kind=step("h", hand=True).kind), TABLE).hold_s is None


def test_a_hold_longer_than_that_is_said_once_a_contact() -> None:
    bench = held()
    bench.press(Level.ON_TARGET, 4.0)
    assert hints(bench.pass_s(5.0)) == []
    (hint,) = hints(bench.pass_s(20.0))
    assert (hint.kind, hint.limit) == (HintKind.HELD_LONG, 5.0)
    assert hint.seconds == pytest.approx(5.1, abs=0.11)
    bench.press(Level.NO_CONTACT, 0.0)
    bench.pass_s(1.0)
    bench.press(Level.ON_TARGET, 4.0)
    assert [hint.kind for hint in hints(bench.pass_s(20.0))] == [HintKind.HELD_LONG]


def test_short_holds_are_never_mentioned() -> None:
    bench = held()
    events: list[Event] = []
    for _ in range(5):
        bench.press(Level.ON_TARGET, 4.0)
        events += bench.pass_s(4.5)
        bench.press(Level.NO_CONTACT, 0.0)
        events += bench.pass_s(1.0)
    assert hints(events) == []


def test_nobody_knows_how_long_a_hold_was_across_silence_or_a_pause() -> None:
    bench = held()
    bench.press(Level.ON_TARGET, 4.0)
    bench.pass_s(4.0)
    bench.session.silence(bench.now_s)
    bench.now_s += 30.0
    assert hints(bench.pass_s(10.0)) == []
    bench.command(Command.PAUSE)
    bench.pass_s(10.0)
    bench.command(Command.PAUSE)
    assert hints(bench.pass_s(10.0)) == []


DRY, OILED = DRY_TIMES + 0.1, DRY_TIMES - 0.1


def said(coach: Coach, *indices: float | None) -> list[HintKind | PromptKind]:
    """Let a coach hear of strokes five seconds apart; return what it says."""
    one = step("one")
    told: list[HintKind | PromptKind] = []
    coach.begin(0.0)
    for number, index in enumerate(indices):
        now_s = 5.0 * (number + 1)
        coach.dragged(now_s - 1.0, index)
        wish = coach.say(one, now_s, now_s, warned=False, light_stands=False)
        told += [] if wish is None else [wish.kind]
    return told


@pytest.mark.parametrize(
    ("indices", "drags"),
    [
        ((DRY,) * 6, False),
        ((DRY,) * 7, True),
        ((DRY,) * 18, True),
        ((DRY, OILED) * 3 + (DRY,), True),
        ((DRY, OILED) * 3 + (OILED,), False),
        ((OILED, OILED, OILED, DRY, DRY, OILED, DRY, OILED, DRY), True),
        ((None,) * 9, False),
        ((DRY, None, DRY, DRY, None, DRY, DRY, DRY, DRY), True),
    ],
)
def test_seven_strokes_that_drag_in_the_median_ask_for_oil(
    indices: tuple[float | None, ...], *, drags: bool
) -> None:
    assert (said(Coach(1e-4, Bounds()), *indices) == [HintKind.DRAGGING]) is drags


def test_it_is_remembered_across_steps_and_forgotten_with_new_oil() -> None:
    coach = Coach(1e-4, Bounds())
    assert said(coach, *[DRY] * 4) == []
    assert said(coach, *[DRY] * 3) == [HintKind.DRAGGING]
    assert coach.oil.is_wanted
    coach.oil.oiled()
    assert not coach.oil.is_wanted
    assert said(coach, *[DRY] * 6) == []


def test_who_does_not_answer_is_asked_again_after_a_minute() -> None:
    assert said(Coach(1e-4, Bounds()), *[DRY] * 18) == [HintKind.DRAGGING]
    assert said(Coach(1e-4, Bounds()), *[DRY] * 19) == [HintKind.DRAGGING] * 2


def test_the_person_can_say_that_there_is_oil_again_and_only_when_it_was_asked() -> None:
    bench = Bench(step("one", limit_s=400.0))
    bench.start()
    assert bench.command(Command.CONFIRM) == []
    for number in range(NEWEST_STROKES):
        bench.session._telling.coach.dragged(5.0 * number, DRY)
    (hint,) = hints(bench.pass_s(5.0))
    assert hint.kind is HintKind.DRAGGING
    assert bench.session.view().asks_oil
    assert [event.event for event in bench.command(Command.CONFIRM)] == ["slip_confirmed"]
    assert not bench.session.view().asks_oil
    assert bench.command(Command.CONFIRM) == []


@pytest.mark.parametrize(
    ("technique", "drags"), [(Technique.SWEEP, True), (Technique.KNEAD, False)]
)
def test_only_what_glides_can_drag(technique: Technique, *, drags: bool) -> None:
    bench = Bench(replace(step("one", goal=None, limit_s=400.0), technique=technique))
    bench.start()
    told: list[Event] = []
    for _ in range(NEWEST_STROKES):
        jerky = Stroke(
            device_s=bench.now_s,
            start_s=bench.now_s - 1.0,
            end_s=bench.now_s,
            direction=StrokeDirection.UNKNOWN,
            travel_m=0.05,
            mean_n=0.4,
            peak_n=0.4,
            drag=DRY,
        )
        told += bench.pass_s(5.0, jerky)
    assert [hint.kind for hint in hints(told)] == [HintKind.DRAGGING] * drags
