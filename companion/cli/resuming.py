"""An interrupted session gone on with: what is left of its routine, as a session of its own."""

from argparse import Namespace
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

from companion.cli.asking import ask_yes
from companion.cli.clock import DAY_BEGINS_H, local_time
from companion.cli.endings import UsageRefused
from companion.cli.person import DEFAULT_PERSON
from companion.cli.persons import Prepared
from companion.coaching.events import Notice
from companion.coaching.routine import Routine
from companion.errors import FileRefused
from companion.store.breaking import Break, newest_break
from companion.store.database import open_store, store_file
from companion.store.sessions import Sessions
from companion.texts import text


def resumed(ready: Prepared, arguments: Namespace, *, asking: bool) -> Prepared:
    """Return what is left of a routine, where its last session broke off and is gone on with.

    Args:
        ready: the routine made ready for somebody.
        arguments: with ``resume``: whether to go on without a question, or None to ask.
        asking: somebody is there to answer.

    Raises:
        UsageRefused: it is to be gone on with, and nothing broke off; or the answers end.
    """
    if arguments.resume is False or (arguments.resume is None and not asking):
        return ready
    found = _found(ready)
    if found is None:
        if arguments.resume:
            raise UsageRefused("store.resume.nothing")
        return ready
    time = f"{found.seen_at.astimezone():%H:%M}"
    question = text("store.resume.ask", time=time, step=found.step, number=found.number)
    if not arguments.resume and not ask_yes(question):
        return ready
    notice = Notice(
        device_s=0.0, key="store.resume.goes_on", values={"step": found.step, "time": time}
    )
    routine = _from_step(ready.routine, found.step)
    return replace(ready, routine=routine, notices=(*ready.notices, notice))


def _found(ready: Prepared) -> Break | None:
    if not store_file().exists():
        return None
    person = DEFAULT_PERSON if ready.person is None else ready.person.name
    steps = [step.id for step in ready.routine.steps]
    try:
        with closing(open_store(store_file())) as connection:
            found = newest_break(
                Sessions(connection), person, ready.routine.name, steps, datetime.now(UTC)
            )
    except FileRefused:  # said when the session is to be kept
        return None
    return found if found is not None and _is_today(found.seen_at) else None


def _is_today(moment: datetime) -> bool:
    """Return whether the night has not ended since: what broke off yesterday stays there."""
    now = local_time()
    begun = now.replace(hour=DAY_BEGINS_H, minute=0, second=0, microsecond=0)
    return now < begun or moment >= begun


def _from_step(routine: Routine, step: str) -> Routine:
    at = [each.id for each in routine.steps].index(step)
    share = (len(routine.steps) - at) / len(routine.steps)
    return replace(routine, steps=routine.steps[at:], about_s=routine.about_s * share)
