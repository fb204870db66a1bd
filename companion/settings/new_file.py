"""A file of one's own to begin with: the commented template, or a copy of another one."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from companion.errors import FileRefused, no_access
from companion.paths import default_file
from companion.settings.files import read_document
from companion.settings.named_files import ENDING, NamedFile
from companion.settings.programmes import load_plan, programme_file, programmes_folder
from companion.settings.routine_file import is_plain_id
from companion.settings.routines import load_routine, routine_file, routines_folder
from companion.texts import text


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of file that people write of their own.

    Attributes:
        template: the shipped template's name.
        command: the command that checks such files.
        folder: the user's folder for them.
        wanted: finds one by name or path.
        load: loads one by name or path.
    """

    template: str
    command: str
    folder: Callable[[], Path]
    wanted: Callable[[str], NamedFile]
    load: Callable[[str], object]


ROUTINE: Final = Kind(
    template="routine",
    command="routines",
    folder=routines_folder,
    wanted=routine_file,
    load=load_routine,
)
PROGRAMME: Final = Kind(
    template="programme",
    command="programme",
    folder=programmes_folder,
    wanted=programme_file,
    load=load_plan,
)


def write_new(kind: Kind, name: str, like: str | None = None) -> Path:
    """Write a new file into the user's folder, and return where it is.

    Args:
        kind: of what.
        name: what it shall be called; a shipped one's name makes it take that one's place.
        like: what to copy, by name or path; None for the template.

    Raises:
        FileRefused: the name does not do, there is such a file already, what is to be copied
            cannot be used, or the file cannot be written. Then nothing was written.
    """
    if not is_plain_id(name):
        raise FileRefused(name, "", text("files.plain_id"))
    content = _template(kind) if like is None else _copy(kind, like)
    file = kind.folder() / f"{name}{ENDING}"
    if file.exists():
        raise FileRefused(str(file), "", text("files.exists"))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _write(file, content)
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


def _template(kind: Kind) -> str:
    return default_file("templates", f"{kind.template}{ENDING}").read_text(encoding="utf-8")


def _copy(kind: Kind, like: str) -> str:
    kind.load(like)
    file = kind.wanted(like)
    head = text("files.copied", name=file.name, command=kind.command)
    return f"# {head}\n\n{read_document(file.source, file.shown)}"
