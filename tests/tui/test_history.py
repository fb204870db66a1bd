"""The History screen: any number of sessions, one in detail, zones over weeks, the programme."""

import pytest

from companion.texts import speaking
from companion.tui.dashboard import DashboardApp
from tests.tui.fake_library import FakeLibrary
from tests.tui.fake_setup import FakeSetup
from tests.tui.screen_text import rows_of, staged, text_of

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py


@pytest.mark.measured
async def test_sessions_are_listed_the_newest_first() -> None:
    async with staged(library=FakeLibrary(), size=(100, 30)) as stage:
        shown = await stage.press("h")
        assert "Sessions: 40" in shown
        rows = [row.split() for row in shown.splitlines()]
        assert rows[2][:3] == ["no", "began", "routine"]
        assert rows[3][:4] == ["40", "2026-11-13", "07:30", "five-minutes"]
        assert rows[4][0] == "39"
        assert rows[3][4:] == ["4:47", "60", "1", "finished"]


async def test_of_ten_thousand_sessions_only_the_seen_ones_are_read() -> None:
    library = FakeLibrary(sessions=10_000)
    async with staged(library=library, size=(100, 30)) as stage:
        shown = await stage.press("h")
        assert "10000" in shown
        assert len(library.pages) == 1
        await stage.press("end")
        shown = await stage.settle()
        assert shown.splitlines()[-2].split()[0] == "1"
        assert len(library.pages) <= 3
        await stage.press("pageup", "pagedown", "home")
        assert "10000" in await stage.settle()


async def test_more_rows_above_or_below_are_marked() -> None:
    async with staged(library=FakeLibrary(), size=(100, 30)) as stage:
        rows = (await stage.press("h")).splitlines()
        assert not rows[3].rstrip().endswith("▴")
        assert rows[-2].rstrip().endswith("▾")
        rows = (await stage.press("end")).splitlines()
        assert rows[3].rstrip().endswith("▴")
        assert not rows[-2].rstrip().endswith("▾")


async def test_a_list_that_grows_leaves_no_empty_rows_below_its_last() -> None:
    async with staged(library=FakeLibrary(), size=(100, 20)) as stage:
        await stage.press("h", "end")
        await stage.pilot.resize_terminal(100, 30)
        rows = (await stage.settle()).splitlines()
        assert rows[-2].split()[0] == "1"
        assert rows[3].rstrip().endswith("▴")


async def test_a_damaged_session_is_shown_as_such_among_the_others() -> None:
    async with staged(library=FakeLibrary(damaged=frozenset({39})), size=(100, 30)) as stage:
        shown = await stage.press("h")
        assert "session 39 cannot be read: a summary is not whole" in shown
        assert "38" in shown
        shown = await stage.press("down", "enter")
        assert "damaged" in shown


@pytest.mark.measured
async def test_a_session_in_detail_says_what_its_score_is_made_of() -> None:
    async with staged(library=FakeLibrary(), size=(100, 60)) as stage:
        shown = await stage.press("h", "down", "enter")
        assert "Session 39" in shown
        assert "Score 75 of 100" in shown
        assert "What cost most" in shown
        assert "-18 under-eye, right" in shown
        assert "Press q to leave." not in shown
        shown = await stage.press("escape")
        assert "Sessions: 40" in shown
        assert "Score 75" not in shown
        assert stage.app.current_mode == "history"


@pytest.mark.measured
async def test_zones_over_weeks_in_figures() -> None:
    async with staged(library=FakeLibrary(), size=(120, 30)) as stage:
        shown = await stage.press("h", "t")
        line = next(row for row in shown.splitlines() if "forehead" in row)
        assert line.split()[1:5] == ["-", "50", "%", "55"]
        assert "▲1" in line
        assert "Sessions: 37" in shown
        assert "could not be read and are not in here: 2." in shown
        assert "Week 3: 5 of 7 days" in await stage.press("p")


async def test_a_store_that_cannot_be_read_says_so_and_the_screen_stays() -> None:
    async with staged(library=FakeLibrary(refuses=True), size=(100, 30)) as stage:
        assert "it is damaged" in await stage.press("h")
        await stage.press("down", "enter", "escape")
        assert stage.app.current_mode == "live"


async def test_no_session_yet_is_said() -> None:
    async with staged(library=FakeLibrary(sessions=0), size=(100, 30)) as stage:
        assert "No session is kept here yet." in await stage.press("h")
        await stage.press("enter", "down", "end", "pageup")
        assert "No session is kept here yet." in stage.text


@pytest.mark.parametrize("key", ["enter", "t", "p"])
async def test_any_size_of_window_while_reading(key: str) -> None:
    async with staged(library=FakeLibrary(), size=(100, 30)) as stage:
        await stage.press("h", key)
        for width, height in ((1, 1), (20, 6), (240, 70), (60, 20)):
            await stage.pilot.resize_terminal(width, height)
            await stage.settle()
        assert "Sessions: 40" in await stage.press("escape")


async def test_where_no_session_is_kept_the_screen_says_how_to_begin_one() -> None:
    library, settings = FakeLibrary(sessions=0), FakeSetup()
    app = DashboardApp(library, theme="dark", still=True, setup=settings)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("h")
        await pilot.pause()
        assert "o shows the routines" in text_of(app)
        await pilot.press("t", "escape")
        await pilot.pause()
        assert "o shows the routines" in text_of(app)
        foot = rows_of(app)[-1]
        assert "replay" not in foot
        assert "read" not in foot


async def test_a_column_without_room_goes_whole_and_the_routine_takes_what_is_left() -> None:
    async with staged(library=FakeLibrary(), size=(60, 20)) as stage:
        rows = (await stage.press("h")).splitlines()
        assert rows[2].split()[-1] == "warnings"
        assert rows[3].split()[-1] == "1"
        await stage.pilot.resize_terminal(80, 24)
        rows = (await stage.settle()).splitlines()
        assert rows[2].split()[-1] == "ended"
        assert rows[2].index("lasted") > rows[3].index("five-minutes") + len("five-minutes")


async def test_a_summary_is_laid_out_anew_in_a_narrower_window() -> None:
    async with staged(library=FakeLibrary(), size=(100, 60)) as stage:
        shown = await stage.press("h", "enter")
        assert "mean 1.1" not in shown
        await stage.pilot.resize_terminal(60, 40)
        assert "mean 1.1 · peak 3.4 · on target 70 %" in await stage.settle()


async def test_longer_words_of_another_language_never_run_together() -> None:
    with speaking("de"):
        async with staged(library=FakeLibrary(), size=(80, 24)) as stage:
            rows = (await stage.press("h")).splitlines()
            assert rows[2].split()[4:6] == ["Wertung", "Warnungen"]
            assert rows[3].split()[5:7] == ["60", "1"]
        async with staged(library=FakeLibrary(), size=(120, 40)) as stage:
            shown = await stage.press("h", "enter")
            assert "Zeit Mittel Spitze" in " ".join(shown.split())
