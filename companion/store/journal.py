"""How SQLite guards a store's writes: a log that programs share, or a journal where they cannot.

The write-ahead log needs memory that all programs share through a file beside the store. Some file
systems have none, such as a folder that is shared into a virtual machine (9p): there SQLite
answers "disk I/O error" (sqlite.org/wal.html, "Use of WAL Without Shared-Memory").
"""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from threading import get_ident
from typing import Final

ENDINGS: Final = ("-wal", "-shm", "-journal")
"""Of the files that SQLite keeps beside a database."""

_LOG: Final = "wal"


def shares_log(connection: sqlite3.Connection) -> bool:
    """Return whether a store is written through a log; else readers and writers take turns."""
    return bool(connection.execute("PRAGMA journal_mode").fetchone() == (_LOG,))


def cannot_share(error: sqlite3.Error) -> bool:
    """Return whether an error may mean that the file system has no memory to share."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_IOERR


def go_alone(connection: sqlite3.Connection) -> None:
    """Have a connection read a log without shared memory; to be called before it reads anything."""
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")


def use_log(connection: sqlite3.Connection, file: Path, *, is_new: bool) -> None:
    """Write through a log, where the file system lets programs share one.

    Args:
        connection: to the store.
        file: the store.
        is_new: nobody else knows of it. Of another one without a log the folder is tried first: it
            went without for a reason, and others may have it open.

    Raises:
        sqlite3.OperationalError: it cannot be shared.
    """
    if not (is_new or shares_log(connection) or _can_share(file)):
        use_journal(connection)
        return
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("SELECT 1 FROM sqlite_master").fetchall()


def use_journal(connection: sqlite3.Connection) -> None:
    """Put what a log holds into the store and write through a rollback journal from now on."""
    connection.execute("PRAGMA journal_mode = TRUNCATE")
    connection.execute("PRAGMA locking_mode = NORMAL")
    connection.execute("SELECT 1 FROM sqlite_master").fetchall()


def _can_share(file: Path) -> bool:
    """Return whether a small database in the store's folder can have a log."""
    trial = file.with_name(f"{file.name}.{os.getpid()}-{get_ident()}.try")
    try:
        with closing(sqlite3.connect(trial, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("CREATE TABLE trial (id INTEGER)")
            return shares_log(connection)
    except sqlite3.Error:
        return False
    finally:
        for ending in ("", *ENDINGS):
            with suppress(OSError):
                Path(f"{trial}{ending}").unlink(missing_ok=True)
