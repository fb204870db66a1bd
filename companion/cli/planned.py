"""What a person's programme means for a session: its routine, what is said before it, and asked."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from companion.cli.asking import ask_one, ask_yes
from companion.cli.clock import here
from companion.cli.person import DEFAULT_PERSON, person_option
from companion.coaching.events import Event, Notice
from companion.coaching.person import Person
from companion.coaching.programme import (
    Answer,
    Programme,
    Standing,
    Why,
    is_lines_question_due,
    paused,
)
from companion.coaching.programme_due import is_planned, present
from companion.coaching.programme_progress import KeptSession, progress, sessions_by_day
from companion.settings.persons import load_persons, save_person
from companion.settings.private_files import day_text
from companion.settings.user import Origin, Settled, UserSettings
from companion.texts import text


class SessionDeclined(Exception):
    """The person would rather not have a session now: no error, and nothing is to be mended."""


def planned_settings(held: Settled, name: str | None) -> UserSettings:
    """Return the settings of a session: a running programme names the routine.

    A flag or the environment still wins, for they are of this one session.

    Args:
        held: the settings.
        name: for whom; None for the usual person.

    Raises:
        FileRefused: the file of answers cannot be used.
    """
    now = here()
    person = load_persons().get(name or DEFAULT_PERSON)
    programme = None if person is None else person.programme
    is_said = held.origins["routine"] in {Origin.FLAG, Origin.ENVIRONMENT}
    if programme is None or is_said or programme.standing(now.day) is not Standing.RUNNING:
        return held.settings
    plan = programme.plan
    return held.settings.model_copy(update={"routine": plan.routines[plan.slot_at(now)]})


def ask_about_lines(person: Person, today: int) -> Person:
    """Ask whether lines look deeper, if that is due; return the person as they are after it.

    Raises:
        SessionDeclined: they do, and the person would rather not go on.
        UsageRefused: the answers end.
        FileRefused: the answer cannot be kept.
    """
    programme = person.programme
    if programme is None or not is_lines_question_due(programme, today):
        return person
    said = ask_one(text("programme.ask_lines"), ["y", "n", "later"], "later")
    if said == "later":
        return person
    answered = replace(
        person, programme=after_answer(programme, deeper=said == "y", today=today, from_day=today)
    )
    save_person(answered)
    if said == "y":
        print(text("programme.lines_paused", option=person_option(person.name)))
        if not ask_yes(text("programme.ask_go_on")):
            raise SessionDeclined
    return answered


def after_answer(programme: Programme, *, deeper: bool, today: int, from_day: int) -> Programme:
    """Return a programme after the question about lines: deeper ones pause it.

    Args:
        programme: one that runs or is paused.
        deeper: the answer.
        today: the day of the answer.
        from_day: the first day that is not to count any more.
    """
    answered = replace(programme, answer=Answer(today, deeper))
    return paused(answered, from_day, Why.LINES) if deeper else answered


def programme_notices(
    person: Person, sessions: Sequence[KeptSession], today: int
) -> Iterator[Event]:
    """Yield what a programme has to say before a session; nothing without one."""
    programme = person.programme
    if programme is None:
        return
    option = person_option(person.name)
    match programme.standing(today):
        case Standing.RUNNING:
            yield from _running(programme, sessions, today, option)
        case Standing.PAUSED if pause := programme.pause:
            day = day_text(pause.from_day)
            yield _notice(f"paused_{pause.why}", day=day, option=option)
        case _:
            return


def done_words(person: Person, sessions: Sequence[KeptSession], today: int) -> list[str]:
    """Return what a running programme says after a session: how the week stands now."""
    programme = person.programme
    if programme is None or programme.standing(today) is not Standing.RUNNING:
        return []
    so_far = progress(programme, sessions, today)
    weeks = [week for week in so_far.by_week if week.number == so_far.week]
    return [
        text(
            "programme.notice.week",
            week=week.number,
            weeks=so_far.weeks,
            done=week.done,
            planned=week.planned,
        )
        for week in weeks
    ]


def _running(
    programme: Programme, sessions: Sequence[KeptSession], today: int, option: str
) -> Iterator[Event]:
    so_far = progress(programme, sessions, today)
    if today < programme.started_day:
        return
    week = present(so_far)
    yield _notice(
        "week", week=so_far.week, weeks=so_far.weeks, done=week.done, planned=week.planned
    )
    done = sessions_by_day(sessions).get(today, 0)
    if not is_planned(programme, sessions, today):
        yield _notice("rest_day")
    elif done >= len(programme.plan.routines):
        yield _notice("done_today")
    if is_lines_question_due(programme, today):
        yield _notice("lines", option=option)


def _notice(key: str, **values: object) -> Notice:
    return Notice(device_s=0.0, key=f"programme.notice.{key}", values=dict(values))
