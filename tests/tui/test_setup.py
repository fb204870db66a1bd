"""The Set-up screen: every key, what is typed, what is refused, and a file broken by hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest
from textual.pilot import Pilot

from companion.coaching.events import Command
from companion.tui import framed
from companion.tui.dashboard import DashboardApp
from companion.tui.setup import News
from tests.tui.fake_library import FakeLibrary
from tests.tui.fake_setup import SECTIONS, FakeSetup
from tests.tui.screen_text import staged, text_of

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framed, "_LOOK_S", 0.05)


@dataclass
class Form:
    """A running dashboard on its Set-up screen."""

    setup: FakeSetup
    app: DashboardApp
    pilot: Pilot[None]

    async def press(self, *keys: str) -> str:
        for key in keys:
            await self.pilot.press(key)
            await self.pilot.pause()
        await self.pilot.pause()
        return text_of(self.app)

    @property
    def row(self) -> str:
        """What is pointed at, as it is explained."""
        return text_of(self.app).split("─" * 10)[-1].split("\n")[1].strip()


@asynccontextmanager
async def opened(setup: FakeSetup | None = None) -> AsyncIterator[Form]:
    setup = setup or FakeSetup()
    app = DashboardApp(FakeLibrary(), theme="dark", ascii_only=False, still=True, setup=setup)
    async with app.run_test(size=(80, 24)) as pilot:
        form = Form(setup, app, pilot)
        await form.press("u")
        yield form


async def test_answers_are_given_one_after_the_other_and_open_ones_are_counted() -> None:
    async with opened() as form:
        assert "you (2)" in text_of(form.app)
        shown = await form.press("down", "n")
        assert form.setup.changed == [("reasons.2", "no")]
        assert "you (1)" in shown
        assert form.row == "Do you bruise easily?"
        shown = await form.press("y")
        assert form.setup.changed[-1] == ("reasons.3", "yes")
        assert "you (" not in shown
        shown = await form.press("enter")
        assert form.setup.done == ["person.keep"]
        assert "rising: a step begins" in shown
        assert "stop: lift off" in shown
        await form.press("up", "space")
        assert form.setup.changed[-1] == ("reasons.3", "no")


async def test_sections_follow_each_other_and_begin_at_what_is_open() -> None:
    async with opened() as form:
        await form.press("end")
        assert form.row == "Next: sound"
        await form.press("enter")
        assert form.row == "Tones"
        await form.press("tab")
        assert form.row == "Colours"
        await form.press("tab")
        assert form.row == "Is a part of your face or neck swollen?"
        await form.press("shift+tab")
        assert form.row == "Colours"


async def test_a_choice_is_turned_both_ways_and_a_letter_that_fits_nothing_does_nothing() -> None:
    async with opened() as form:
        await form.press("tab", "right", "left", "left", "space", "enter", "y", "n")
        given = [value for key, value in form.setup.changed if key == "sound"]
        assert given == ["tones", "auto", "off", "auto", "tones"]
        await form.press("down", "y", "up", "n")
        assert [value for key, value in form.setup.changed if key == "voice"] == ["yes", "no"]


async def test_typing_is_checked_as_it_goes_and_only_what_fits_is_taken() -> None:
    async with opened() as form:
        shown = await form.press("tab", "down", "down", "enter", "0")
        assert "volume: this must be at most 100." in shown
        assert "Volume, %: 600" in " ".join(shown.split())
        await form.press("enter")
        assert form.setup.changed == []
        shown = await form.press("backspace", "backspace", "7")
        assert "This would do" in shown
        shown = await form.press("enter")
        assert form.setup.changed == [("volume", "67")]
        await form.press("enter", "9", "escape")
        assert form.setup.changed == [("volume", "67")]
        assert form.app.current_mode == "setup"
        await form.press("right")
        assert form.setup.changed[-1] == ("volume", "0")
        await form.press("enter", "tab")
        assert form.row == "Colours"


async def test_what_is_held_elsewhere_is_not_changed_and_says_by_whom() -> None:
    async with opened() as form:
        shown = await form.press("tab", "down", "down", "down", "y", "space")
        assert form.setup.changed == []
        assert "The variable MASSAGE_COMPANION_MUTE says so." in shown


async def test_a_theme_is_seen_at_once_and_a_refusal_is_said() -> None:
    async with opened() as form:
        await form.press("shift+tab", "space")
        assert form.app.theme == "companion-light"
        form.setup.refuses = True
        assert "companion.toml: line 3: it is damaged" in await form.press("space")
        assert form.app.theme == "companion-light"


async def test_a_file_broken_by_hand_is_shown_until_it_is_mended_and_noted_elsewhere() -> None:
    fault = "companion.toml: volume (line 2): this must be at most 100."
    async with opened() as form:
        form.setup.trouble = [fault]
        form.setup.news = [News(f"Not used: {fault}", is_trouble=True)]
        await form.pilot.pause(0.2)
        assert text_of(form.app).count("volume (line 2)") == 2
        assert "volume (line 2)" in await form.press("tab")
        form.setup.trouble = []
        await form.press("u")
        form.setup.news = [News("The settings file is right again.", is_trouble=False)]
        await form.pilot.pause(0.2)
        assert "right again" in text_of(form.app)
        assert "volume (line 2)" not in await form.press("u")


async def test_in_a_session_nothing_is_typed_and_its_keys_are_obeyed() -> None:
    setup = FakeSetup()
    async with staged(library=FakeLibrary(), setup=setup) as stage:
        shown = await stage.press("u", "tab", "down", "down")
        assert "Nothing is typed while a session runs" in shown
        await stage.press("enter", "s")
        assert setup.changed == [("volume", "100")]
        assert stage.commands == [Command.STOP]
        setup.news = [News("Not used: companion.toml", is_trouble=True)]
        await stage.press("l")
        await stage.pilot.pause(0.2)
        assert "Not used: companion.toml" in await stage.settle()


async def test_an_answer_goes_on_past_what_is_held_and_what_is_held_is_explained_once() -> None:
    first, *others = SECTIONS
    asked, counted, *more = first.entries
    counted = replace(counted, held="It is held here.")
    setup = FakeSetup(everything=[replace(first, entries=(asked, counted, *more)), *others])
    async with opened(setup) as form:
        await form.press("home", "y")
        assert form.row == "Do you bruise easily?"
        shown = await form.press("up", "space")
        assert shown.count("It is held here.") == 1


async def test_the_explanation_stands_right_below_the_list_in_any_window() -> None:
    async with opened() as form:
        await form.pilot.resize_terminal(120, 60)
        rows = (await form.press("tab")).splitlines()
        last = next(place for place, row in enumerate(rows) if "Next: looks" in row)
        assert rows[last + 1].strip().startswith("───")
