"""The writing thread: never in the way, and honest when the disk refuses."""

import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from companion.store import writer as writing
from companion.store.database import open_store
from companion.store.recorder import Recorder
from companion.store.sessions import Sessions
from companion.store.writer import Writer
from tests.store.sessions import ABOUT, STARTED, WHOLE


@dataclass
class Row:
    """An entry of a test: one routine."""

    name: str
    is_vital: bool = True

    def write(self, connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO routine (name, body) VALUES ('r', ?)", [self.name])


class Told:
    """What the writer told of trouble, and when it told it."""

    def __init__(self) -> None:
        self.reasons: list[str | None] = []
        self.news = threading.Event()

    def __call__(self, reason: str | None) -> None:
        self.reasons.append(reason)
        self.news.set()

    def wait(self) -> None:
        assert self.news.wait(20.0)
        self.news.clear()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sessions.sqlite"


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "AGAIN_S", 0.01)


def rows(file: Path) -> list[str]:
    connection = open_store(file)
    found = [body for (body,) in connection.execute("SELECT body FROM routine ORDER BY id")]
    connection.close()
    return found


def test_entries_are_written_in_order(file: Path) -> None:
    told = Told()
    writer = Writer(file, told)
    for number in range(500):
        writer.put(Row(str(number)))
    assert writer.close(20.0)
    assert rows(file) == [str(number) for number in range(500)]
    assert told.reasons == []


def locked(file: Path) -> sqlite3.Connection:
    other = open_store(file)
    other.execute("BEGIN IMMEDIATE")
    return other


def test_what_the_disk_refuses_is_kept_and_written_later(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("companion.store.database.BUSY_S", 0.01)
    told = Told()
    writer = Writer(file, told)
    other = locked(file)
    writer.put(Row("a"))
    told.wait()
    writer.put(Row("b"))
    other.execute("ROLLBACK")
    other.close()
    told.wait()
    assert writer.close(20.0)
    assert rows(file) == ["a", "b"]
    assert told.reasons == ["database is locked", None]


def test_of_too_many_raw_samples_are_given_up_first(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("companion.store.database.BUSY_S", 0.01)
    monkeypatch.setattr(writing, "MOST_WAITING", 4)
    told = Told()
    writer = Writer(file, told)
    other = locked(file)
    for number in range(10):
        writer.put(Row(f"raw {number}", is_vital=False))
        writer.put(Row(f"vital {number}"))
    told.wait()
    other.execute("ROLLBACK")
    other.close()
    told.wait()
    assert not writer.close(20.0)
    assert [name for name in rows(file) if name.startswith("vital")] == [
        f"vital {number}" for number in range(10)
    ]
    assert writer.given_up == 20 - len(rows(file)) > 0


def test_a_writer_that_is_closed_in_trouble_says_what_it_gave_up(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("companion.store.database.BUSY_S", 0.01)
    told = Told()
    writer = Writer(file, told)
    other = locked(file)
    writer.put(Row("lost"))
    told.wait()
    assert not writer.close(20.0)
    assert writer.given_up == 1
    other.close()
    assert rows(file) == []


def test_a_session_that_is_deleted_while_it_goes_on_stays_deleted(file: Path) -> None:
    told = Told()
    writer = Writer(file, told)
    deleted, other = Recorder(writer, ABOUT), Recorder(writer, ABOUT)
    with closing(open_store(file)) as store:
        deleted.hear(STARTED)
        sessions = Sessions(store)
        while (kept := sessions.find(deleted.uid)) is None:
            time.sleep(0.005)
        sessions.delete(kept)
    for recorder in (deleted, other):
        for event in WHOLE if recorder is other else WHOLE[1:]:
            recorder.hear(event)
    assert writer.close(20.0)
    with closing(open_store(file)) as store:
        assert [one.uid for one in Sessions(store).all()] == [other.uid]
    assert told.reasons == []


@pytest.mark.parametrize(
    ("harm", "mend", "said"),
    [
        ("max_page_count = 1", "max_page_count = 1000000", "database or disk is full"),
        ("query_only = ON", "query_only = OFF", "attempt to write a readonly database"),
    ],
)
def test_a_disk_that_is_full_or_read_only_loses_nothing_that_was_said(
    file: Path, harm: str, mend: str, said: str
) -> None:
    told = Told()
    writer = Writer(file, told)
    writer.put(Row("before"))
    writer._connection.execute(f"PRAGMA {harm}")
    names = [f"{number} {'x' * 9000}" for number in range(20)]
    for name in names:
        writer.put(Row(name))
    told.wait()
    connection = open_store(file)
    assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
    connection.close()
    writer._connection.execute(f"PRAGMA {mend}")
    told.wait()
    assert writer.close(20.0)
    assert rows(file) == ["before", *names]
    assert told.reasons == [said, None]


def test_a_write_that_the_system_refuses_loses_nothing_that_was_said(file: Path) -> None:
    """No file may become larger: the write itself fails, in the midst of a page of the log."""
    resource = pytest.importorskip("resource")
    told = Told()
    writer = Writer(file, told)
    writer.put(Row("before"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    names = [f"{number} {'x' * 9000}" for number in range(20)]
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size + 9_999, hard))
    try:
        for name in names:
            writer.put(Row(name))
        told.wait()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    told.wait()
    assert writer.close(20.0)
    assert rows(file) == ["before", *names]
    assert told.reasons == ["disk I/O error", None]
