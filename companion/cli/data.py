"""``companion data``: where everything about a person lies, how much it is, and its erasure."""

import re
from argparse import Namespace
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from companion.cli.asking import ask_yes
from companion.cli.captures import delete_captures, known_captures
from companion.cli.endings import ExitCode
from companion.cli.printing import json_text, table
from companion.cli.sessions import opened_sessions
from companion.errors import FileRefused, no_access
from companion.log import log_file
from companion.settings.journal import forget_person
from companion.settings.persons import persons_file
from companion.store.database import open_store, other_files, store_file
from companion.store.journal import ENDINGS, shares_log
from companion.store.retention import scrub, telemetry_bytes
from companion.texts import text

_LONG_NAME = re.compile(rb"(?=([0-9a-f]{32}))")
"""Wherever it begins: what stands before it may look alike."""
_AT_ONCE = 1 << 20
_OVERLAP = 64


def execute(arguments: Namespace) -> ExitCode:
    """Run one action.

    Raises:
        FileRefused: a file of ours cannot be used, or is in use while it should be erased.
        UsageRefused: the question was not answered.
    """
    if arguments.action == "where":
        _where(as_json=arguments.json)
    else:
        _erase(arguments.person, is_sure=arguments.yes)
    return ExitCode.OK


def _files() -> Iterator[tuple[str, Path]]:
    """Yield what each file is, and where it lies, whether there is one or not."""
    yield "sessions", store_file()
    for copy in other_files(store_file()):
        yield "copy", copy
    yield "persons", persons_file()
    for journal in sorted(persons_file().parent.glob("journal-*.json")):
        yield "journal", journal
    for capture in known_captures():
        yield "capture", capture
    yield "log", log_file()


def size_of(file: Path) -> int | None:
    """Return a file's size with what belongs to it; None where there is none."""
    parts = [file, *(Path(f"{file}{ending}") for ending in ENDINGS)]
    sizes = []
    for part in parts:
        with suppress(OSError):
            sizes.append(part.stat().st_size)
    return sum(sizes) if sizes else None


def _where(*, as_json: bool) -> None:
    found = [(what, file, size_of(file)) for what, file in _files()]
    raw, is_shared = _look_into_store()
    if as_json:
        files = [{"what": what, "file": str(file), "bytes": size} for what, file, size in found]
        print(json_text({"files": files, "telemetry_bytes": raw, "write_ahead_log": is_shared}))
        return
    rows = [(text(f"store.files.{what}"), _words(size), str(file)) for what, file, size in found]
    print(table([*rows[:1], (text("store.telemetry"), _words(raw), ""), *rows[1:]]))
    if is_shared is False:
        print(text("store.without_log"))


def _look_into_store() -> tuple[int | None, bool | None]:
    """Return the size of the raw telemetry, and whether programs share a write-ahead log.

    None where there is no store, or it cannot be read.
    """
    if not store_file().exists():
        return None, None
    with suppress(FileRefused), closing(open_store(store_file())) as connection:
        return telemetry_bytes(connection), shares_log(connection)
    return None, None


def _words(size: int | None) -> str:
    return text("store.no_file") if size is None else text("store.size", kib=size / 1024)


def _erase(person: str, *, is_sure: bool) -> None:
    with opened_sessions() as sessions:
        if not (is_sure or ask_yes(text("store.really", name=person))):
            print(text("store.nothing_erased"))
            return
        gone = sessions.erase(person)
        known = forget_person(person)
        others = [*_delete_copies(), *delete_captures()]
        scrub(sessions.connection)
    answers = text("store.answers.gone" if known else "store.answers.none")
    print(text("store.erased", name=person, count=len(gone), answers=answers))
    if others:
        print(text("store.part_files", count=len(others)))
    _prove(gone)


def _delete_copies() -> list[Path]:
    """Delete what else holds sessions: of a copy a single person cannot be erased."""
    copies = other_files(store_file())
    for copy in copies:
        try:
            copy.unlink(missing_ok=True)
        except OSError as error:
            raise no_access(str(copy), error) from None
    return copies


def _prove(gone: Iterable[str]) -> None:
    """Look through our files for the long names of sessions that were erased.

    Raises:
        FileRefused: one is found.
    """
    names = {name.encode() for name in gone}
    if not names:
        return
    folders = {store_file().parent, persons_file().parent, log_file().parent}
    files = [file for folder in sorted(folders) for file in folder.rglob("*") if file.is_file()]
    for file in files:
        if not names.isdisjoint(_long_names(file)):
            raise FileRefused(str(file), "", text("store.left_over", file=file))
    print(text("store.proven", files=len(files), count=len(names)))


def _long_names(file: Path) -> Iterator[bytes]:
    with suppress(OSError), file.open("rb") as stream:
        rest = b""
        while part := stream.read(_AT_ONCE):
            for found in _LONG_NAME.finditer(rest + part):
                yield found[1]
            rest = part[-_OVERLAP:]
