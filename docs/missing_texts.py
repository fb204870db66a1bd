"""Sentences that a language lacks, has too many of, or fills in otherwise than English.

The words of shipped data files are among them: routines, programmes, care and evidence.

``python -m docs.missing_texts de`` prints one line for each and ends with 1 where there is any.
"""

import string
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from companion.settings.spoken import WORDS

ROOT = Path(__file__).parents[1]
TEXTS = ROOT / "companion" / "texts"
DATA = ROOT / "config"
ENGLISH_ONLY = ("conform",)
"""Files that a language may leave out: then they are shown in English."""


def sentences(language: str, room: str) -> dict[str, str]:
    """Return the sentences of one file of a language by their keys; none where it is missing."""
    file = TEXTS / language / f"{room}.toml"
    if not file.is_file():
        return {}
    return dict(_flat(tomllib.loads(file.read_text(encoding="utf-8")), room))


def differences(language: str) -> list[str]:
    """Return a line for every difference between a language and English."""
    rooms = {file.stem for code in ("en", language) for file in (TEXTS / code).glob("*.toml")}
    found = []
    for room in sorted(rooms):
        english, other = sentences("en", room), sentences(language, room)
        if room in ENGLISH_ONLY and not other:
            continue
        found += [f"missing: {key} = {english[key]!r}" for key in english if key not in other]
        found += [f"idle: {key}" for key in other if key not in english]
        found += [
            f"placeholders: {key}: {_holes(other[key])} where English has {_holes(english[key])}"
            for key in english
            if key in other and _holes(english[key]) != _holes(other[key])
        ]
        found += [f"empty: {key}" for key in english if english[key] and other.get(key) == ""]
    return [*found, *(line for subject in WORDS for line in _of_data(language, subject))]


def data_words(subject: str) -> list[str]:
    """Return the words of the shipped files of a subject, each once, in their order."""
    files = sorted((DATA / subject).glob("*.toml")) or [DATA / f"{subject}.toml"]
    tables = [tomllib.loads(file.read_text(encoding="utf-8")) for file in files]
    return list(dict.fromkeys(words for table in tables for words in _words(table, "", subject)))


def _of_data(language: str, subject: str) -> Iterator[str]:
    english, file = data_words(subject), TEXTS / language / "data" / f"{subject}.toml"
    other = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    yield from (f"missing: data/{subject}: {each!r}" for each in english if each not in other)
    yield from (f"idle: data/{subject}: {each!r}" for each in other if each not in english)
    yield from (f"empty: data/{subject}: {each!r}" for each in other if not other[each])


def _words(value: Any, key: str, subject: str) -> Iterator[str]:  # noqa: ANN401 - TOML
    match value:
        case dict():
            for name, each in value.items():
                yield from _words(each, name, subject)
        case list():
            for each in value:
                yield from _words(each, key, subject)
        case str() if key in WORDS[subject]:
            yield value


def _flat(table: dict[str, Any], above: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}.{key}")
        else:
            yield f"{above}.{key}", str(value)


def _holes(sentence: str) -> list[str]:
    parsed = string.Formatter().parse(sentence)
    return sorted({f"{name}!{conversion}:{form}" for _, name, form, conversion in parsed if name})


if __name__ == "__main__":
    lines = differences(sys.argv[1] if len(sys.argv) > 1 else "de")
    print("\n".join(lines) or "nothing is missing")  # noqa: T201 -- a script
    sys.exit(1 if lines else 0)
