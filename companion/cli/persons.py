"""Who the session is for: their limits before it, and what is kept of it after."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from companion.cli.endings import UsageRefused
from companion.cli.person import (
    ASK_AGAIN_DAYS,
    DEFAULT_PERSON,
    known_person,
    person_option,
    today,
    trait_words,
)
from companion.coaching.events import Event, Notice, SessionOutcome, Summary
from companion.coaching.fitting import Fitted, LeftOut, fitted
from companion.coaching.hints.dose import Bounds, bounds_for
from companion.coaching.person import Care, Person
from companion.coaching.routine import Routine, Side
from companion.settings.care import load_person_rules
from companion.settings.persons import day_text, load_persons, save_person
from companion.texts import text
from companion.wording import technique_name, zone_name


@dataclass(frozen=True, slots=True)
class Prepared:
    """A routine made ready for somebody.

    Attributes:
        routine: what is left of it.
        person: for whom; None where nobody is known.
        notices: what should be said first.
        bounds: what holds for them beside the routine's limits; None for what holds for all.
    """

    routine: Routine
    person: Person | None
    notices: tuple[Event, ...]
    bounds: Bounds | None = None


def prepared(routine: Routine, name: str | None) -> Prepared:
    """Fit a routine to a person.

    Args:
        routine: as its file has it.
        name: who; None for the usual person, if there is one.

    Raises:
        UsageRefused: nobody of that name, no step is left, or the person was not well today.
        FileRefused: the file of answers or the care file cannot be used.
    """
    person = load_persons().get(DEFAULT_PERSON) if name is None else known_person(name)
    if person is None:
        return Prepared(routine, None, (_notice("no_person"),))
    if person.stopped_day == today():
        raise UsageRefused("cli.person.stopped_today", name=person.name)
    if person.asked_day is None:
        return Prepared(routine, person, (_notice("no_person"),))
    care = Care(load_person_rules(), person, today())
    fit = fitted(routine, care)
    if fit.routine is None:
        reasons = " ".join(dict.fromkeys(_question(left) for left in fit.left_out))
        raise UsageRefused("cli.person.nothing_left", name=person.name, reasons=reasons)
    bounds = bounds_for(person, care)
    return Prepared(fit.routine, person, tuple(_notices(person, fit)), bounds)


def keep_session(person: Person | None, summary: Summary | None) -> None:
    """Count a session that was finished, and remember one that was stopped for not being well.

    Raises:
        FileRefused: the file of answers cannot be used or written.
    """
    if summary is None or summary.outcome not in {SessionOutcome.FINISHED, SessionOutcome.UNWELL}:
        return
    name = DEFAULT_PERSON if person is None else person.name
    now = load_persons().get(name)
    if summary.outcome is SessionOutcome.UNWELL:
        save_person(replace(now or Person(name=name), stopped_day=today()))
    elif now is not None and now.asked_day is not None:
        first = today() if now.first_day is None else now.first_day
        save_person(replace(now, first_day=first, sessions=now.sessions + 1))


def _notices(person: Person, fit: Fitted) -> Iterator[Event]:
    asked_day = person.asked_day or 0
    if today() >= asked_day + ASK_AGAIN_DAYS:
        yield _notice("ask_again", day=day_text(asked_day), option=person_option(person.name))
    yield _notice("holds", name=person.name)
    yield from map(left_out_notice, fit.left_out)


def left_out_notice(left: LeftOut) -> Notice:
    """Return what is said of a step that is left out: which, and why."""
    step, question = left.step, _question(left)
    if left.blocks:
        until = left.blocks[0].until_day
        shown = "" if until is None else text("cli.person.until", day=day_text(until))
        zone = zone_name(step.zone, Side.BOTH)
        return _notice("step_blocked", step=step.id, zone=zone, until=shown, question=question)
    technique = technique_name(step.technique)
    return _notice("step_refused", step=step.id, technique=technique, question=question)


def _question(left: LeftOut) -> str:
    if left.blocks:
        return left.blocks[0].reason.question
    return trait_words(left.traits[0])


def _notice(key: str, **values: object) -> Notice:
    return Notice(device_s=0.0, key=f"cli.person.{key}", values=dict(values))
