"""Who the session is for: their limits before it, and what is kept of it after."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from companion.cli.asking import ask_yes
from companion.cli.clock import here
from companion.cli.endings import UsageRefused
from companion.cli.person import (
    DEFAULT_PERSON,
    known_person,
    person_option,
    today,
    trait_words,
)
from companion.cli.person_setup import set_up
from companion.cli.planned import ask_about_lines, done_words, programme_notices
from companion.coaching.checklist import checklist_due, holds_up
from companion.coaching.events import Event, Notice, SessionOutcome, StepOutcome, Summary
from companion.coaching.fitting import Fitted, LeftOut, fitted
from companion.coaching.hints.dose import Bounds, bounds_for
from companion.coaching.person import Care, Person
from companion.coaching.programme_progress import KeptSession
from companion.coaching.routine import Routine, Side
from companion.settings.care import load_person_rules
from companion.settings.journal import keep_in_journal, load_journal
from companion.settings.next_routine import Choice
from companion.settings.persons import load_persons, save_person
from companion.settings.private_files import day_text
from companion.texts import text
from companion.wording import technique_name, zone_name

_GONE_THROUGH = {StepOutcome.DONE, StepOutcome.SHORT}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A routine made ready for somebody.

    Attributes:
        routine: what is left of it.
        person: for whom; None where nobody is known.
        notices: what should be said first.
        bounds: what holds for them beside the routine's limits; None for what holds for all.
        choice: the routine was chosen from the house; None where it was not.
    """

    routine: Routine
    person: Person | None
    notices: tuple[Event, ...]
    bounds: Bounds | None = None
    choice: Choice | None = None


def prepared(routine: Routine, name: str | None, *, asking: bool = False) -> Prepared:
    """Fit a routine to a person.

    Args:
        routine: as its file has it.
        name: who; None for the usual person, if there is one.
        asking: somebody is there to answer, so what is due is asked instead of only said.

    Raises:
        UsageRefused: nobody of that name, no step is left, the person was not well today, or the
            questions must be gone through first.
        FileRefused: the file of answers, the journal or the care file cannot be used.
        SessionDeclined: the person would rather not have a session now.
    """
    person = load_persons().get(DEFAULT_PERSON) if name is None else known_person(name)
    if person is None:
        return Prepared(routine, None, (_notice("no_person"),))
    if person.stopped_day is not None and 0 <= person.stopped_day - today() <= 1:
        raise UsageRefused("cli.person.stopped_today", name=person.name)
    sessions = load_journal(person.name)
    person = _asked_again(person, asking=asking)
    if person.asked_day is None:
        return Prepared(routine, person, (_notice("no_person"),))
    if asking:
        person = ask_about_lines(person, sessions, today())
    care = Care(load_person_rules(), person, today())
    fit = fitted(routine, care)
    if fit.routine is None:
        reasons = " ".join(dict.fromkeys(_question(left) for left in fit.left_out))
        raise UsageRefused("cli.person.nothing_left", name=person.name, reasons=reasons)
    notices = (*_notices(person, fit), *programme_notices(person, sessions, today()))
    return Prepared(fit.routine, person, notices, bounds_for(person, care))


def _asked_again(person: Person, *, asking: bool) -> Person:
    """Return a person whose questions were gone through, where they must be or they want to.

    Raises:
        UsageRefused: they must be, and were not.
    """
    due = checklist_due(person, load_person_rules(), today())
    if due is None:
        return person
    if asking and ask_yes(text(f"cli.person.ask_{due}")):
        return set_up(person.name)
    if holds_up(due):
        option = person_option(person.name)
        raise UsageRefused(f"cli.person.held_{due}", name=person.name, option=option)
    return person


def keep_session(person: Person | None, summary: Summary | None) -> list[str]:
    """Keep a session in the journal, count a finished one, remember who was not well.

    Of somebody who was never asked only the last is kept: for them nothing is counted.

    Returns:
        How a running programme stands after a finished session, in sentences.

    Raises:
        FileRefused: the file of answers or the journal cannot be used or written.
    """
    if summary is None:
        return []
    name = DEFAULT_PERSON if person is None else person.name
    now = load_persons().get(name)
    if summary.outcome is SessionOutcome.UNWELL:
        now = replace(now or Person(name=name), stopped_day=today(), changed_day=today())
        save_person(now)
    if now is None or now.asked_day is None:
        return []
    kept = _kept(summary)
    if kept.counts:
        first = today() if now.first_day is None else now.first_day
        save_person(replace(now, first_day=first, sessions=now.sessions + 1))
    if _is_begun(summary):
        keep_in_journal(name, kept)
    return done_words(now, load_journal(name), today()) if kept.counts else []


def _is_begun(summary: Summary) -> bool:
    return any(step.outcome != StepOutcome.NOT_REACHED for step in summary.steps)


def _kept(summary: Summary) -> KeptSession:
    unwell, moment = summary.outcome is SessionOutcome.UNWELL, here()
    return KeptSession(
        day=moment.day,
        slot=moment.slot,
        routine=summary.routine,
        outcome=SessionOutcome.STOPPED if unwell else summary.outcome,
        steps_done=sum(step.outcome in _GONE_THROUGH for step in summary.steps),
        steps=len(summary.steps),
        duration_s=summary.duration_s,
    )


def _notices(person: Person, fit: Fitted) -> Iterator[Event]:
    due = checklist_due(person, load_person_rules(), today())
    if due is not None:
        day, option = day_text(person.asked_day or today()), person_option(person.name)
        yield _notice(f"again_{due}", day=day, option=option)
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
