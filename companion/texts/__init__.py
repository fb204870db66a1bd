"""Every word a user reads: one catalogue per language, one TOML file per subject in it."""

import tomllib
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Any, Final

ENGLISH: Final = "en"
"""The language that has every sentence; another one may lack whole files, and no single key."""

_STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode's general categories of signs that are not seen, but do something."""


class _Spoken:
    """The language of this process."""

    language = ENGLISH


@cache
def languages() -> tuple[str, ...]:
    """Return the languages there are: every folder beside this file that holds a catalogue."""
    return tuple(
        sorted(
            folder.name
            for folder in files(__name__).iterdir()
            if folder.is_dir() and any(file.name.endswith(".toml") for file in folder.iterdir())
        )
    )


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for as long as the context lasts, in the whole process.

    Args:
        language: one of `languages`; English in place of any other.
    """
    before = _Spoken.language
    _Spoken.language = language if language in languages() else ENGLISH
    try:
        yield
    finally:
        _Spoken.language = before


@cache
def _room(language: str, room: str) -> dict[str, Any]:
    source = files(__name__).joinpath(language, f"{room}.toml")
    if language != ENGLISH and not source.is_file():
        return _room(ENGLISH, room)
    return tomllib.loads(source.read_text(encoding="utf-8"))


def language() -> str:
    """Return the language that is spoken."""
    return _Spoken.language


@cache
def _phrases(spoken: str, subject: str) -> dict[str, str]:
    source = files(__name__).joinpath(spoken, "data", f"{subject}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8")) if source.is_file() else {}


def phrase(subject: str, english: str) -> str:
    """Return words of a shipped data file in the language that is spoken.

    Args:
        subject: which kind of file: ``routines``, ``programmes``, ``care`` or ``evidence``.
        english: the words as they stand there; returned where the language has none for them.
    """
    return _phrases(_Spoken.language, subject).get(english, english)


def text(key: str, /, **values: object) -> str:
    """Return the sentence of a key, its placeholders filled in.

    Control and format characters in what fills them are shown escaped: a file or a tool must not
    steer the terminal.

    Args:
        key: ``room.dotted.name``; the room is the catalogue's file, the rest its table keys.
        values: what the sentence's ``{placeholders}`` stand for.

    Raises:
        KeyError: the catalogue has no such sentence, or a placeholder has no value.
    """
    room, *path = key.split(".")
    entry: Any = _room(_Spoken.language, room)
    for part in path:
        entry = entry[part]
    if not isinstance(entry, str):
        raise KeyError(key)
    if not values:
        return entry
    return visible(entry.format(**values))


def visible(words: str) -> str:
    """Return words in which nothing steers: control and format characters are shown escaped."""
    return words if words.isprintable() else "".join(map(_shown, words))


def _shown(sign: str) -> str:
    is_steering = sign != "\n" and unicodedata.category(sign) in _STEERING
    return sign.encode("unicode_escape").decode() if is_steering else sign
