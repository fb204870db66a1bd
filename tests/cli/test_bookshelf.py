"""What the dashboard reads of this computer: sessions, some damaged; routines; the programme."""

from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from companion.__main__ import main
from companion.cli.bookshelf import Bookshelf
from companion.cli.zone_trends import WEEKS, trends_of
from companion.coaching.routine import Zone
from companion.errors import FileRefused
from companion.store.database import open_store, store_file
from tests.store.recording import recorded
from tests.store.sessions import FINISHED, RAISED, STARTED
from tests.tui.fake_live import summary


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))


@pytest.fixture
def three() -> None:
    """Keep a whole session, one that was interrupted, and one whose summary is damaged."""
    with closing(open_store(store_file())) as store:
        recorded(store)
        recorded(store, (STARTED,), person="bob")
        recorded(store)
        store.execute("UPDATE session SET summary = '{\"steps\": 3}' WHERE id = 3")


@pytest.mark.usefixtures("three")
async def test_a_page_has_every_session_and_says_which_is_damaged() -> None:
    async with Bookshelf() as shelf:
        assert await shelf.count() == 3
        found = {past.number: past for past in await shelf.page(0, 10)}
        assert found[1].routine == "quick"
        assert (found[1].duration_s, found[1].warnings, found[1].fault) == (8.0, 1, "")
        assert found[2].outcome == "interrupted"
        assert "not whole" in found[3].fault
        assert [past.number for past in await shelf.page(1, 1)] == [list(found)[1]]
        assert list(await shelf.page(3, 10)) == []


@pytest.mark.usefixtures("three")
async def test_one_session_whole_interrupted_damaged_and_gone() -> None:
    async with Bookshelf() as shelf:
        whole = await shelf.whole(1)
        assert whole.summary == FINISHED.summary
        assert "quick, by anna, with Roller" in whole.head
        cut = await shelf.whole(2)
        assert cut.summary is None
        assert "Interrupted after" in cut.fault
        damaged = await shelf.whole(3)
        assert damaged.summary is None
        assert "session 3 cannot be read" in damaged.head
        assert "not there any more" in (await shelf.whole(99)).head


async def test_a_store_that_is_none_is_one_sentence() -> None:
    store_file().parent.mkdir(parents=True)
    store_file().write_bytes(b"no database" * 100)
    async with Bookshelf() as shelf:
        with pytest.raises(FileRefused, match="damaged"):
            await shelf.count()


async def test_routines_come_with_what_is_known_of_them() -> None:
    async with Bookshelf() as shelf:
        found = {one.name: one for one in await shelf.routines()}
        routine = found["five-minutes"].routine
        assert routine is not None
        assert found["five-minutes"].origin == "shipped"
        assert routine.source in found["five-minutes"].evidence[0]
        assert len(found["five-minutes"].evidence) > 2


async def test_one_s_usual_routine_stands_first_and_the_others_in_their_order() -> None:
    async with Bookshelf() as plain, Bookshelf("five-minutes") as shelf:
        usual = [one.name for one in await plain.routines()]
        found = [one.name for one in await shelf.routines()]
    assert usual[0] != "five-minutes"
    assert found == ["five-minutes", *(name for name in usual if name != "five-minutes")]


async def test_the_programme_of_nobody_and_of_somebody() -> None:
    async with Bookshelf() as shelf:
        assert (await shelf.programme())[0].startswith("No programme runs")


def test_zones_are_added_up_by_week() -> None:
    one = summary()
    found = [
        ("2026-11-21T08:00:00+00:00", one),
        ("2026-11-20T08:00:00+00:00", one),
        ("2026-11-12T12:00:00+00:00", replace(one, alerts=())),
        ("2026-08-01T08:00:00+00:00", one),
    ]
    trends = trends_of(found, date(2026, 11, 21), unread=2)
    assert (len(trends.weeks), trends.sessions, trends.unread) == (WEEKS, 3, 2)
    assert trends.weeks[-1] == "11-16"
    weeks = dict(trends.zones)[Zone.UNDER_EYE]
    assert weeks[-1].on_target == pytest.approx(14 / 20)
    assert (weeks[-1].warnings, weeks[-2].warnings) == (2, 0)
    assert weeks[-3].on_target is None
    assert Zone.TEMPLES not in dict(trends.zones)


def test_a_warning_that_was_too_light_is_none_of_over_pressure() -> None:
    light = replace(summary().alerts[0], kind="too_light")
    found = [("2026-11-21T08:00:00+00:00", replace(summary(), alerts=(light,)))]
    weeks = dict(trends_of(found, date(2026, 11, 21)).zones)[Zone.UNDER_EYE]
    assert weeks[-1].warnings == 0
    assert RAISED.kind == "over_pressure"


def test_the_dashboard_needs_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dashboard"]) == 2
    assert "the dashboard needs a terminal" in capsys.readouterr().err
