"""Files of JSON that the program keeps for a person: one document, readable by its owner only."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from companion.errors import FileRefused, no_access
from companion.settings.files import LARGEST_BYTES
from companion.texts import text


def read_object(file: Path, newest: int) -> dict[str, object]:
    """Read a file's one object.

    Args:
        file: the file.
        newest: the newest ``format`` that is understood.

    Raises:
        FileRefused: it cannot be read, is damaged, or is from a newer version; it stays as it is.
    """
    with refusing(file), file.open("rb") as stream:
        content = stream.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise FileRefused(str(file), "", text("files.huge", kib=LARGEST_BYTES // 1024))
    try:
        data = json.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise FileRefused(str(file), "", text("files.damaged")) from None
    if not isinstance(data, dict):
        raise FileRefused(str(file), "", text("files.damaged"))
    version = data.get("format")
    if isinstance(version, int) and version > newest:
        raise FileRefused(str(file), "format", text("files.newer", version=version, known=newest))
    return data


def write_object(file: Path, document: Mapping[str, object]) -> None:
    """Write a file's one object, whole or not at all; its mode is 0600, its folder's 0700.

    Raises:
        FileRefused: it cannot be written.
    """
    draft = file.with_name(f"{file.name}.new")
    with refusing(file):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileNotFoundError):
            draft.unlink()
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            json.dump(document, stream, indent=2)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)


@contextmanager
def refusing(file: Path) -> Iterator[None]:
    """Turn what the file system says into a sentence.

    Raises:
        FileRefused: the system did not let us.
    """
    try:
        yield
    except OSError as error:
        raise no_access(str(file), error) from None
