"""What was done of a programme: week by week and in a row, rest days and pauses left out.

Nothing here says what a programme brought about: only what was done is known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from companion.coaching.events import SessionOutcome
from companion.coaching.programme import DAYS_OF_A_WEEK, Plan, Programme, Slot, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSession:
    """One session as it is kept: what was done, and nothing of health.

    Attributes:
        day: when.
        slot: the part of the day.
        routine: its name.
        outcome: how it ended; one that was stopped for not being well is kept as stopped.
        steps_done: how many steps were done to their end.
        steps: how many it had.
        duration_s: its length in seconds, pauses left out.
    """

    day: int
    slot: Slot
    routine: str
    outcome: SessionOutcome
    steps_done: int
    steps: int
    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One week of a programme: seven of its own days, which a pause may part.

    Attributes:
        number: from 1.
        first_day: its first day.
        last_day: its last day; of a week that is cut short, the last one before that.
        planned: how many sessions were planned.
        done: how many were finished, each day's at most as many as are planned for one.
        is_over: whether all seven of its days have been.
    """

    number: int
    first_day: int
    last_day: int
    planned: int
    done: int
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a programme is, and what was done of it.

    Attributes:
        standing: whether it runs.
        week: the number of the present week, from 1.
        weeks: how many it has.
        by_week: the weeks that have begun.
        sessions: all sessions finished on its days.
        kept: the share of the sessions planned in weeks that are over which were done, from 0
            to 1, sessions beyond a week's plan left out; None before the first week is over.
        in_a_row: days with a session since one was last left out that was planned.
        longest: the most there ever were.
    """

    standing: Standing
    week: int
    weeks: int
    by_week: tuple[Week, ...]
    sessions: int
    kept: float | None
    in_a_row: int
    longest: int


def sessions_by_day(sessions: Iterable[KeptSession]) -> dict[int, int]:
    """Return how many sessions were finished, by day."""
    found: dict[int, int] = {}
    for session in sessions:
        if session.outcome is SessionOutcome.FINISHED:
            found[session.day] = found.get(session.day, 0) + 1
    return found


def progress(programme: Programme, sessions: Iterable[KeptSession], today: int) -> Progress:
    """Return what was done of a programme up to and with today.

    Args:
        programme: which.
        sessions: those that are kept, in any order; others than the programme's count nothing.
        today: the day.
    """
    done = sessions_by_day(sessions)
    by_week = _weeks(programme, done, today)
    over = [week for week in by_week if week.is_over]
    planned = sum(week.planned for week in over)
    kept = sum(min(week.done, week.planned) for week in over)
    in_a_row, longest = _rows(programme, done, today)
    return Progress(
        standing=programme.standing(today),
        week=programme.week(today),
        weeks=programme.plan.weeks,
        by_week=by_week,
        sessions=sum(done.get(day, 0) for day in programme.days() if day <= today),
        kept=kept / planned if planned else None,
        in_a_row=in_a_row,
        longest=longest,
    )


def days_needed(plan: Plan, days: Sequence[int]) -> int:
    """Return on how many days of a week something is planned.

    A week that a pause parts may hold more rest days than others; then less is planned in it.

    Args:
        plan: the week's.
        days: the days of the week that are known, up to seven.
    """
    return min(plan.days_a_week, _free(plan, days))


def parts(days: Sequence[int]) -> list[Sequence[int]]:
    """Return days by the week, seven to each but the last."""
    return [days[at : at + DAYS_OF_A_WEEK] for at in range(0, len(days), DAYS_OF_A_WEEK)]


def _free(plan: Plan, days: Sequence[int]) -> int:
    """Return how many days of a week are no rest days; those not known yet may all be none."""
    return sum(not plan.is_rest(day) for day in days) + DAYS_OF_A_WEEK - len(days)


def _weeks(programme: Programme, done: Mapping[int, int], today: int) -> tuple[Week, ...]:
    found = []
    for number, days in enumerate(parts(programme.days()), 1):
        if days[0] > today:
            break
        plan = programme.plan_in(number)
        slots = len(plan.routines)
        found.append(
            Week(
                number=number,
                first_day=days[0],
                last_day=days[-1],
                planned=days_needed(plan, days) * slots,
                done=sum(min(done.get(day, 0), slots) for day in days if day <= today),
                is_over=len(days) == DAYS_OF_A_WEEK and days[-1] < today,
            )
        )
    return tuple(found)


def _rows(programme: Programme, done: Mapping[int, int], today: int) -> tuple[int, int]:
    """Return the days in a row now, and the most there were.

    A row ends on a day that was left out beyond those a week leaves free: a rest day, a pause and
    a day that is not over never end it, and a session on a rest day frees another day of its week.
    """
    row = longest = 0
    for number, days in enumerate(parts(programme.days()), 1):
        plan = programme.plan_in(number)
        on_rest_days = sum(plan.is_rest(day) and day in done for day in days)
        spare = _free(plan, days) - days_needed(plan, days) + on_rest_days
        for day in days:
            if day in done and day <= today:
                row += 1
                longest = max(longest, row)
            elif day < today and not plan.is_rest(day):
                spare -= 1
                row = row if spare >= 0 else 0
    return row, longest
