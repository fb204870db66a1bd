"""The questions about the person on a screen: answered one by one, kept when all are answered."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from companion.cli.clock import here
from companion.cli.endings import UsageRefused
from companion.cli.person_setup import Answers, answered, asks_where, for_a_clinician
from companion.cli.setup_words import blocked_words, care_words, counted_words, one_of, yes_or_no
from companion.coaching.checklist import ASK_AGAIN_DAYS, checklist_due
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
from companion.coaching.routine import Zone
from companion.settings.care import load_person_rules
from companion.settings.persons import load_persons, persons_file, save_person
from companion.settings.private_files import day_text
from companion.texts import text
from companion.tui.setup import NO, YES, Entry, Section
from companion.wording import zone_name

KEEP = "person.keep"
CHANGED = "person.changed"
_WEIGH = "person.weigh"
_HAND = "person.hand"
_POSTURE = "person.posture"

_Asked = TypeVar("_Asked", Trait, Reason)


class Questionnaire:
    """What one person said, and what they say anew; nothing is kept of half a set of answers.

    Where the questions are due, none is answered beforehand. Where they are not, the answers that
    hold are shown, and one of them can be changed: that does not put off when all are asked again.

    Args:
        name: who.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._rules = load_person_rules()
        self._person = Person(name=name)
        self._is_due = True
        self._said: dict[str, str] = {}

    def read(self) -> bool:
        """Take in what is kept of the person; return whether the answers begin anew.

        They do where what is kept has changed, or has become due.

        Raises:
            FileRefused: the file of answers cannot be used.
        """
        person = load_persons().get(self._name) or Person(name=self._name)
        is_due = _is_due(person, self._rules)
        is_new = not self._said or (_asked(person), is_due) != (_asked(self._person), self._is_due)
        if is_new:
            self._said = {} if is_due else _spoken(person, self._rules)
            self._said |= {_HAND: person.hand.value, _POSTURE: person.posture.value}
        self._person, self._is_due = person, is_due
        return is_new

    def answer(self, key: str, value: str) -> None:
        """Take one answer, for now."""
        if not self._said:
            self.read()
        self._said[key] = value

    def sections(self) -> tuple[Section, Section]:
        """Return the questions about the person, and those about what speaks against a massage."""
        notes = (*self._notes(), text("setup.person.where_kept", file=persons_file()))
        about = Section(
            name="person",
            title=text("setup.section.person"),
            entries=tuple(self._about_entries()),
            notes=notes,
        )
        checks = Section(
            name="checklist",
            title=text("setup.section.checklist"),
            entries=tuple(self._checklist_entries()),
            notes=notes,
        )
        return about, checks

    def keep(self) -> Iterator[str]:
        """Keep the answers, and yield what is to be said of them.

        Raises:
            UsageRefused: a question is open, or the person would rather not.
            FileRefused: the file of answers cannot be used or written.
        """
        if self.read():
            raise UsageRefused("setup.refused.changed_elsewhere")
        opened = sum(entry.is_open for section in self.sections() for entry in section.entries)
        if opened:
            raise UsageRefused("setup.refused.open", count=opened)
        if self._said.get(_WEIGH) == NO:
            raise UsageRefused("cli.person.weighed")
        day, before = here().day, self._person
        person = answered(before, self._answers(), self._rules, day)
        if self._is_due:
            person = replace(person, asked_day=day, changed_day=None)
        save_person(person)
        self.read()
        for question in for_a_clinician(self._rules, person):
            yield text("cli.person.ask_clinician", question=question)
        days = (person.asked_day or day) + ASK_AGAIN_DAYS - day
        yield text("setup.person.saved", days=days)

    def note_change(self) -> str:
        """Take note that something changed: the questions are open, and no session begins before.

        Raises:
            FileRefused: the file of answers cannot be used or written.
        """
        self.read()
        save_person(replace(self._person, changed_day=here().day))
        return text("setup.person.change_noted")

    def _answers(self) -> Answers:
        return Answers(
            Hand(self._said[_HAND]),
            Posture(self._said[_POSTURE]),
            traits=dict(self._yes("traits", self._questions())),
            reasons=dict(self._yes("reasons", tuple(self._rules.reasons.values()))),
        )

    def _yes(
        self, group: str, entries: tuple[_Asked, ...]
    ) -> Iterator[tuple[str, frozenset[Zone]]]:
        for entry in entries:
            key = f"{group}.{entry.id}"
            if self._said.get(key) == YES:
                named = frozenset(z for z in Zone if self._said.get(f"{key}.{z.value}") == YES)
                yield entry.id, (named or ALL_ZONES) if asks_where(entry) else frozenset()

    def _questions(self) -> tuple[Trait, ...]:
        return tuple(trait for trait in self._rules.traits.values() if trait.question)

    def _notes(self) -> Iterator[str]:
        person = self._person
        due = checklist_due(person, self._rules, here().day)
        if person.asked_day is None:
            yield text("setup.person.never")
        elif due is None:
            again = day_text(person.asked_day + ASK_AGAIN_DAYS)
            yield text("setup.person.asked", day=day_text(person.asked_day), again=again)
        else:
            yield text(f"setup.person.due_{due}")

    def _about_entries(self) -> Iterator[Entry]:
        if self._person.asked_day is None:
            yield self._question(_WEIGH, text("cli.person.weigh"), text("setup.person.weigh"))
        for key, kind in ((_HAND, Hand), (_POSTURE, Posture)):
            name = key.rpartition(".")[2]
            yield Entry(
                key=key,
                words=text(f"setup.person.{name}"),
                about=text(f"setup.person.{name}_about"),
                value=self._said[key],
                options=one_of(name, [str(one.value) for one in kind]),
            )
        for trait in self._questions():
            yield from self._with_places("traits", trait, care_words(trait))
        holding = Care(self._rules, self._person, here().day).traits
        for trait in self._rules.traits.values():
            if not trait.question:
                counted = {"days": trait.days, "sessions": trait.sessions}
                first = text("setup.person.first_weeks_about", **counted)
                state = "holds" if trait in holding else "over"
                yield Entry(
                    key=trait.id,
                    words=text("setup.person.first_weeks"),
                    about=f"{first} {counted_words(trait)}",
                    value=text(f"setup.person.{state}"),
                    held=text("setup.person.counted"),
                )

    def _checklist_entries(self) -> Iterator[Entry]:
        for reason in self._rules.reasons.values():
            yield from self._with_places("reasons", reason, blocked_words(reason))
        yield Entry(key=KEEP, words=text("setup.person.keep"), is_deed=True)
        if self._person.asked_day is not None and self._person.changed_day is None:
            about = text("setup.person.changed_about")
            words = text("setup.person.changed")
            yield Entry(key=CHANGED, words=words, about=about, is_deed=True)

    def _with_places(self, group: str, entry: Trait | Reason, about: str) -> Iterator[Entry]:
        """Yield a question, and after a yes the places it may hold for."""
        key = f"{group}.{entry.id}"
        yield self._question(key, entry.question, about)
        if self._said.get(key) == YES and asks_where(entry):
            for zone in Zone:
                place = f"{key}.{zone.value}"
                yield Entry(
                    key=place,
                    words=zone_name(zone),
                    about=text("setup.person.place", question=entry.question),
                    value=self._said.get(place, NO),
                    options=yes_or_no(),
                    is_part=True,
                )

    def _question(self, key: str, question: str, about: str) -> Entry:
        return Entry(
            key=key,
            words=question,
            about=about,
            value=self._said.get(key, ""),
            options=yes_or_no(),
            is_question=True,
        )


def _asked(person: Person) -> tuple[object, ...]:
    """Return what the questions are about, and when they were asked."""
    answers = (person.hand, person.posture, person.traits, person.reasons)
    return (*answers, person.asked_day, person.changed_day)


def _is_due(person: Person, rules: PersonRules) -> bool:
    return person.asked_day is None or checklist_due(person, rules, here().day) is not None


def _spoken(person: Person, rules: PersonRules) -> dict[str, str]:
    """Return the answers that hold, as they are given on the screen."""
    said: dict[str, str] = {}
    for trait in rules.traits.values():
        said |= dict(_words_of(f"traits.{trait.id}", person.traits.get(trait.id)))
    for reason in rules.reasons.values():
        said |= dict(_words_of(f"reasons.{reason.id}", person.reasons.get(reason.id)))
    return said


def _words_of(key: str, said: Said | None) -> Iterator[tuple[str, str]]:
    yield key, NO if said is None else YES
    if said is not None and said.zones != ALL_ZONES:
        for zone in said.zones:
            yield f"{key}.{zone.value}", YES
