"""``companion sessions show``: one session, with its notes, and if asked for every stroke."""

from argparse import Namespace
from collections.abc import Iterator
from typing import Any

from companion.cli.endings import ExitCode
from companion.cli.printing import json_text, table
from companion.cli.sessions import (
    known_session,
    local_time,
    opened_sessions,
    session_words,
    without_end,
)
from companion.output import ending
from companion.sensing.types import StrokeDirection
from companion.store.plain import summary_of
from companion.store.sessions import LIVE, Kept, Sessions
from companion.store.strokes import KeptStroke
from companion.strict_json import as_plain
from companion.texts import text

_HEADS = ("step", "began", "lasted", "way", "travel", "speed", "mean", "peak", "how")
_UNKNOWN = "-"
_CM_PER_M = 100.0


def execute(arguments: Namespace) -> ExitCode:
    """Print a session.

    Raises:
        FileRefused: the store cannot be used.
        UsageRefused: there is no such session.
    """
    with opened_sessions() as sessions:
        kept = known_session(sessions, arguments.session)
        if arguments.json:
            print(json_text(session_document(sessions, kept)))
        else:
            _show(sessions, kept)
            if arguments.strokes:
                print("\n".join(_stroke_lines(sessions.strokes(kept))))
    return ExitCode.OK


def session_document(sessions: Sessions, kept: Kept) -> dict[str, Any]:
    """Return all that is kept of a session but its samples, as JSON has it.

    Raises:
        DamagedError: a part of it cannot be read.
    """
    used = sessions.calibration(kept)
    return {
        "session": as_plain(kept),
        "summary": sessions.summary(kept),
        "strokes": [one._asdict() for one in sessions.strokes(kept)],
        "notes": [note._asdict() for note in sessions.notes(kept)],
        "calibration": None if used is None else as_plain(used),
        "events": list(sessions.events(kept)),
    }


def note_lines(sessions: Sessions, kept: Kept) -> list[str]:
    """Return what a person wrote of a session, a line each."""
    return [
        text("sessions.note.line", written=local_time(note.written_at), words=note.words)
        for note in sessions.notes(kept)
    ]


def _show(sessions: Sessions, kept: Kept) -> None:
    fields = sessions.summary(kept)
    print("\n".join([session_words(kept), *note_lines(sessions, kept)]))
    if kept.source != LIVE:
        _show_unguided(sessions, kept)
    elif fields is None:
        print(without_end(kept))
    else:
        print("\n".join(ending(summary_of(fields))))


def _show_unguided(sessions: Sessions, kept: Kept) -> None:
    # The engine is loaded only where it is wanted.
    from companion.cli.again import analysed  # noqa: PLC0415 -- as above
    from companion.cli.analyze_report import report_lines  # noqa: PLC0415 -- as above
    from companion.store.taken import LEAST_SAMPLES, taken  # noqa: PLC0415 -- as above

    took = taken(sessions, kept)
    print(text(f"store.unguided.{kept.source}"))
    if took.samples >= LEAST_SAMPLES:
        print("\n".join(report_lines(kept.routine, analysed(took), None)))


def _stroke_lines(strokes: list[KeptStroke]) -> Iterator[str]:
    if not strokes:
        yield text("sessions.strokes.none")
        return
    heads = tuple(text(f"sessions.strokes.{head}") for head in _HEADS)
    yield table([heads, *map(_row, strokes)])
    if any(one.source != LIVE or not one.stands for one in strokes):
        yield text("sessions.strokes.note")


def _row(stroke: KeptStroke) -> tuple[str, ...]:
    travel_cm = None if stroke.travel_m is None else _CM_PER_M * stroke.travel_m
    return (
        stroke.step,
        f"{stroke.start_s:.2f} s",
        f"{stroke.end_s - stroke.start_s:.2f} s",
        text(f"report.way.{StrokeDirection(stroke.direction)}"),
        _measured(travel_cm, "cm"),
        _measured(stroke.speed_cm_s, "cm/s"),
        _measured(stroke.mean_kpa),
        _measured(stroke.peak_kpa),
        _how(stroke),
    )


def _measured(value: float | None, unit: str = "") -> str:
    return _UNKNOWN if value is None else f"{value:.1f} {unit}".rstrip()


def _how(stroke: KeptStroke) -> str:
    words = {
        "light_return": stroke.light_return,
        "late": stroke.source != LIVE,
        "withdrawn": not stroke.stands,
    }
    said = [text(f"sessions.strokes.{key}") for key, holds in words.items() if holds]
    return ", ".join(said) or text("sessions.strokes.work")
