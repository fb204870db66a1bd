"""The screens of a replay: every key, what stands on each of them, and what stays silent."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from textual.pilot import Pilot

from companion.recordings import Options, ToolData, recording_of
from companion.recordings.playback import SPEEDS, Playback
from companion.recordings.tape import Tape
from companion.recordings.unguided import Unguided
from companion.tui.dashboard import DashboardApp
from companion.tui.library import Again, Opening
from companion.tui.replay import Looks, ReplayApp
from companion.tui.screens.replay import ReplayScreen
from tests.recordings.script import LENGTH_S, WARNED_S, Script, played
from tests.tui.fake_library import FakeLibrary
from tests.tui.screen_text import staged, text_of

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py


@dataclass
class Stage:
    """A running replay whose time passes when a test says so."""

    playback: Playback
    app: ReplayApp
    pilot: Pilot[None]
    clock: list[float]
    rings: list[float] = field(default_factory=list)

    @property
    def at_s(self) -> float:
        return self.playback.progress().position_s

    @property
    def text(self) -> str:
        return text_of(self.app)

    async def passes(self, seconds: float) -> str:
        """Let time pass, frame by frame; return the screen."""
        self.clock[0] += seconds
        self.app.let_time_pass()
        await self.pilot.pause()
        screen = self.app.screen
        if isinstance(screen, ReplayScreen):
            screen.tick()
        await self.pilot.pause()
        return self.text

    async def press(self, *keys: str) -> str:
        """Press keys; return the screen once they are obeyed."""
        await self.pilot.press(*keys)
        return await self.passes(0.0)


@asynccontextmanager
async def replaying(
    playback: Playback | None = None, *, size: tuple[int, int] = (100, 30), rings: bool = False
) -> AsyncIterator[Stage]:
    """Show a replay without a terminal, on a clock that stands still."""
    playback, clock = playback or played(), [1000.0]
    looks = Looks(theme="dark", note="replay: session 7", ascii_only=False, still=True, rings=rings)
    app = ReplayApp(playback, looks, clock=lambda: clock[0])
    async with app.run_test(size=size) as pilot:
        stage = Stage(playback, app, pilot, clock)
        setattr(app, "bell", lambda: stage.rings.append(clock[0]))  # noqa: B010 - a method replaced
        await stage.passes(0.0)
        yield stage


@pytest.mark.measured
async def test_time_passes_and_every_screen_says_that_it_is_a_replay() -> None:
    async with replaying(size=(80, 24)) as stage:
        shown = await stage.passes(10.0)
        assert "REPLAY" in shown
        assert "00:10 of 01:00" in shown
        assert "FOREHEAD" in shown
        for key, mode in (("g", "glance"), ("f", "face"), ("l", "live")):
            shown = await stage.press(key)
            assert stage.app.current_mode == mode
            assert shown.splitlines()[0].lstrip().startswith("REPLAY")


@pytest.mark.measured
async def test_space_stands_still_and_signs_go_through_every_speed() -> None:
    async with replaying(size=(80, 24)) as stage:
        await stage.passes(5.0)
        assert "paused" in await stage.press("space")
        await stage.passes(20.0)
        assert stage.at_s == pytest.approx(5.0)
        await stage.press("minus", "minus")
        for speed, key in zip(SPEEDS, ("plus", "greater_than_sign") * 3, strict=True):
            assert stage.playback.progress().speed == speed
            assert f" {speed:g}x " in stage.text
            await stage.press(key)
        assert " 8x " in stage.text
        await stage.press("less_than_sign", "minus", "minus", "space")
        await stage.passes(1.0)
        assert stage.at_s == pytest.approx(6.0)


@pytest.mark.measured
async def test_arrows_home_and_end_go_where_they_say() -> None:
    async with replaying() as stage:
        await stage.press("space", "right", "right")
        assert stage.at_s == 20.0
        await stage.press("left")
        assert stage.at_s == 10.0
        await stage.press("right", "right", "space")
        assert "No samples arrive." in await stage.passes(1.0)
        shown = await stage.press("end")
        assert stage.at_s == LENGTH_S
        assert "Warnings" in shown
        assert "end" in shown.splitlines()[0]
        shown = await stage.press("home")
        assert stage.at_s == 0.0
        assert "Warnings" not in shown
        assert "step 1 of 3" in shown


@pytest.mark.measured
async def test_the_next_warning_stands_on_the_screen_until_it_is_gone_away_from() -> None:
    async with replaying() as stage:
        shown = await stage.press("space", "n")
        assert stage.at_s == WARNED_S[0]
        assert "EASE OFF" in shown
        assert " seen" not in shown
        assert "OFF" in await stage.press("g")
        await stage.press("l", "n")
        assert stage.at_s == WARNED_S[1]
        assert stage.playback.view().alerts[0].level.value == "stop"
        await stage.press("N")
        assert stage.at_s == WARNED_S[0]
        shown = await stage.press("left")
        assert "EASE OFF" not in shown
        assert "caution 6.0" not in shown


async def test_nothing_rings_unless_it_is_asked_for() -> None:
    for rings in (False, True):
        async with replaying(rings=rings) as stage:
            await stage.passes(11.9)
            for _ in range(4):
                await stage.passes(0.1)
            assert bool(stage.rings) is rings


async def test_keys_that_steer_a_session_do_nothing_and_one_leaves() -> None:
    async with replaying(size=(120, 40)) as stage:
        await stage.press("space")
        await stage.press(*"sxbrtmyaoh")
        assert stage.app.is_running
        assert stage.app.current_mode == "live"
        assert stage.at_s == 0.0
        listed = await stage.press("question_mark")
        assert "Go to the next warning." in listed
        assert "Leave the replay." in listed
        assert listed.count("> does") == 1
        assert "unwell" not in listed
        await stage.pilot.press("q")
        await stage.pilot.pause()
        assert stage.app._exit


async def test_a_replay_outlives_the_smallest_window() -> None:
    async with replaying() as stage:
        for size, key in (((1, 1), "g"), ((30, 2), "f"), ((80, 24), "l")):
            await stage.pilot.resize_terminal(*size)
            await stage.press(key, "n")
        assert "REPLAY" in stage.text


@pytest.mark.measured
async def test_it_says_that_it_seeks_until_the_samples_are_there() -> None:
    playback = played(filled=False)
    playback.seek_edge(end=True)
    async with replaying(playback) as stage:
        for _ in range(200):
            if not playback.progress().is_seeking:
                break
            await stage.passes(0.0)
        assert stage.at_s == LENGTH_S


async def test_a_recording_without_a_routine_has_no_place_and_a_level_all_the_same() -> None:
    forces = [5.0 if 3 <= at / 50 <= 6 else 0.5 + 0.001 * (at % 7) for at in range(500)]
    columns = {"t_s": [at / 50 for at in range(500)], "force_n": forces}
    options = Options(caution_n=4.0, tool=ToolData(contact_area_m2=1e-3))
    source = Unguided(recording_of(columns), options, "press.csv", "recording")
    async with replaying(Playback(Tape(source)), size=(80, 24)) as stage:
        shown = await stage.press("space", "n")
        assert stage.at_s == pytest.approx(3.1, abs=0.1)
        assert "press.csv" in shown
        assert "A recording without a routine" in shown
        assert "5.0 kPa" in shown
        glance = await stage.press("g")
        assert "█" in glance
        assert "DONE" not in glance
        await stage.press("f")


async def test_a_force_on_an_area_nobody_knows_is_shown_in_newtons_on_a_scale_that_grows() -> None:
    forces = [(9.0 if at >= 300 else 2.5) + 0.001 * (at % 7) for at in range(500)]
    columns = {"t_s": [at / 50 for at in range(500)], "force_n": forces}
    source = Unguided(recording_of(columns), Options(), "press.csv", "recording")
    async with replaying(Playback(Tape(source)), size=(80, 24)) as stage:
        shown = await stage.passes(5.5)
        assert "about 2.5 N" in shown
        assert "kPa" not in shown
        assert {"4.0", "N", "ago"} <= set(shown.split())
        shown = await stage.passes(2.0)
        assert "about 9.0 N" in shown
        assert "16" in shown.split()
        assert "kPa" not in await stage.press("g")
        assert "N" in stage.text.split()


@pytest.mark.measured
async def test_history_offers_a_replay_only_while_no_session_runs() -> None:
    app = DashboardApp(
        FakeLibrary(), theme="dark", still=True, opening=Opening("No luck.", "history")
    )
    async with app.run_test(size=(100, 20)) as pilot:
        await pilot.pause(0.1)
        assert "No luck." in text_of(app)
        await pilot.press("down", "r")
        await pilot.pause()
    assert app.chosen == Again(39)
    async with staged(library=FakeLibrary(), size=(100, 20)) as stage:
        shown = await stage.press("h")
        assert "Sessions: 40" in shown
        assert "replay" not in shown
        await stage.press("r")
        assert stage.commands == []


async def test_without_an_end_the_last_moment_stays() -> None:
    async with replaying(played(Script(has_end=False))) as stage:
        shown = await stage.press("end")
        assert "end" in shown.splitlines()[0]
        assert "CHEEK" in shown
