"""The Tools screen: what is known, what is heard, and talks that end when it is left."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest
from textual.pilot import Pilot

from companion.tui.dashboard import DashboardApp
from companion.tui.library import Opening, Start
from companion.tui.widgets.welcome_panel import WelcomePanel
from companion.tui.workshop import Guest, Nearby
from tests.tui.fake_library import FakeLibrary
from tests.tui.fake_setup import FakeSetup
from tests.tui.fake_workshop import BATHROOM, HEARD, STONE, Failed, FakeWorkshop
from tests.tui.screen_text import rows_of, staged, text_of

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py


@dataclass
class Seat:
    """A dashboard on its Tools screen, with everything a test may touch."""

    app: DashboardApp
    pilot: Pilot[None]
    workshop: FakeWorkshop

    async def press(self, *keys: str) -> str:
        """Press keys and return the screen once they are obeyed."""
        for key in keys:
            await self.pilot.press(key)
            await self.pilot.pause()
        for _ in range(3):
            await self.pilot.pause()
        return text_of(self.app)

    async def until(self, words: str) -> None:
        """Wait until the screen says this."""
        for _ in range(100):
            if words in text_of(self.app):
                return
            await self.pilot.pause(0.02)
        pytest.fail(text_of(self.app))

    @property
    def foot(self) -> str:
        return rows_of(self.app)[-1]


@asynccontextmanager
async def seated(
    workshop: FakeWorkshop | None = None,
    *keys: str,
    size: tuple[int, int] = (80, 24),
    ascii_only: bool = False,
    welcomes: bool = False,
) -> AsyncIterator[Seat]:
    workshop = workshop or FakeWorkshop()
    app = DashboardApp(
        FakeLibrary(),
        theme="dark",
        ascii_only=ascii_only,
        still=True,
        workshop=workshop,
        opening=Opening(welcomes=welcomes),
    )
    async with app.run_test(size=size) as pilot:
        seat = Seat(app, pilot, workshop)
        await seat.press(*keys)
        yield seat


async def test_the_list_says_what_is_known_and_the_page_more_of_one() -> None:
    async with seated(None, "k") as seat:
        shown = text_of(seat.app)
        for words in (
            "Tools known here: 2",
            "roller   83 %    -58 dBm  2026-11-20 good        yes",
            "gua sha  -       -        2026-11-20 never       untold",
            "made by       Simulated Tools AR-1",
            "the line leaves 12 mN over",
        ):
            assert words in shown
        assert "12 mN" not in await seat.press("down")
        assert "Bathroom" not in await seat.press("enter")
        assert "Tools known here: 2" in await seat.press("escape")


async def test_a_column_without_room_goes_whole() -> None:
    async with seated(None, "k", size=(60, 20)) as seat:
        rows = text_of(seat.app).splitlines()
        assert rows[2].split()[-2:] == ["last", "seen"]
        assert rows[3].rstrip().endswith("2026-11-20")


async def test_heads_stand_above_a_list_only_and_pairing_says_what_is_next() -> None:
    async with seated(None, "k") as seat:
        assert "own limit" in text_of(seat.app)
        assert "own limit" not in await seat.press("a")
        assert "Enter answers; esc gives it up." in text_of(seat.app)
        await seat.press("escape", "p", "enter", "x")
        assert "o shows the routines, and b begins one with it." in await seat.press("enter")
    async with seated(FakeWorkshop(looks=()), "k") as seat:
        assert "own limit" not in text_of(seat.app)


async def test_a_key_begins_a_talk_about_the_tool_that_is_pointed_at() -> None:
    async with seated(None, "k", "down") as seat:
        for key, asked in (("i", "identify"), ("a", "calibrate"), ("n", "rename")):
            seat.workshop.done.clear()
            assert "It begins." in await seat.press(key)
            await seat.pilot.press(*"hq y")
            assert "It is done: hq y." in await seat.press("enter")
            assert seat.workshop.done == [f"{asked} {STONE.key}", "hq y"]
            assert seat.app.current_mode == "tools"


async def test_what_a_visited_tool_feels_is_seen_as_it_changes_and_no_longer() -> None:
    async with seated(None, "k", "a") as seat:
        await seat.until("The tool feels 0.98 N; a scale would show 100 g.")
        assert "2 N" in text_of(seat.app)
        seat.workshop.felt_n = 3.1
        await seat.until("The tool feels 3.10 N")
        assert "5 N" in text_of(seat.app)
        seat.workshop.felt_n = None
        await seat.until("The tool says nothing of its force just now.")
        await seat.press("5", "enter", "n")
        assert "The tool" not in text_of(seat.app)


async def test_forgetting_waits_for_a_yes_and_no_other_letter_is_one() -> None:
    async with seated(None, "k", "delete") as seat:
        await seat.press("x", "enter", "j")
        assert seat.workshop.done == [f"forget {BATHROOM.key}"]
        assert "It is done: True." in await seat.press("y")
        assert "Forget it?" in await seat.press("backspace")
        assert "It is done: False." in await seat.press("n")


async def test_what_is_typed_before_a_question_does_not_answer_it() -> None:
    @dataclass
    class Slow(FakeWorkshop):
        ready: asyncio.Event | None = None

        async def forget(self, key: str, guest: Guest) -> str:
            self.ready = asyncio.Event()
            guest.say("Wait.")
            await self.ready.wait()
            return await super().forget(key, guest)

    slow = Slow()
    async with seated(slow, "k", "delete", "y", "enter") as seat:
        assert slow.ready is not None
        slow.ready.set()
        await seat.press()
        assert "Forget it?" in text_of(seat.app)
        assert slow.done == [f"forget {BATHROOM.key}"]


async def test_tools_that_are_heard_keep_their_place_while_their_signal_changes() -> None:
    now: list[Nearby] = list(HEARD[:2])
    workshop = FakeWorkshop(heard=lambda: now)
    async with seated(workshop, "k", "p", "down") as seat:
        assert "2 heard" in text_of(seat.app)
        now[:] = [replace(HEARD[1], rssi_dbm=-33), HEARD[2], HEARD[0]]
        await seat.pilot.pause(0.7)
        shown = text_of(seat.app)
        assert "3 heard" in shown
        assert shown.index("-49 dBm") < shown.index("-33 dBm") < shown.index("-77 dBm")
        assert "new, though named like a known one, 12 …" in shown
        assert "It is done: B." in await seat.press("enter")


async def test_listening_ends_when_it_is_given_up_or_the_screen_is_left() -> None:
    async with seated(None, "k", "p", "escape") as seat:
        shown = text_of(seat.app)
        assert seat.workshop.done == ["pair", "given up"]
        assert "Given up" in shown
        assert "2026-11-20 good" in shown
        await seat.press("p", "h")
        assert seat.workshop.done == ["pair", "given up"] * 2
        assert "2026-11-20 good" in await seat.press("k")


async def test_the_palette_over_a_talk_does_not_end_it() -> None:
    async with seated(None, "k", "a", "ctrl+p", "escape") as seat:
        assert "The scale shows?" in text_of(seat.app)
        assert "It is done: 5." in await seat.press("5", "enter")


async def test_what_fails_is_one_sentence_and_the_list_is_back() -> None:
    fault = Failed("tools_screen.elsewhere", name="[bold]Bath\x1b[2J")
    async with seated(FakeWorkshop(fault=fault), "k", "i") as seat:
        shown = await seat.press("enter")
        assert "[bold]Bath\\x1b[2J belongs to the other radio" in shown
        assert "2026-11-20 good" in shown


async def test_without_a_tool_pairing_alone_is_offered() -> None:
    async with seated(FakeWorkshop(looks=()), "k") as seat:
        assert "No tool is known here yet." in text_of(seat.app)
        assert "pair" in seat.foot
        assert "calibrate" not in seat.foot
        await seat.press("i", "a", "n", "delete", "enter")
        assert seat.workshop.done == []


async def test_during_a_session_its_tool_is_shown_and_nothing_is_offered() -> None:
    workshop = FakeWorkshop(looks=(replace(BATHROOM, name="Aurora roller", battery_percent=9),))
    async with staged(library=FakeLibrary(), workshop=workshop, size=(80, 24)) as stage:
        shown = await stage.press("k")
        assert "It has one owner" in shown
        assert "Aurora roller · ● live · 100 Hz · loss 0 % · battery 83 %" in shown
        assert "roller   83 %" in shown
        assert "ON TARGET" in shown
        assert "about 1.1 kPa" in shown
        for words in ("pair", "calibrate", "forget"):
            assert words not in stage.rows[-1]
        await stage.press("p", "i", "a", "n", "delete")
        assert workshop.done == []
        page = stage.app.screen.query_one("#page").children[0]
        stage.live.state = replace(stage.live.state, loss_percent=4.0)
        await stage.pilot.pause(0.7)
        assert "loss 4.0 %" in stage.text
        assert stage.app.screen.query_one("#page").children[0] is page
        assert stage.app.current_mode == "tools"


async def test_every_size_is_survived() -> None:
    async with seated(None, "k", size=(60, 20)) as seat:
        for key, words in (("d", "Tools known here"), ("p", "3 heard"), ("enter", "B.")):
            await seat.press(key)
            for size in ((1, 1), (20, 6), (240, 70)):
                await seat.pilot.resize_terminal(*size)
                await seat.pilot.pause()
            assert words in await seat.press()
            await seat.press("down")


async def test_ascii_only_shows_no_other_sign() -> None:
    async with seated(None, "k", ascii_only=True) as seat:
        assert text_of(seat.app).isascii()
        assert (await seat.press("p")).isascii()
        assert (await seat.press("enter", "a")).isascii()


async def test_the_first_start_ticks_off_a_set_up_without_open_questions() -> None:
    setup = FakeSetup()
    app = DashboardApp(
        FakeLibrary(),
        theme="dark",
        ascii_only=False,
        still=True,
        workshop=FakeWorkshop(looks=()),
        setup=setup,
        opening=Opening(welcomes=True),
    )
    async with app.run_test(size=(80, 24)) as pilot:
        seat = Seat(app, pilot, FakeWorkshop())
        await seat.until("u      Answer what the companion must know")
        await seat.press("u", "o")
        await seat.until("u      Answer what the companion must know")
        await seat.press("u", "n", "n", "n", "o")
        await seat.until("u      ✓ Answer what the companion must know")
        await seat.press("escape", "u")
        assert "Welcome." not in await seat.press("o")


async def test_the_first_start_offers_what_there_is_and_each_key_does_it() -> None:
    async with seated(FakeWorkshop(looks=()), welcomes=True) as seat:
        await seat.until("Welcome. No tool is known here yet.")
        shown = text_of(seat.app)
        assert "Pair with your tool" in shown
        assert "No tool is known here yet. p pairs" in await seat.press("k")
        await seat.press("o")
        await seat.until("Welcome. No tool is known here yet.")
        assert seat.app.current_mode == "routines"
        seat.workshop.looks = (BATHROOM,)
        await seat.press("k", "o", "o")
        assert "Welcome." not in text_of(seat.app)
    async with seated(FakeWorkshop(looks=()), welcomes=True) as seat:
        await seat.until("Welcome.")
        assert "Welcome." not in await seat.press("escape")
        seat.app.screen.mount(WelcomePanel({"setup": "u"}))
        await seat.until("u      Answer what the companion must know")
        assert "Pair with your tool" not in text_of(seat.app)
        await seat.press("p")
        assert seat.app.chosen == Start("five-minutes", True)
