"""The outbox of the store, as the courier knows it."""

import asyncio
import threading
from collections.abc import Iterable, Sequence

from companion.mqtt.letters import Kind, Letter
from companion.store.database import open_store, store_file
from companion.store.outbox import OutboxReader, Waiting


class StoredOutbox:
    """The outbox in the store and what it remembers of devices; the event loop never waits for it.

    Args:
        reader: of an open store; read here, once.

    Attributes:
        secret: this computer's own.
        depth: how many letters of each kind waited when that was last looked at.

    Raises:
        FileRefused: the store cannot be written.
    """

    def __init__(self, reader: OutboxReader) -> None:
        self.secret = reader.secret()
        self._reader = reader
        self._one_at_a_time = threading.Lock()
        self.depth = dict(reader.depth())
        self._entities = {device: reader.entities(device) for device in reader.devices()}
        self._topics = {device: reader.topics(device) for device in self._entities}
        self._changed: dict[str, None] = {}
        self._gone: list[str] = []
        self._ever: list[str] = []

    async def waiting(self, after: int, most: int) -> Sequence[tuple[int, Letter]]:
        """Return the oldest letters behind a number, each with its own, at most so many."""
        rows = await asyncio.to_thread(self._rows, after, most)
        return [
            (
                row.seq,
                Letter(
                    msg_id=row.msg_id,
                    kind=Kind(row.kind),
                    topic=row.topic,
                    payload=row.payload,
                    created=row.created,
                ),
            )
            for row in rows
        ]

    def delivered(self, msg_id: str) -> None:
        """A broker has it: it goes with the next `settle`."""
        self._gone.append(msg_id)

    async def settle(self) -> None:
        """Take out what was delivered, and write down what was described."""
        if self._gone or self._changed:
            gone, self._gone = self._gone, []
            changed, self._changed = self._changed, {}
            self._ever += gone
            self.depth = await asyncio.to_thread(self._written, gone, list(changed))

    def sweep(self) -> None:
        """Take out once more all that was delivered: the store may have been slower than that."""
        self._written([*self._ever, *self._gone], list(self._changed))

    def entities(self, device: str) -> frozenset[str]:
        """Return every ``platform/key`` that was ever described."""
        return self._entities.get(device, frozenset())

    def topics(self, device: str) -> frozenset[str]:
        """Return the topics at which it was described."""
        return self._topics.get(device, frozenset())

    def described(self, device: str, entities: Iterable[str], topics: Iterable[str]) -> None:
        """Remember what is described now, and what ever was."""
        self._entities[device] = self.entities(device) | frozenset(entities)
        self._topics[device] = frozenset(topics)
        self._changed[device] = None

    def close(self) -> None:
        """Close the store."""
        self._reader.close()

    def _rows(self, after: int, most: int) -> Sequence[Waiting]:
        with self._one_at_a_time:
            return self._reader.waiting(after, most)

    def _written(self, gone: Sequence[str], devices: Sequence[str]) -> dict[str, int]:
        """Write, and return how many letters of each kind wait then."""
        with self._one_at_a_time:
            if gone:
                self._reader.delivered(gone)
            for device in devices:
                self._reader.described(device, self._entities[device], self._topics[device])
            return dict(self._reader.depth())


def opened_outbox() -> StoredOutbox:
    """Return the outbox of this computer's store.

    Raises:
        FileRefused: the store cannot be used.
    """
    reader = OutboxReader(open_store(store_file()))
    try:
        return StoredOutbox(reader)
    except BaseException:
        reader.close()
        raise
