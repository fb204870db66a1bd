"""What waits for a broker: written with the session it tells of, and gone once it is delivered."""

import json
import logging
import secrets
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from companion.errors import no_access
from companion.store.database import store_file, transaction
from companion.store.writer import Entry

log = logging.getLogger(__name__)

MOST: Final[Mapping[str, int]] = {"alert": 1000, "summary": 10_000}
"""How many of a kind wait; a summary a day is more than twenty years of them."""

_SECRET_BYTES: Final = 16
_DEVICE: Final = "device:"


class Waiting(NamedTuple):
    """A letter in the outbox: its number, its name, and what it says."""

    seq: int
    msg_id: str
    kind: str
    topic: str
    payload: str
    created: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A letter to be kept until it is delivered.

    Attributes:
        msg_id: names it; one that is there already is not kept twice.
        session: the session's uid; the letter goes when the session is deleted.
        kind: alert, summary or last; of the last one of a topic only the newest is kept.
        topic: where to.
        payload: what it says.
        created: Unix time in seconds.
    """

    msg_id: str
    session: str
    kind: str
    topic: str
    payload: str
    created: float

    @property
    def is_vital(self) -> bool:
        """Whether it is kept in memory for as long as it takes to write it."""
        return self.kind != "alert"

    def write(self, connection: sqlite3.Connection) -> None:
        """Write it, inside a transaction; of too many of its kind the oldest goes.

        A letter of a session that has been deleted meanwhile is deleted with it.
        """
        if self.kind == "last":
            connection.execute("DELETE FROM outbox WHERE kind = 'last' AND topic = ?", [self.topic])
        connection.execute(
            "INSERT OR IGNORE INTO outbox (msg_id, session, kind, topic, payload, created)"
            " SELECT ?, uid, ?, ?, ?, ? FROM session WHERE uid = ?",
            [self.msg_id, self.kind, self.topic, self.payload, self.created, self.session],
        )
        most = MOST.get(self.kind)
        if most is not None:
            self._make_room(connection, most)

    def _make_room(self, connection: sqlite3.Connection, most: int) -> None:
        dropped = connection.execute(
            "DELETE FROM outbox WHERE kind = ? AND seq <= (SELECT seq FROM outbox WHERE kind = ?"
            " ORDER BY seq DESC LIMIT 1 OFFSET ?)",
            [self.kind, self.kind, most],
        ).rowcount
        if dropped:
            log.warning("the outbox is full: %d of kind %s given up", dropped, self.kind)
            connection.execute(
                "INSERT INTO broker_note VALUES ('lost:' || ?, ?) ON CONFLICT DO UPDATE"
                " SET value = CAST(value AS INTEGER) + CAST(excluded.value AS INTEGER)",
                [self.kind, str(dropped)],
            )


@dataclass(frozen=True, slots=True)
class Together:
    """Entries that are written in one transaction or not at all."""

    entries: tuple[Entry, ...]

    @property
    def is_vital(self) -> bool:
        """Whether one of them is."""
        return any(entry.is_vital for entry in self.entries)

    def write(self, connection: sqlite3.Connection) -> None:
        """Write each, inside a transaction."""
        for entry in self.entries:
            entry.write(connection)


class OutboxReader:
    """The outbox of an open store, and what is remembered of brokers.

    Args:
        connection: an open store; used by one thread at a time.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def close(self) -> None:
        """Close the store."""
        self._connection.close()

    def waiting(self, after: int, most: int) -> Sequence[Waiting]:
        """Return the oldest letters behind a number, at most so many; none from a bad disk."""
        try:
            rows = self._connection.execute(
                "SELECT seq, msg_id, kind, topic, payload, created FROM outbox WHERE seq > ?"
                " ORDER BY seq LIMIT ?",
                [after, most],
            ).fetchall()
        except sqlite3.Error as error:
            log.warning("the outbox cannot be read: %s", error)
            return []
        return [Waiting(*row) for row in rows]

    def delivered(self, msg_ids: Iterable[str]) -> None:
        """Take letters out that a broker has; what stays by mistake is sent once more."""
        try:
            with transaction(self._connection):
                self._connection.executemany(
                    "DELETE FROM outbox WHERE msg_id = ?", [[each] for each in msg_ids]
                )
        except sqlite3.Error as error:
            log.warning("the outbox cannot be written: %s", error)

    def depth(self) -> Mapping[str, int]:
        """Return how many letters of each kind wait."""
        return dict(self._connection.execute("SELECT kind, count(*) FROM outbox GROUP BY kind"))

    def lost(self) -> Mapping[str, int]:
        """Return how many letters of each kind were ever given up."""
        rows = self._connection.execute(
            "SELECT name, value FROM broker_note WHERE name GLOB 'lost:*'"
        )
        return {name.partition(":")[2]: int(value) for name, value in rows}

    def secret(self) -> bytes:
        """Return this store's secret for names that reveal no address, made once.

        Raises:
            FileRefused: the store cannot be written.
        """
        try:
            with transaction(self._connection):
                self._connection.execute(
                    "INSERT OR IGNORE INTO broker_note VALUES ('secret', ?)",
                    [secrets.token_hex(_SECRET_BYTES)],
                )
            (found,) = self._connection.execute(
                "SELECT value FROM broker_note WHERE name = 'secret'"
            ).fetchone()
        except sqlite3.Error as error:
            raise no_access(str(store_file()), error) from None
        return bytes.fromhex(found)

    def devices(self) -> list[str]:
        """Return every device that was ever described."""
        rows = self._connection.execute(
            "SELECT name FROM broker_note WHERE name GLOB 'device:*' ORDER BY name"
        )
        return [name.removeprefix(_DEVICE) for (name,) in rows]

    def entities(self, device: str) -> frozenset[str]:
        """Return every entity of a device that was ever described, as ``platform/key``."""
        return frozenset(self._device(device).get("entities", ()))

    def topics(self, device: str) -> frozenset[str]:
        """Return the topics at which a device is described."""
        return frozenset(self._device(device).get("topics", ()))

    def described(self, device: str, entities: Iterable[str], topics: Iterable[str]) -> None:
        """Remember what describes a device now, and all it ever had, if the disk lets us."""
        try:
            ever = sorted(self.entities(device) | set(entities))
            note = json.dumps({"entities": ever, "topics": sorted(topics)})
            with transaction(self._connection):
                self._connection.execute(
                    "INSERT INTO broker_note VALUES (?, ?) ON CONFLICT DO UPDATE"
                    " SET value = excluded.value",
                    [f"{_DEVICE}{device}", note],
                )
        except sqlite3.Error as error:
            log.warning("what Home Assistant was told cannot be remembered: %s", error)

    def forget(self, device: str, below: str) -> None:
        """Forget a device, and what waits for topics below a beginning."""
        with transaction(self._connection):
            self._connection.execute(
                "DELETE FROM broker_note WHERE name = ?", [f"{_DEVICE}{device}"]
            )
            self._connection.execute(
                "DELETE FROM outbox WHERE substr(topic, 1, length(?1)) = ?1", [below]
            )

    def _device(self, device: str) -> Mapping[str, Sequence[str]]:
        found = self._connection.execute(
            "SELECT value FROM broker_note WHERE name = ?", [f"{_DEVICE}{device}"]
        ).fetchone()
        return {} if found is None else dict(json.loads(found[0]))
