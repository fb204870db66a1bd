"""Many sessions taken together, with numbers worked out by hand."""

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from companion.coaching.events import Score
from companion.coaching.routine import Zone
from companion.store.database import open_store, transaction
from companion.store.periods import Period, SessionRow, WeekRow, ZoneRow, period_of
from companion.store.sessions import Wanted
from tests.store.many import CHEEK, FIRST, SUMMARY, keep, keep_many

HARD = replace(CHEEK, seconds_by_level={"firm": 5.0, "unknown": 4.0}, mean_kpa=8.0, peak_kpa=9.5)
DARK = replace(CHEEK, seconds_by_level={"unknown": 6.0}, mean_kpa=None, peak_kpa=None)
AIR = replace(CHEEK, zone=Zone.TEMPLES, seconds_by_level={}, mean_kpa=None, peak_kpa=None)


@pytest.fixture(autouse=True)
def _greenwich(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_store(tmp_path / "sessions.sqlite")
    with transaction(connection):
        keep(connection, "a", FIRST)
        worse = replace(SUMMARY, steps=(HARD, AIR), score=Score(
            points=30, possible=60, percent=50, parts=(), losses=()))  # fmt: skip
        keep(connection, "b", FIRST + timedelta(days=6), worse)
        keep(connection, "c", FIRST + timedelta(days=14), replace(SUMMARY, steps=(DARK,)))
        keep(connection, "d", FIRST + timedelta(days=6), person="bob")
    yield connection
    connection.close()


def of(
    store: sqlite3.Connection, wanted: Wanted, *, most: int = 9, day_begins_h: int = 4
) -> Period:
    return period_of(store, wanted, most=most, day_begins_h=day_begins_h)


def test_weeks_have_their_sessions_time_and_mean_score(store: sqlite3.Connection) -> None:
    found = of(store, Wanted(person="me"))
    assert found.sessions == 3
    assert found.weeks == (
        WeekRow("2026-01-05", 2, 80.0, 65.0, 0),
        WeekRow("2026-01-19", 1, 40.0, 80.0, 0),
    )


def test_a_zone_is_weighed_by_its_judged_time(store: sqlite3.Connection) -> None:
    # 20 s at 4 kPa and 5 s at 8 kPa: 120 / 25 = 4.8; on the skin 20 + 9 s, on target 18 s.
    found = of(store, Wanted(person="me"))
    assert found.zones == (
        ZoneRow("2026-01-05", "cheek", 29.0, 25.0, 18.0, 4.8, 9.5),
        ZoneRow("2026-01-19", "cheek", 6.0, 0.0, 0.0, None, None),
    )


def test_the_newest_come_first_and_no_more_than_asked_for(store: sqlite3.Connection) -> None:
    (newest,) = of(store, Wanted(person="me"), most=1).newest
    assert newest == SessionRow(
        3, "2026-01-19T07:00:00.000+00:00", "quick", "Roller", "finished", 40.0, 80, 100, 0
    )
    assert [row.number for row in of(store, Wanted()).newest] == [3, 4, 2, 1]


def test_only_what_is_wanted_is_in_it(store: sqlite3.Connection) -> None:
    assert of(store, Wanted(person="bob")).sessions == 1
    assert of(store, Wanted(since="2026-01-12", person="me")).sessions == 1
    assert of(store, Wanted(until="2026-01-11", person="me")).sessions == 2
    assert of(store, Wanted(tool="Stone")) == Period(0, (), (), ())


def test_the_small_hours_belong_to_the_day_and_the_week_before(store: sqlite3.Connection) -> None:
    with transaction(store):
        keep(store, "night", FIRST - timedelta(hours=4), person="owl")
    wanted = Wanted(person="owl")
    assert [week.monday for week in of(store, wanted).weeks] == ["2025-12-29"]
    assert [week.monday for week in of(store, wanted, day_begins_h=0).weeks] == ["2026-01-05"]


def test_every_zone_of_many_sessions_is_found(tmp_path: Path) -> None:
    connection = open_store(tmp_path / "many.sqlite")
    keep_many(connection, 28)
    found = of(connection, Wanted(), most=5)
    connection.close()
    assert [week.sessions for week in found.weeks] == [14, 14]
    assert {row.zone for row in found.zones} == set(Zone)
    assert all(row.contact_s == 14 * 20.0 for row in found.zones)
    assert len(found.newest) == 5
