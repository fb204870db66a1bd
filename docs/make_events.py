"""Write ``docs/events.md`` from the event types: run ``python docs/make_events.py``."""

import types
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from companion.coaching import events
from companion.coaching.events import AlertRecord, Event, StepResult, Summary
from companion.sensing.types import Band

PAGE = Path(__file__).with_name("events.md")
HEAD = """\
# Events

`companion run --json` and `companion demo --json` print one JSON object per line: an event of the
session. Its first field, `event`, is its name; `device_s` is the tool's clock in seconds, unwrapped
and continuous over a session. `null` means not known. Numbers carry their unit in the name: `_s`
seconds, `_hz` hertz, `_n` newtons, `_kpa` kilopascals. There is no NaN and no infinity. Programs
should ignore events and fields that they do not know.

`demo` ends with one more line, `simulation_truth`: what the simulated hand really did, on the same
clock, so that anyone can compare.

This page is written by `docs/make_events.py` from `companion/coaching/events.py`.
"""
PARTS = (Summary, StepResult, AlertRecord, Band)
"""Records inside events."""


def page() -> str:
    """Return the page as it should stand."""
    kinds = [
        kind
        for kind in vars(events).values()
        if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event
    ]
    sections = [HEAD, *(section(f"`{kind.event}`", kind) for kind in kinds)]
    sections.append("## Records inside events\n")
    sections.extend(section(kind.__name__, kind, level=3) for kind in PARTS)
    sections.append("## Words\n")
    sections.extend(words(kind) for kind in sorted(enums(kinds), key=lambda kind: kind.__name__))
    return "\n".join(sections)


def section(title: str, kind: type, *, level: int = 2) -> str:
    """Return one type's heading, sentence and fields."""
    lines = [f"{'#' * level} {title}", "", " ".join((kind.__doc__ or "").split()), ""]
    hints = get_type_hints(kind)
    assert is_dataclass(kind)
    rows = [
        f"| `{field.name}` | {shown(hints[field.name])} |"
        for field in fields(kind)
        if field.name != "device_s"
    ]
    table = ["| field | type |", "|---|---|", *rows, ""] if rows else []
    return "\n".join(lines + table)


def shown(hint: Any) -> str:  # noqa: ANN401 -- a type hint may be anything
    """Return a type hint as JSON's reader knows it."""
    if get_origin(hint) in {Union, types.UnionType}:
        return " or ".join(shown(part) for part in get_args(hint))
    if get_origin(hint) is tuple:
        return f"list of {shown(get_args(hint)[0])}"
    if get_origin(hint) is dict:
        return "object"
    if hint is type(None):
        return "null"
    if hint in PARTS:
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    if isinstance(hint, type) and issubclass(hint, Enum):
        return f"string, a [{hint.__name__}](#words)"
    return {str: "string", bool: "true or false", int: "whole number", float: "number"}[hint]


def enums(kinds: list[type[Event]]) -> set[type[Enum]]:
    """Return every enum that a field of an event or a record may be."""
    hints = [hint for kind in (*kinds, *PARTS) for hint in get_type_hints(kind).values()]
    parts = [part for hint in hints for part in (hint, *get_args(hint))]
    return {part for part in parts if isinstance(part, type) and issubclass(part, Enum)}


def words(kind: type[Enum]) -> str:
    """Return an enum's name, sentence and values."""
    values = ", ".join(f"`{member.value}`" for member in kind)
    return f"**{kind.__name__}**: {values}\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
