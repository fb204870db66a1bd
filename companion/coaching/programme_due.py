"""What is due now of a programme: a session in a part of the day, or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass

from companion.coaching.programme import Moment, Programme, Slot, Standing
from companion.coaching.programme_progress import (
    KeptSession,
    Progress,
    Week,
    days_needed,
    parts,
    progress,
    sessions_by_day,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """A planned session that may be done now.

    Attributes:
        slot: the part of the day.
        routine: what is planned.
        since_h: from when on it was due, in hours of the day.
        week: number of the week, from 1.
        weeks: how many the programme has.
        done: sessions done in this week.
        planned: sessions planned in this week.
    """

    slot: Slot
    routine: str
    since_h: float
    week: int
    weeks: int
    done: int
    planned: int


def reminders(
    programme: Programme, sessions: Iterable[KeptSession], now: Moment
) -> tuple[Reminder, ...]:
    """Return the planned sessions that are due now: none on rest days, in a pause or when done.

    A morning's is due until the evening begins, an evening's until the day ends. Any finished
    session counts, whatever its routine; one more than planned on a day is never asked for.

    Args:
        programme: whose plan holds.
        sessions: those that are kept.
        now: the day and its hour.
    """
    kept = list(sessions)
    plan = programme.plan
    slot = now.slot
    if slot not in plan.routines or not is_planned(programme, kept, now.day):
        return ()
    today = [session for session in kept if session.day == now.day]
    counted = sessions_by_day(today).get(now.day, 0)
    is_done = counted >= len(plan.routines) or sessions_by_day(
        session for session in today if session.slot is slot
    )
    if is_done or now.hour < plan.hours[slot]:
        return ()
    so_far = progress(programme, kept, now.day)
    week = present(so_far)
    return (
        Reminder(
            slot=slot,
            routine=plan.routines[slot],
            since_h=plan.hours[slot],
            week=so_far.week,
            weeks=so_far.weeks,
            done=week.done,
            planned=week.planned,
        ),
    )


def present(so_far: Progress) -> Week:
    """Return the present week of a programme that runs."""
    return next(week for week in so_far.by_week if week.number == so_far.week)


def is_planned(programme: Programme, sessions: Iterable[KeptSession], day: int) -> bool:
    """Say whether sessions are planned for a day: not on rest days, nor once the week has its days.

    Args:
        programme: which.
        sessions: those that are kept.
        day: which day, up to today.
    """
    if programme.standing(day) is not Standing.RUNNING:
        return False
    number = programme.week(day)
    days = parts(programme.days())[number - 1]
    plan = programme.plan_in(number)
    if day not in days or plan.is_rest(day):
        return False
    done = sessions_by_day(sessions)
    worked = sum(other in done for other in days if other != day)
    return worked < days_needed(plan, days)
