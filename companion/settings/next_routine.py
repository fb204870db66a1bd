"""The routine that was chosen from elsewhere for the next session: kept until that is over."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from companion.errors import FileRefused
from companion.paths import data_folder
from companion.settings.checked import Table, checked
from companion.settings.private_files import delete_private, read_private, write_private
from companion.settings.routines import list_routines

_FORMAT = 1


class _ChoiceFile(Table):
    format: Literal[1]
    routine: Annotated[str, Field(min_length=1, max_length=255)]
    token: Annotated[str, Field(min_length=1, max_length=64)]


@dataclass(frozen=True, slots=True)
class Choice:
    """A routine chosen for one session.

    Attributes:
        routine: its name.
        token: tells this choice from a later one of the same routine.
    """

    routine: str
    token: str


def choice_file() -> Path:
    """Return where the choice lies, whether there is one or not."""
    return data_folder() / "next-routine.json"


def choosable_routines() -> list[str]:
    """Return the names of routines that may be chosen from afar.

    Those that can be used and raise no limit above the care table's: that is accepted by who sits
    in front of the file.
    """
    return [
        entry.name
        for entry in list_routines()
        if entry.content is not None and not any(step.accepted for step in entry.content.steps)
    ]


def choose_routine(name: str) -> None:
    """Choose a routine for the next session, in place of any choice before.

    Raises:
        FileRefused: it cannot be written.
    """
    document = {"format": _FORMAT, "routine": name, "token": secrets.token_hex(8)}
    write_private(choice_file(), document)


def chosen_routine() -> Choice | None:
    """Return the choice; None where there is none that holds.

    One that is damaged, or names what may not be chosen any more, is none.
    """
    file = choice_file()
    if not file.exists():
        return None
    try:
        found = checked(_ChoiceFile, read_private(file, _FORMAT))
    except FileRefused:
        return None
    is_there = found.routine in choosable_routines()
    return Choice(found.routine, found.token) if is_there else None


def use_up(choice: Choice) -> None:
    """Forget a choice after its session; one that was made meanwhile stays.

    Raises:
        FileRefused: it cannot be deleted.
    """
    if chosen_routine() == choice:
        delete_private(choice_file())
