"""``companion routines``: list, show, check and begin them."""

from argparse import Namespace
from collections.abc import Sequence

from companion.cli.endings import ExitCode
from companion.cli.own_files import begin_file, check_files, print_entries
from companion.cli.routine_show import show_routine
from companion.coaching.routine import Routine
from companion.settings.care import load_care
from companion.settings.new_file import ROUTINE
from companion.settings.routines import (
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
            print_entries(list_routines(), _about, _fields, as_json=arguments.json)
        case "show":
            show_routine(
                arguments.routine, arguments.person, arguments.kind, as_json=arguments.json
            )
        case "new":
            begin_file(ROUTINE, arguments.name, arguments.like, hides=shadowing)
        case "path":
            print(routines_folder())
        case "schema":
            print(schema_text("routine"), end="")
        case _:
            return _check(arguments.files, as_json=arguments.json)
    return ExitCode.OK


def _check(files: Sequence[str], *, as_json: bool) -> ExitCode:
    care = load_care()
    return check_files(files, lambda file: load_routine_file(file, care), _right, as_json=as_json)


def _right(file: str, routine: Routine) -> str:
    return text("cli.routines.right", file=file, steps=len(routine.steps))


def _fields(routine: Routine | None) -> dict[str, object]:
    return {
        "title": routine and routine.title,
        "about_s": routine and routine.about_s,
        "steps": routine and len(routine.steps),
    }


def _about(routine: Routine) -> str:
    return text(
        "cli.routines.about",
        title=routine.title,
        steps=len(routine.steps),
        minutes=routine.about_s / 60,
    )
