"""The Tools screen with the real Bluetooth stack under it, on a virtual radio in virtual time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from companion.cli.arguments import Address
from companion.cli.bookshelf import Bookshelf
from companion.cli.last_known import keep_figures
from companion.cli.tool_looks import tool_looks
from companion.cli.toolshed import Toolshed
from companion.cli.virtual_radio import keys_file
from companion.live import LinkState, LinkView
from companion.settings.calibrations import load_calibrations
from companion.settings.tools import Radio, keep_tool, load_tools
from companion.tui.dashboard import DashboardApp
from protocols.massage_tool import Channel
from simulators.virtual_time import run_virtual
from tests.cli.room import DISPLAY, Room, room_for
from tests.cli.workbench import Workbench, at_home
from tests.settings.test_tools import STONE
from tests.tui.screen_text import text_of

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

PATIENCE_S = 60.0


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch, home: Path) -> Room:
    return room_for(monkeypatch, home)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch, room: Room) -> Workbench:
    return at_home(monkeypatch, room)


@dataclass
class Desk:
    """A dashboard on its Tools screen, as somebody sits before it."""

    app: DashboardApp
    pilot: Pilot[None]

    @property
    def text(self) -> str:
        """The screen, its white space as single spaces: lines are broken anywhere."""
        return " ".join(text_of(self.app).split())

    async def until(self, *words: str) -> str:
        """Wait until the screen says all of this."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE_S
        while not all(each in self.text for each in words):
            assert loop.time() < deadline, text_of(self.app)
            await asyncio.sleep(0.1)
        return self.text

    async def types(self, words: str) -> None:
        """Type an answer."""
        await self.pilot.press(*words, "enter")


def read(file: Path) -> str:
    return file.read_text("utf-8")


@asynccontextmanager
async def desk() -> AsyncIterator[Desk]:
    async with Bookshelf() as shelf, Toolshed(Address("127.0.0.1", 1)) as shed:
        app = DashboardApp(shelf, theme="dark", still=True, workshop=shed)
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.press("k")
            yield Desk(app, pilot)


def test_a_tool_is_heard_paired_by_its_passkey_named_listed_and_forgotten(room: Room) -> None:
    async def sit() -> None:
        async with desk() as seat:
            await seat.until("No tool is known here yet.")
            await seat.pilot.press("p")
            await seat.until("1 heard", "Lumen roller", "new")
            await seat.pilot.press("enter")
            await seat.until("The six digits that the tool shows")
            await seat.types("12345")
            await seat.until("That is not six digits.")
            await seat.types(await room.reads())
            await seat.until("Lumen roller buzzes now. Is this the one?")
            await seat.pilot.press("y")
            await seat.until("then press Enter: its zero is set.")
            await seat.types("")
            named = await seat.until("Its zero is set.", "What shall it be called? [Lumen roller]")
            assert "alone with what stands in brackets" in named
            await seat.types(" Left ")
            shown = await seat.until("Left is paired and known here.", "never")
            assert "Left roller " in shown
            assert "contact area 1.50 cm2" in shown
            (tool,) = load_tools()
            assert (tool.name, tool.advertised, tool.bonded) == ("Left", "Lumen roller", True)
            assert f"{tool.battery_percent} %" in shown
            assert f"{tool.rssi_dbm} dBm" in shown
            assert "ltk" in keys_file().read_text("utf-8")
            await seat.pilot.press("delete")
            await seat.until("Forget Left, its bond")
            await seat.pilot.press("y")
            await seat.until("Left is forgotten here. The bond with it is removed.")
            assert load_tools() == []
            assert "ltk" not in keys_file().read_text("utf-8")

    room.tools = (DISPLAY,)
    run_virtual(sit())
    assert room.air is None


