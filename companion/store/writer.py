"""The thread that writes: nobody on the event loop ever waits for the disk."""

import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from companion.store.database import open_store, transaction
from companion.store.entries import SessionGone

log = logging.getLogger(__name__)

MOST_WAITING: Final = 600
"""Entries kept in memory while the disk takes none: ten minutes of one tool."""

AGAIN_S: Final = 1.0
"""Pause before a refused write is tried again."""


class Entry(Protocol):
    """Something to be written."""

    @property
    def is_vital(self) -> bool:
        """Whether it is kept in memory for as long as it takes; raw samples are not."""
        ...

    def write(self, connection: sqlite3.Connection) -> None:
        """Write it, inside a transaction; it may be asked to once more after a failure."""
        ...


@dataclass(frozen=True, slots=True)
class Later:
    """An entry that takes work to make: the writing thread does it, and nobody waits for it."""

    make: Callable[[], Entry]
    is_vital: bool

    def write(self, connection: sqlite3.Connection) -> None:
        """Make it and write it, inside a transaction."""
        self.make().write(connection)


class Writer:
    """Writes entries in the order in which they were put, each committed before the next is taken.

    Entries that wait together are committed together. While the disk refuses (full, read-only, a
    failing write) they are kept and tried again; of too many, raw samples are given up first.

    Args:
        file: the store.
        on_trouble: called from the thread with what the system says when writing begins to
            fail, and with None when it works again.

    Raises:
        FileRefused: the store cannot be opened.

    Attributes:
        written: entries that are on the disk.
        given_up: entries that were never written.
    """

    def __init__(self, file: Path, on_trouble: Callable[[str | None], None]) -> None:
        self.written = 0
        self.given_up = 0
        self._connection = open_store(file)
        self._on_trouble = on_trouble
        self._put: queue.SimpleQueue[Entry | None] = queue.SimpleQueue()
        self._waiting: list[Entry] = []
        self._is_in_trouble = False
        self._is_closing = False
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)
        self._thread.start()

    def put(self, entry: Entry) -> None:
        """Have an entry written; returns at once."""
        self._put.put(entry)

    def close(self, timeout_s: float) -> bool:
        """Write what waits and end; return whether all of it was written in time."""
        self._put.put(None)
        self._thread.join(timeout_s)
        return not self._thread.is_alive() and not self.given_up

    def _run(self) -> None:
        try:
            while not (self._is_closing and not self._waiting):
                self._collect()
                if self._waiting:
                    self._commit()
        finally:
            self._connection.close()

    def _collect(self) -> None:
        """Take what has been put; without anything to do, wait for it."""
        pause_s = AGAIN_S if self._is_in_trouble else None
        try:
            if self._is_in_trouble or not self._waiting:
                self._take(self._put.get(timeout=pause_s))
            while True:
                self._take(self._put.get_nowait())
        except queue.Empty:
            pass
        self._make_room()

    def _take(self, entry: Entry | None) -> None:
        if entry is None:
            self._is_closing = True
        else:
            self._waiting.append(entry.make() if isinstance(entry, Later) else entry)

    def _commit(self) -> None:
        try:
            with transaction(self._connection):
                for entry in self._waiting:
                    # Who deletes a session that goes on wants nothing more of it to be kept.
                    with suppress(SessionGone):
                        entry.write(self._connection)
        except sqlite3.Error as error:
            self._fail(str(error))
        else:
            self.written += len(self._waiting)
            self._waiting.clear()
            if self._is_in_trouble:
                self._is_in_trouble = False
                self._on_trouble(None)

    def _fail(self, reason: str) -> None:
        if not self._is_in_trouble:
            self._is_in_trouble = True
            log.warning("the store cannot be written: %s", reason)
            self._on_trouble(reason)
        if self._is_closing:
            self.given_up += len(self._waiting)
            self._waiting.clear()

    def _make_room(self) -> None:
        surplus = len(self._waiting) - MOST_WAITING
        for entry in list(self._waiting):
            if surplus <= 0:
                return
            if not entry.is_vital:
                self._waiting.remove(entry)
                self.given_up += 1
                surplus -= 1
