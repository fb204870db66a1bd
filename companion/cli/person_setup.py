"""The questions about a person: asked to the end, or nothing is changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

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


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person said to all questions.

    Attributes:
        hand: which hand holds the tool.
        posture: how they sit or lie.
        traits: what was answered with yes, and where.
        reasons: likewise.
    """

    hand: Hand
    posture: Posture
    traits: Mapping[str, frozenset[Zone]]
    reasons: Mapping[str, frozenset[Zone]]


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
    hand = Hand(_asked_for("hand", list(Hand), before.hand))
    posture = Posture(_asked_for("posture", list(Posture), before.posture))
    answers = Answers(
        hand,
        posture,
        traits=_asked_about([trait for trait in rules.traits.values() if trait.question]),
        reasons=_asked_about(rules.reasons.values()),
    )
    person = replace(answered(before, answers, rules, day), asked_day=day, changed_day=None)
    save_person(person)
    for question in for_a_clinician(rules, person):
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


def for_a_clinician(rules: PersonRules, person: Person) -> Iterator[str]:
    """Yield the questions whose yes belongs before a clinician."""
    for trait in rules.traits.values():
        if trait.clinician and trait.id in person.traits:
            yield trait.question
    for reason in rules.reasons.values():
        if reason.clinician and reason.id in person.reasons:
            yield reason.question


def _asked_for(word: str, known: Sequence[Hand | Posture], default: Hand | Posture) -> str:
    prompt = text(f"cli.person.{word}", default=default.value)
    return ask_one(prompt, [kind.value for kind in known], default.value)


def _asked_about(entries: Iterable[Trait | Reason]) -> dict[str, frozenset[Zone]]:
    """Ask each question, and where a yes holds unless the question says so."""
    said: dict[str, frozenset[Zone]] = {}
    for entry in entries:
        if ask_yes(entry.question):
            said[entry.id] = _zones() if asks_where(entry) else frozenset()
    return said


def asks_where(entry: Trait | Reason) -> bool:
    """Say whether a yes is to be followed by where it holds."""
    return entry.by_zone if isinstance(entry, Trait) else not entry.zones


def answered(before: Person, answers: Answers, rules: PersonRules, day: int) -> Person:
    """Return a person with new answers; what still holds from earlier ones keeps its day.

    Args:
        before: the person as they were.
        answers: to every question.
        rules: what is asked.
        day: today.
    """
    traits, reasons = before.traits, before.reasons
    return replace(
        before,
        hand=answers.hand,
        posture=answers.posture,
        traits={
            name: Said(_since(rules.traits[name], zones, traits.get(name), day), zones)
            for name, zones in answers.traits.items()
        },
        reasons={
            name: Said(_since(rules.reasons[name], zones, reasons.get(name), day), zones)
            for name, zones in answers.reasons.items()
        },
    )


def _since(entry: Trait | Reason, zones: frozenset[Zone], earlier: Said | None, day: int) -> int:
    """Return the day an answer counts from: today for what has run out, or has come to a place."""
    if earlier is None or (entry.days is not None and day >= earlier.day + entry.days):
        return day
    return day if zones - earlier.zones else earlier.day


def _zones() -> frozenset[Zone]:
    known = [zone.value for zone in Zone]
    named = ask_some(text("cli.person.zones", known=", ".join(known)), known)
    return frozenset(Zone(name) for name in named) or ALL_ZONES
