"""The store's file: opened, brought up to date, or refused with a sentence."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from threading import get_ident
from typing import Final

from companion.errors import FileRefused, no_access
from companion.paths import data_folder
from companion.store.journal import ENDINGS, cannot_share, go_alone, use_journal, use_log
from companion.texts import text

BUSY_S: Final = 5.0
"""How long a statement waits for another process that writes."""

APPLICATION_ID: Final = 0x4D434D50
"""SQLite's mark of whose file this is (sqlite.org, pragma application_id): 'MCMP'."""


class StoreDamaged(FileRefused):
    """The file is ours, or was, and SQLite cannot read it."""

    def __init__(self, file: Path) -> None:
        super().__init__(str(file), "", text("store.damaged"))


_DAMAGED: Final = frozenset({sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
"""SQLite's primary result codes that tell of damage: our own statements are no errors."""

OURS: Final = frozenset({"session", "event", "block"})
"""Tables by which a store is known whose mark is damaged."""

NO_VERSION: Final = 1000
"""A version so much newer is a damaged number."""

_PRIVATE: Final = 0o600
_PRIVATE_FOLDER: Final = 0o700
_COPY: Final = ".before-{version:04}"


def store_file() -> Path:
    """Return where the sessions lie."""
    return data_folder() / "sessions.sqlite"


def other_files(file: Path) -> list[Path]:
    """Return what else lies beside a store: copies of before a change, what was set aside, drafts.

    Each of them holds what the store held at its time.
    """
    own = {f"{file.name}{ending}" for ending in ("", *ENDINGS)}
    found = file.parent.glob(f"{file.name}*")
    return sorted(each for each in found if each.name not in own)


def open_store(file: Path) -> sqlite3.Connection:
    """Open the store for reading and writing, made or brought up to date where needed.

    Before an older store is changed, a copy of it is made beside it. Every commit reaches the disk
    before it returns (``synchronous`` FULL), and two processes may write in turn.

    Raises:
        FileRefused: it cannot be used, is damaged, no store, or of a newer version.
    """
    with refusing(file):
        if not file.exists():
            _make(file)
        return _opened(file)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all of it or nothing; the lock is taken at the beginning."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _make(file: Path) -> None:
    """Make a store beside its place and put it there whole; where another was first, that stays.

    The place itself is opened by SQLite only: closing another descriptor of a database would drop
    the locks that this process holds on it (sqlite.org, "How To Corrupt", section 2.2).
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_FOLDER)
    draft = file.with_name(f"{file.name}.{os.getpid()}-{get_ident()}.new")
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, _PRIVATE))
    _opened(draft).close()
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        if not file.exists():
            draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)


def _opened(file: Path) -> sqlite3.Connection:
    try:
        return _connected(file, shares=True)
    except sqlite3.OperationalError as error:
        if not cannot_share(error):
            raise
        return _connected(file, shares=False)


def _connected(file: Path, *, shares: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(
        file, timeout=BUSY_S, isolation_level=None, check_same_thread=False
    )
    connection.text_factory = _legible
    try:
        _prepare(connection, file, shares=shares)
        _complete(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _legible(data: bytes) -> str:
    """Return a text; where its bytes are damaged a sign stands for them, and the rest is read."""
    return data.decode("utf-8", "replace")


@lru_cache
def migrations() -> tuple[tuple[str, ...], ...]:
    """Return the statements of each numbered script, the first one making version 1."""
    folder = files("companion") / "store" / "schema"
    scripts = sorted((each for each in folder.iterdir()), key=lambda each: each.name)
    return tuple(tuple(_statements(each.read_text("utf-8"))) for each in scripts)


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""


def _prepare(connection: sqlite3.Connection, file: Path, *, shares: bool) -> None:
    if not shares:
        go_alone(connection)
    known = len(migrations())
    version = _version(connection)
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = _tables(connection)
    if owner != APPLICATION_ID and tables >= OURS:
        raise StoreDamaged(file)
    if owner != APPLICATION_ID and (owner or version or tables):
        raise FileRefused(str(file), "", text("store.foreign"))
    if version > known + NO_VERSION:
        raise StoreDamaged(file)
    if version > known:
        raise FileRefused(str(file), "", text("files.newer", version=version, known=known))
    if shares:
        use_log(connection, file, is_new=not tables)
    else:
        use_journal(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    if version < known:
        _migrate(connection, file)


def _complete(connection: sqlite3.Connection) -> None:
    """Add the column that the third script lacked while it was half an hour old."""
    columns = connection.execute("SELECT name FROM pragma_table_info('tool')").fetchall()
    if ("channels",) not in columns:
        connection.execute("ALTER TABLE tool ADD COLUMN channels TEXT NOT NULL DEFAULT '[]'")


def _migrate(connection: sqlite3.Connection, file: Path) -> None:
    version = _version(connection)
    if version:
        copy = Path(f"{file}{_COPY.format(version=version + 1)}")
        copy.unlink(missing_ok=True)
        connection.execute("VACUUM INTO ?", [str(copy)])
        copy.chmod(_PRIVATE)
    with transaction(connection):
        # Another process may have been first: only under the lock is the version certain.
        for number in range(_version(connection), len(migrations())):
            for statement in migrations()[number]:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}


def is_damage(error: sqlite3.Error) -> bool:
    """Return whether an error says that the file is damaged, and not merely in use or full."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    return code & 0xFF in _DAMAGED


@contextmanager
def refusing_damage(file: Path) -> Iterator[None]:
    """Turn what SQLite says of a damaged file into our sentence; other errors stay.

    Raises:
        StoreDamaged: in place of an error that tells of damage.
    """
    try:
        yield
    except sqlite3.Error as error:
        if is_damage(error):
            raise StoreDamaged(file) from None
        raise


@contextmanager
def refusing(file: Path) -> Iterator[None]:
    """Turn what SQLite says into our sentences."""
    try:
        yield
    except OSError as error:
        raise no_access(str(file), error) from None
    except sqlite3.Error as error:
        raise (StoreDamaged(file) if is_damage(error) else no_access(str(file), error)) from None
