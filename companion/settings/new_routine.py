"""A routine file to begin with: the commented template, or a copy of another routine."""

from contextlib import suppress
from pathlib import Path

from companion.errors import FileRefused, no_access
from companion.paths import default_file
from companion.settings.care import load_care
from companion.settings.files import read_document
from companion.settings.routine_file import is_plain_id
from companion.settings.routines import load_routine, routine_source, routines_folder
from companion.texts import text


def write_new_routine(name: str, like: str | None = None) -> Path:
    """Write a new routine file into the user's folder, and return where it is.

    Args:
        name: what it shall be called; a shipped routine's name makes it take that one's place.
        like: the routine to copy, by name or path; None for the template.

    Raises:
        FileRefused: the name does not do, there is such a file already, the routine to copy
            cannot be used, or the file cannot be written. Then nothing was written.
    """
    if not is_plain_id(name):
        raise FileRefused(name, "", text("files.plain_id"))
    document = _template() if like is None else _copy(like)
    file = routines_folder() / f"{name}.toml"
    if file.exists():
        raise FileRefused(str(file), "", text("files.exists"))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _write(file, document)
    except OSError as error:
        raise no_access(str(file), error) from None
    return file


def _write(file: Path, document: str) -> None:
    """Write a file that was not there; half of one does not stay."""
    with file.open("x", encoding="utf-8", newline="\n") as stream:
        try:
            stream.write(document)
            stream.flush()
        except OSError:
            with suppress(OSError):
                file.unlink()
            raise


def _template() -> str:
    return default_file("templates", "routine.toml").read_text(encoding="utf-8")


def _copy(like: str) -> str:
    load_routine(like, load_care())
    source, shown_name, name = routine_source(like)
    return f"# {text('files.copied', name=name)}\n\n{read_document(source, shown_name)}"
