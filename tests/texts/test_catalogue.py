"""The catalogue and the code agree: every key that is used exists, every sentence is used."""

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from companion.texts import text

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "companion" / "texts" / "en"
ROOMS = sorted(file.stem for file in CATALOGUE.glob("*.toml"))
BEGINNING = re.compile(rf"(?:{'|'.join(ROOMS)})\.")
KEY = re.compile(rf"(?:{'|'.join(ROOMS)})(?:\.[a-z0-9_]+)+")


def sentences(table: dict[str, Any], above: str) -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from sentences(value, f"{above}.{key}")
        else:
            yield f"{above}.{key}", value


@cache
def catalogue() -> dict[str, object]:
    return {
        key: value
        for room in ROOMS
        for key, value in sentences(
            tomllib.loads((CATALOGUE / f"{room}.toml").read_text(encoding="utf-8")), room
        )
    }


@cache
def used() -> tuple[set[str], set[str]]:
    """Return the keys the code names, and the beginnings of those it puts together."""
    keys, beginnings = set(), set()
    for module in (ROOT / "companion").rglob("*.py"):
        nodes = list(ast.walk(ast.parse(module.read_text(encoding="utf-8"))))
        joined = [node.values for node in nodes if isinstance(node, ast.JoinedStr)]
        parts = {id(part) for values in joined for part in values}
        whole = [node for node in nodes if isinstance(node, ast.Constant) and id(node) not in parts]
        words = {str(node.value) for node in whole}
        keys |= {
            word
            for word in words
            if KEY.fullmatch(word) and not word.endswith((".tcss", ".sqlite"))
        }
        starts = [str(values[0].value) for values in joined if isinstance(values[0], ast.Constant)]
        beginnings |= {start for start in starts if BEGINNING.match(start)}
    return keys, beginnings


def test_every_key_the_code_names_has_a_sentence() -> None:
    keys, _ = used()
    assert len(keys) > 50
    assert not keys - set(catalogue())


def test_every_sentence_is_used() -> None:
    keys, beginnings = used()
    idle = {key for key in catalogue() if key not in keys and not key.startswith(tuple(beginnings))}
    assert not idle


def is_filled_by_name(sentence: object) -> bool:
    if not isinstance(sentence, str):
        return False
    names = [name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None]
    return all(name.isidentifier() for name in names)


def test_a_sentence_is_text_with_named_placeholders() -> None:
    assert [key for key, told in catalogue().items() if not is_filled_by_name(told)] == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Zoë's rouleau №1", "Zoë's rouleau №1"),
        ("\x1b[2Jgone", "\\x1b[2Jgone"),
        ("\x9b31m", "\\x9b31m"),
        ("\x07\r\t\x7f", "\\x07\\r\\t\\x7f"),
        ("abc\u202edcba", "abc\\u202edcba"),
        ("\udcff", "\\udcff"),
    ],
)
def test_what_fills_a_placeholder_cannot_steer_a_terminal(name: str, shown: str) -> None:
    assert text("cli.person.deleted", name=name) == f"Everything said by {shown} is deleted."


def test_a_key_without_a_sentence_is_refused() -> None:
    with pytest.raises(KeyError):
        text("cli.no_such_thing")


def test_a_table_is_no_sentence() -> None:
    with pytest.raises(KeyError):
        text("cli.help")
