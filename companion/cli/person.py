"""``companion person``: what it must know of a person, asked, shown and deleted."""

from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from companion.cli.asking import ask_one, ask_some, ask_yes
from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.printing import json_text
from companion.coaching.person import (
    ALL_ZONES,
    Care,
    Hand,
    Person,
    PersonRules,
    Posture,
    Reason,
    Said,
    Trait,
)
from companion.coaching.routine import Side, Zone
from companion.settings.care import load_person_rules
from companion.settings.persons import (
    day_text,
    delete_person,
    load_persons,
    person_fields,
    persons_file,
    save_person,
)
from companion.texts import text
from companion.wording import zone_name

ASK_AGAIN_DAYS = 30
"""After so many days the checklist is asked again (domain rule, grade D)."""
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
        case "show":
            _show(known_person(arguments.person), as_json=arguments.json)
        case "delete":
            _delete(arguments.person)
        case _:
            _list(as_json=arguments.json)
    return ExitCode.OK


def today() -> int:
    """Return the day it is here, as an ordinal."""
    return datetime.now(UTC).astimezone().date().toordinal()


def set_up(name: str) -> Person:
    """Ask every question and keep the answers; nothing is kept of half a set of them.

    Raises:
        FileRefused: the file of answers cannot be used.
        UsageRefused: the questions were not answered to the end.
    """
    rules, day = load_person_rules(), today()
    before = load_persons().get(name) or Person(name=name)
    print(text("cli.person.intro"))
    person = Person(
        name=name,
        hand=Hand(_asked_for("hand", list(Hand), before.hand)),
        posture=Posture(_asked_for("posture", list(Posture), before.posture)),
        traits=_answers([t for t in rules.traits.values() if t.question], before.traits, day),
        reasons=_answers(rules.reasons.values(), before.reasons, day),
        asked_day=day,
        stopped_day=before.stopped_day,
        first_day=before.first_day,
        sessions=before.sessions,
    )
    save_person(person)
    for question in _for_a_clinician(rules, person):
        print(text("cli.person.ask_clinician", question=question))
    print(text("cli.person.saved", name=name, days=ASK_AGAIN_DAYS))
    return person


def _for_a_clinician(rules: PersonRules, person: Person) -> Iterator[str]:
    for trait in rules.traits.values():
        if trait.clinician and trait.id in person.traits:
            yield trait.question
    for reason in rules.reasons.values():
        if reason.clinician and reason.id in person.reasons:
            yield reason.question


def _asked_for(word: str, known: Sequence[Hand | Posture], default: Hand | Posture) -> str:
    prompt = text(f"cli.person.{word}", default=default.value)
    return ask_one(prompt, [kind.value for kind in known], default.value)


def _answers(
    entries: Iterable[Trait | Reason], before: Mapping[str, Said], day: int
) -> dict[str, Said]:
    """Ask each question; what still holds from an earlier answer keeps that answer's day."""
    said: dict[str, Said] = {}
    for entry in entries:
        if not ask_yes(entry.question):
            continue
        by_zone = entry.by_zone if isinstance(entry, Trait) else not entry.zones
        said[entry.id] = Said(
            _since(entry, before.get(entry.id), day), _zones() if by_zone else frozenset()
        )
    return said


def _since(entry: Trait | Reason, earlier: Said | None, day: int) -> int:
    if earlier is None or (entry.days is not None and day >= earlier.day + entry.days):
        return day
    return earlier.day


def _zones() -> frozenset[Zone]:
    known = [zone.value for zone in Zone]
    named = ask_some(text("cli.person.zones", known=", ".join(known)), known)
    return frozenset(Zone(name) for name in named) or ALL_ZONES


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
    delete_person(name)
    print(text("cli.person.deleted", name=name))


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
        print(json_text(person_fields(person) | {"name": person.name, "file": str(persons_file())}))
        return
    print(_head(person))
    print(text("cli.person.holding", hand=person.hand.value, posture=person.posture.value))
    lines = list(_care_lines(person, rules))
    print("\n".join(lines or [text("cli.person.nothing")]))
    print(text("cli.person.file", file=persons_file()))


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
