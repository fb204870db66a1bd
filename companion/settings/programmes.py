"""Programme files: the shipped ones, and the user's own."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from companion.coaching.programme import Plan, Slot
from companion.errors import FileRefused
from companion.paths import config_folder
from companion.settings.checked import checked
from companion.settings.faults import FaultsFound
from companion.settings.files import TomlFile, read_toml
from companion.settings.named_files import (
    Entry,
    NamedFile,
    Origin,
    file_at,
    is_path,
    own_in_place,
    read_entries,
    wanted_file,
)
from companion.settings.programme_file import ProgrammeFile, plan_fields
from companion.settings.routines import load_routine
from companion.settings.spoken import spoken
from companion.texts import text

_KIND = "programmes"


def load_plan(name_or_path: str, changes: Mapping[str, object] | None = None) -> Plan:
    """Load a programme by its name, or from a file.

    Args:
        name_or_path: a name from ``list_plans``; or a path, which ends in ``.toml`` or has a
            separator in it.
        changes: key -> value to take in place of the file's, None to leave the key out.

    Raises:
        FileRefused: there is no such programme, its file or a change cannot be used, or it names
            a routine that cannot be.
    """
    plan = _load(programme_file(name_or_path))
    return changed_plan(plan, changes) if changes else plan


def load_plan_file(file: str) -> Plan:
    """Load a programme from a file, whatever the file is called.

    Args:
        file: its path.

    Raises:
        FileRefused: it cannot be used, or names a routine that cannot be.
    """
    return _load(file_at(file))


def programme_file(name_or_path: str) -> NamedFile:
    """Return the file of a programme.

    Raises:
        FileRefused: there is no programme of this name.
    """
    none_such = text("files.no_such_programme")
    return wanted_file(name_or_path, _KIND, programmes_folder(), none_such)


def programmes_folder() -> Path:
    """Return the folder for the user's own programmes (not created here)."""
    return config_folder() / _KIND


def plan_in_place(name_or_path: str) -> Path | None:
    """Return the user's file that is taken in place of a shipped programme of this name, if any."""
    return own_in_place(name_or_path, _KIND, programmes_folder())


def list_plans() -> list[Entry[Plan]]:
    """Return every programme that has a name, the user's own in place of one it shadows."""
    return read_entries(_KIND, programmes_folder(), _load)


def changed_plan(plan: Plan, changes: Mapping[str, object]) -> Plan:
    """Return a plan with some of its keys changed.

    Args:
        plan: as it was.
        changes: key -> value, None to leave the key out.

    Raises:
        FileRefused: the plan cannot be so.
    """
    fields = plan_fields(plan) | dict(changes)
    given = {key: value for key, value in fields.items() if value is not None}
    return _plan(TomlFile(text("cli.settings.flags"), given, {}), plan.name)


def _load(file: NamedFile) -> Plan:
    content = read_toml(file.source, file.shown)
    return _plan(spoken(content, _KIND) if file.origin is Origin.SHIPPED else content, file.name)


def _plan(file: TomlFile, name: str) -> Plan:
    plan = checked(ProgrammeFile, file).plan(name)
    faults = [
        file.fault((slot.value,), reason)
        for slot, routine in plan.routines.items()
        for reason in _against(slot, routine)
    ]
    if faults:
        raise FaultsFound(faults)
    return replace(plan, routines={slot: _lasting(word) for slot, word in plan.routines.items()})


def _against(slot: Slot, routine: str) -> Iterator[str]:
    """Yield why a routine does not do for a slot."""
    try:
        meant = load_routine(routine).slot
    except FileRefused as refused:
        yield str(refused)
        return
    if meant not in {"any", slot.value}:
        yield text(f"files.routine_for_{meant}")


def _lasting(routine: str) -> str:
    """Return a routine's name as it is, and a path as it holds from every folder."""
    return str(Path(routine).absolute()) if is_path(routine) else routine
