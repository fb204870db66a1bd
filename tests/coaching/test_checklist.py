"""When the questions are to be gone through again, and what holds until then."""

from dataclasses import replace

import pytest

from companion.coaching.checklist import ASK_AGAIN_DAYS, Due, checklist_due, holds_up
from companion.coaching.person import Care, Person, Said
from companion.coaching.routine import Zone
from companion.settings.care import load_person_rules

RULES = load_person_rules()
DAY = 739_941
ASKED = Person(name="me", asked_day=DAY)


def test_a_month_after_the_answers_they_are_due() -> None:
    assert checklist_due(ASKED, RULES, DAY + ASK_AGAIN_DAYS - 1) is None
    assert checklist_due(ASKED, RULES, DAY + ASK_AGAIN_DAYS) is Due.MONTH
    assert ASK_AGAIN_DAYS == 30


def test_whoever_was_never_asked_is_not_asked_again() -> None:
    assert checklist_due(Person(name="me"), RULES, DAY) is None


def test_after_a_change_or_an_unwell_session_they_are_due_at_once() -> None:
    assert checklist_due(replace(ASKED, changed_day=DAY), RULES, DAY) is Due.CHANGED
    unwell = replace(ASKED, changed_day=DAY, stopped_day=DAY)
    assert checklist_due(unwell, RULES, DAY + 1) is Due.UNWELL
    assert checklist_due(replace(unwell, asked_day=None), RULES, DAY) is Due.UNWELL
    later = replace(unwell, changed_day=DAY + 3)
    assert checklist_due(later, RULES, DAY + 3) is Due.CHANGED
    assert checklist_due(replace(unwell, changed_day=None), RULES, DAY + 1) is None


def test_an_answer_that_the_rules_do_not_know_is_asked_for_again() -> None:
    for person in (
        replace(ASKED, reasons={"botox": Said(DAY)}),
        replace(ASKED, traits={"thin": Said(DAY)}),
    ):
        assert checklist_due(person, RULES, DAY) is Due.CHANGED


def test_only_a_change_and_an_unwell_session_hold_a_session_up() -> None:
    assert [due for due in Due if holds_up(due)] == [Due.UNWELL, Due.CHANGED]
    assert not holds_up(None)


DATED = [
    *((name, "traits") for name, trait in RULES.traits.items() if trait.days and trait.question),
    *((name, "reasons") for name, reason in RULES.reasons.items() if reason.days),
]


@pytest.mark.parametrize(("name", "kind"), DATED)
def test_what_ends_by_its_days_is_asked_again_on_that_day(name: str, kind: str) -> None:
    table = RULES.traits if kind == "traits" else RULES.reasons
    end = DAY + (table[name].days or 0)
    person = Person(name="me", asked_day=end - 3, **{kind: {name: Said(DAY)}})  # type: ignore[arg-type]  # a field's name
    assert checklist_due(person, RULES, end - 1) is None
    assert checklist_due(person, RULES, end) is Due.LAPSED
    assert checklist_due(replace(person, asked_day=end), RULES, end) is None


def test_there_is_something_dated_in_the_table() -> None:
    assert {name for name, _ in DATED} == {"retinoid_new", "botulinum"}


@pytest.mark.parametrize("name", list(RULES.reasons))
def test_each_reason_of_the_table_blocks_its_zones_to_its_day_or_until_it_is_taken_back(
    name: str,
) -> None:
    reason = RULES.reasons[name]
    person = replace(ASKED, reasons={name: Said(DAY, frozenset({Zone.FOREHEAD}))})
    meant = set(reason.zones or {Zone.FOREHEAD})
    if reason.neighbours:
        meant |= RULES.neighbours[Zone.FOREHEAD]
    last = DAY + 5000 if reason.days is None else DAY + reason.days - 1
    for day in (DAY, last):
        assert {zone for zone in Zone if Care(RULES, person, day).blocks(zone)} == meant
    freed = replace(person, reasons={}) if reason.days is None else person
    assert not any(Care(RULES, freed, last + 1).blocks(zone) for zone in Zone)
