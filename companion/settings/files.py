"""Reading TOML files so that every complaint can name the key and the line."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeAlias

from companion.errors import FileRefused, unreadable
from companion.settings.faults import Fault, FaultsFound
from companion.settings.toml_lines import KeyPath, line_numbers
from companion.texts import text

Source: TypeAlias = Path | Traversable
"""A file of the user's, or one that is shipped."""

LARGEST_BYTES = 256 * 1024
"""Files above this size are refused: the largest one we ship has a tenth of it."""

_PLAINER = {
    "Illegal character '\\n'": "files.toml_open",
    "Unterminated string": "files.toml_open",
    "Cannot overwrite a value": "files.toml_twice",
    "Cannot declare": "files.toml_twice",
    "Invalid value": "files.toml_value",
    "Expected ']": "files.toml_bracket",
    "Unclosed": "files.toml_bracket",
    "Expected '='": "files.toml_equals",
    "Expected newline": "files.toml_end",
}
"""What tomllib says, by how it begins, in plainer words; anything else is told as it says it."""

_POSITION = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A TOML file as read.

    Attributes:
        name: the file as it is shown to the user.
        data: its content.
        lines: the line (from 1) on which a key stands, for every key and table header.
    """

    name: str
    data: dict[str, Any]
    lines: Mapping[KeyPath, int]

    def line(self, path: KeyPath) -> int | None:
        """Return the line of a key, or of the nearest table around it; None if neither is known."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[:-1]
        return None

    def fault(self, path: KeyPath, reason: str, accepted: Sequence[str] = ()) -> Fault:
        """Return a fault at a key of this file.

        Args:
            path: the key; empty for the whole file.
            reason: what is wrong, and what would be accepted.
            accepted: the words that would be, where there is a list of them.
        """
        return Fault(
            file=self.name,
            line=self.line(path),
            key=shown_key(path),
            reason=reason,
            accepted=tuple(accepted),
        )

    def refused(self, path: KeyPath, reason: str) -> FileRefused:
        """Return the error that names this file, the key with its line, and the reason."""
        return FaultsFound([self.fault(path, reason)])


def shown_key(path: KeyPath) -> str:
    """Return a key as a person writes it, list items counted from 1: ``steps[3].zone``."""
    shown = ""
    for part in path:
        if isinstance(part, int):
            shown += f"[{part + 1}]"
        else:
            shown += f".{part}" if shown else part
    return shown


def read_toml(source: Source, shown_name: str) -> TomlFile:
    """Read a TOML file.

    Args:
        source: the file.
        shown_name: how the file is named to the user.

    Raises:
        FileRefused: it is missing, unreadable, too large, not UTF-8 text or not TOML.
    """
    document = read_document(source, shown_name)
    try:
        data = tomllib.loads(document)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(error, document, shown_name) from None
    except RecursionError:
        raise FileRefused(shown_name, "", text("files.nested")) from None
    except ValueError as error:
        raise FileRefused(shown_name, "", text("files.syntax", reason=error)) from None
    return TomlFile(shown_name, data, line_numbers(document))


def read_document(source: Source, shown_name: str) -> str:
    """Read a file of text.

    Args:
        source: the file.
        shown_name: how the file is named to the user.

    Raises:
        FileRefused: it is missing, unreadable, too large or not UTF-8 text.
    """
    return _decoded(_read(source, shown_name), shown_name)


def _read(source: Source, shown_name: str) -> bytes:
    try:
        if not source.is_file():
            missing = "files.folder" if source.is_dir() else "files.missing"
            raise FileRefused(shown_name, "", text(missing))
        with source.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise unreadable(shown_name, error) from None
    if len(content) > LARGEST_BYTES:
        raise FileRefused(shown_name, "", text("files.huge", kib=LARGEST_BYTES // 1024))
    return content


def _decoded(content: bytes, shown_name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        fault = Fault(file=shown_name, line=line, reason=text("files.not_text"))
        raise FaultsFound([fault]) from None


def _syntax_error(error: tomllib.TOMLDecodeError, document: str, shown_name: str) -> FileRefused:
    message, line = str(error), None
    if position := _POSITION.search(message):
        line = int(position[1]) if position[1] else max(1, len(document.splitlines()))
        message = message[: position.start()]
    plainer = next((key for said, key in _PLAINER.items() if message.startswith(said)), None)
    reason = text("files.syntax", reason=text(plainer) if plainer else message)
    return FaultsFound([Fault(file=shown_name, line=line, reason=reason)])
