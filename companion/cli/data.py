"""``companion data``: where everything about a person lies, how much it is, and its erasure."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from companion.cli.asking import ask_yes
from companion.cli.endings import ExitCode
from companion.cli.printing import json_text, table
from companion.cli.sessions import opened_sessions
from companion.log import log_file
from companion.settings.journal import forget_person
from companion.settings.persons import persons_file
from companion.store.database import store_file
from companion.texts import text


def execute(arguments: Namespace) -> ExitCode:
    """Run one action.

    Raises:
        FileRefused: a file of ours cannot be used.
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
    yield "persons", persons_file()
    for journal in sorted(persons_file().parent.glob("journal-*.json")):
        yield "journal", journal
    yield "log", log_file()


def _size(file: Path) -> int | None:
    """Return a file's size with what belongs to it; None where there is none."""
    parts = [file, *(Path(f"{file}{ending}") for ending in ("-wal", "-shm"))]
    sizes = []
    for part in parts:
        with suppress(OSError):
            sizes.append(part.stat().st_size)
    return sum(sizes) if sizes else None


def _where(*, as_json: bool) -> None:
    found = [(what, file, _size(file)) for what, file in _files()]
    if as_json:
        files = [{"what": what, "file": str(file), "bytes": size} for what, file, size in found]
        print(json_text({"files": files}))
        return
    print(
        table(
            [(text(f"store.files.{what}"), _words(size), str(file)) for what, file, size in found]
        )
    )


def _words(size: int | None) -> str:
    return text("store.no_file") if size is None else text("store.size", kib=size / 1024)


def _erase(person: str, *, is_sure: bool) -> None:
    with opened_sessions() as sessions:
        if not (is_sure or ask_yes(text("store.really", name=person))):
            print(text("store.nothing_erased"))
            return
        count = sessions.erase(person)
    answers = text("store.answers.gone" if forget_person(person) else "store.answers.none")
    print(text("store.erased", name=person, count=count, answers=answers))
