"""The Routines screen: what can be done, what is known of it, and a way to begin."""

import pytest

from companion.tui.dashboard import DashboardApp
from companion.tui.library import Start
from tests.tui.fake_library import FakeLibrary
from tests.tui.screen_text import rows_of, staged, text_of


async def test_a_wide_window_shows_the_routine_that_is_pointed_at() -> None:
    async with staged(library=FakeLibrary(), size=(120, 50)) as stage:
        shown = await stage.press("o")
        for words in (
            "Two minutes",
            "five-minutes, shipped; steps: 9, about 05:00 at 100 %, evening",
            "under-eye, right",
            "tap → 10 times",
            "0.5 to 1.5 kPa, caution 2.7, stop 4.0",
            "pinch lightly along the bone",
            "small studies, grade C",
        ):
            assert words in shown
        assert "broken.toml, line 3" in await stage.press("down")


async def test_a_narrow_window_shows_the_list_then_the_routine() -> None:
    async with staged(library=FakeLibrary(), size=(60, 20)) as stage:
        shown = await stage.press("o")
        assert "shipped" not in shown
        assert "five-minutes, shipped" in await stage.press("enter")
        assert "Two minutes" in await stage.press("escape")
        assert stage.app.current_mode == "routines"


async def test_while_a_session_runs_none_can_be_begun() -> None:
    async with staged(library=FakeLibrary()) as stage:
        await stage.press("o")
        assert "practise" not in stage.rows[-1]
        await stage.press("b", "p", "plus")
        assert stage.app.is_running
        assert stage.commands == []


@pytest.mark.parametrize(
    ("keys", "start"),
    [
        (("b",), Start("five-minutes", False, 100)),
        (("p",), Start("five-minutes", True, 100)),
        (("minus", "down", "down", "p"), Start("short", True, 75)),
        (("plus", "plus", "plus", "b"), Start("five-minutes", False, 150)),
    ],
)
async def test_a_key_begins_the_routine_at_the_length_chosen(
    keys: tuple[str, ...], start: Start
) -> None:
    app = DashboardApp(FakeLibrary(), theme="dark")
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
    assert app.chosen == start


async def test_a_length_shows_in_times_and_counts() -> None:
    app = DashboardApp(FakeLibrary(), theme="dark", ascii_only=True)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("minus", "minus")
        await pilot.pause()
        shown = text_of(app)
        assert "about 02:30 at 50 %" in shown
        assert "5 times" in shown
        assert "enter read" in shown
        assert shown.isascii()


async def test_a_routine_that_cannot_be_used_cannot_be_begun() -> None:
    app = DashboardApp(FakeLibrary(), theme="dark")
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await pilot.press("down", "b")
        await pilot.pause()
        assert app.chosen is None
        assert app.is_running


async def test_limits_without_room_have_a_line_of_their_own_and_no_key_is_cut() -> None:
    app = DashboardApp(FakeLibrary(), theme="dark", still=True)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        rows = [row.strip() for row in rows_of(app)]
        assert "1  forehead  sweep ↑ 10 times" in rows
        assert any(row.startswith("1.5 to 4.0 kPa, caution 6.0, stop 9.0") for row in rows)
        assert rows[-1] == "esc back b begin p practise ? help q quit"
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        await pilot.pause()
        assert "sweep ↑ 10 times  1.5 to 4.0 kPa" in text_of(app)
