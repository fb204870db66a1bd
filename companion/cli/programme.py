"""``companion programme``: a plan over weeks, begun, shown, changed, paused and ended."""

from argparse import Namespace
from dataclasses import replace

from companion.cli.asking import ask_yes
from companion.cli.clock import here
from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.own_files import begin_file, check_files, print_entries
from companion.cli.person import known_person, person_option
from companion.cli.planned import after_answer, first_free_day
from companion.cli.programme_due import print_due
from companion.cli.programme_show import plan_words, show_programme
from companion.cli.terminal import can_ask
from companion.coaching.person import Person
from companion.coaching.programme import (
    Plan,
    Programme,
    Standing,
    Why,
    awaits_no,
    changed,
    paused,
    resumed,
)
from companion.settings.journal import load_journal
from companion.settings.new_file import PROGRAMME
from companion.settings.persons import save_person
from companion.settings.programmes import (
    changed_plan,
    list_plans,
    load_plan,
    load_plan_file,
    plan_in_place,
    programmes_folder,
)
from companion.settings.schema import schema_text
from companion.texts import text

_NOTHING = "none"
_OPEN = {Standing.RUNNING, Standing.PAUSED}


def execute(arguments: Namespace) -> ExitCode:
    """Run one action.

    Raises:
        FileRefused: the file of answers, the journal or a programme cannot be used.
        UsageRefused: nobody of that name, or the programme does not stand so that this can be.
    """
    match arguments.action:
        case "list":
            print_entries(list_plans(), _about, _fields, as_json=arguments.json)
        case "new":
            begin_file(PROGRAMME, arguments.name, arguments.like, hides=plan_in_place)
        case "path":
            print(programmes_folder())
        case "check":
            return check_files(arguments.files, load_plan_file, _right, as_json=arguments.json)
        case "schema":
            print(schema_text("programme"), end="")
        case "due":
            print_due(arguments.person, as_json=arguments.json)
        case _:
            _for_person(arguments, _somebody(arguments.person))
    return ExitCode.OK


def _for_person(arguments: Namespace, person: Person) -> None:
    match arguments.action:
        case "start":
            _start(person, arguments.programme, load_plan(arguments.programme, _changes(arguments)))
        case "show":
            show_programme(person, as_json=arguments.json)
        case "change":
            _change(person, arguments)
        case "pause":
            _pause(person)
        case "resume":
            _resume(person)
        case "stop":
            _stop(person)
        case _:
            _answer(person, deeper=arguments.answer == "yes")


def _somebody(name: str) -> Person:
    """Return a person who was asked: without the checklist there is no plan."""
    person = known_person(name)
    if person.asked_day is None:
        raise UsageRefused("cli.person.nobody", name=name, option=person_option(name))
    return person


def _open(person: Person) -> Programme:
    """Return a programme that runs or is paused."""
    programme = person.programme
    if programme is None or programme.standing(here().day) not in _OPEN:
        raise UsageRefused("programme.none", name=person.name)
    return programme


def _start(person: Person, name_or_path: str, plan: Plan) -> None:
    old = person.programme
    if old is not None and old.standing(here().day) in _OPEN:
        raise UsageRefused(
            "programme.runs", title=old.plan.title, option=person_option(person.name)
        )
    save_person(replace(person, programme=Programme(plans=((1, plan),), started_day=here().day)))
    if file := plan_in_place(name_or_path):
        print(text("programme.in_place", name=name_or_path, file=file))
    print(text("programme.started", title=plan.title, plan=plan_words(plan)))
    if plan.note:
        print(text("programme.note", note=plan.note))
    print(text("programme.promise"))


def _change(person: Person, arguments: Namespace) -> None:
    programme, changes = _open(person), _changes(arguments)
    if not changes:
        raise UsageRefused("programme.no_change")
    plan = changed_plan(programme.plan, changes)
    save_person(replace(person, programme=changed(programme, plan, here().day)))
    print(text("programme.changed", plan=plan_words(plan)))


def _changes(arguments: Namespace) -> dict[str, object]:
    """Return what the flags change of a plan's keys; None for what they take out."""
    found: dict[str, object] = {}
    for key in ("weeks", "days_a_week", "morning_at", "evening_at", "morning", "evening"):
        value = getattr(arguments, key)
        if value is not None:
            found[key] = None if value == _NOTHING else value
    if arguments.rest_days is not None:
        days = [day for day in arguments.rest_days if day != _NOTHING]
        found["rest_days"] = days
    return found


def _pause(person: Person) -> None:
    programme = _open(person)
    if programme.pause is not None:
        raise UsageRefused("programme.is_paused", option=person_option(person.name))
    halted = paused(programme, first_free_day(load_journal(person.name), here().day), Why.ASKED)
    save_person(replace(person, programme=halted))
    print(text("programme.paused", option=person_option(person.name)))


def _resume(person: Person) -> None:
    programme, option = _open(person), person_option(person.name)
    if programme.pause is None:
        raise UsageRefused("programme.not_paused")
    if awaits_no(programme):
        if not can_ask():
            raise UsageRefused("programme.say_no_first", option=option)
        programme = _answered(person, programme, deeper=ask_yes(text("programme.ask_lines_only")))
        if awaits_no(programme):
            print(text("programme.lines_paused", option=option))
            return
    save_person(replace(person, programme=resumed(programme, here().day)))
    print(text("programme.resumed", week=programme.week(here().day), weeks=programme.plan.weeks))


def _stop(person: Person) -> None:
    programme = _open(person)
    day = max(here().day, programme.started_day)
    save_person(replace(person, programme=replace(programme, stopped_day=day)))
    print(text("programme.stopped"))


def _answer(person: Person, *, deeper: bool) -> None:
    programme = _answered(person, _open(person), deeper=deeper)
    option = person_option(person.name)
    if deeper:
        print(text("programme.lines_paused", option=option))
    elif programme.pause is not None and programme.pause.why is Why.LINES:
        print(text("programme.no_and_paused", option=option))
    else:
        print(text("programme.no_noted"))


def _answered(person: Person, programme: Programme, *, deeper: bool) -> Programme:
    now = after_answer(
        programme,
        deeper=deeper,
        today=here().day,
        from_day=first_free_day(load_journal(person.name), here().day),
    )
    save_person(replace(person, programme=now))
    return now


def _right(file: str, plan: Plan) -> str:
    return text("programme.right", file=file, weeks=plan.weeks)


def _about(plan: Plan) -> str:
    return text("programme.about", title=plan.title, plan=plan_words(plan))


def _fields(plan: Plan | None) -> dict[str, object]:
    return {
        "title": plan and plan.title,
        "source": plan and plan.source,
        "weeks": plan and plan.weeks,
        "days_a_week": plan and plan.days_a_week,
    }
