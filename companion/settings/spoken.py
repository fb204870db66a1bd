"""The words of shipped data files in the language that is spoken."""

from dataclasses import replace
from typing import Any, Final

from companion.settings.files import TomlFile
from companion.texts import phrase

WORDS: Final = {
    "routines": frozenset(
        {"title", "source", "evidence", "slip_note", "hint", "say", "instead_of"}
    ),
    "programmes": frozenset({"title", "source", "note"}),
    "care": frozenset({"question"}),
    "evidence": frozenset(
        {
            "about",
            "because",
            "claim",
            "declined",
            "found",
            "limits",
            "rule",
            "topic",
            "view",
            "we",
            "we_do",
        }
    ),
}
"""By subject the keys whose words a person reads or hears; the others are names and citations."""


def spoken(file: TomlFile, subject: str) -> TomlFile:
    """Return a shipped file with its words in the language that is spoken.

    What the language has no words for stays as it is written; so do a user's own files, which
    never come here.

    Args:
        file: as read.
        subject: one of `WORDS`.
    """
    return replace(file, data=_spoken(file.data, "", subject))


def _spoken(value: Any, key: str, subject: str) -> Any:  # noqa: ANN401 - what TOML may hold
    match value:
        case dict():
            return {name: _spoken(each, name, subject) for name, each in value.items()}
        case list():
            return [_spoken(each, key, subject) for each in value]
        case str() if key in WORDS[subject]:
            return phrase(subject, value)
        case _:
            return value
