"""Where each key of a TOML document stands: tomllib keeps the values and forgets the lines."""

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]
"""A key's way through tables (names) and arrays (numbers from 0)."""

_NAME = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_DOTTED = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
HEADER = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]")
"""The line of a table: its brackets, its name."""

ASSIGNMENT = re.compile(rf"\s*({_DOTTED})\s*=")
"""A key up to its equals sign."""

TOKEN = re.compile(
    r"'''[\s\S]*?'''+|\"\"\"(?:[^\\]|\\[\s\S])*?\"\"\"+"
    r"|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|#[^\n]*|[\[{]|[\]}]|\n|[^'\"#\[\]{}\n]+"
)
"""A piece of a document: a text, a comment, a bracket, a line end, or what is between."""


def line_numbers(document: str) -> Mapping[KeyPath, int]:
    """Return the line (from 1) of every table header, key outside inline values, and array item.

    Items are counted where an array has several lines.

    Args:
        document: text that tomllib has accepted.
    """
    lines: dict[KeyPath, int] = {}
    counts: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for number, statement in statements(document.replace("\r\n", "\n")):
        if header := HEADER.match(statement):
            names = names_in(header[2])
            table = _resolved(counts, names[:-1]) + names[-1:]
            if header[1] == "[[":
                lines.setdefault(table, number)
                counts[table] = counts.get(table, -1) + 1
                table += (counts[table],)
            lines[table] = number
        elif assignment := ASSIGNMENT.match(statement):
            names = names_in(assignment[1])
            for end in range(1, len(names) + 1):
                lines.setdefault(table + names[:end], number)
            for index, line in _items(statement[assignment.end() :]):
                lines[(*table, *names, index)] = number + line
    return lines


def _items(value: str) -> Iterator[tuple[int, int]]:
    """Yield index and line (from 0) of each item of an array that has several lines."""
    if "\n" not in value or not value.lstrip().startswith("["):
        return
    depth, line, index, found = 0, 0, 0, -1
    for piece in TOKEN.findall(value):
        plain = piece[0] not in "\"'#[]{}\n"
        for number, part in enumerate(piece.split(",") if plain and depth == 1 else (piece,)):
            index += number > 0
            if index > found and depth > 0 and part.strip() and part[0] not in "]#":
                found = index
                yield index, line
        depth += (piece in "[{") - (piece in "]}")
        line += piece.count("\n")


def statements(document: str) -> Iterator[tuple[int, str]]:
    """Yield each statement with its first line; one ends at a line end outside any value."""
    number, first, depth, statement = 1, 1, 0, ""
    for piece in TOKEN.findall(f"{document}\n"):
        if piece == "\n" and depth == 0:
            yield first, statement
            number, statement = number + 1, ""
            first = number
            continue
        depth += (piece in "[{") - (piece in "]}")
        number += piece.count("\n")
        statement += piece


def names_in(dotted: str) -> tuple[str, ...]:
    """Return the names of a dotted key, without quotation marks."""
    found = re.findall(_NAME, dotted)
    return tuple(name[1:-1] if name[0] in "\"'" else name for name in found)


def _resolved(counts: dict[KeyPath, int], names: tuple[str, ...]) -> KeyPath:
    """Follow names into the newest item of each array of tables on the way."""
    path: KeyPath = ()
    for name in names:
        path += (name,)
        if path in counts:
            path += (counts[path],)
    return path
