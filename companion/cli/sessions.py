"""``companion sessions``: what was done, listed, noted and deleted."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.printing import json_text, table
from companion.errors import FileRefused
from companion.store.columns import DamagedError
from companion.store.database import StoreDamaged, open_store, refusing_damage, store_file
from companion.store.salvage import mended
from companion.store.sessions import LIVE, Kept, Note, Sessions, Wanted
from companion.strict_json import as_plain
from companion.texts import text
from companion.wording import minutes, outcome_words

MOST_IN_NOTE: Final = 2000
"""Characters of a note."""


def execute(arguments: Namespace) -> ExitCode:
    """Run one action.

    Raises:
        FileRefused: the store cannot be used.
        UsageRefused: there is no such session.
    """
    with opened_sessions() as sessions:
        match arguments.action:
            case "list":
                _list(sessions, arguments)
            case "note":
                _note(sessions, arguments.session, " ".join(arguments.words).strip())
            case _:
                _delete(sessions, arguments.session)
    return ExitCode.OK


@contextmanager
def opened_sessions(*, mends: bool = True) -> Iterator[Sessions]:
    """Open the store; sessions that were interrupted get their true end first.

    A store that is damaged is set aside, and what can be read of it is in a new one: that is said
    on standard error, and the command goes on with the new one.

    Args:
        mends: whether to do so; else a damaged store is one that cannot be used.

    Raises:
        FileRefused: the store cannot be used.
    """
    file = store_file()
    try:
        connection = open_store(file)
    except StoreDamaged:
        if not mends:
            raise
        _mend(file)
        connection = open_store(file)
    guard = _refusing_damage if mends else refusing_damage
    with closing(connection), guard(file):
        sessions = Sessions(connection)
        sessions.close_abandoned(datetime.now(UTC))
        yield sessions


@contextmanager
def _refusing_damage(file: Path) -> Iterator[None]:
    """Mend a store that turns out to be damaged while it is read.

    Raises:
        FileRefused: it did; the command is to be tried again.
    """
    try:
        with refusing_damage(file):
            yield
    except StoreDamaged as error:
        if not _mend(file):
            raise
        raise FileRefused(str(file), "", text("store.try_again")) from error
    except DamagedError:
        raise FileRefused(str(file), "", text("store.damaged_in_part")) from None


def _mend(file: Path) -> bool:
    """Set a damaged store aside, say so, and return whether that was done."""
    found = mended(file, datetime.now(UTC))
    if found is None:
        return False
    said = text("store.mended", file=found.aside, sessions=found.sessions)
    print(text("cli.failed.line", sentence=said), file=sys.stderr)
    return True


def known_session(sessions: Sessions, name: str) -> Kept:
    """Return the session of a number, or of the beginning of its long name.

    Raises:
        UsageRefused: there is none, or several begin so.
    """
    found = sessions.find(name)
    if found is None:
        raise UsageRefused("store.no_such", name=name)
    return found


def wanted(arguments: Namespace) -> Wanted:
    """Return which sessions the arguments mean."""
    return Wanted(
        person=arguments.person,
        routine=arguments.routine,
        tool=arguments.tool,
        since=arguments.since,
        until=arguments.until,
    )


def _list(sessions: Sessions, arguments: Namespace) -> None:
    kept = sessions.all(wanted(arguments))
    if arguments.json:
        print(json_text({"sessions": [as_plain(one) for one in kept]}))
    elif kept:
        heads = ("number", "began", "person", "routine", "outcome", "lasted", "score", "warnings")
        rows = [tuple(text(f"store.head.{head}") for head in heads), *map(_row, kept)]
        print(table(rows))
    else:
        print(text("store.none"))


def _row(kept: Kept) -> tuple[str, ...]:
    return (
        str(kept.number),
        local_time(kept.started_at),
        kept.person,
        kept.routine,
        ended_words(kept),
        "-" if kept.duration_s is None else minutes(kept.duration_s),
        "-" if not kept.possible else str(100 * (kept.points or 0) // kept.possible),
        str(kept.warnings) if kept.source == LIVE else "-",
    )


def ended_words(kept: Kept) -> str:
    """Return how a session ended, in words."""
    if kept.source != LIVE and kept.ended_at is not None:
        return text(f"store.outcome.{kept.source}")
    return text("store.goes_on") if kept.outcome is None else outcome_words(kept.outcome)


def session_words(kept: Kept) -> str:
    """Return which session it is."""
    return text(
        "store.session",
        number=kept.number,
        began=local_time(kept.started_at),
        person=kept.person,
        routine=kept.routine,
        tool=kept.tool or text("store.no_tool"),
    )


def without_end(kept: Kept) -> str:
    """Return what is known of a session that was interrupted."""
    return text("store.without_end", seconds=kept.duration_s or 0.0, count=kept.warnings)


def local_time(moment: str) -> str:
    """Return an aware time of day, ISO 8601, as it was here."""
    try:
        return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:  # damaged
        return moment


def _note(sessions: Sessions, name: str, words: str) -> None:
    """Keep a note.

    Raises:
        UsageRefused: it is empty or too long.
    """
    kept = known_session(sessions, name)
    if not words:
        raise UsageRefused("sessions.note.empty")
    if len(words) > MOST_IN_NOTE:
        raise UsageRefused("sessions.note.long", most=MOST_IN_NOTE, count=len(words))
    written_at = datetime.now(UTC).isoformat(timespec="seconds")
    sessions.write_note(kept, Note(written_at, words))
    print(text("sessions.note.kept", number=kept.number))


def _delete(sessions: Sessions, name: str) -> None:
    kept = known_session(sessions, name)
    sessions.delete(kept)
    print(text("store.deleted", number=kept.number, began=local_time(kept.started_at)))
