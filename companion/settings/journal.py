"""Each person's journal: the sessions that were done, in one file per person beside the answers."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from companion.coaching.events import SessionOutcome
from companion.coaching.programme import Slot
from companion.coaching.programme_progress import KeptSession
from companion.errors import FileRefused
from companion.settings.checked import Table, checked
from companion.settings.files import TomlFile
from companion.settings.persons import delete_person, persons_file
from companion.settings.private_files import (
    Day,
    PersonName,
    day_text,
    delete_private,
    ordinal,
    read_private,
    write_private,
)
from companion.texts import text

FORMAT = 1
MOST_SESSIONS = 1000
"""The oldest make room beyond it: twenty weeks have 280 at two a day."""

_LONGEST_NAME = 40


class _Session(Table):
    day: Day
    slot: Annotated[Slot, Field(strict=False)]
    routine: Annotated[str, Field(max_length=_LONGEST_NAME)]
    outcome: Annotated[SessionOutcome, Field(strict=False)]
    steps_done: Annotated[int, Field(ge=0)]
    steps: Annotated[int, Field(ge=0)]
    duration_s: Annotated[float, Field(ge=0)]

    def kept(self) -> KeptSession:
        return KeptSession(**self.model_dump() | {"day": ordinal(self.day)})


class _File(Table):
    format: Literal[1]
    person: PersonName
    sessions: Annotated[list[_Session], Field(max_length=MOST_SESSIONS)]


def journal_file(name: str) -> Path:
    """Return where a person's journal lies, which only its owner can read."""
    return persons_file().with_name(f"journal-{name}.json")


def load_journal(name: str) -> list[KeptSession]:
    """Return the sessions that are kept of a person, the oldest first; none without a file.

    Raises:
        FileRefused: it cannot be read, is damaged, somebody else's or from a newer version; it
            stays as it is.
    """
    file = journal_file(name)
    if not file.exists():
        return []
    content = checked(_File, read_private(file, FORMAT))
    if content.person != name:
        raise FileRefused(str(file), "person", text("files.other_person", name=content.person))
    return [session.kept() for session in content.sessions]


def keep_in_journal(name: str, session: KeptSession) -> None:
    """Add a session to a person's journal; the oldest goes where it is full.

    Raises:
        FileRefused: the journal as it is cannot be used, or cannot be written.
    """
    kept = [*load_journal(name), session][-MOST_SESSIONS:]
    document = {
        "format": FORMAT,
        "person": name,
        "sessions": [session_fields(session) for session in kept],
    }
    file = journal_file(name)
    checked(_File, TomlFile(str(file), document, {}))
    write_private(file, document)


def session_fields(session: KeptSession) -> dict[str, object]:
    """Return a session as the journal has it."""
    return {
        "day": day_text(session.day),
        "slot": session.slot.value,
        "routine": session.routine[:_LONGEST_NAME],
        "outcome": session.outcome.value,
        "steps_done": session.steps_done,
        "steps": session.steps,
        "duration_s": round(session.duration_s, 1),
    }


def forget_person(name: str) -> bool:
    """Delete a person's journal and all they said; return whether they were known.

    The journal goes whatever is in it, and first: until all is gone, the person can be asked for.

    Raises:
        FileRefused: something cannot be deleted, or the file of answers cannot be used.
    """
    delete_private(journal_file(name))
    return delete_person(name)
