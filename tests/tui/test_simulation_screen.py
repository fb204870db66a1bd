"""The simulation's screen says who is connected and what is streamed, and its keys act."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from textual.pilot import Pilot

from companion.tui.screens.simulation import SimulationScreen
from companion.tui.simulated import Action, Happening, RadioState, ToolLook
from companion.tui.simulation import SimulationApp
from tests.tui.screen_text import text_of

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

ROLLER = ToolLook(
    name="Aurora roller",
    address="F0:5E:1A:0A:00:01",
    radio=RadioState.CONNECTED,
    central="C1:22:33:44:55:66",
    is_encrypted=True,
    mtu=247,
    interval_ms=15.0,
    rate_hz=100.0,
    samples=4821,
    battery_percent=87,
    place="forehead, sweep up, 3 of 10",
    force_n=0.371,
    pressure_kpa=3.71,
)
STONE = ToolLook(
    name="Selene stone",
    address="F0:5E:1A:0A:00:03",
    radio=RadioState.ADVERTISING,
    battery_percent=12,
)


@dataclass
class Fake:
    """A simulation of two tools that writes down what it is asked for."""

    looks: list[ToolLook] = field(default_factory=lambda: [ROLLER, STONE])
    said: list[Happening] = field(default_factory=list)
    asked: list[tuple[int, Action]] = field(default_factory=list)
    air: str = "air open at 127.0.0.1:4711"

    def tools(self) -> list[ToolLook]:
        return self.looks

    def happenings(self) -> list[Happening]:
        return self.said

    def act(self, place: int, action: Action) -> None:
        self.asked.append((place, action))


@asynccontextmanager
async def shown(
    fake: Fake, *, size: tuple[int, int] = (100, 30), ascii_only: bool = False
) -> AsyncIterator[tuple[SimulationApp, Pilot[None]]]:
    app = SimulationApp(fake, theme="dark", ascii_only=ascii_only)
    app.animation_level = "none"
    async with app.run_test(size=size) as pilot:
        await settled(app, pilot)
        yield app, pilot


async def settled(app: SimulationApp, pilot: Pilot[None]) -> str:
    await pilot.pause()
    assert isinstance(app.screen, SimulationScreen)
    app.screen.look()
    await pilot.pause()
    return text_of(app)


@pytest.mark.measured
async def test_a_connected_tool_says_everything_about_its_link() -> None:
    async with shown(Fake()) as (app, _):
        screen = text_of(app)
        assert "air open at 127.0.0.1:4711" in screen
        assert "▶ Aurora roller · ● connected · C1:22:33:44:55:66 · encrypted" in screen
        assert "MTU 247, every 15 ms" in screen
        assert "100 Hz, 4821 samples" in screen
        assert "forehead, sweep up, 3 of 10: 0.37 N, 3.7 kPa" in screen
        assert "battery 87 %" in screen
        assert "Selene stone · ◌ advertising · F0:5E:1A:0A:00:03" in screen
        assert "nothing streams" in screen
        assert "the hand rests" in screen


async def test_what_troubles_a_tool_is_said() -> None:
    trouble = replace(
        ROLLER,
        is_encrypted=False,
        dropped=7,
        factor=1.5625,
        is_away=True,
        is_frozen=True,
        is_draining=True,
        is_buzzing=True,
        passkey="004711",
    )
    async with shown(Fake([trouble, replace(STONE, radio=RadioState.OFF)])) as (app, _):
        screen = text_of(app)
        for words in (
            "not encrypted",
            "7 frames dropped",
            "pressing 1.56 times as hard as planned",
            "running down · out of range · force frozen · buzzing · display: 004711",
            "✗ switched off",
        ):
            assert words in screen


@pytest.mark.parametrize(
    ("key", "action"),
    [
        ("plus", Action.HARDER),
        ("minus", Action.SOFTER),
        ("g", Action.AWAY),
        ("f", Action.FREEZE),
        ("b", Action.DRAIN),
        ("p", Action.BUTTON),
        ("l", Action.LOSE),
        ("o", Action.SWITCH),
    ],
)
async def test_each_key_acts_on_the_chosen_tool(key: str, action: Action) -> None:
    fake = Fake()
    async with shown(fake) as (_, pilot):
        await pilot.press(key)
        await pilot.press("tab", key)
        await pilot.press("tab", key)
        assert fake.asked == [(0, action), (1, action), (0, action)]


async def test_the_newest_happenings_are_shown() -> None:
    fake = Fake(said=[Happening(i / 10, "Aurora roller", f"thing {i}") for i in range(300)])
    async with shown(fake) as (app, pilot):
        screen = await settled(app, pilot)
        assert "29.9 s  Aurora roller: thing 299" in screen
        assert "thing 150" not in screen
        fake.said.append(Happening(31.0, "Selene stone", "button pressed"))
        assert "31.0 s  Selene stone: button pressed" in await settled(app, pilot)


async def test_help_lists_every_key_and_quit_ends() -> None:
    async with shown(Fake(), size=(120, 40)) as (app, pilot):
        await pilot.press("question_mark")
        screen = await settled(app, pilot)
        for words in (
            "Press a quarter harder",
            "Carry the tool out of range",
            "End the simulation",
        ):
            assert words in screen
        await pilot.press("q")
        assert app._exit


@pytest.mark.parametrize("size", [(1, 1), (20, 5), (40, 12), (60, 20), (80, 24), (200, 60)])
async def test_every_size_is_survived(size: tuple[int, int]) -> None:
    many = [replace(STONE, name=f"Stone {i}") for i in range(12)]
    async with shown(Fake([ROLLER, *many]), size=size) as (app, pilot):
        for _ in range(13):
            await pilot.press("tab")
        await pilot.resize_terminal(100, 30)
        assert "Aurora roller" in await settled(app, pilot)


async def test_ascii_only_shows_no_other_sign() -> None:
    async with shown(Fake(), ascii_only=True) as (app, _):
        background = app.screen.background_colors[1]
        lines = [list(strip) for strip in app.screen._compositor.render_strips()]
        for line_filter in app.get_line_filters():
            lines = [line_filter.apply(line, background) for line in lines]
        assert all(segment.text.isascii() for line in lines for segment in line)
