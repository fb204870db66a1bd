"""A session recorded and read back: everything that was said, every sample that came."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from companion.store.database import open_store
from companion.store.retention import scrub
from companion.store.sessions import ABANDONED_S, Sessions, Wanted
from companion.strict_json import as_plain
from protocols.telemetry import Telemetry
from tests.store.recording import FRAMES, recorded
from tests.store.sessions import BEGAN, FINISHED, STARTED, WHOLE


@pytest.fixture
def store(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_store(tmp_path / "sessions.sqlite")
    yield connection
    connection.close()


def blocks(store: sqlite3.Connection) -> list[tuple[int, int]]:
    return store.execute("SELECT samples, resent FROM block ORDER BY place").fetchall()


def test_a_session_is_kept_as_it_was(store: sqlite3.Connection) -> None:
    kept = recorded(store)
    sessions = Sessions(store)
    assert sessions.all() == [kept]
    assert (kept.person, kept.routine, kept.tool, kept.outcome) == (
        *("anna", "quick", "Roller", "finished"),
    )
    assert (kept.duration_s, kept.warnings, kept.source) == (8.0, 1, "live")
    assert [event["event"] for event in sessions.events(kept)] == [each.event for each in WHOLE]
    assert sessions.summary(kept) == as_plain(FINISHED.summary)
    assert list(sessions.telemetry(kept)) == FRAMES


def test_steps_and_warnings_have_tables_of_their_own(store: sqlite3.Connection) -> None:
    recorded(store)
    assert store.execute(
        "SELECT id, zone, outcome, repetitions, peak_kpa FROM step"
    ).fetchall() == [("cheek", "cheek", "done", 10, 16.0)]
    assert store.execute("SELECT level, raised_s, cleared_s, peak_kpa FROM alert").fetchall() == [
        ("stop", 3.0, 3.5, 16.0)
    ]


def test_a_hole_begins_a_block_and_samples_sent_again_stand_in_their_own(
    store: sqlite3.Connection,
) -> None:
    again = [
        Telemetry(
            each.device_us, each.interval_us, each.first_sample, True, False, None, each.samples
        )
        for each in FRAMES[5:8]
    ]
    frames = [*FRAMES[:5], *FRAMES[60:63], *again, *FRAMES[63:70]]
    kept = recorded(store, frames=frames)
    assert list(Sessions(store).telemetry(kept)) == [*FRAMES[:5], *FRAMES[60:70], *again]
    assert blocks(store) == [(50, 0), (100, 0), (30, 1)]


def test_seconds_are_joined_to_minutes_when_the_session_is_over(
    store: sqlite3.Connection,
) -> None:
    going_on = recorded(store, WHOLE[:-1])
    assert blocks(store) == [(100, 0)] * 8
    (small,) = Sessions(store).all()
    assert small.number == going_on.number
    Sessions(store).delete(going_on)
    over = recorded(store)
    assert blocks(store) == [(800, 0)]
    assert over.raw_bytes < small.raw_bytes
    assert list(Sessions(store).telemetry(over)) == FRAMES


def test_routine_and_tool_are_kept_once(store: sqlite3.Connection) -> None:
    recorded(store)
    recorded(store)
    for table in ("routine", "tool"):
        assert store.execute(f"SELECT count(*) FROM {table}").fetchone() == (1,)  # noqa: S608


def test_sessions_are_found_by_what_they_were(store: sqlite3.Connection) -> None:
    anna, bob = recorded(store), recorded(store, person="bob")
    sessions = Sessions(store)
    assert [kept.number for kept in sessions.all()] == [bob.number, anna.number] or [
        kept.number for kept in sessions.all()
    ] == [anna.number, bob.number]
    assert sessions.all(Wanted(person="anna")) == [anna]
    assert sessions.all(Wanted(routine="slow")) == []
    assert len(sessions.all(Wanted(since="2026-11-21", until="2026-11-21"))) == 2
    assert sessions.all(Wanted(since="2026-11-22")) == []
    assert sessions.find(str(anna.number)) == anna
    assert sessions.find(anna.uid[:12]) == anna
    assert sessions.find("") is None
    assert sessions.find("no such") is None


def test_a_deleted_session_is_gone_and_the_others_stay(store: sqlite3.Connection) -> None:
    anna, bob = recorded(store), recorded(store, person="bob")
    Sessions(store).delete(anna)
    assert Sessions(store).all() == [bob]
    for table in ("event", "block", "step", "alert"):
        rows = store.execute(f"SELECT DISTINCT session FROM {table}").fetchall()  # noqa: S608
        assert rows == [(bob.number,)]
    assert store.execute("SELECT body FROM routine").fetchall() == [("{}",)]


def test_an_erased_person_leaves_no_byte_behind(tmp_path: Path) -> None:
    file = tmp_path / "sessions.sqlite"
    store = open_store(file)
    recorded(store, person="zebediah-the-second")
    bob = recorded(store, person="bob")
    assert len(Sessions(store).erase("zebediah-the-second")) == 1
    scrub(store)
    for part in tmp_path.iterdir():
        assert b"zebediah" not in part.read_bytes()
    assert Sessions(store).all() == [bob]
    store.close()


def test_an_interrupted_session_gets_its_true_end(store: sqlite3.Connection) -> None:
    open_one = recorded(store, (STARTED,))
    assert open_one.ended_at is None
    sessions = Sessions(store)
    soon = BEGAN + timedelta(seconds=ABANDONED_S)
    assert sessions.close_abandoned(soon) == []
    assert sessions.close_abandoned(soon + timedelta(hours=1)) == [open_one]
    (closed,) = sessions.all()
    assert (closed.outcome, closed.ended_at) == ("interrupted", open_one.seen_at)
    assert closed.duration_s == pytest.approx(8.0)
    assert sessions.close_abandoned(soon + timedelta(hours=2)) == []
