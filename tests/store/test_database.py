"""The store's file: private, current, and never harmed."""

import os
import shutil
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from companion.errors import FileRefused
from companion.store.database import APPLICATION_ID, migrations, open_store, transaction
from companion.store.journal import shares_log
from companion.store.sessions import Sessions


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "sessions.sqlite"


def refusal(file: Path) -> str:
    with pytest.raises(FileRefused) as caught:
        open_store(file)
    assert str(file) in str(caught.value)
    return caught.value.reason


def test_a_new_store_is_current_and_survives_being_opened_again(file: Path) -> None:
    open_store(file).close()
    connection = open_store(file)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(migrations()),)
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_only_its_owner_can_read_it(file: Path) -> None:
    open_store(file).close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_store_of_a_newer_version_is_left_as_it_is(file: Path) -> None:
    connection = open_store(file)
    connection.execute("PRAGMA user_version = 99")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    before = file.read_bytes()
    assert "99" in refusal(file)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 4096]
)
def test_what_is_no_store_is_refused_and_left(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    assert "damaged" in refusal(file)
    assert file.read_bytes() == content


def test_another_programs_database_is_refused_and_left(file: Path) -> None:
    file.parent.mkdir()
    other = sqlite3.connect(file)
    other.execute("CREATE TABLE bookmark (place TEXT)")
    other.commit()
    other.close()
    before = file.read_bytes()
    assert "another program" in refusal(file)
    assert file.read_bytes() == before


def test_a_folder_in_its_place_is_refused(file: Path) -> None:
    file.mkdir(parents=True)
    assert refusal(file)


def test_an_older_store_is_copied_before_it_is_changed(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = open_store(file)
    connection.execute("INSERT INTO routine (name, body) VALUES ('quick', '{}')")
    connection.close()
    later = (*migrations(), ("ALTER TABLE routine ADD COLUMN note TEXT",))
    monkeypatch.setattr("companion.store.database.migrations", lambda: later)
    connection = open_store(file)
    assert connection.execute("SELECT name, note FROM routine").fetchall() == [("quick", None)]
    connection.close()
    copy = file.with_name(f"{file.name}.before-{len(later):04}")
    kept = sqlite3.connect(copy)
    assert kept.execute("SELECT * FROM routine").fetchall() == [(1, "quick", "{}")]
    kept.close()


def test_a_session_from_before_strokes_were_kept_has_none(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("companion.store.database.migrations", lambda: migrations()[:3])
    with closing(open_store(file)) as older:
        older.execute("INSERT INTO routine (name, body) VALUES ('quick', '{}')")
        older.execute(
            "INSERT INTO session (uid, person, routine, started_at, seen_at, software, profile,"
            " source) VALUES ('a', 'anna', 1, '2026-11-21', '2026-11-21', '0.1.0', 1, 'live')"
        )
    monkeypatch.undo()
    with closing(open_store(file)) as newer:
        sessions = Sessions(newer)
        (kept,) = sessions.all()
        assert (kept.person, sessions.strokes(kept), sessions.trace(kept)) == ("anna", [], {})
        assert (sessions.calibration(kept), sessions.refills(kept)) == (None, [])
    with closing(sqlite3.connect(f"{file}.before-0004")) as copy:
        assert copy.execute("SELECT person FROM session").fetchall() == [("anna",)]


def test_a_store_of_the_third_script_as_it_first_was_gets_its_column(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    third = tuple(each for each in migrations()[2] if "channels" not in each)
    assert len(third) < len(migrations()[2])
    monkeypatch.setattr("companion.store.database.migrations", lambda: (*migrations()[:2], third))
    monkeypatch.setattr("companion.store.database._complete", lambda _: None)
    open_store(file).close()
    monkeypatch.undo()
    for _ in range(2):
        with closing(open_store(file)) as newer:
            assert newer.execute("SELECT channels FROM tool").fetchall() == []


def test_a_migration_that_fails_changes_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(file).close()
    known = len(migrations())
    broken = (*migrations(), ("CREATE TABLE extra (id INTEGER)", "INSERT INTO nowhere VALUES (1)"))
    monkeypatch.setattr("companion.store.database.migrations", lambda: broken)
    refusal(file)
    monkeypatch.undo()
    connection = open_store(file)
    assert connection.execute("PRAGMA user_version").fetchone() == (known,)
    assert not connection.execute("SELECT * FROM sqlite_master WHERE name = 'extra'").fetchall()
    connection.close()


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe stands in for a file system")
def test_where_no_memory_can_be_shared_nothing_is_lost(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe in the place of the shared memory makes SQLite say "disk I/O error", as 9p does."""
    monkeypatch.setattr("companion.store.journal._can_share", lambda _: False)
    first = open_store(file)
    first.execute("INSERT INTO routine (name, body) VALUES ('quick', '{}')")
    in_log = file.with_name("in-log.sqlite")
    for ending in ("", "-wal"):
        shutil.copy(f"{file}{ending}", f"{in_log}{ending}")
    first.close()
    os.mkfifo(f"{in_log}-shm")
    with (
        closing(sqlite3.connect(in_log)) as plain,
        pytest.raises(sqlite3.OperationalError, match="disk I/O error"),
    ):
        plain.execute("SELECT * FROM routine")
    for number in range(2):
        connection, other = open_store(in_log), open_store(in_log)
        assert not shares_log(connection)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        with transaction(connection):
            connection.execute("INSERT INTO routine (name, body) VALUES ('r', ?)", [str(number)])
        assert other.execute("SELECT count(*) FROM routine").fetchone() == (number + 2,)
        connection.close()
        other.close()


def test_a_store_without_a_log_gets_one_where_the_folder_can_have_it(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = open_store(file)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    monkeypatch.setattr("companion.store.journal._can_share", lambda _: False)
    with closing(open_store(file)) as connection:
        assert not shares_log(connection)
    monkeypatch.undo()
    with closing(open_store(file)) as connection:
        assert shares_log(connection)
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_many_may_make_it_at_once(file: Path) -> None:
    refused: list[Exception] = []

    def make() -> None:
        try:
            open_store(file).close()
        except FileRefused as error:
            refused.append(error)

    threads = [Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not refused
    connection = open_store(file)
    assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
    connection.close()


def test_two_may_write_in_turn(file: Path) -> None:
    first, second = open_store(file), open_store(file)
    for number in range(20):
        for each in (first, second):
            with transaction(each):
                each.execute(
                    "INSERT INTO routine (name, body) VALUES ('r', ?)", [f"{id(each)}{number}"]
                )
    assert first.execute("SELECT count(*) FROM routine").fetchone() == (40,)
    first.close()
    second.close()


def test_a_copy_taken_while_it_is_open_is_a_whole_store(file: Path, tmp_path: Path) -> None:
    connection = open_store(file)
    connection.execute("INSERT INTO routine (name, body) VALUES ('quick', '{}')")
    for part in file.parent.iterdir():
        if not part.name.endswith("-shm"):
            shutil.copy(part, tmp_path / part.name)
    connection.close()
    other = open_store(tmp_path / file.name)
    assert other.execute("SELECT name FROM routine").fetchall() == [("quick",)]
    other.close()
