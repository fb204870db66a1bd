"""``companion routines``: list, show, check and begin them."""

from argparse import Namespace
from collections.abc import Iterable

from companion.cli.endings import ExitCode
from companion.cli.faults import print_faults
from companion.cli.printing import json_text, table
from companion.cli.routine_show import show_routine
from companion.errors import FileRefused
from companion.settings.care import load_care
from companion.settings.faults import Fault, faults_of
from companion.settings.new_routine import write_new_routine
from companion.settings.routines import (
    RoutineEntry,
    list_routines,
    load_routine_file,
    routines_folder,
    shadowing,
)
from companion.settings.schema import schema_text
from companion.texts import text


def execute(arguments: Namespace) -> ExitCode:
    """Run one action.

    Raises:
        FileRefused: a routine cannot be used, or a new one not be begun.
        UsageRefused: nobody of the name given.
    """
    match arguments.action:
        case "list":
            _list(list_routines(), as_json=arguments.json)
        case "show":
            show_routine(
                arguments.routine, arguments.person, arguments.kind, as_json=arguments.json
            )
        case "new":
            _begin(arguments.name, arguments.like)
        case "path":
            print(routines_folder())
        case "schema":
            print(schema_text("routine"), end="")
        case _:
            return _check(arguments.files, as_json=arguments.json)
    return ExitCode.OK


def _begin(name: str, like: str | None) -> None:
    print(text("cli.routines.new", file=write_new_routine(name, like)))
    if shadowing(name):
        print(text("cli.routines.new_shadows", name=name))


def _check(files: Iterable[str], *, as_json: bool) -> ExitCode:
    """Tell every fault of every file: as lines on standard error, or as JSON on standard output."""
    care = load_care()
    faults: list[Fault] = []
    for file in files:
        try:
            routine = load_routine_file(file, care)
        except FileRefused as refused:
            faults.extend(faults_of(refused))
        else:
            if not as_json:
                print(text("cli.routines.right", file=file, steps=len(routine.steps)))
    if as_json:
        print(json_text(faults))
    else:
        print_faults(faults)
    return ExitCode.REFUSED if faults else ExitCode.OK


def _list(entries: list[RoutineEntry], *, as_json: bool) -> None:
    if as_json:
        print(json_text([_entry_fields(entry) for entry in entries]))
        return
    print(table([(entry.name, entry.origin.value, _about(entry)) for entry in entries]))


def _entry_fields(entry: RoutineEntry) -> dict[str, object]:
    return {
        "name": entry.name,
        "origin": entry.origin,
        "shadows_shipped": entry.shadows_shipped,
        "title": entry.routine and entry.routine.title,
        "about_s": entry.routine and entry.routine.about_s,
        "steps": entry.routine and len(entry.routine.steps),
        "fault": entry.fault and str(entry.fault),
    }


def _about(entry: RoutineEntry) -> str:
    about = str(entry.fault)
    if entry.routine is not None:
        about = text(
            "cli.routines.about",
            title=entry.routine.title,
            steps=len(entry.routine.steps),
            minutes=entry.routine.about_s / 60,
        )
    return text("cli.routines.shadows", about=about) if entry.shadows_shipped else about
