"""The pressure of a session by tenths of a second: packed, joined, read back."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from companion.sensing.types import Level, Point
from companion.store.columns import DamagedError
from companion.store.database import open_store
from companion.store.retention import compact
from companion.store.sessions import Sessions
from companion.store.trace import Tracing, bins_of, rows_of
from tests.store.recording import recorded
from tests.store.sessions import STARTED


@pytest.fixture
def store(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_store(tmp_path / "sessions.sqlite")
    yield connection
    connection.close()


def points(*values: tuple[float, float | None]) -> list[Point]:
    return [Point(device_s, kpa, Level.ON_TARGET) for device_s, kpa in values]


def test_a_piece_has_its_lowest_and_highest_and_is_given_away_once_complete() -> None:
    tracing = Tracing()
    tracing.add(points((0.95, 9.0)))
    tracing.begin(1.0)
    tracing.add(points((1.0, 3.0), (1.05, 4.5), (1.13, None), (1.25, 2.0)))
    assert tracing.take() == {10: (3.0, 4.5), 11: (None, None)}
    assert tracing.take() == {}
    assert tracing.take(is_over=True) == {12: (2.0, 2.0)}


def test_pieces_come_back_to_ten_pascals() -> None:
    bins = {
        number: (None, None) if number % 7 == 0 else (number / 13, number / 9)
        for number in range(-3, 400)
    }
    rows = list(rows_of(bins))
    assert len(rows) == 1
    found = bins_of(rows)
    assert found.keys() == bins.keys()
    for number, (low, high) in bins.items():
        assert found[number] == pytest.approx((low, high), abs=0.0051) if low else True
        assert (found[number][0] is None) is (low is None)


def test_a_long_hole_begins_a_row_and_a_short_one_is_unknown() -> None:
    rows = list(rows_of({1: (1.0, 1.0), 4: (2.0, 2.0), 900: (3.0, 3.0)}))
    assert [(row.place, row.bins) for row in rows] == [(1, 4), (900, 1)]
    assert bins_of(rows)[2] == (None, None)


def test_a_damaged_row_is_said_to_be_one() -> None:
    (row,) = rows_of(dict.fromkeys(range(50), (1.0, 2.0)))
    with pytest.raises(DamagedError):
        bins_of([row._replace(data=row.data[:9])])


def test_rows_are_joined_when_the_session_is_over(store: sqlite3.Connection) -> None:
    kept = recorded(store, (STARTED,))
    rows = rows_of(dict.fromkeys(range(20), (1.0, 2.0)))
    for row in rows:
        for place in (row.place, row.place + 20):
            store.execute("INSERT INTO trace VALUES (?, ?, ?, ?)", [kept.number, place, *row[1:]])
    store.execute("UPDATE session SET ended_at = seen_at WHERE id = ?", [kept.number])
    compact(store)
    assert store.execute("SELECT place, bins FROM trace").fetchall() == [(0, 40)]
    assert len(Sessions(store).trace(kept)) == 40
