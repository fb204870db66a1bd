"""The questions about a person: asked to the end, or nothing is changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from companion.cli.asking import ask_one, ask_some, ask_yes
from companion.cli.clock import here
from companion.cli.endings import UsageRefused
from companion.coaching.checklist import ASK_AGAIN_DAYS
from companion.coaching.person import (
    ALL_ZONES,
    Hand,
    Person,
    PersonRules,
    Posture,
    Reason,
    Said,
    Trait,
)
from companion.coaching.routine import Zone
from companion.settings.care import load_person_rules
from companion.settings.persons import is_person_name, load_persons, save_person
from companion.texts import text


def set_up(name: str) -> Person:
    """Ask every question and keep the answers; nothing is kept of half a set of them.

    Before the first time the person is asked whether to go on at all.

    Raises:
        FileRefused: the file of answers cannot be used.
        UsageRefused: the name cannot be used, the person would rather not, or the questions were
            not answered to the end.
    """
    rules, day, persons = load_person_rules(), here().day, load_persons()
    _check_name(name, persons)
    before = persons.get(name) or Person(name=name)
    print(text("cli.person.intro"))
    if before.asked_day is None and not ask_yes(text("cli.person.weigh")):
        raise UsageRefused("cli.person.weighed")
    person = replace(
        before,
        hand=Hand(_asked_for("hand", list(Hand), before.hand)),
        posture=Posture(_asked_for("posture", list(Posture), before.posture)),
        traits=_answers([t for t in rules.traits.values() if t.question], before.traits, day),
        reasons=_answers(rules.reasons.values(), before.reasons, day),
        asked_day=day,
        changed_day=None,
    )
    save_person(person)
    for question in _for_a_clinician(rules, person):
        print(text("cli.person.ask_clinician", question=question))
    print(text("cli.person.saved", name=name, days=ASK_AGAIN_DAYS))
    return person


def _check_name(name: str, known: Iterable[str]) -> None:
    """Refuse a name before the questions, not after; capitals alone make nobody new."""
    if not is_person_name(name):
        raise UsageRefused("cli.person.no_name")
    for other in known:
        if other != name and other.casefold() == name.casefold():
            raise UsageRefused("cli.person.same_name", name=name, other=other)


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
