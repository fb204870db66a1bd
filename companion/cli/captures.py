"""Which captures of Bluetooth traffic were made: they hold keys, and are erased with the rest."""

import sys
from argparse import Namespace
from contextlib import suppress
from pathlib import Path

from companion.cli.endings import UsageRefused
from companion.errors import no_access
from companion.paths import state_folder
from companion.store.files import private
from companion.texts import text


def captures_file() -> Path:
    """Return where the names of the captures lie, one in a line."""
    return state_folder() / "captures.txt"


def remember_capture(file: Path) -> None:
    """Take note of a capture.

    Raises:
        FileRefused: the note cannot be written.
    """
    note = captures_file()
    try:
        note.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with note.open("a", encoding="utf-8") as stream:
            stream.write(f"{file.resolve()}\n")
    except OSError as error:
        raise no_access(str(note), error) from None


def capture_of(arguments: Namespace) -> dict[str, Path]:
    """Return what the radio is to be told of a capture: its file, or nothing where none is wanted.

    It is taken note of, and a person is warned of what it holds.

    Raises:
        UsageRefused: the computer's own Bluetooth is captured by the system, not by us.
        FileRefused: the file cannot be written, or the note of it.
    """
    file: Path | None = arguments.capture
    if file is None:
        return {}
    if arguments.air is None:
        raise UsageRefused("store.capture_by_system")
    try:
        private(file)
    except OSError as error:
        raise no_access(str(file), error) from None
    remember_capture(file)
    warning = text("store.capture_warning", file=file)
    print(text("cli.failed.line", sentence=warning), file=sys.stderr)
    return {"capture": file}


def known_captures() -> list[Path]:
    """Return the captures that are still there."""
    names: list[str] = []
    with suppress(OSError):
        names = captures_file().read_text(encoding="utf-8").splitlines()
    return [Path(name) for name in dict.fromkeys(names) if name and Path(name).is_file()]


def delete_captures() -> list[Path]:
    """Delete every capture that is known, and the note; return which.

    Raises:
        FileRefused: one cannot be deleted.
    """
    found = known_captures()
    for file in (*found, captures_file()):
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise no_access(str(file), error) from None
    return found
