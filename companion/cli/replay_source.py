"""What ``companion replay`` is asked for, as a source of a tape."""

import json
from argparse import Namespace
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeAlias

from companion.cli.again import course, stages, zeros
from companion.cli.endings import UsageRefused
from companion.cli.sessions import known_session, opened_sessions, session_words, without_end
from companion.recordings import (
    Options,
    Recording,
    ToolData,
    read_recording,
    read_tool,
    recording_of,
    tool_of,
)
from companion.recordings.guided import Guided
from companion.recordings.guided import Kept as KeptSession
from companion.recordings.steps import turns
from companion.recordings.unguided import Unguided
from companion.sensing.types import RepetitionKind, Technique
from companion.store.blocks import Units, frames_of
from companion.store.columns import DamagedError
from companion.store.details import details_of
from companion.store.sessions import LIVE, Kept, Sessions
from companion.store.taken import LEAST_SAMPLES, known_tool, taken
from companion.store.told import events_of, routine_of
from companion.texts import text
from protocols.telemetry import Telemetry

LAST: Final = "last"
"""Asks for the newest session."""
_FOR_FILES: Final = ("tool", "contact_area_cm2", "caution_n", "stop_n")
_M2_PER_CM2: Final = 1e-4


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A recording without a routine, and how it is taken: what its report is made of."""

    recording: Recording
    options: Options


@dataclass(frozen=True, slots=True)
class Found:
    """What is replayed.

    Attributes:
        name: which, in words.
        source: of the tape.
        unjudged: what a report is made of in place of a summary; None of a guided session.
        without_end: what is known of a session that broke off; empty for any other.
        warnings: what is to be said first.
    """

    name: str
    source: Guided | Unguided
    unjudged: Unjudged | None = None
    without_end: str = ""
    warnings: tuple[str, ...] = ()


Fields: TypeAlias = dict[str, Any]


def found(arguments: Namespace) -> Found:
    """Return what is to be replayed.

    Raises:
        FileRefused: the file breaks its contract, or the store cannot be used.
        UsageRefused: there is no such session, or nothing is left of it to be replayed.
    """
    what = str(arguments.what)
    if _is_file(what):
        return _of_file(Path(what), arguments)
    if any(getattr(arguments, name) is not None for name in _FOR_FILES):
        raise UsageRefused("replay.refused.for_files")
    with opened_sessions() as sessions:
        kept = _session(sessions, what)
        try:
            return _of_session(sessions, kept)
        except DamagedError:
            raise UsageRefused("replay.refused.damaged", number=kept.number) from None


def _is_file(what: str) -> bool:
    path = Path(what)
    return path.is_file() or bool(path.suffix) or path.name != what


def _session(sessions: Sessions, what: str) -> Kept:
    if what != LAST:
        return known_session(sessions, what)
    newest = sessions.page(0, 1)
    if not newest:
        raise UsageRefused("replay.refused.none")
    return newest[0]


def _of_session(sessions: Sessions, kept: Kept) -> Found:
    """Return a session, read whole: the store is not held open while it is shown.

    Raises:
        DamagedError: what was said in it cannot be read.
    """
    if not kept.raw_bytes:
        raise UsageRefused("replay.refused.no_telemetry", number=kept.number)
    if kept.source != LIVE:
        return _of_columns(sessions, kept)
    events = events_of(sessions.events(kept))  # what is not whole is refused here
    run = course(sessions, kept)
    session = KeptSession(
        tool=known_tool(sessions.tool(kept)),
        frames=_frames(list(sessions.blocks(kept)), sessions.units(kept)),
        changes=sorted([*zeros(run), *turns(stages(run))], key=lambda change: change.at_us),
        events=events,
        routine=routine_of(sessions.routine(kept)),
        last_s=details_of(sessions.connection, kept.number).last_s,
    )
    broke_off = "" if sessions.summary(kept) is not None else without_end(kept)
    return Found(_words(kept), Guided(session), without_end=broke_off)


def _words(kept: Kept) -> str:
    return session_words(kept).rstrip(".")


def _frames(blocks: Iterable[bytes], units: Units) -> Iterator[Telemetry]:
    """Yield the frames of blocks; one that is damaged leaves a hole."""
    for data in blocks:
        try:
            yield from frames_of(data, units)
        except DamagedError:
            continue


def _of_columns(sessions: Sessions, kept: Kept) -> Found:
    """Return a session without a routine, recorded or imported.

    Raises:
        DamagedError: its telemetry cannot be read.
    """
    took = taken(sessions, kept)
    if took.samples < LEAST_SAMPLES:
        raise UsageRefused("replay.refused.no_telemetry", number=kept.number)
    recording = recording_of({name: column.tolist() for name, column in took.columns.items()})
    options = Options(tool=tool_of(took.tool, ""), follows_steps=True)
    source = Unguided(recording, options, kept.routine, kept.tool or "")
    return Found(_words(kept), source, Unjudged(recording, options))


def _of_file(file: Path, arguments: Namespace) -> Found:
    recording = read_recording(file)
    options = _options(file, arguments)
    source = Unguided(recording, options, file.name, text("replay.said.recording"))
    warnings = tuple(f"{file}: {warning}" for warning in recording.warnings)
    return Found(file.name, source, Unjudged(recording, options), warnings=warnings)


def _options(file: Path, arguments: Namespace) -> Options:
    """Return how a file is taken: as asked for, else as its tool file and its labels say."""
    caution_n, stop_n = arguments.caution_n, arguments.stop_n
    if caution_n is not None and stop_n is not None and stop_n < caution_n:
        raise UsageRefused("cli.refused.limits")
    beside = file.with_name(f"{file.stem}.tool.json")
    named = arguments.tool or (beside if beside.exists() else None)
    tool = None if named is None else read_tool(named)
    if arguments.contact_area_cm2 is not None:
        area_m2 = arguments.contact_area_cm2 * _M2_PER_CM2
        tool = replace(tool or ToolData(), contact_area_m2=area_m2)
    follows = (caution_n, stop_n) == (None, None)
    options = Options(caution_n=caution_n, stop_n=stop_n, tool=tool, follows_steps=follows)
    return _labelled(file, options)


def _labelled(file: Path, options: Options) -> Options:
    """Return what the labels beside a recording add: repetition, technique and caution limit."""
    beside = file.with_name(f"{file.stem}.truth.json")
    try:
        labels: Fields = json.loads(beside.read_text(encoding="utf-8"))
        over = labels.get("over") or {}
        caution_n = over.get("caution_n") if options.follows_steps else options.caution_n
        technique = labels.get("technique")
        return replace(
            options,
            repetition=RepetitionKind(labels.get("rep") or options.repetition),
            technique=None if technique is None else Technique(technique),
            caution_n=None if caution_n is None else float(caution_n),
        )
    except (OSError, ValueError, AttributeError, TypeError):
        return options  # labels are no part of what is replayed


def caption(found: Found) -> str:
    """Return what stands on the first line of a replay."""
    return text("replay.said.note", what=found.name)
