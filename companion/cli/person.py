"""``companion person``: what it must know of a person, asked, shown and deleted."""

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace

from companion.cli.clock import here
from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.person_setup import set_up
from companion.cli.printing import json_text, table
from companion.cli.terminal import can_ask
from companion.coaching.person import Care, Person, PersonRules, Trait
from companion.coaching.programme_progress import KeptSession
from companion.coaching.routine import Side, Zone
from companion.settings.care import load_person_rules
from companion.settings.journal import forget_person, journal_file, load_journal, session_fields
from companion.settings.persons import load_persons, person_fields, persons_file, save_person
from companion.settings.private_files import day_text
from companion.texts import text
from companion.wording import outcome_words, zone_name

DEFAULT_PERSON = "me"


def execute(arguments: Namespace) -> ExitCode:
    """Run one action.

    Raises:
        FileRefused: the file of answers cannot be used.
        UsageRefused: nobody of that name, or the questions were not answered to the end.
    """
    match arguments.action:
        case "setup":
            set_up(arguments.person)
        case "changed":
            _changed(known_person(arguments.person))
        case "journal":
            _journal(known_person(arguments.person), as_json=arguments.json)
        case "show":
            _show(known_person(arguments.person), as_json=arguments.json)
        case "delete":
            _delete(arguments.person)
        case _:
            _list(as_json=arguments.json)
    return ExitCode.OK


def today() -> int:
    """Return the day it is here, as an ordinal."""
    return here().day


def known_person(name: str) -> Person:
    """Return a person of the file.

    Raises:
        UsageRefused: nobody of that name.
        FileRefused: the file of answers cannot be used.
    """
    person = load_persons().get(name)
    if person is None:
        raise UsageRefused("cli.person.nobody", name=name, option=person_option(name))
    return person


def person_option(name: str) -> str:
    """Return what names this person on a command line; nothing for the usual person."""
    return "" if name == DEFAULT_PERSON else f" --person {name}"


def trait_words(trait: Trait) -> str:
    """Return a trait as it was asked for, or how it is counted."""
    return trait.question or text(
        "cli.person.first_weeks", days=trait.days, sessions=trait.sessions
    )


def _delete(name: str) -> None:
    known_person(name)
    forget_person(name)
    print(text("cli.person.deleted", name=name))
    print(text("cli.person.deleted_sessions"))


def _changed(person: Person) -> None:
    """Take note that something changed, before anything is asked: half the answers are none."""
    save_person(replace(person, changed_day=today()))
    if can_ask():
        set_up(person.name)
    else:
        option = person_option(person.name)
        print(text("cli.person.change_noted", name=person.name, option=option))


def _journal(person: Person, *, as_json: bool) -> None:
    sessions = load_journal(person.name)
    if as_json:
        print(json_text([session_fields(session) for session in sessions]))
    elif sessions:
        print(table([_session_row(session) for session in sessions]))
    else:
        print(text("cli.person.no_sessions"))


def _session_row(session: KeptSession) -> tuple[str, ...]:
    done = text("cli.person.steps_done", done=session.steps_done, steps=session.steps)
    return (
        day_text(session.day),
        text(f"programme.slot.{session.slot}"),
        session.routine,
        outcome_words(session.outcome),
        done,
        text("cli.person.minutes", minutes=session.duration_s / 60),
    )


def _list(*, as_json: bool) -> None:
    persons = load_persons().values()
    if as_json:
        print(json_text([person.name for person in persons]))
        return
    for person in persons:
        print(_head(person))
    if not persons:
        print(text("cli.person.nobody_yet"))


def _show(person: Person, *, as_json: bool) -> None:
    rules = load_person_rules()
    if as_json:
        files = {"file": str(persons_file()), "journal": str(journal_file(person.name))}
        print(json_text(person_fields(person) | {"name": person.name} | files))
        return
    print(_head(person))
    print(text("cli.person.holding", hand=person.hand.value, posture=person.posture.value))
    lines = list(_care_lines(person, rules))
    print("\n".join(lines or [text("cli.person.nothing")]))
    if person.changed_day is not None:
        print(text("cli.person.change_open", day=day_text(person.changed_day)))
    if person.programme is not None:
        title, option = person.programme.plan.title, person_option(person.name)
        print(text("cli.person.programme", title=title, option=option))
    print(text("cli.person.file", file=persons_file()))
    if journal_file(person.name).exists():
        print(text("cli.person.journal", file=journal_file(person.name)))


def _head(person: Person) -> str:
    day = "-" if person.asked_day is None else day_text(person.asked_day)
    return text("cli.person.asked", name=person.name, day=day, sessions=person.sessions)


def _care_lines(person: Person, rules: PersonRules) -> Iterator[str]:
    care = Care(rules, person, today())
    for trait in care.traits:
        where = f" ({_places(person.traits[trait.id].zones)})" if trait.by_zone else ""
        yield text(
            "cli.person.trait", factor=trait.factor, zones=where, question=trait_words(trait)
        )
    for reason in rules.reasons.values():
        found = {
            zone: block
            for zone in Zone
            for block in care.blocks(zone)
            if block.reason.id == reason.id
        }
        if found:
            until = next(iter(found.values())).until_day
            shown = "" if until is None else text("cli.person.until", day=day_text(until))
            yield text(
                "cli.person.blocked",
                zones=_places(frozenset(found)),
                until=shown,
                question=reason.question,
            )


def _places(zones: frozenset[Zone]) -> str:
    return ", ".join(zone_name(zone, Side.BOTH) for zone in Zone if zone in zones)
