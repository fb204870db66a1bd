"""Raw telemetry kept for a set time, summaries for ever; and the store made small."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar, Final

from companion.errors import FileRefused
from companion.store.compacting import Compacted
from companion.store.database import is_damage, transaction
from companion.store.sessions import units_of
from companion.texts import text

_SMALL_US: Final = 50_000_000
"""Blocks of a finished session that are shorter can be joined, where they are several."""


@dataclass(frozen=True, slots=True)
class Retired:
    """Raw telemetry of finished sessions from before a moment goes; all else stays.

    Attributes:
        before: aware UTC, ISO 8601.
    """

    is_vital: ClassVar[bool] = False
    before: str

    @classmethod
    def older_than(cls, days: int, now: datetime) -> "Retired":
        """Return what retires telemetry of more than so many days ago."""
        return cls((now - timedelta(days=days)).isoformat(timespec="milliseconds"))

    def write(self, connection: sqlite3.Connection) -> None:
        """Delete the blocks, inside a transaction."""
        connection.execute(
            "DELETE FROM block WHERE session IN"
            " (SELECT id FROM session WHERE started_at < ? AND ended_at IS NOT NULL)",
            [self.before],
        )


def compact(connection: sqlite3.Connection) -> int:
    """Join the small blocks of sessions that are over; return of how many sessions.

    A session that was interrupted was never compacted when it ended.
    """
    rows = connection.execute(
        "SELECT uid, feature FROM session LEFT JOIN tool ON tool.id = session.tool"
        " WHERE ended_at IS NOT NULL AND (SELECT count(*) FROM block"
        "  WHERE block.session = session.id AND to_us - from_us < ?) > 1",
        [_SMALL_US],
    ).fetchall()
    for uid, feature in rows:
        with transaction(connection):
            Compacted(uid, units_of(feature or b"")).write(connection)
    return len(rows)


def scrub(connection: sqlite3.Connection) -> None:
    """Write the file anew, log included, so that nothing that was deleted is left in it.

    Raises:
        FileRefused: another process has it open and reads.
    """
    with _refusing_use(connection):
        _empty_log(connection)
        connection.execute("VACUUM")
        _empty_log(connection)


def telemetry_bytes(connection: sqlite3.Connection) -> int:
    """Return the size of all raw telemetry."""
    (size,) = connection.execute("SELECT coalesce(sum(length(data)), 0) FROM block").fetchone()
    return int(size)


def _empty_log(connection: sqlite3.Connection) -> None:
    (is_busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy:
        raise _in_use(connection)


@contextmanager
def _refusing_use(connection: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if is_damage(error):
            raise
        raise _in_use(connection) from None


def _in_use(connection: sqlite3.Connection) -> FileRefused:
    (_, _, file) = connection.execute("PRAGMA database_list").fetchone()
    return FileRefused(str(Path(file)), "", text("store.in_use"))
