"""A programme as it is shown: what was done, week by week, and what comes next."""

from collections.abc import Iterator

from companion.cli.clock import here
from companion.cli.endings import UsageRefused
from companion.cli.person import person_option
from companion.cli.printing import json_text
from companion.coaching.person import Person
from companion.coaching.programme import (
    Plan,
    Programme,
    Standing,
    Weekday,
    is_lines_question_due,
    next_lines_question,
)
from companion.coaching.programme_progress import Progress, Week, progress
from companion.settings.journal import load_journal
from companion.settings.private_files import day_text
from companion.settings.programme_file import plan_fields, time_text
from companion.settings.programme_state import programme_fields
from companion.strict_json import as_plain
from companion.texts import text


def show_programme(person: Person, *, as_json: bool) -> None:
    """Print a person's programme.

    Raises:
        UsageRefused: there is none.
        FileRefused: the journal cannot be used.
    """
    programme = person.programme
    if programme is None:
        raise UsageRefused("programme.never", name=person.name)
    if as_json:
        print(json_text(standing_fields(person)))
        return
    print("\n".join(programme_lines(person, programme)))


def standing_fields(person: Person) -> dict[str, object] | None:
    """Return how a person's programme stands, as JSON has it; None without one.

    Raises:
        FileRefused: the journal cannot be used.
    """
    programme = person.programme
    if programme is None:
        return None
    so_far = progress(programme, load_journal(person.name), here().day)
    return {"person": person.name} | _fields(programme, so_far)


def programme_lines(person: Person, programme: Programme) -> list[str]:
    """Return how a person's programme stands, a line each.

    Raises:
        FileRefused: the journal cannot be used.
    """
    so_far = progress(programme, load_journal(person.name), here().day)
    return list(_lines(person, programme, so_far))


def plan_words(plan: Plan) -> str:
    """Return a plan in a line: weeks, days, rest days, routines and times."""
    days = text("programme.days", days=plan.days_a_week) if plan.days_a_week < len(Weekday) else ""
    sessions = text("programme.and").join(
        text(f"programme.in_{slot}", routine=routine, time=time_text(plan.hours[slot]))
        for slot, routine in plan.routines.items()
    )
    rest = ", ".join(text(f"programme.weekday.{day}") for day in Weekday if day in plan.rest_days)
    resting = text("programme.rest", days=rest) if rest else ""
    return text(
        "programme.plan",
        weeks=plan.weeks,
        days=days or text("programme.every_day"),
        sessions=sessions,
        rest=resting,
    )


def _fields(programme: Programme, so_far: Progress) -> dict[str, object]:
    today, pause = here().day, programme.pause
    runs = so_far.standing is Standing.RUNNING
    question = day_text(next_lines_question(programme)) if runs else None
    return {
        "name": programme.plan.name,
        "plan": plan_fields(programme.plan),
        "started": day_text(programme.started_day),
        "stopped": programme_fields(programme)["stopped"],
        "paused": pause and {"since": day_text(pause.from_day), "why": pause.why},
        "answer": programme_fields(programme)["answer"],
        "next_question": question,
        "question_due": is_lines_question_due(programme, today),
        **as_plain(so_far),
        "by_week": [_week_fields(week) for week in so_far.by_week],
    }


def _week_fields(week: Week) -> dict[str, object]:
    days = {"first_day": day_text(week.first_day), "last_day": day_text(week.last_day)}
    return as_plain(week) | days


def _lines(person: Person, programme: Programme, so_far: Progress) -> Iterator[str]:
    yield programme.plan.title
    yield plan_words(programme.plan)
    yield _standing(person, programme, so_far)
    for week in so_far.by_week:
        is_now = week.number == so_far.week and so_far.standing is Standing.RUNNING
        key = "week_so_far" if is_now else "week"
        yield text(f"programme.{key}", number=week.number, done=week.done, planned=week.planned)
    yield text("programme.done", sessions=so_far.sessions)
    if so_far.kept is not None:
        yield text("programme.kept", percent=round(so_far.kept * 100))
    if so_far.in_a_row > 1:
        yield text("programme.in_a_row", days=so_far.in_a_row)
    if so_far.longest > max(1, so_far.in_a_row):
        yield text("programme.longest", days=so_far.longest)
    if is_lines_question_due(programme, here().day):
        yield text("programme.notice.lines", option=person_option(person.name))
    elif so_far.standing is Standing.RUNNING:
        yield text("programme.next_question", day=day_text(next_lines_question(programme)))


def _standing(person: Person, programme: Programme, so_far: Progress) -> str:
    option, pause = person_option(person.name), programme.pause
    started = day_text(programme.started_day)
    match so_far.standing:
        case Standing.PAUSED if pause is not None:
            day = day_text(min(pause.from_day, here().day))
            return text(f"programme.notice.paused_{pause.why}", day=day, option=option)
        case Standing.STOPPED:
            return text("programme.ended", started=started)
        case Standing.OVER:
            return text("programme.over", started=started)
        case _:
            return text("programme.running", started=started, week=so_far.week, weeks=so_far.weeks)
