"""``companion programme due``: what is due now, for a person or a timer job."""

from collections.abc import Iterator

from companion.cli.clock import here
from companion.cli.person import known_person, person_option
from companion.cli.printing import json_text
from companion.coaching.checklist import checklist_due, holds_up
from companion.coaching.person import Person
from companion.coaching.programme import is_lines_question_due, next_lines_question
from companion.coaching.programme_due import Reminder, reminders
from companion.settings.care import load_person_rules
from companion.settings.journal import load_journal
from companion.settings.persons import load_persons
from companion.settings.private_files import day_text
from companion.settings.programme_file import time_text
from companion.texts import text


def print_due(name: str | None, *, as_json: bool) -> None:
    """Print what is due, a line for each; nothing where nothing is.

    Args:
        name: for whom; None for everyone who has a programme.
        as_json: an object for each, like the events of a session.

    Raises:
        UsageRefused: nobody of that name.
        FileRefused: the file of answers or a journal cannot be used.
    """
    persons = load_persons().values() if name is None else [known_person(name)]
    for person in persons:
        for event in _due(person):
            print(json_text(event) if as_json else event["text"])


def _due(person: Person) -> Iterator[dict[str, object]]:
    programme, now = person.programme, here()
    if programme is None:
        return
    why = checklist_due(person, load_person_rules(), now.day)
    who = {"name": person.name, "option": person_option(person.name)}
    if why is not None:
        yield {
            "event": "checklist_due",
            "person": person.name,
            "why": why,
            "holds_up": holds_up(why),
            "text": text("programme.due.checklist", **who),
        }
    if is_lines_question_due(programme, now.day):
        yield {
            "event": "lines_question_due",
            "person": person.name,
            "since": day_text(next_lines_question(programme)),
            "text": text("programme.due.lines", **who),
        }
    if holds_up(why) or person.stopped_day == now.day:
        return
    for reminder in reminders(programme, load_journal(person.name), now):
        yield _session_due(person, reminder, now.day)


def _session_due(person: Person, reminder: Reminder, day: int) -> dict[str, object]:
    return {
        "event": "session_due",
        "person": person.name,
        "day": day_text(day),
        "slot": reminder.slot,
        "routine": reminder.routine,
        "since": time_text(reminder.since_h),
        "week": reminder.week,
        "weeks": reminder.weeks,
        "done": reminder.done,
        "planned": reminder.planned,
        "text": text(
            "programme.due.session",
            name=person.name,
            slot=text(f"programme.slot.{reminder.slot}"),
            routine=reminder.routine,
            week=reminder.week,
            weeks=reminder.weeks,
            done=reminder.done,
            planned=reminder.planned,
        ),
    }
