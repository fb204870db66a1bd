"""A damaged store: set aside as it is, what can still be read of it put into a new one."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from companion.errors import no_access
from companion.store.blocks import is_whole
from companion.store.database import StoreDamaged, open_store, refusing_damage, transaction
from companion.store.journal import ENDINGS

ASIDE: Final = ".damaged-"
"""Between the store's name and the time of day at which it was set aside."""

PARTS: Final = ("", *ENDINGS)
"""Endings of the files that SQLite keeps of one database."""

Row: TypeAlias = dict[str, Any]
"""A row by its columns: of an older store some are missing."""

_FIRST: Final = ("tool", "routine")
_LAST: Final = ("broker_note", "outbox")
_OF_SESSION: Final = (
    *("event", "step", "alert", "block", "imported"),
    *("stroke", "trace", "refill", "note"),
)
_ORDER: Final = {"imported": "session", "alert": "alert", "note": "id"}
_JSON: Final = {"event": "body", "step": "body", "imported": "tool", "routine": "body"}
"""Which column of a table is JSON."""


@dataclass(frozen=True, slots=True)
class Mended:
    """What became of a damaged store.

    Attributes:
        aside: where it lies now.
        sessions: how many of its sessions are in the new one.
    """

    aside: Path
    sessions: int


def mended(file: Path, now: datetime) -> Mended | None:
    """Look a store over, and where it is damaged set it aside and begin a new one.

    Args:
        file: the store; nothing happens where there is none.
        now: the time of day, for the name of what is set aside.

    Returns:
        What was done; None where nothing was wrong.

    Raises:
        FileRefused: it is no store of ours, of a newer version, or cannot be moved or read.
    """
    if not file.exists():
        return None
    try:
        with closing(open_store(file)) as connection, refusing_damage(file):
            is_whole_file = connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    except StoreDamaged:
        is_whole_file = False
    except sqlite3.Error as error:
        raise no_access(str(file), error) from None
    return None if is_whole_file else _mend(file, now)


def _mend(file: Path, now: datetime) -> Mended:
    aside = file.with_name(f"{file.name}{ASIDE}{now:%Y%m%d-%H%M%S}")
    while aside.exists():
        aside = aside.with_name(f"{aside.name}-again")
    try:
        for part in PARTS:
            with suppress(FileNotFoundError):
                Path(f"{file}{part}").rename(f"{aside}{part}")
    except OSError as error:
        raise no_access(str(file), error) from None
    with closing(open_store(file)) as fresh, transaction(fresh):
        with suppress(sqlite3.Error), closing(_damaged(aside)) as old:
            _copy(old, fresh)
        (count,) = fresh.execute("SELECT count(*) FROM session").fetchone()
    return Mended(aside, int(count))


def _damaged(aside: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{aside.as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.execute("PRAGMA writable_schema = ON")  # a schema in part is better than none
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    return connection


def _copy(old: sqlite3.Connection, fresh: sqlite3.Connection) -> None:
    fresh.execute("PRAGMA defer_foreign_keys = ON")
    for table in _FIRST:
        _put(fresh, table, _rows(old, table))
    sessions = list(_rows(old, "session"))
    for row in sessions:
        _put_lost_routine(fresh, row)
    _put(fresh, "session", sessions)
    for (session,) in fresh.execute("SELECT id FROM session").fetchall():
        for table in _OF_SESSION:
            _put(fresh, table, _rows_of(old, table, session))
    for table in _LAST:
        _put(fresh, table, _rows(old, table))
    fresh.execute("UPDATE session SET tool = NULL WHERE tool NOT IN (SELECT id FROM tool)")
    fresh.execute("DELETE FROM outbox WHERE session NOT IN (SELECT uid FROM session)")


def _rows(old: sqlite3.Connection, table: str) -> Iterator[Row]:
    """Yield what can be read of a table, from its beginning and from its end."""
    key = "name" if table == "broker_note" else "rowid"
    yield from _both_ways(old, table, f"NOT INDEXED ORDER BY {key}", ())


def _rows_of(old: sqlite3.Connection, table: str, session: int) -> Iterator[Row]:
    key = _ORDER.get(table, "place")
    yield from _both_ways(old, table, f"WHERE session = ? ORDER BY {key}", (session,))


def _both_ways(
    old: sqlite3.Connection, table: str, which: str, values: Sequence[int]
) -> Iterator[Row]:
    for direction in ("", " DESC"):
        try:
            found = old.execute(f"SELECT * FROM {table} {which}{direction}", values)  # noqa: S608 - our own names
            names = [column[0] for column in found.description]
            for row in found:
                yield dict(zip(names, row, strict=True))
        except sqlite3.DatabaseError:
            continue
        return


def _put(fresh: sqlite3.Connection, table: str, rows: Iterator[Row] | list[Row]) -> None:
    """Write what is whole of some rows, each once."""
    for row in rows:
        if not _is_sound(table, row):
            continue
        marks = ", ".join("?" * len(row))
        query = f"INSERT OR IGNORE INTO {table} ({', '.join(row)}) VALUES ({marks})"  # noqa: S608 - our own names
        with suppress(sqlite3.Error):
            fresh.execute(query, list(row.values()))


def _is_sound(table: str, row: Row) -> bool:
    """Return whether a row is what was written, as far as that can be told."""
    if table == "block":
        data = row.get("data")
        return isinstance(data, bytes) and is_whole(data)
    if table not in _JSON:
        return True
    try:
        json.loads(row[_JSON[table]])
    except (KeyError, TypeError, ValueError):
        return False
    return True


def _put_lost_routine(fresh: sqlite3.Connection, session: Row) -> None:
    """Give a session whose routine is lost an empty one, so that it can be kept."""
    routine = session.get("routine")
    with suppress(sqlite3.Error):
        fresh.execute(
            "INSERT OR IGNORE INTO routine (id, name, body) VALUES (?, '?', ?)",
            [routine, json.dumps({"steps": [], "lost": routine})],
        )
