"""How much of a routine somebody does: chosen in one session, kept for the next."""

from dataclasses import replace

from companion.coaching.events import Summary
from companion.coaching.person import Person
from companion.settings.persons import load_persons, save_person
from companion.settings.user import Origin, Settled


def scale_of(person: Person | None, settled: Settled) -> int:
    """Return the percent to begin with: as the flag says, as the person chose last, as is set."""
    if settled.origins["scale_percent"] is not Origin.FLAG:
        chosen = None if person is None else person.scale_percent
        if chosen is not None:
            return chosen
    return settled.settings.scale_percent


def keep_scale(person: Person | None, summary: Summary | None) -> None:
    """Keep what a known person chose in this session, for their next one.

    Raises:
        FileRefused: the file of answers cannot be used or written.
    """
    now = None if person is None else load_persons().get(person.name)
    if now is None or summary is None or summary.scale_percent == (now.scale_percent or 100):
        return
    save_person(replace(now, scale_percent=summary.scale_percent))
