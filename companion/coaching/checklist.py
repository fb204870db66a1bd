"""When the questions about a person are to be gone through again."""

from collections.abc import Iterator
from enum import StrEnum

from companion.coaching.person import Person, PersonRules, Reason, Said, Trait

ASK_AGAIN_DAYS = 30
"""After so many days the checklist is asked again (domain rule, grade D)."""


class Due(StrEnum):
    """Why the questions are due.

    Without new answers there is no session after ``UNWELL`` and ``CHANGED``; for the others
    what was last said goes on to hold.
    """

    UNWELL = "unwell"
    CHANGED = "changed"
    MONTH = "month"
    LAPSED = "lapsed"


def checklist_due(person: Person, rules: PersonRules, today: int) -> Due | None:
    """Return why a person should be asked again; None while the answers are good.

    Args:
        person: whose answers.
        rules: what follows from them, and for how long.
        today: the day.
    """
    if person.changed_day is not None:
        return Due.UNWELL if person.changed_day == person.stopped_day else Due.CHANGED
    if person.asked_day is None:
        return None
    if today >= person.asked_day + ASK_AGAIN_DAYS:
        return Due.MONTH
    if any(person.asked_day < end <= today for end in _ends(person, rules)):
        return Due.LAPSED
    return None


def holds_up(due: Due | None) -> bool:
    """Say whether there is no session before the questions are gone through."""
    return due in {Due.UNWELL, Due.CHANGED}


def _ends(person: Person, rules: PersonRules) -> Iterator[int]:
    """Yield the days on which something that was said holds no longer by itself."""
    pairs: list[tuple[Trait | Reason | None, Said]] = [
        *((rules.traits.get(name), said) for name, said in person.traits.items()),
        *((rules.reasons.get(name), said) for name, said in person.reasons.items()),
    ]
    for entry, said in pairs:
        if entry is not None and entry.days is not None:
            yield said.day + entry.days
