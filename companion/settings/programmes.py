"""Programme files: the shipped ones by their names, others by their paths."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from companion.coaching.programme import Plan, Slot
from companion.errors import FileRefused
from companion.paths import default_file
from companion.settings.checked import checked, did_you_mean
from companion.settings.faults import FaultsFound
from companion.settings.files import TomlFile, read_toml
from companion.settings.programme_file import ProgrammeFile, plan_fields
from companion.settings.routines import load_routine
from companion.texts import text

_ENDING = ".toml"


def load_plan(name_or_path: str, changes: Mapping[str, object] | None = None) -> Plan:
    """Load a programme by its name, or from a file.

    Args:
        name_or_path: a shipped programme's name; or a path, which ends in ``.toml`` or has a
            separator in it.
        changes: key -> value to take in place of the file's, None to leave the key out.

    Raises:
        FileRefused: there is no such programme, its file or a change cannot be used, or it names
            a routine that cannot be.
    """
    is_path = _is_path(name_or_path)
    plan = load_plan_file(name_or_path) if is_path else _shipped_plan(name_or_path)
    return changed_plan(plan, changes) if changes else plan


def load_plan_file(file: str) -> Plan:
    """Load a programme from a file, whatever the file is called.

    Args:
        file: its path.

    Raises:
        FileRefused: it cannot be used, or names a routine that cannot be.
    """
    path = Path(file)
    return _plan(read_toml(path, file), path.stem)


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


def shipped_plans() -> list[Plan]:
    """Return every shipped programme, by name."""
    return [_shipped_plan(name) for name in _shipped_names()]


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
    return str(Path(routine).absolute()) if _is_path(routine) else routine


def _is_path(name_or_path: str) -> bool:
    return name_or_path.endswith(_ENDING) or Path(name_or_path).name != name_or_path


def _shipped_plan(name: str) -> Plan:
    known = _shipped_names()
    if name not in known:
        reason = f"{text('files.no_such_programme')} {did_you_mean(name, known)}"
        raise FileRefused(name, "", reason)
    file = f"{name}{_ENDING}"
    return _plan(read_toml(default_file("programmes", file), f"programmes/{file}"), name)


def _shipped_names() -> list[str]:
    entries = default_file("programmes").iterdir()
    return sorted(entry.name.removesuffix(_ENDING) for entry in entries)
