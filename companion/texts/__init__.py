"""Every word a user reads: one catalogue per language, one TOML file per room in it."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _room(language: str, room: str) -> dict[str, Any]:
    source = files(__name__).joinpath(language, f"{room}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def text(key: str, /, **values: object) -> str:
    """Return the sentence of a key, its placeholders filled in.

    Args:
        key: ``room.dotted.name``; the room is the catalogue's file, the rest its table keys.
        values: what the sentence's ``{placeholders}`` stand for.

    Raises:
        KeyError: the catalogue has no such sentence, or a placeholder has no value.
    """
    room, *path = key.split(".")
    entry: Any = _room("en", room)
    for part in path:
        entry = entry[part]
    if not isinstance(entry, str):
        raise KeyError(key)
    return entry.format(**values) if values else entry