def test_giving_up_at_the_passkey_or_leaving_there_leaves_no_half_bond(room: Room) -> None:
    async def sit(*, leaves: bool) -> None:
        async with desk() as seat:
            await seat.pilot.press("p")
            await seat.until("1 heard")
            await seat.pilot.press("enter")
            await seat.until("The six digits that the tool shows")
            if not leaves:
                await seat.pilot.press("escape")
                await seat.until("Given up")

    room.tools = (DISPLAY,)
    for leaves in (False, True):
        run_virtual(sit(leaves=leaves))
        assert room.air is None
        assert not [file for file in room.folder.parent.rglob("*.json") if "ltk" in read(file)]
    assert load_tools() == []


def test_a_known_tool_shows_itself_and_is_renamed(bench: Workbench, room: Room) -> None:
    async def sit() -> None:
        async with desk() as seat:
            await seat.until("Tools known here: 1", "Mine roller")
            await seat.pilot.press("i")
            await seat.until("Mine buzzes and blinks now.", "The tool feels")
            (tool,) = room.simulated.values()
            assert tool.firmware.buzzes
            await seat.types("")
            await seat.until("Mine has shown itself.")
            await seat.pilot.press("n")
            await seat.until("What shall it be called? [Mine]")
            await seat.types("\N{LATIN SMALL LETTER E WITH ACUTE}" * 41)
            await seat.until("a tool's name has 1 to 40 characters")
            await seat.types("Left hand")
            await seat.until("Mine is now called Left hand.", "Left hand roller")

    run_virtual(sit())
    (tool,) = load_tools()
    assert tool.name == "Left hand"
    assert tool.battery_percent is not None
    assert bench.presser is not None


def test_loads_that_are_typed_in_calibrate_and_a_bad_fit_is_refused_with_its_reason(
    bench: Workbench,
) -> None:
    async def load(seat: Desk, *shown: str) -> None:
        await seat.pilot.press("a")
        await seat.until("then press Enter.")
        await seat.types("")
        await seat.until("Load 1:")
        await seat.types("fifty")
        await seat.until("'fifty' is no load")
        for place, words in enumerate([*shown, ""], start=1):
            await seat.until(f"Load {place}:", "a scale would show")
            await seat.types(words)

    async def sit() -> None:
        async with desk() as seat:
            await seat.until("Mine", "never")
            await load(seat, "50")
            await seat.until("and it takes 1.00 N to tell a gain; press harder", "never")
            assert not load_calibrations()
            await load(seat, "50", "0.98 N", "150")
            await seat.until("Mine is calibrated.", "good", "the line leaves", "mN over")

    run_virtual(sit())
    (gain,) = bench.found().gains
    assert gain.loads == 4
    assert bench.tool_ppm() == [pytest.approx(1e6 / 0.8, rel=0.01)]


def test_each_edge_that_a_stone_tells_of_is_shown_with_its_area(home: Path) -> None:
    keep_tool(STONE)
    link = LinkView(state=LinkState.CLOSED, tool=STONE.name)
    keep_figures(STONE.radio, link, [Channel(75e-6, None), Channel(None, None)])
    keep_figures(STONE.radio, link)
    (look,) = tool_looks()
    assert ("contact area", "1.25 cm2") in look.details
    assert ("edges", "0.75 cm2, not told, by its force channels") in look.details
    assert home.exists()


def test_a_tool_that_is_gone_or_of_the_other_radio_is_said_in_a_sentence(
    bench: Workbench, room: Room
) -> None:
    async def sit() -> None:
        async with desk() as seat:
            await seat.until("Mine")
            await seat.pilot.press("i")
            await seat.until("No massage tool was heard")
            (tool,) = load_tools()
            keep_tool(replace(tool, radio=Radio.BLUETOOTH, name="Here"))
            await seat.pilot.press("o", "k")
            await seat.until("Here")
            await seat.pilot.press("home", "i")
            await seat.until("Here belongs to the other radio")

    room.tools = ()
    run_virtual(sit())
    assert bench.presser is not None
