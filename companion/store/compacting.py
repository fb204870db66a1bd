"""Small pieces of a finished session joined into large ones, which need less room."""

import sqlite3
from dataclasses import dataclass
from typing import ClassVar, Final

from companion.store.blocks import Units, frames_of
from companion.store.columns import DamagedError
from companion.store.grouping import Most, block_row, grouped
from companion.store.trace import joined

LARGE: Final = Most(60_000_000, 10_000)
"""A minute: beyond it a block's heads are less than 1 % of it."""


@dataclass(frozen=True, slots=True)
class Compacted:
    """Join a session's blocks; what of them is damaged stays as it is."""

    is_vital: ClassVar[bool] = False
    uid: str
    units: Units

    def write(self, connection: sqlite3.Connection) -> None:
        """Replace the small blocks, inside a transaction."""
        found = connection.execute("SELECT id FROM session WHERE uid = ?", [self.uid]).fetchone()
        if found is None:
            return
        (session,) = found
        joined(connection, session)
        kept = connection.execute(
            "SELECT data FROM block WHERE session = ? ORDER BY place", [session]
        )
        try:
            frames = [frame for (data,) in kept for frame in frames_of(data, self.units)]
        except DamagedError:
            return
        rows = [
            (session, place, *block_row(group, self.units))
            for place, group in enumerate(grouped(frames, LARGE))
        ]
        connection.execute("DELETE FROM block WHERE session = ?", [session])
        connection.executemany("INSERT INTO block VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
