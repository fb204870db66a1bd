"""``companion routines``: list, show and check them."""

from argparse import Namespace
from dataclasses import asdict

from companion.cli.endings import ExitCode
from companion.cli.printing import json_text, table
from companion.coaching.routine import Routine, Step
from companion.settings.routines import list_routines, load_routine
from companion.texts import text


def execute(arguments: Namespace) -> ExitCode:
    """Run one action.

    Raises:
        FileRefused: a routine cannot be read; of several files the first such one.
    """
    match arguments.action:
        case "list":
            _list(as_json=arguments.json)
        case "show":
            _show(load_routine(arguments.routine), as_json=arguments.json)
        case _:
            for file in arguments.files:
                routine = load_routine(file)
                print(text("cli.routines.right", file=file, steps=len(routine.steps)))
    return ExitCode.OK
