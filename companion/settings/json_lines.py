"""On which line each key of a JSON document stands, for complaints about it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from companion.settings.toml_lines import KeyPath

_SIGN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+')


class JsonLines(Mapping[KeyPath, int]):
    """The line (from 1) of every key and list item of a document; looked for when first asked.

    Args:
        document: JSON that could be read.
    """

    def __init__(self, document: str) -> None:
        self._document = document

    def __getitem__(self, path: KeyPath) -> int:
        return self._lines[path]

    def __iter__(self) -> Iterator[KeyPath]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    @cached_property
    def _lines(self) -> dict[KeyPath, int]:
        return _line_numbers(self._document)


@dataclass(slots=True)
class _Open:
    """An object or a list that is not closed yet; ``item`` counts a list, None for an object."""

    path: KeyPath
    item: int | None
    awaits_key: bool


def _line_numbers(document: str) -> dict[KeyPath, int]:
    lines: dict[KeyPath, int] = {}
    opened: list[_Open] = []
    where: KeyPath = ()
    line, read = 1, 0
    for match in _SIGN.finditer(document):
        line += document.count("\n", read, match.start())
        read = match.start()
        sign = match[0]
        within = opened[-1] if opened else None
        if sign in "}]":
            opened.pop()
        elif sign == "," and within is not None:
            where = _next(within)
        elif within is not None and within.awaits_key:
            within.awaits_key = False
            where = (*within.path, json.loads(sign))
            lines[where] = line
        elif sign != ":":
            lines.setdefault(where, line)
            where = _into(opened, where, sign)
    lines.pop((), None)
    return lines


def _into(opened: list[_Open], where: KeyPath, sign: str) -> KeyPath:
    """Return where the next value stands after one that began."""
    if sign == "[":
        opened.append(_Open(where, 0, awaits_key=False))
        return (*where, 0)
    if sign == "{":
        opened.append(_Open(where, None, awaits_key=True))
    return where


def _next(within: _Open) -> KeyPath:
    """Return where the value after a comma stands; of an object its key comes first."""
    if within.item is None:
        within.awaits_key = True
        return within.path
    within.item += 1
    return (*within.path, within.item)
