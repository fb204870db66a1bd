"""Write ``docs/events.md`` from the event types: run ``python docs/make_events.py``."""

import types
from dataclasses import fields
from enum import Enum
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from companion.coaching.events import (
    Advice,
    AlertRecord,
    Event,
    Loss,
    PartScore,
    Score,
    StepResult,
    Summary,
    Unscored,
    ZoneDose,
    alerts,
    hints,
    link,
    prompts,
    session,
)
from companion.sensing.types import Band

PAGE = Path(__file__).with_name("events.md")
HEAD = """\
# Events

`companion run --json` and `companion demo --json` print one JSON object per line: an event of the
session. Its first field, `event`, is its name; `device_s` is the tool's clock in seconds, unwrapped
and continuous over a session. `null` means not known. Numbers carry their unit in the name: `_s`
seconds, `_hz` hertz, `_n` newtons, `_kpa` kilopascals. There is no NaN and no infinity. Programs
should ignore events and fields that they do not know.

`step_started`, `prompt`, `hint` and `alert_raised` are cues: what the person is told now
([coaching.md](coaching.md)). They have a `priority` and a `spacing_s`, and on each line also
`text`, the words for a screen, and `say`, the words for a voice.

The last line is `session_finished` with the summary. Before it, `demo` prints one line with
`"event": "simulation_truth"`: what the simulated hand really did, on the same clock, so that anyone
can compare (over-pressure, strokes and contacts of each step, failing sensors), and the `mishaps`
that befell the tool ([scenarios.md](scenarios.md)).

This page is written by `docs/make_events.py` from `companion/coaching/events`.
"""
Record = (
    Summary
    | StepResult
    | Score
    | PartScore
    | Loss
    | Unscored
    | AlertRecord
    | Advice
    | ZoneDose
    | Band
)
PARTS = (Summary, StepResult, Score, PartScore, Loss, Unscored, AlertRecord, Advice, ZoneDose, Band)
"""Records inside events."""
PLAIN = {
    str: "string",
    bool: "true or false",
    int: "whole number",
    float: "number",
    dict: "object",
    type(None): "null",
}


def page() -> str:
    """Return the page as it should stand."""
    kinds = [
        kind
        for room in (link, session, prompts, alerts, hints)
        for kind in vars(room).values()
        if isinstance(kind, type) and issubclass(kind, Event) and kind.__module__ == room.__name__
    ]
    sections = [HEAD, *(section(f"`{kind.event}`", kind) for kind in kinds)]
    sections.append("## Records inside events\n")
    sections.extend(section(kind.__name__, kind, level=3) for kind in PARTS)
    sections.append("## Words\n")
    sections.extend(words(kind) for kind in sorted(enums(kinds), key=lambda kind: kind.__name__))
    return "\n".join(sections)


def section(
    title: str,
    kind: type[Event | Record],
    *,
    level: int = 2,
) -> str:
    """Return one type's heading, sentence and fields."""
    lines = [
        f"{'#' * level} {title}",
        "",
        " ".join((kind.__doc__ or "").partition("Attributes:")[0].split()).replace("``", "`"),
        "",
    ]
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind) if field.name != "device_s"]
    rows = [f"| `{name}` | {shown(hints[name])} |" for name in names]
    table = ["| field | type |", "|---|---|", *rows, ""] if rows else []
    return "\n".join(lines + table)


def shown(hint: Any) -> str:  # noqa: ANN401 -- a type hint may be anything
    """Return a type hint as JSON's reader knows it."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin in {Union, types.UnionType}:
        return " or ".join(shown(part) for part in parts)
    if origin is tuple:
        return f"list of {shown(parts[0])}"
    if hint in PARTS:
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    if isinstance(hint, type) and issubclass(hint, Enum):
        return f"string, a [{hint.__name__}](#words)"
    return PLAIN[origin or hint]


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
