"""Files about persons: JSON that only its owner can read, replaced whole or not at all."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from companion.errors import FileRefused, no_access
from companion.settings.checked import unacceptable
from companion.settings.files import TomlFile
from companion.settings.json_lines import JsonLines
from companion.texts import text

LARGEST_BYTES = 1024 * 1024
"""Files above this size are refused: a person takes one or two KiB, a full journal 200 or so."""

NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,39}"
"""What a person may be called; it becomes part of a file's name."""

_NO_LATER_YEAR = 3000
"""Days far from the calendar's end can be counted on from."""


def _is_day(value: str) -> str:
    try:
        is_near = date.fromisoformat(value).year < _NO_LATER_YEAR
    except ValueError:
        is_near = False
    if not is_near:
        raise unacceptable("no_day")
    return value


Day = Annotated[str, AfterValidator(_is_day)]
PersonName = Annotated[str, Field(pattern=f"^{NAME}$")]


def day_text(ordinal: int) -> str:
    """Return a day as ``2026-11-21``."""
    return date.fromordinal(ordinal).isoformat()


def ordinal(day: str) -> int:
    """Return the ordinal of a day like ``2026-11-21``."""
    return date.fromisoformat(day).toordinal()


def read_private(file: Path, newest: int) -> TomlFile:
    """Read a file.

    Args:
        file: which.
        newest: the newest format that is known.

    Raises:
        FileRefused: it cannot be read, is damaged, or is from a newer version; it stays as it is.
    """
    with refusing(file), file.open("rb") as stream:
        content = stream.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise FileRefused(str(file), "", text("files.huge", kib=LARGEST_BYTES // 1024))
    found = _parsed(file, content)
    version = found.data.get("format")
    if isinstance(version, int) and version > newest:
        raise found.refused(("format",), text("files.newer", version=version, known=newest))
    return found


def write_private(file: Path, document: Mapping[str, object]) -> None:
    """Put a document in place of a file, or leave the file as it is.

    Raises:
        FileRefused: it cannot be written, or would be larger than one that is read.
    """
    content = json.dumps(document, indent=1).encode()
    if len(content) > LARGEST_BYTES:
        raise FileRefused(str(file), "", text("files.huge", kib=LARGEST_BYTES // 1024))
    put_in_place(file, content, mode=0o600)


def put_in_place(file: Path, content: bytes, *, mode: int) -> None:
    """Put a content in place of a file's, whole, or leave the file as it is.

    Args:
        file: which; its folder is made where there is none, for its owner alone.
        content: what it shall have.
        mode: who may read and write it.

    Raises:
        FileRefused: it cannot be written.
    """
    draft = _draft(file)
    with refusing(file):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileNotFoundError):
            draft.unlink()
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)


def delete_private(file: Path) -> None:
    """Delete a file, and what a write that was cut off left of it.

    Raises:
        FileRefused: it cannot be deleted.
    """
    for name in (_draft(file), file):
        with refusing(file), suppress(FileNotFoundError):
            name.unlink()


@contextmanager
def refusing(file: Path) -> Iterator[None]:
    """Turn what the file system says into a sentence.

    Raises:
        FileRefused: in place of an ``OSError``.
    """
    try:
        yield
    except OSError as error:
        raise no_access(str(file), error) from None


def _parsed(file: Path, content: bytes) -> TomlFile:
    data: Any = None
    document, where = "", ""
    try:
        document = content.decode("utf-8")
        data = json.loads(document)
    except json.JSONDecodeError as error:
        where = text("files.line", line=error.lineno)
    except (UnicodeDecodeError, ValueError, RecursionError):
        pass
    if not isinstance(data, dict):
        raise FileRefused(str(file), where, text("files.damaged"))
    return TomlFile(str(file), data, JsonLines(document))


def _draft(file: Path) -> Path:
    return file.with_name(f"{file.name}.new")
