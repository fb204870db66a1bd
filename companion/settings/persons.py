"""The people who use this computer's companion: what each said, in one file of their own."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from companion.coaching.person import Hand, Person, Posture, Said
from companion.coaching.routine import Zone
from companion.paths import data_folder
from companion.settings.checked import Table, checked, no_list
from companion.settings.files import TomlFile
from companion.settings.private_files import (
    NAME,
    Day,
    PersonName,
    day_text,
    delete_private,
    ordinal,
    read_private,
    write_private,
)
from companion.settings.programme_state import (
    ProgrammeTable,
    maybe_day,
    maybe_ordinal,
    programme_fields,
)
from companion.settings.scale import Percent

FORMAT = 2
"""What is written; format 1, which knew no programme, is read too."""


class _Said(Table):
    day: Day
    zones: Annotated[list[Annotated[Zone, Field(strict=False)]], Field(default_factory=no_list)]

    def said(self) -> Said:
        return Said(ordinal(self.day), frozenset(self.zones))


class _Person(Table):
    hand: Annotated[Hand, Field(strict=False)] = Hand.RIGHT
    posture: Annotated[Posture, Field(strict=False)] = Posture.UPRIGHT
    scale_percent: Percent | None = None
    traits: Annotated[dict[str, _Said], Field(default_factory=dict)]
    reasons: Annotated[dict[str, _Said], Field(default_factory=dict)]
    asked: Day | None = None
    changed: Day | None = None
    stopped: Day | None = None
    first: Day | None = None
    sessions: Annotated[int, Field(ge=0)] = 0
    programme: ProgrammeTable | None = None

    def person(self, name: str) -> Person:
        return Person(
            name=name,
            hand=self.hand,
            posture=self.posture,
            scale_percent=self.scale_percent,
            traits={key: said.said() for key, said in self.traits.items()},
            reasons={key: said.said() for key, said in self.reasons.items()},
            asked_day=maybe_ordinal(self.asked),
            changed_day=maybe_ordinal(self.changed),
            stopped_day=maybe_ordinal(self.stopped),
            first_day=maybe_ordinal(self.first),
            sessions=self.sessions,
            programme=None if self.programme is None else self.programme.programme(),
        )


class _File(Table):
    format: Literal[1, 2]
    persons: dict[PersonName, _Person]


def persons_file() -> Path:
    """Return where the answers lie: one file, which only its owner can read."""
    return data_folder() / "persons.json"


def is_person_name(name: str) -> bool:
    """Say whether somebody can be called so: letters, digits, dot, hyphen, underscore; up to 40."""
    return re.fullmatch(NAME, name) is not None


def load_persons() -> dict[str, Person]:
    """Return everyone the file knows, by name; nobody where there is no file.

    Raises:
        FileRefused: it cannot be read, is damaged, or is from a newer version; it stays as it is.
    """
    file = persons_file()
    if not file.exists():
        return {}
    content = checked(_File, read_private(file, FORMAT))
    return {name: person.person(name) for name, person in content.persons.items()}


def save_person(person: Person) -> None:
    """Keep one person's answers, in place of earlier ones.

    Raises:
        FileRefused: the file as it is cannot be used, the name cannot be, or it cannot be written.
    """
    _save({**load_persons(), person.name: person})


def delete_person(name: str) -> bool:
    """Forget one person; return whether there was one. The file goes with the last of them.

    Raises:
        FileRefused: the file cannot be used or written.
    """
    persons = load_persons()
    if persons.pop(name, None) is None:
        return False
    if persons:
        _save(persons)
        return True
    delete_private(persons_file())
    return True


def _save(persons: Mapping[str, Person]) -> None:
    file = persons_file()
    document = {"format": FORMAT, "persons": {n: person_fields(p) for n, p in persons.items()}}
    checked(_File, TomlFile(str(file), document, {}))
    write_private(file, document)


def person_fields(person: Person) -> dict[str, object]:
    """Return a person as the file has them: days as ``2026-11-21``."""
    return {
        "hand": person.hand.value,
        "posture": person.posture.value,
        "scale_percent": person.scale_percent,
        "traits": {key: _said_fields(said) for key, said in person.traits.items()},
        "reasons": {key: _said_fields(said) for key, said in person.reasons.items()},
        "asked": maybe_day(person.asked_day),
        "changed": maybe_day(person.changed_day),
        "stopped": maybe_day(person.stopped_day),
        "first": maybe_day(person.first_day),
        "sessions": person.sessions,
        "programme": person.programme and programme_fields(person.programme),
    }


def _said_fields(said: Said) -> dict[str, object]:
    return {"day": day_text(said.day), "zones": sorted(zone.value for zone in said.zones)}
