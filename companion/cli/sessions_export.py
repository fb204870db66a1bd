"""``companion sessions export``: sessions taken along, as files that other programs read."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.sessions import known_session, opened_sessions, wanted
from companion.cli.sessions_show import session_document
from companion.errors import no_access
from companion.store.columns import DamagedError
from companion.store.files import Format, column_lists, write_json, write_recording, write_rows
from companion.store.parquet import check_parquet, write_parquet
from companion.store.parquet import write_rows as write_parquet_rows
from companion.store.sessions import Kept, Sessions
from companion.store.taken import LEAST_SAMPLES, Taken, taken
from companion.strict_json import as_plain
from companion.texts import text


def execute(arguments: Namespace) -> ExitCode:
    """Write the files, and print the name of each.

    Raises:
        FileRefused: the store cannot be used, or a file not be written.
        UsageRefused: there is no such session, or none was named.
        ParquetMissing: the library that writes Parquet is not installed.
    """
    form = Format(arguments.format)
    if form is Format.PARQUET:
        check_parquet()
    with opened_sessions() as sessions:
        kept = _meant(sessions, arguments)
        files = export(sessions, kept, form, arguments.out, lists=arguments.all)
    for file in filter(None, files):
        print(file)
    return ExitCode.FAILED if None in files else ExitCode.OK


def export(
    sessions: Sessions, kept: list[Kept], form: Format, folder: Path, *, lists: bool
) -> list[Path | None]:
    """Write sessions to a folder; return each file, and None for telemetry that cannot be read.

    Args:
        sessions: the store.
        kept: which sessions.
        form: as what.
        folder: where; made where it is missing.
        lists: whether a file with one line for each session is written too.

    Raises:
        FileRefused: a file cannot be written.
        ParquetMissing: the library that writes Parquet is not installed.
    """
    files: list[Path | None] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one in kept:
            files += _files(sessions, one, form, folder)
        if lists:
            files.append(_written_list(kept, form, folder))
    except OSError as error:
        raise no_access(str(error.filename or folder), error) from error
    return files


def _meant(sessions: Sessions, arguments: Namespace) -> list[Kept]:
    if arguments.all and not arguments.session:
        return sessions.all(wanted(arguments))
    if arguments.all or not arguments.session:
        raise UsageRefused("store.name_sessions")
    return [known_session(sessions, name) for name in arguments.session]


def _files(sessions: Sessions, kept: Kept, form: Format, folder: Path) -> Iterator[Path | None]:
    """Write the files of one session; yield each, and None for what could not be read."""
    stem = folder / f"session-{kept.number:04}"
    try:
        took = taken(sessions, kept)
    except DamagedError:
        _say("store.unreadable", number=kept.number)
        yield None
        took = None
    if took is not None and took.late:
        _say("store.resent", number=kept.number, count=took.late)
    has_recording = took is not None and took.samples >= LEAST_SAMPLES
    if took is not None and not has_recording:
        _say("store.without_samples", number=kept.number)
    document = session_document(sessions, kept)
    recording = took if has_recording else None
    if form is Format.JSON:
        if recording is not None:
            document |= {"tool": recording.tool, "recording": column_lists(recording)}
        yield _wrote_json(_named(stem, ".json"), document)
        return
    if recording is not None:
        yield from _recording(stem, recording, form)
    yield _wrote_json(_named(stem, ".session.json"), document)


def _recording(stem: Path, recording: Taken, form: Format) -> Iterator[Path]:
    file = _named(stem, f".{form}")
    if form is Format.PARQUET:
        write_parquet(file, recording)
    else:
        write_recording(file, recording)
    yield file
    yield _wrote_json(_named(stem, ".tool.json"), recording.tool)


def _written_list(kept: list[Kept], form: Format, folder: Path) -> Path:
    rows = [as_plain(one) for one in kept]
    file = folder / f"sessions.{form}"
    match form:
        case Format.CSV:
            write_rows(file, rows)
        case Format.PARQUET:
            write_parquet_rows(file, rows)
        case _:
            write_json(file, {"sessions": rows})
    return file


def _wrote_json(file: Path, document: Any) -> Path:  # noqa: ANN401 - what json takes
    write_json(file, document)
    return file


def _named(stem: Path, ending: str) -> Path:
    return stem.with_name(f"{stem.name}{ending}")


def _say(key: str, **values: object) -> None:
    print(text("cli.failed.line", sentence=text(key, **values)), file=sys.stderr)
