"""Routine files: the shipped ones, and the user's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources.abc import Traversable
from pathlib import Path

from companion.coaching.care import CareTable
from companion.coaching.routine import Routine
from companion.errors import FileRefused
from companion.paths import config_folder, default_file
from companion.settings.care import load_care
from companion.settings.checked import did_you_mean
from companion.settings.files import Source, read_toml
from companion.settings.routine_reading import routine_in
from companion.texts import text

_ENDING = ".toml"


class Origin(StrEnum):
    """Whose routine it is."""

    SHIPPED = "shipped"
    USER = "user"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutineEntry:
    """One routine that can be run by its name.

    Attributes:
        name: what to ask for.
        origin: shipped with the companion, or from the user's configuration folder.
        shadows_shipped: a user's routine that is run in place of the shipped one of that name.
        routine: the routine; None where its file cannot be used.
        fault: why its file cannot be used.
    """

    name: str
    origin: Origin
    shadows_shipped: bool
    routine: Routine | None
    fault: FileRefused | None


def load_routine(name_or_path: str, care: CareTable | None = None) -> Routine:
    """Load a routine by its name, or from a file.

    Args:
        name_or_path: a name from ``list_routines``; or a path, which ends in ``.toml`` or
            has a separator in it.
        care: the limits that bands come from; the shipped table where none is given.

    Raises:
        FileRefused: there is no such routine, or its file cannot be used.
    """
    source, shown_name, name = routine_source(name_or_path)
    return _load(source, shown_name, name, care)


def load_routine_file(file: str, care: CareTable | None = None) -> Routine:
    """Load a routine from a file, whatever the file is called.

    Args:
        file: its path.
        care: the limits that bands come from; the shipped table where none is given.

    Raises:
        FileRefused: it cannot be used.
    """
    return _load(Path(file), file, Path(file).stem, care)


def routine_source(name_or_path: str) -> tuple[Source, str, str]:
    """Return the file of a routine, how it is shown to the user, and the routine's name.

    Raises:
        FileRefused: there is no routine of this name.
    """
    path = Path(name_or_path)
    if name_or_path.endswith(_ENDING) or path.name != name_or_path:
        return path, name_or_path, path.stem
    found = _found()
    if name_or_path not in found:
        reason = f"{text('files.no_such_routine')} {did_you_mean(name_or_path, sorted(found))}"
        raise FileRefused(name_or_path, "", reason)
    origin, source, _ = found[name_or_path]
    return source, _shown(origin, source), name_or_path


def routines_folder() -> Path:
    """Return the folder for the user's own routines (not created here)."""
    return config_folder() / "routines"


def shadowing(name_or_path: str) -> Path | None:
    """Return the user's file that is run in place of a shipped routine of this name, if one is."""
    _, source, shadows = _found().get(name_or_path, (Origin.SHIPPED, Path(), False))
    return source if shadows and isinstance(source, Path) else None


def list_routines() -> list[RoutineEntry]:
    """Return every routine that has a name, the user's own before a shipped one it shadows."""
    care = load_care()
    return [
        _entry(name, origin, source, care, shadows=shadows)
        for name, (origin, source, shadows) in sorted(_found().items())
    ]


def _entry(
    name: str, origin: Origin, source: Source, care: CareTable, *, shadows: bool
) -> RoutineEntry:
    routine, fault = None, None
    try:
        routine = _load(source, _shown(origin, source), name, care)
    except FileRefused as refused:
        fault = refused
    return RoutineEntry(
        name=name, origin=origin, shadows_shipped=shadows, routine=routine, fault=fault
    )


def _load(source: Source, shown_name: str, name: str, care: CareTable | None) -> Routine:
    return routine_in(read_toml(source, shown_name), name, care or load_care())


def _found() -> dict[str, tuple[Origin, Source, bool]]:
    found: dict[str, tuple[Origin, Source, bool]] = {
        name: (Origin.SHIPPED, source, False) for name, source in _files(default_file("routines"))
    }
    for name, source in _files(routines_folder()):
        found[name] = (Origin.USER, source, name in found)
    return found


def _files(folder: Traversable) -> Iterator[tuple[str, Source]]:
    """Yield the routine files of a folder; a folder that cannot be listed has none."""
    try:
        for entry in folder.iterdir():
            if entry.name.endswith(_ENDING):
                yield entry.name.removesuffix(_ENDING), entry
    except OSError:
        return


def _shown(origin: Origin, source: Source) -> str:
    return str(source) if origin is Origin.USER else f"routines/{source.name}"
