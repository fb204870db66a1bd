"""What a person is told besides hints: nearly done, change hands, the other side."""

from dataclasses import replace

import pytest

from companion.coaching.events import (
    AlertRaised,
    Command,
    Cue,
    Event,
    Hint,
    Prompt,
    PromptKind,
    StepStarted,
)
from companion.coaching.hints.dose import Bounds
from companion.coaching.person import Hand
from companion.coaching.routine import Side
from companion.coaching.session import Session
from companion.sensing.types import Level
from tests.coaching.scripted import CARE, Bench, eased, repeated, routine, step, too_firm

TEN = step("ten", goal=10, limit_s=400.0)


def prompts(events: list[Event], kind: PromptKind) -> list[Prompt]:
    return [event for event in events if isinstance(event, Prompt) and event.kind is kind]


def counted(bench: Bench, times: int, every_s: float = 5.0) -> list[Event]:
    events: list[Event] = []
    for _ in range(times):
        events += bench.pass_s(every_s, repeated(bench.now_s))
    return events


def test_two_before_the_end_it_is_said_with_what_comes_next() -> None:
    bench = Bench(TEN, replace(TEN, id="next", side=Side.RIGHT))
    bench.start()
    assert prompts(counted(bench, 7), PromptKind.LAST) == []
    (last,) = prompts(counted(bench, 1), PromptKind.LAST)
    assert (last.count, last.seconds, last.next_side) == (2, None, Side.RIGHT)
    assert prompts(counted(bench, 1), PromptKind.LAST) == []


def test_a_short_step_ends_without_notice() -> None:
    bench = Bench(step("five", goal=5, limit_s=400.0))
    bench.start()
    assert prompts(counted(bench, 4), PromptKind.LAST) == []


def test_ten_seconds_before_the_end_of_a_timed_step_it_is_said_once() -> None:
    for one in (step("hand", hand=True, limit_s=30.0), step("timed", goal=None, limit_s=30.0)):
        bench = Bench(one)
        bench.start()
        assert prompts(bench.pass_s(19.9), PromptKind.LAST) == []
        (last,) = prompts(bench.pass_s(10.0), PromptKind.LAST)
        assert last.seconds == pytest.approx(10.0)
        assert (last.count, last.next_zone) == (None, None)


def test_where_the_hands_take_turns_the_change_is_said_but_never_often() -> None:
    bench = Bench(replace(TEN, alternate_hands=True))
    bench.session = Session(bench.session.routine, bench.engine, CARE, Bounds(hand=Hand.LEFT))
    begun = bench.start()[0]
    assert isinstance(begun, StepStarted)
    assert begun.alternate_hands
    told = prompts(counted(bench, 7, every_s=4.0), PromptKind.HANDS)
    assert [(round(one.device_s), one.hand) for one in told] == [(4, Hand.LEFT), (16, Hand.RIGHT)]


@pytest.mark.parametrize(("hand", "first"), [(Hand.RIGHT, Hand.LEFT), (Hand.LEFT, Hand.RIGHT)])
def test_the_preferred_hand_begins_so_the_other_one_is_next(hand: Hand, first: Hand) -> None:
    bench = Bench(replace(TEN, alternate_hands=True))
    bench.session = Session(bench.session.routine, bench.engine, CARE, Bounds(hand=hand))
    bench.start()
    bench.pass_s(5.0)
    assert prompts(counted(bench, 1), PromptKind.HANDS)[0].hand is first


def test_where_nobody_knows_the_hand_none_is_named() -> None:
    bench = Bench(replace(TEN, alternate_hands=True))
    bench.start()
    bench.pass_s(5.0)
    assert prompts(counted(bench, 1), PromptKind.HANDS)[0].hand is None


def test_a_hand_step_shares_its_time_among_the_turns() -> None:
    by_hand = replace(step("hand", hand=True, goal=2, limit_s=18.0), alternate_hands=True)
    bench = Bench(by_hand)
    bench.start()
    (told,) = prompts(bench.pass_s(17.0), PromptKind.HANDS)
    assert told.device_s == pytest.approx(9.0, abs=0.11)


def test_a_step_on_the_other_side_says_so() -> None:
    left, right = step("left"), step("right", side=Side.RIGHT)
    bench = Bench(left, right, replace(right, id="more"))
    begun = [bench.start()[0], bench.command(Command.SKIP)[1], bench.command(Command.SKIP)[1]]
    assert [isinstance(one, StepStarted) and one.changes_side for one in begun] == [
        False,
        True,
        False,
    ]


def test_what_a_step_begins_with_is_given_room() -> None:
    bench = Bench(replace(TEN, alternate_hands=True))
    bench.start()
    assert prompts(bench.pass_s(3.5, repeated(1.0)), PromptKind.HANDS) == []
    bench.pass_s(1.0)
    assert len(prompts(bench.pass_s(1.0, repeated(4.6)), PromptKind.HANDS)) == 1


def test_a_prompt_is_silent_while_a_warning_stands_and_is_forgotten() -> None:
    bench = Bench(replace(TEN, alternate_hands=True))
    bench.start()
    bench.pass_s(5.0)
    bench.pass_s(0.5, too_firm(bench.now_s))
    assert prompts(counted(bench, 2), PromptKind.HANDS) == []
    bench.pass_s(0.5, eased(bench.now_s))
    assert prompts(bench.pass_s(10.0), PromptKind.HANDS) == []


def test_a_stop_is_never_queued_behind_anything() -> None:
    bench = Bench(replace(TEN, alternate_hands=True))
    bench.start()
    bench.press(Level.FIRM, 7.0)
    bench.pass_s(5.2)
    events = bench.pass_s(0.1, repeated(bench.now_s), too_firm(bench.now_s, Level.STOP))
    (stop,) = [event for event in events if isinstance(event, AlertRaised)]
    told = [event for event in events if isinstance(event, Cue)]
    assert told == [stop]


def test_after_a_warning_there_is_room_before_the_next_hint() -> None:
    bench = Bench(TEN)
    bench.start()
    bench.press(Level.FIRM, 7.0)
    bench.pass_s(4.5)
    raised_s = bench.now_s
    bench.pass_s(0.2, too_firm(bench.now_s))
    events = bench.pass_s(10.0, eased(bench.now_s))
    first = next(event for event in events if isinstance(event, Hint))
    assert first.device_s - raised_s >= 3.9


def test_every_cue_says_how_much_it_matters_and_how_much_room_it_takes() -> None:
    bench = Bench(TEN)
    (begun,) = bench.start()
    events = bench.pass_s(0.5, too_firm(0.1), too_firm(0.1, Level.STOP, limit=13.3))
    cues = [event for event in [begun, *events] if isinstance(event, Cue)]
    assert [one.priority for one in cues] == [35, 90, 100]
    assert all(one.spacing_s == 4.0 for one in cues)


def test_the_routine_reaches_the_voice() -> None:
    (begun,) = Bench(replace(TEN, say="Slowly outwards.")).start()
    assert isinstance(begun, StepStarted)
    assert begun.spoken == "Slowly outwards."


def test_a_routine_of_one_step_has_nothing_after_it() -> None:
    bench = Bench(TEN)
    bench.session = Session(routine(TEN), bench.engine, CARE)
    bench.start()
    (last,) = prompts(counted(bench, 8), PromptKind.LAST)
    assert last.next_zone is None
