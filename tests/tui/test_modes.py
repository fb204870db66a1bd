"""The frame of modes: a key to each screen, a palette, help, and warnings before all else."""

from collections.abc import Callable
from itertools import product

import pytest

from companion.coaching.events import Command
from companion.sensing.types import Level
from companion.tui.dashboard import DashboardApp
from companion.tui.library import Opening
from companion.tui.modes import MODES, Mode
from tests.tui.fake_library import FakeLibrary
from tests.tui.fake_live import cleared, finished, raised
from tests.tui.fake_setup import FakeSetup
from tests.tui.screen_text import Stage, staged, text_of

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

_OF_ONE = [mode for mode in MODES if mode.is_of_one]
"""Those that a session has for itself; test_several.py has the others."""
_SESSION = [mode for mode in _OF_ONE if mode.guides]
_OTHERS = [mode for mode in MODES if not mode.guides]


def _mode(stage: Stage) -> str:
    return stage.app.current_mode


async def test_a_key_shows_a_screen_and_the_same_key_or_escape_goes_back() -> None:
    async with staged(library=FakeLibrary(), setup=FakeSetup()) as stage:
        for mode in _OF_ONE[1:]:
            await stage.press(mode.key)
            assert _mode(stage) == mode.name
            await stage.press(mode.key)
            assert _mode(stage) == "live"
            await stage.press(mode.key, "escape")
            assert _mode(stage) == "live"


async def test_no_key_is_given_twice() -> None:
    async with staged(library=FakeLibrary(), setup=FakeSetup()) as stage:
        keys = [mode.key for mode in MODES]
        assert len(set(keys)) == len(keys)
        for mode in _SESSION:
            await stage.press(mode.key)
            own = stage.app.screen._bindings.key_to_bindings
            assert not set(keys) & set(own)


async def test_what_cannot_be_shown_is_not_offered() -> None:
    async with staged() as stage:
        await stage.press("h", "o")
        assert _mode(stage) == "live"
        assert "Sessions kept on this computer" not in await stage.press("question_mark")
    async with staged(library=FakeLibrary(), setup=FakeSetup(), size=(120, 60)) as stage:
        assert "Sessions kept on this computer" in await stage.press("question_mark")


async def test_help_of_every_screen_is_made_from_its_keys() -> None:
    async with staged(library=FakeLibrary(), setup=FakeSetup()) as stage:
        for mode in _OF_ONE:
            stage.app.show_mode(mode.name)
            await stage.settle()
            shown = " ".join((await stage.press("question_mark")).split())
            assert "One large word and number" in shown
            await stage.press("escape")
            assert "One large word and number" not in stage.text
            assert _mode(stage) == mode.name


async def test_help_says_how_to_move_in_a_list_and_the_palette_does_not_offer_it() -> None:
    async with staged(library=FakeLibrary(), setup=FakeSetup(), size=(120, 40)) as stage:
        assert "Point at the row above" in await stage.press("h", "question_mark")
        commands = stage.app.get_system_commands(stage.app.screen)
        assert all(command.title for command in commands)


async def test_the_palette_offers_the_keys_by_their_words() -> None:
    async with staged(library=FakeLibrary(), setup=FakeSetup()) as stage:
        await stage.pilot.press("ctrl+p")
        await _until(stage, lambda: "End the session here and show what was done." in stage.text)
        await stage.pilot.press(*"history")
        await _until(stage, lambda: "End the session here" not in stage.text)
        await stage.pilot.press("enter")
        await _until(stage, lambda: _mode(stage) == "history")


async def _until(stage: Stage, is_so: Callable[[], bool]) -> None:
    """Let the palette's own timers run until something is so."""
    for _ in range(100):
        if is_so():
            return
        await stage.pilot.pause(0.05)
    pytest.fail(stage.text)


async def test_a_grave_warning_takes_the_screen_back() -> None:
    limits = {Level.CAUTION: "caution 2.7", Level.STOP: "stop 4.0"}
    async with staged(library=FakeLibrary(), setup=FakeSetup()) as stage:
        for number, (mode, level) in enumerate(product(_OTHERS, limits)):
            await stage.press(mode.key)
            assert _mode(stage) == mode.name
            warning = raised(level, alert=number)
            shown = await stage.send(warning)
            assert _mode(stage) == "live"
            assert limits[level] in shown
            await stage.send(cleared(warning, device_s=102.0))
            await stage.settle(seconds=3.0)


async def test_a_gentle_warning_does_not_take_the_screen() -> None:
    async with staged(library=FakeLibrary(), setup=FakeSetup()) as stage:
        await stage.press("h")
        await stage.send(raised(Level.LIGHT))
        assert _mode(stage) == "history"
        assert "A LITTLE MORE" in await stage.press("l")


@pytest.mark.parametrize("mode", _SESSION[1:], ids=lambda mode: mode.name)
async def test_every_screen_of_a_session_shows_a_stop_obeys_its_keys_and_ends_in_the_result(
    mode: Mode,
) -> None:
    async with staged() as stage:
        await stage.press(mode.key)
        shown = await stage.send(raised(Level.STOP, pressure_kpa=4.4))
        assert _mode(stage) == mode.name
        assert "stop 4.0" in shown
        assert stage.rings
        await stage.press("a", "space", "s")
        assert stage.commands == [Command.ACKNOWLEDGE, Command.PAUSE, Command.STOP]
        assert "The routine is done." in await stage.send(finished())
        assert _mode(stage) == "live"


async def test_stop_and_unwell_are_obeyed_on_screens_that_are_not_about_the_session() -> None:
    async with staged(library=FakeLibrary(), setup=FakeSetup()) as stage:
        await stage.press("h", "s", "x")
        assert stage.commands == [Command.STOP, Command.UNWELL]


async def test_the_keys_that_end_a_session_stand_on_every_screen_as_long_as_it_goes_on() -> None:
    async with staged(library=FakeLibrary(), setup=FakeSetup(), size=(80, 24)) as stage:
        for mode in _OF_ONE:
            stage.app.show_mode(mode.name)
            await stage.settle()
            assert "s STOP x unwell" in stage.rows[-1]
            assert mode.guides or "l live" in stage.rows[-1]
        await stage.press("l")
        await stage.send(finished())
        assert " ".join(stage.rows[-1].split()) == (
            "w warnings ? help g glance f face o routines h history k tools u set-up q quit"
        )
        await stage.press("h", "s")
        assert "STOP" not in stage.rows[-1]
        assert stage.commands == []


async def test_a_screen_opened_later_knows_the_warnings_that_stand() -> None:
    async with staged() as stage:
        await stage.send(raised())
        assert "caution 2.7" in await stage.press("g")
        assert "caution 2.7" in await stage.press("f")


async def test_high_contrast_is_a_key_away() -> None:
    async with staged() as stage:
        await stage.press("c")
        assert stage.app.theme == "companion-contrast"
        await stage.press("c")
        assert stage.app.theme == "companion-dark"


async def test_the_dashboard_without_a_session_opens_the_routines() -> None:
    app = DashboardApp(FakeLibrary(), theme="dark", opening=Opening("No tool was heard."))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        assert "No tool was heard." in text_of(app)
        await pilot.press("h")
        await pilot.pause()
        assert "Sessions: 40" in text_of(app)
        await pilot.press("g", "f", "l")
        assert app.current_mode == "history"
        await pilot.press("q")
    assert app.chosen is None
