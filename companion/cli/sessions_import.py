"""``companion sessions import``: a recording of a file becomes a session."""

import json
import sys
from argparse import Namespace
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from re import fullmatch
from typing import Any
from uuid import uuid4

from companion import __version__
from companion.cli.endings import ExitCode, UsageRefused
from companion.coaching.events import SessionOutcome
from companion.recordings import Recording, ToolData, read_recording, tool_fields, tool_of
from companion.recordings.frames import frames
from companion.store.database import open_store, store_file, transaction
from companion.store.entries import SessionBegan
from companion.store.importing import IMPORTED, Imported
from companion.store.sessions import Sessions
from companion.strict_json import json_text
from companion.texts import text
from protocols.massage_tool import PROFILE_VERSION

_UID = "[0-9a-f]{32}"
_LONGEST = 80


def execute(arguments: Namespace) -> ExitCode:
    """Make the session, and print its number.

    Raises:
        FileRefused: the recording or the tool file breaks its contract, or the store cannot be
            used.
        UsageRefused: it is in the store already.
    """
    file = Path(arguments.file)
    recording = read_recording(file)
    for warning in recording.warnings:
        print(text("cli.failed.line", sentence=f"{file}: {warning}"), file=sys.stderr)
    beside = arguments.tool or _beside(file)
    fields = {} if beside is None else tool_fields(str(beside))
    tool = None if beside is None else tool_of(fields, str(beside))
    entry = _entry(file, recording, fields, tool, arguments.person)
    with closing(open_store(store_file())) as connection:
        sessions = Sessions(connection)
        there = sessions.find(entry.began.uid)
        if there is not None:
            raise UsageRefused("store.there_already", file=file, number=there.number)
        with transaction(connection):
            entry.write(connection)
        found = sessions.find(entry.began.uid)
    print(text("store.imported", file=file.name, number="" if found is None else found.number))
    return ExitCode.OK


def _beside(file: Path) -> Path | None:
    beside = file.with_name(f"{file.stem}.tool.json")
    return beside if beside.exists() else None


def _entry(
    file: Path,
    recording: Recording,
    fields: Mapping[str, Any],
    tool: ToolData | None,
    person: str | None,
) -> Imported:
    said = fields.get("session")
    said = said if isinstance(said, Mapping) else {}
    duration_s = recording.t_s[-1] - recording.t_s[0]
    written_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    began_at = _moment(said.get("started_at")) or written_at - timedelta(seconds=duration_s)
    ended_at = _moment(said.get("ended_at")) or began_at + timedelta(seconds=duration_s)
    uid, outcome = said.get("uid"), said.get("outcome")
    routine = _word(said.get("routine")) or file.stem[:_LONGEST]
    return Imported(
        began=SessionBegan(
            uid=uid if isinstance(uid, str) and fullmatch(_UID, uid) else uuid4().hex,
            person=person or _word(said.get("person")) or "me",
            routine=routine,
            routine_body=json_text({"name": routine, "steps": []}),
            tool=None,
            at=_written(began_at),
            software=__version__,
            profile=PROFILE_VERSION,
            source=IMPORTED,
        ),
        file=file.name,
        tool=json.dumps(dict(fields) or {"format": 1}, allow_nan=False),
        ended_at=_written(ended_at),
        outcome=outcome if outcome in set(SessionOutcome) else None,
        duration_s=duration_s,
        frames=frames(recording, tool),
    )


def _word(value: object) -> str | None:
    return value[:_LONGEST] if isinstance(value, str) and value else None


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return None if moment is None or moment.tzinfo is None else moment.astimezone(UTC)


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
