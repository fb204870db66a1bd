"""Changing values in a TOML document that a person wrote: all else stays as it is, comments too."""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from companion.settings.toml_lines import ASSIGNMENT, HEADER, TOKEN, KeyPath, names_in, statements

Value: TypeAlias = bool | int | str

_BEFORE_A_COMMENT: Final = "  "


@dataclass(slots=True)
class _Statement:
    """One statement: its text, the table it is or stands in, and its key in it if it has one."""

    text: str
    table: KeyPath
    names: KeyPath = ()
    is_header: bool = False

    @property
    def path(self) -> KeyPath:
        return (*self.table, *self.names)


def with_value(document: str, path: KeyPath, value: Value) -> str:
    """Return a document in which one key has a value.

    A key that is there gets it in its place, whether it stands below a header, dotted, or within
    braces; one that is not is added to its table, which is added where there is none.

    Args:
        document: text that tomllib has accepted.
        path: the key, with the table it is in.
        value: what it shall have.

    Raises:
        ValueError: it cannot be done without touching something else.
    """
    line_end = "\r\n" if "\r\n" in document else "\n"
    lines = list(_read(document))
    if not (_replaced(lines, path, value) or _replaced_within(lines, path, value, document)):
        _add(lines, path, f"{path[-1]} = {_shown(value)}")
    changed = "\n".join(line.text for line in lines).rstrip("\n") + "\n"
    _verify(document, changed, path, value)
    return changed.replace("\n", line_end)


def _read(document: str) -> Iterator[_Statement]:
    table: KeyPath = ()
    for _, statement in statements(document.replace("\r\n", "\n")):
        if header := HEADER.match(statement):
            table = names_in(header[2])
            yield _Statement(statement, table, is_header=True)
        elif assignment := ASSIGNMENT.match(statement):
            yield _Statement(statement, table, names_in(assignment[1]))
        else:
            yield _Statement(statement, table)


def _replaced(lines: list[_Statement], path: KeyPath, value: Value) -> bool:
    for line in lines:
        if line.names and line.path == path:
            _put(line, _shown(value))
            return True
    return False


def _replaced_within(lines: list[_Statement], path: KeyPath, value: Value, document: str) -> bool:
    """Give a key of a table that stands in braces on one line its value."""
    for line in lines:
        if line.names and line.path == path[:-1]:
            table: Any = tomllib.loads(document)
            for name in line.path:
                table = table[str(name)]
            if not isinstance(table, dict):
                raise ValueError(path)
            content = table | {str(path[-1]): value}
            pairs = ", ".join(f"{name} = {_shown(one)}" for name, one in content.items())
            _put(line, f"{{ {pairs} }}")
            return True
    return False


def _add(lines: list[_Statement], path: KeyPath, words: str) -> None:
    table = path[:-1]
    inside = [number for number, line in enumerate(lines) if line.table == table and line.names]
    heads = [number for number, line in enumerate(lines) if line.is_header and line.table == table]
    dotted = [number for number, line in enumerate(lines) if line.names and not line.table]
    dotted = [number for number in dotted if table and lines[number].names[: len(table)] == table]
    if inside or heads:
        lines.insert((inside or heads)[-1] + 1, _Statement(words, table))
    elif dotted:
        shown = ".".join(str(name) for name in table)
        lines.insert(dotted[-1] + 1, _Statement(f"{shown}.{words}", ()))
    elif table:
        shown = ".".join(str(name) for name in table)
        gap = [""] if lines[-1].text.strip() else []
        lines += [_Statement(part, table) for part in (*gap, f"[{shown}]", words)]
    else:
        lines.insert(_before_tables(lines), _Statement(words, ()))


def _before_tables(lines: list[_Statement]) -> int:
    """Return where the first table begins, with the comments that belong to it."""
    place = next((number for number, line in enumerate(lines) if line.is_header), len(lines))
    while 0 < place < len(lines) and lines[place - 1].text.lstrip().startswith("#"):
        place -= 1
    return place


def _put(line: _Statement, shown: str) -> None:
    """Put a value in place of the one a statement has; its comment stays."""
    found = ASSIGNMENT.match(line.text)
    end = found.end() if found else 0
    pieces = TOKEN.findall(line.text[end:])
    comment = pieces[-1] if pieces and pieces[-1].startswith("#") else ""
    before = line.text[end : len(line.text) - len(comment)]
    gap = before[len(before.rstrip()) :] or _BEFORE_A_COMMENT
    line.text = f"{line.text[:end]} {shown}{gap + comment if comment else ''}"


def _shown(value: object) -> str:
    """Return a value as TOML; what JSON writes of text and numbers is TOML, too, but for delete."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _verify(before: str, after: str, path: KeyPath, value: Value) -> None:
    expected = tomllib.loads(before)
    table: dict[str, Any] = expected
    for name in path[:-1]:
        table = table.setdefault(str(name), {})
    table[str(path[-1])] = value
    try:
        is_so = tomllib.loads(after) == expected
    except tomllib.TOMLDecodeError:
        is_so = False
    if not is_so:
        raise ValueError(path)
