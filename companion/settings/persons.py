"""The people who use this computer's companion: what each said, in one file of their own."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from companion.coaching.person import Hand, Person, Posture, Said
from companion.coaching.routine import Zone
from companion.paths import data_folder
from companion.settings.checked import Table, checked, unacceptable
from companion.settings.files import TomlFile
from companion.settings.private_json import read_object, refusing, write_object

FORMAT = 1
_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$"


def _is_day(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        raise unacceptable("no_day") from None
    return value


Day = Annotated[str, AfterValidator(_is_day)]
PersonName = Annotated[str, Field(pattern=_NAME)]


class _Said(Table):
    day: Day
    zones: Annotated[list[Annotated[Zone, Field(strict=False)]], Field(default_factory=list)]

    def said(self) -> Said:
        return Said(_ordinal(self.day), frozenset(self.zones))


class _Person(Table):
    hand: Annotated[Hand, Field(strict=False)] = Hand.RIGHT
    posture: Annotated[Posture, Field(strict=False)] = Posture.UPRIGHT
    traits: Annotated[dict[str, _Said], Field(default_factory=dict)]
    reasons: Annotated[dict[str, _Said], Field(default_factory=dict)]
    asked: Day | None = None
    stopped: Day | None = None
    first: Day | None = None
    sessions: Annotated[int, Field(ge=0)] = 0

    def person(self, name: str) -> Person:
        return Person(
            name=name,
            hand=self.hand,
            posture=self.posture,
            traits={key: said.said() for key, said in self.traits.items()},
            reasons={key: said.said() for key, said in self.reasons.items()},
            asked_day=_maybe_ordinal(self.asked),
            stopped_day=_maybe_ordinal(self.stopped),
            first_day=_maybe_ordinal(self.first),
            sessions=self.sessions,
        )


class _File(Table):
    format: Literal[1]
    persons: dict[PersonName, _Person]


def persons_file() -> Path:
    """Return where the answers lie: one file, which only its owner can read."""
    return data_folder() / "persons.json"


def load_persons() -> dict[str, Person]:
    """Return everyone the file knows, by name; nobody where there is no file.

    Raises:
        FileRefused: it cannot be read, is damaged, or is from a newer version; it stays as it is.
    """
    file = persons_file()
    if not file.exists():
        return {}
    content = checked(_File, TomlFile(str(file), read_object(file, FORMAT), {}))
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
    with refusing(persons_file()):
        persons_file().unlink()
    return True


def _save(persons: Mapping[str, Person]) -> None:
    file = persons_file()
    document = {"format": FORMAT, "persons": {n: person_fields(p) for n, p in persons.items()}}
    checked(_File, TomlFile(str(file), document, {}))
    write_object(file, document)


def person_fields(person: Person) -> dict[str, object]:
    """Return a person as the file has them: days as ``2026-11-21``."""
    return {
        "hand": person.hand.value,
        "posture": person.posture.value,
        "traits": {key: _said_fields(said) for key, said in person.traits.items()},
        "reasons": {key: _said_fields(said) for key, said in person.reasons.items()},
        "asked": _maybe_day(person.asked_day),
        "stopped": _maybe_day(person.stopped_day),
        "first": _maybe_day(person.first_day),
        "sessions": person.sessions,
    }


def _said_fields(said: Said) -> dict[str, object]:
    return {"day": day_text(said.day), "zones": sorted(zone.value for zone in said.zones)}


def day_text(ordinal: int) -> str:
    """Return a day as ``2026-11-21``."""
    return date.fromordinal(ordinal).isoformat()


def _maybe_day(ordinal: int | None) -> str | None:
    return None if ordinal is None else day_text(ordinal)


def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _maybe_ordinal(day: str | None) -> int | None:
    return None if day is None else _ordinal(day)
