"""Routine files: the shipped ones, and the user's own."""

from functools import partial
from pathlib import Path

from companion.coaching.care import CareTable
from companion.coaching.routine import Routine
from companion.paths import config_folder
from companion.settings.care import load_care
from companion.settings.files import read_toml
from companion.settings.named_files import (
    Entry,
    NamedFile,
    Origin,
    file_at,
    own_in_place,
    read_entries,
    wanted_file,
)
from companion.settings.routine_reading import routine_in
from companion.settings.spoken import spoken
from companion.texts import text

_KIND = "routines"


def load_routine(name_or_path: str, care: CareTable | None = None) -> Routine:
    """Load a routine by its name, or from a file.

    Args:
        name_or_path: a name from ``list_routines``; or a path, which ends in ``.toml`` or
            has a separator in it.
        care: the limits that bands come from; the shipped table where none is given.

    Raises:
        FileRefused: there is no such routine, or its file cannot be used.
    """
    return _load(routine_file(name_or_path), care)


def load_routine_file(file: str, care: CareTable | None = None) -> Routine:
    """Load a routine from a file, whatever the file is called.

    Args:
        file: its path.
        care: the limits that bands come from; the shipped table where none is given.

    Raises:
        FileRefused: it cannot be used.
    """
    return _load(file_at(file), care)


def routine_file(name_or_path: str) -> NamedFile:
    """Return the file of a routine.

    Raises:
        FileRefused: there is no routine of this name.
    """
    return wanted_file(name_or_path, _KIND, routines_folder(), text("files.no_such_routine"))


def routines_folder() -> Path:
    """Return the folder for the user's own routines (not created here)."""
    return config_folder() / _KIND


def shadowing(name_or_path: str) -> Path | None:
    """Return the user's file that is run in place of a shipped routine of this name, if one is."""
    return own_in_place(name_or_path, _KIND, routines_folder())


def list_routines() -> list[Entry[Routine]]:
    """Return every routine that has a name, the user's own in place of a shipped one it shadows."""
    return read_entries(_KIND, routines_folder(), partial(_load, care=load_care()))


def _load(file: NamedFile, care: CareTable | None) -> Routine:
    content = read_toml(file.source, file.shown)
    if file.origin is Origin.SHIPPED:
        content = spoken(content, _KIND)
    return routine_in(content, file.name, care or load_care())
