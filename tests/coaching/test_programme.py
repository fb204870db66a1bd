"""A programme over weeks: its days, weeks, rows and reminders, worked out by hand."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.coaching.events import SessionOutcome
from companion.coaching.programme import (
    Answer,
    Moment,
    Plan,
    Programme,
    Slot,
    Standing,
    Weekday,
    Why,
    awaits_no,
    changed,
    is_lines_question_due,
    next_lines_question,
    paused,
    resumed,
    weekday,
)
from companion.coaching.programme_due import Reminder, is_planned, reminders
from companion.coaching.programme_progress import KeptSession, progress

MONDAY = date(2026, 11, 2).toordinal()
WEEKEND = frozenset({Weekday.SATURDAY, Weekday.SUNDAY})
BOTH = {Slot.MORNING: "quick", Slot.EVENING: "slow"}
DAILY = Plan(
    name="daily",
    title="Daily",
    source="ours",
    weeks=8,
    days_a_week=7,
    routines={Slot.EVENING: "slow"},
    hours={Slot.MORNING: 7.0, Slot.EVENING: 20.0},
)
FIVE = replace(DAILY, days_a_week=5)


def begun(plan: Plan = DAILY) -> Programme:
    return Programme(plans=((1, plan),), started_day=MONDAY)


def on(*days: int, slot: Slot = Slot.EVENING) -> list[KeptSession]:
    """Return finished sessions, on days counted from the first Monday."""
    return [session(MONDAY + day, slot) for day in days]


def session(
    day: int, slot: Slot = Slot.EVENING, outcome: SessionOutcome = SessionOutcome.FINISHED
) -> KeptSession:
    return KeptSession(
        day=day, slot=slot, routine="slow", outcome=outcome, steps_done=9, steps=9, duration_s=300.0
    )


def weeks(programme: Programme, sessions: Iterable[KeptSession], day: int) -> list[tuple[int, int]]:
    found = progress(programme, sessions, MONDAY + day).by_week
    return [(week.done, week.planned) for week in found]


def row(programme: Programme, sessions: Iterable[KeptSession], day: int) -> tuple[int, int]:
    found = progress(programme, sessions, MONDAY + day)
    return found.in_a_row, found.longest


def at(day: int, hour: float) -> Moment:
    return Moment(MONDAY + day, hour)


def test_ordinals_have_their_weekdays() -> None:
    assert [weekday(MONDAY + day) for day in range(7)] == list(Weekday)


def test_weeks_are_counted_from_the_first_day_to_the_last() -> None:
    programme = begun()
    assert [programme.week(MONDAY + day) for day in (0, 6, 7, 55, 56, 999)] == [1, 1, 2, 8, 8, 8]
    assert programme.standing(MONDAY + 55) is Standing.RUNNING
    assert programme.standing(MONDAY + 56) is Standing.OVER
    assert len(programme.days()) == 56


def test_done_of_planned_week_by_week() -> None:
    sessions = on(0, 1, 2, 3, 4, 5, 6, 7, 9)
    assert weeks(begun(), sessions, 10) == [(7, 7), (2, 7)]
    assert weeks(begun(FIVE), sessions, 10) == [(7, 5), (2, 5)]
    found = progress(begun(FIVE), on(0, 1, 2, 7, 8, 9, 10, 11, 12), MONDAY + 14)
    assert (found.kept, found.sessions) == (0.8, 9)
    assert progress(begun(), [], MONDAY + 6).kept is None


def test_two_slots_plan_two_sessions_a_day_and_a_third_counts_no_further() -> None:
    twice = begun(replace(DAILY, routines=BOTH))
    sessions = [*on(0, 0, 0), *on(1), *on(2, slot=Slot.MORNING), *on(2)]
    assert weeks(twice, sessions, 3) == [(5, 14)]
    assert progress(twice, sessions, MONDAY + 3).sessions == 6


def test_sessions_that_were_stopped_or_lie_elsewhere_count_nothing() -> None:
    sessions = [
        session(MONDAY, outcome=SessionOutcome.STOPPED),
        session(MONDAY - 1),
        session(MONDAY + 9),
    ]
    assert weeks(begun(), sessions, 3) == [(0, 7)]
    assert progress(begun(), sessions, MONDAY + 3).sessions == 0


def test_a_missed_day_ends_a_row_and_today_does_not() -> None:
    assert row(begun(), on(0, 1, 2), 3) == (3, 3)
    assert row(begun(), on(0, 1, 2), 4) == (0, 3)
    assert row(begun(), on(0, 1, 2, 4), 4) == (1, 3)


def test_rest_days_never_end_a_row() -> None:
    rested = begun(replace(FIVE, rest_days=WEEKEND))
    assert row(rested, on(0, 1, 2, 3, 4, 7), 8) == (6, 6)
    assert row(rested, on(0, 1, 2, 3, 7), 8) == (1, 4)


def test_a_session_on_a_rest_day_stands_for_one_of_its_week() -> None:
    rested = begun(replace(FIVE, rest_days=WEEKEND))
    assert row(rested, on(0, 1, 2, 3, 5, 7), 8) == (6, 6)


def test_free_days_of_five_a_week_never_end_a_row_and_a_third_one_does() -> None:
    assert row(begun(FIVE), on(0, 2, 3, 5, 6), 7) == (5, 5)
    assert row(begun(FIVE), on(0, 3, 5, 6), 7) == (2, 2), "the third free day is day 4"
    assert row(begun(FIVE), on(3, 4), 5) == (2, 2)


def test_a_pause_never_ends_a_row_and_takes_no_day_away() -> None:
    halted = paused(begun(), MONDAY + 3, Why.ASKED)
    assert halted.standing(MONDAY + 5) is Standing.PAUSED
    assert halted.week(MONDAY + 40) == 1
    assert row(halted, on(0, 1, 2), 40) == (3, 3)
    again = resumed(halted, MONDAY + 30)
    assert again.standing(MONDAY + 30) is Standing.RUNNING
    assert (again.week(MONDAY + 33), again.week(MONDAY + 34)) == (1, 2)
    assert row(again, on(0, 1, 2, 30), 31) == (4, 4)
    assert len(again.days()) == 56
    assert again.standing(MONDAY + 56 + 27 - 1) is Standing.RUNNING
    assert again.standing(MONDAY + 56 + 27) is Standing.OVER
    assert weeks(again, on(0, 1, 2, 30), 31) == [(4, 7)]


def test_a_week_with_more_rest_days_than_others_plans_less() -> None:
    rested = begun(replace(FIVE, rest_days=WEEKEND))
    parted = resumed(paused(rested, MONDAY + 2, Why.ASKED), MONDAY + 5)
    assert weeks(parted, [], 9) == [(0, 5)]
    twice = resumed(paused(parted, MONDAY + 7, Why.ASKED), MONDAY + 12)
    assert weeks(twice, [], 13) == [(0, 3)]


def test_a_pause_that_never_began_leaves_no_trace() -> None:
    assert resumed(paused(begun(), MONDAY + 3, Why.ASKED), MONDAY + 3) == begun()
    assert resumed(begun(), MONDAY) == begun()


def test_pauses_that_touch_become_one_and_a_second_reason_replaces_the_first() -> None:
    once = resumed(paused(begun(), MONDAY + 3, Why.ASKED), MONDAY + 5)
    twice = paused(once, MONDAY + 5, Why.LINES)
    assert [(p.from_day, p.until_day, p.why) for p in twice.pauses] == [
        (MONDAY + 3, None, Why.LINES)
    ]
    assert paused(paused(begun(), MONDAY + 3, Why.ASKED), MONDAY + 4, Why.LINES).pauses == (
        twice.pauses
    )
    assert paused(begun(), MONDAY - 3, Why.ASKED).pauses[0].from_day == MONDAY


def test_an_end_before_its_weeks_is_kept_and_cuts_the_days() -> None:
    ended = replace(begun(), stopped_day=MONDAY + 9)
    assert ended.standing(MONDAY + 200) is Standing.STOPPED
    found = progress(ended, on(0, 1, 9, 10), MONDAY + 200)
    assert (found.sessions, found.week, found.kept) == (3, 2, 2 / 7)
    assert [week.is_over for week in found.by_week] == [True, False]


def test_a_change_holds_from_its_week_on() -> None:
    other = changed(begun(), FIVE, MONDAY + 8)
    assert weeks(other, on(0), 8) == [(1, 7), (0, 5)]
    third = changed(other, replace(FIVE, weeks=20), MONDAY + 9)
    assert [week for week, _ in third.plans] == [1, 2]
    assert third.plan.weeks == 20
    assert changed(begun(), FIVE, MONDAY + 2).plans == ((1, FIVE),)


def test_reminders_come_in_their_part_of_the_day() -> None:
    twice = begun(replace(DAILY, routines=BOTH))
    for hour, slot in ((6.9, None), (7, "morning"), (14.9, "morning"), (15, None), (19.9, None)):
        assert [r.slot for r in reminders(twice, [], at(0, hour))] == ([slot] if slot else [])
    assert reminders(twice, on(0, slot=Slot.MORNING), at(1, 27.9)) == (
        Reminder(
            slot=Slot.EVENING, routine="slow", since_h=20, week=1, weeks=8, done=1, planned=14
        ),
    )


def test_nothing_is_due_once_it_is_done_or_was_not_planned() -> None:
    evening = at(2, 21)
    assert reminders(begun(), [], evening)
    assert not reminders(begun(), on(2), evening)
    assert not reminders(begun(), on(2, slot=Slot.MORNING), evening)
    assert not reminders(begun(), [], at(2, 9))
    assert not reminders(begun(replace(FIVE, rest_days=WEEKEND)), [], at(5, 21))
    assert not reminders(paused(begun(), MONDAY + 2, Why.ASKED), [], evening)
    assert not reminders(replace(begun(), stopped_day=MONDAY + 2), [], evening)
    assert not reminders(begun(), [], at(56, 21))
    assert not reminders(begun(), [], at(-1, 21))


def test_a_week_that_has_its_days_leaves_the_rest_free() -> None:
    assert reminders(begun(FIVE), on(0, 1, 2, 3), at(4, 21))
    assert not reminders(begun(FIVE), on(0, 1, 2, 3, 4), at(5, 21))
    assert reminders(begun(FIVE), on(0, 1, 2, 3, 4), at(7, 21))
    twice = begun(replace(FIVE, routines=BOTH))
    assert reminders(twice, [*on(0, 1, 2, 3), *on(4, slot=Slot.MORNING)], at(4, 21))


def test_a_session_with_one_slot_planned_uses_that_one() -> None:
    assert DAILY.slot_at(at(0, 8)) is Slot.EVENING
    assert replace(DAILY, routines=BOTH).slot_at(at(0, 8)) is Slot.MORNING


def test_lines_are_asked_for_thirty_days_after_the_start_and_the_last_answer() -> None:
    programme = begun()
    assert not is_lines_question_due(programme, MONDAY + 29)
    assert is_lines_question_due(programme, MONDAY + 30)
    answered = replace(programme, answer=Answer(MONDAY + 33, deeper=False))
    assert next_lines_question(answered) == MONDAY + 63
    running = replace(answered, plans=((1, replace(DAILY, weeks=12)),))
    assert is_lines_question_due(running, MONDAY + 63)
    assert not is_lines_question_due(answered, MONDAY + 63), "its weeks are over"
    assert not is_lines_question_due(paused(running, MONDAY + 60, Why.ASKED), MONDAY + 63)


def test_a_pause_for_lines_waits_for_a_no_and_no_other_does() -> None:
    deeper = replace(begun(), answer=Answer(MONDAY + 30, deeper=True))
    assert awaits_no(paused(deeper, MONDAY + 30, Why.LINES))
    better = replace(deeper, answer=Answer(MONDAY + 50, deeper=False))
    assert not awaits_no(paused(better, MONDAY + 30, Why.LINES))
    assert not awaits_no(paused(deeper, MONDAY + 30, Why.ASKED))
    assert not awaits_no(deeper)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    rest = draw(st.frozensets(st.sampled_from(Weekday), max_size=6))
    slots = draw(st.sampled_from([{Slot.MORNING: "a"}, {Slot.EVENING: "a"}, BOTH]))
    days = draw(st.integers(1, 7 - len(rest)))
    return replace(DAILY, rest_days=rest, days_a_week=days, routines=slots)


PAUSES = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 20)), max_size=4)


@settings(max_examples=60)
@given(plan=plans(), pauses=PAUSES, days=st.integers(0, 140))
def test_whoever_does_what_is_planned_keeps_all_of_it_in_a_row(
    plan: Plan, pauses: list[tuple[int, int]], days: int
) -> None:
    programme, sessions, day = begun(plan), list[KeptSession](), MONDAY
    halts = {}
    for gap, length in pauses:
        day += gap
        halts[day] = day + length
        day += length
    until = None
    for day in range(MONDAY, MONDAY + days):
        if day == until:
            programme, until = resumed(programme, day), None
        if day in halts and programme.standing(day) is Standing.RUNNING:
            programme, until = paused(programme, day, Why.ASKED), halts[day]
        if is_planned(programme, sessions, day):
            sessions += [session(day, slot) for slot in plan.routines]
    found = progress(programme, sessions, MONDAY + days)
    worked = len({one.day for one in sessions})
    assert (found.in_a_row, found.longest) == (worked, worked)
    assert found.kept in (None, pytest.approx(1.0))
    assert found.sessions == len(sessions)
    assert all(week.done <= week.planned for week in found.by_week)
