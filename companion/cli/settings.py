"""``companion settings``: where they lie, what holds, and whether a file is right."""

from argparse import Namespace
from pathlib import Path

from companion.cli.endings import ExitCode
from companion.cli.faults import print_faults
from companion.cli.loading import load
from companion.cli.printing import json_text, table
from companion.errors import FileRefused
from companion.settings.faults import faults_of
from companion.settings.user import (
    Settled,
    UserSettings,
    check_settings,
    load_settings,
    settings_file,
)
from companion.texts import text


def execute(arguments: Namespace) -> ExitCode:
    """Run one action.

    Raises:
        FileRefused: the file, the environment or a flag has a value that cannot be used.
    """
    match arguments.action:
        case "path":
            print(settings_file())
        case "schema":
            load("companion.settings.schema")
            from companion.settings.schema import schema_text  # noqa: PLC0415 -- all else needs none

            print(schema_text("settings"), end="")
        case "show":
            _show(settled(arguments), as_json=arguments.json)
        case _ if arguments.file or settings_file().exists():
            return _check(Path(arguments.file) if arguments.file else settings_file())
        case _:
            print(text("cli.settings.none", file=settings_file()))
    return ExitCode.OK


def _check(file: Path) -> ExitCode:
    try:
        check_settings(file)
    except FileRefused as refused:
        print_faults(faults_of(refused))
        return ExitCode.REFUSED
    print(text("cli.settings.right", file=file))
    return ExitCode.OK


def settled(arguments: Namespace, in_file: UserSettings | None = None) -> Settled:
    """Return the settings that hold for a command with these arguments.

    Args:
        arguments: the command's.
        in_file: what the file says, where it was read before; None reads it.
    """
    flags = {key: getattr(arguments, key, None) for key in UserSettings.model_fields}
    url = getattr(arguments, "mqtt_url", None)
    said = flags | {"mqtt": None if url is None else {"url": url}}
    return load_settings(said, in_file=in_file)


def _show(held: Settled, *, as_json: bool) -> None:
    values = held.settings.model_dump()
    if as_json:
        entries = {
            key: {"value": value, "from": held.origins[key]} for key, value in values.items()
        }
        print(json_text(entries))
        return
    rows = [
        (key, json_text(value), text(f"cli.origin.{held.origins[key]}", file=held.file))
        for key, value in values.items()
    ]
    print(table(rows))
