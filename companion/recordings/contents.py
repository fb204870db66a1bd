"""The bytes of a file, or one sentence why there are none."""

from pathlib import Path

from companion.errors import FileRefused, unreadable
from companion.texts import text


def read_bytes(file: str) -> bytes:
    """Return what a file holds.

    Raises:
        FileRefused: it is not there, a folder, or cannot be read.
    """
    try:
        return Path(file).read_bytes()
    except FileNotFoundError:
        raise FileRefused(file, "", text("files.missing")) from None
    except IsADirectoryError:
        raise FileRefused(file, "", text("files.folder")) from None
    except (OSError, ValueError) as error:
        raise unreadable(file, error) from None
