"""A recording of a file on its way into the store: whole, or not at all."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

from companion.store.blocks import Units
from companion.store.compacting import LARGE
from companion.store.entries import SessionBegan
from companion.store.grouping import block_row, grouped
from protocols.telemetry import Telemetry

IMPORTED: Final = "imported"
"""What the store calls the source of such a session."""

_UNITS: Final = Units()
"""A file has no counts: its numbers are kept as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A recording becomes a session.

    Attributes:
        began: the session.
        file: the recording's name.
        tool: the tool file as it was read, JSON.
        ended_at: aware UTC, ISO 8601.
        outcome: how it ended, where its export said so.
        duration_s: length of the recording.
        frames: its samples.
    """

    is_vital: ClassVar[bool] = True
    began: SessionBegan
    file: str
    tool: str
    ended_at: str
    outcome: str | None
    duration_s: float
    frames: Iterable[Telemetry]

    def write(self, connection: sqlite3.Connection) -> None:
        """Write all of it, inside a transaction."""
        self.began.write(connection)
        (session,) = connection.execute(
            "SELECT id FROM session WHERE uid = ?", [self.began.uid]
        ).fetchone()
        connection.execute(
            "UPDATE session SET ended_at = ?, seen_at = ?, outcome = ?, duration_s = ?"
            " WHERE id = ?",
            [self.ended_at, self.ended_at, self.outcome, self.duration_s, session],
        )
        connection.execute("INSERT INTO imported VALUES (?, ?, ?)", [session, self.file, self.tool])
        connection.executemany(
            "INSERT INTO block VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (session, place, *block_row(group, _UNITS))
                for place, group in enumerate(grouped(self.frames, LARGE))
            ),
        )
