"""``companion routines``: list, show and check them."""

from argparse import Namespace
from pathlib import Path

from companion.cli.endings import ExitCode
from companion.cli.printing import json_text, table
from companion.coaching.routine import Routine, Step, StepKind
from companion.settings.routines import RoutineEntry, list_routines, load_routine
from companion.strict_json import as_plain
from companion.texts import text
from companion.wording import technique_name, zone_name


def execute(arguments: Namespace) -> ExitCode:
    """Run one action.

    Raises:
        FileRefused: a routine cannot be used; of several files the first such one.
    """
    match arguments.action:
        case "list":
            _list(list_routines(), as_json=arguments.json)
        case "show":
            _show(load_routine(arguments.routine), as_json=arguments.json)
        case _:
            for file in arguments.files:
                routine = load_routine(_as_path(file))
                print(text("cli.routines.right", file=file, steps=len(routine.steps)))
    return ExitCode.OK


def _as_path(file: str) -> str:
    """Return a file's name so that it is not taken for a shipped routine's."""
    return f"./{file}" if Path(file).name == file and not file.endswith(".toml") else file


def _list(entries: list[RoutineEntry], *, as_json: bool) -> None:
    if as_json:
        print(json_text([_entry_fields(entry) for entry in entries]))
        return
    print(table([(entry.name, entry.origin.value, _about(entry)) for entry in entries]))


def _entry_fields(entry: RoutineEntry) -> dict[str, object]:
    return {
        "name": entry.name,
        "origin": entry.origin,
        "title": entry.routine and entry.routine.title,
        "about_s": entry.routine and entry.routine.about_s,
        "steps": entry.routine and len(entry.routine.steps),
        "fault": entry.fault and str(entry.fault),
    }


def _about(entry: RoutineEntry) -> str:
    if entry.routine is None:
        return str(entry.fault)
    return text(
        "cli.routines.about",
        title=entry.routine.title,
        steps=len(entry.routine.steps),
        minutes=entry.routine.about_s / 60,
    )


def _show(routine: Routine, *, as_json: bool) -> None:
    if as_json:
        print(json_text(as_plain(routine)))
        return
    print(routine.title)
    print(text("cli.routines.source", source=routine.source))
    print(table([_row(number, step) for number, step in enumerate(routine.steps, 1)]))


def _row(number: int, step: Step) -> tuple[str, ...]:
    times = "" if step.repetitions is None else text("cli.event.times", count=step.repetitions)
    band = text("cli.routines.no_band")
    if step.band is not None:
        band = text(
            "cli.routines.band",
            low=step.band.low_kpa,
            high=step.band.high_kpa,
            caution=step.band.caution_kpa,
            stop=step.band.stop_kpa,
        )
    elif step.kind is StepKind.HAND:
        band = text("cli.routines.by_hand")
    technique = technique_name(step.technique)
    limit = text("cli.event.limit", seconds=step.time_limit_s)
    return (
        f"{number:>2}",
        zone_name(step.zone, step.side),
        technique,
        times,
        limit,
        band,
        step.hint,
    )
