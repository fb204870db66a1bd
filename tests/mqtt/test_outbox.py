"""The outbox in the store: written with its session, bounded, and remembered."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from companion.store import outbox
from companion.store.database import open_store, transaction
from companion.store.entries import SessionBegan
from companion.store.outbox import OutboxReader, Queued, Together
from companion.store.writer import Entry, Writer


@pytest.fixture
def store(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_store(tmp_path / "sessions.sqlite")) as connection:
        write(connection, began("5e55"))
        yield connection


def began(uid: str) -> SessionBegan:
    return SessionBegan(
        uid=uid,
        person="anna",
        routine="quick",
        routine_body="{}",
        tool=None,
        at="2026-11-21T07:30:00+00:00",
        software="0.1.0",
        profile=1,
    )


def queued(number: int, kind: str = "summary", session: str = "5e55", topic: str = "t") -> Queued:
    return Queued(
        msg_id=f"{kind}-{number}",
        session=session,
        kind=kind,
        topic=topic,
        payload=str(number),
        created=float(number),
    )


def write(store: sqlite3.Connection, *entries: Entry) -> None:
    with transaction(store):
        for entry in entries:
            entry.write(store)


def waiting(store: sqlite3.Connection) -> list[str]:
    return [one.msg_id for one in OutboxReader(store).waiting(0, 100_000)]


def test_letters_wait_in_order_until_they_are_delivered(store: sqlite3.Connection) -> None:
    write(store, *(queued(number) for number in range(5)), queued(3))
    reader = OutboxReader(store)
    first = reader.waiting(0, 2)
    assert [(one.seq, one.payload) for one in first] == [(1, "0"), (2, "1")]
    assert [one.payload for one in reader.waiting(2, 100)] == ["2", "3", "4"]
    reader.delivered(["summary-1", "nobody"])
    assert waiting(store) == ["summary-0", "summary-2", "summary-3", "summary-4"]
    assert reader.depth() == {"summary": 4}


def test_a_letter_and_its_session_are_written_together_or_not_at_all(
    store: sqlite3.Connection,
) -> None:
    write(store, Together((began("a"), queued(1, session="a"))))
    assert waiting(store) == ["summary-1"]
    with pytest.raises(sqlite3.IntegrityError):
        write(store, Together((began("b"), queued(2, session="b"), began("a"))))
    assert waiting(store) == ["summary-1"]
    assert store.execute("SELECT count(*) FROM session WHERE uid = 'b'").fetchone() == (0,)


def test_a_letter_of_a_session_that_is_gone_goes_with_it(store: sqlite3.Connection) -> None:
    write(store, queued(1, session="nobody"))
    assert waiting(store) == []


def test_of_too_many_alerts_the_oldest_goes_and_a_summary_never_silently(
    store: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(outbox, "MOST", {"alert": 3, "summary": 2})
    write(store, queued(0), *(queued(number, "alert") for number in range(5)), queued(1))
    assert waiting(store) == ["summary-0", "alert-2", "alert-3", "alert-4", "summary-1"]
    write(store, queued(2), queued(3))
    assert waiting(store) == ["alert-2", "alert-3", "alert-4", "summary-2", "summary-3"]
    assert OutboxReader(store).lost() == {"alert": 2, "summary": 2}
    assert sum("kind summary given up" in one.message for one in caplog.records) == 2


def test_of_the_last_session_only_the_newest_waits(store: sqlite3.Connection) -> None:
    write(store, queued(1, "last"), queued(2, "last", topic="other"), queued(3, "last"))
    assert waiting(store) == ["last-2", "last-3"]


def test_a_deleted_session_takes_its_letters_along(store: sqlite3.Connection) -> None:
    write(store, began("other"), queued(1), queued(2, session="other"))
    store.execute("DELETE FROM session WHERE uid = '5e55'")
    assert waiting(store) == ["summary-2"]


def test_letters_survive_the_process(tmp_path: Path) -> None:
    file = tmp_path / "sessions.sqlite"
    writer = Writer(file, lambda _: None)
    writer.put(began("a"))
    writer.put(queued(1, session="a"))
    assert writer.close(20.0)
    with closing(open_store(file)) as store:
        assert waiting(store) == ["summary-1"]


def test_the_secret_is_made_once(store: sqlite3.Connection) -> None:
    secret = OutboxReader(store).secret()
    assert len(secret) == 16
    assert OutboxReader(store).secret() == secret


def test_a_device_is_remembered_with_all_it_ever_had_until_it_is_forgotten(
    store: sqlite3.Connection,
) -> None:
    reader = OutboxReader(store)
    assert reader.devices() == []
    reader.described("tool-1", {"sensor/level", "sensor/old"}, {"a"})
    reader.described("tool-1", {"sensor/level", "button/buzz"}, {"b"})
    assert reader.entities("tool-1") == {"sensor/level", "sensor/old", "button/buzz"}
    assert reader.topics("tool-1") == {"b"}
    assert reader.devices() == ["tool-1"]
    write(store, queued(1, topic="base/hub/tool-1/alert"), queued(2, topic="base/hub/tool-12/x"))
    reader.forget("tool-1", "base/hub/tool-1/")
    assert reader.devices() == []
    assert reader.entities("tool-1") == frozenset()
    assert waiting(store) == ["summary-2"]
