"""Several tools on one dashboard: which is shown, whom a key is for, what the others tell."""

from dataclasses import replace

import pytest

from companion.coaching.events import Command
from companion.coaching.view import Phase
from companion.live import LinkState
from companion.sensing.types import Level
from companion.tui.widgets.readout import Part, Readout
from companion.tui.widgets.tool_column import ToolColumn
from tests.tui.fake_library import FakeLibrary
from tests.tui.fake_live import acknowledged, cleared, finished, raised
from tests.tui.screen_text import staged
from tests.tui.several_stage import staged_several

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py


async def test_one_tool_alone_has_no_line_of_tools_and_none_of_its_keys() -> None:
    async with staged() as stage:
        assert stage.rows[0].startswith(" Aurora roller · ")
        await stage.press("2", "tab", "shift+tab", "e")
        assert stage.app.current_mode == "live"
        assert "other tool" not in await stage.press("question_mark")


async def test_keys_switch_the_tool_on_every_screen_and_commands_go_to_the_shown_one() -> None:
    async with staged_several(3, size=(120, 70)) as stage:
        assert "1 Aurora roller A  ● on target ─ 2 Aurora roller B ◁ light" in stage.rows[0]
        assert "▶ UNDER-EYE R" in "\n".join(stage.rows)
        assert "▶ JAW R" in await stage.press("tab")
        assert "▶ JAW L" in await stage.press("3", "space")
        assert stage.commands == [[], [], [Command.PAUSE]]
        shown = await stage.press("tab", "g")
        assert "UNDER-EYE R" in shown
        assert stage.app.current_mode == "glance"
        shown = await stage.press("shift+tab", "s")
        assert stage.app.current_mode == "glance:3"
        assert stage.commands[2] == [Command.PAUSE, Command.STOP]
        await stage.press("9", "f")
        assert stage.app.current_mode == "face:3"
        await stage.press("1", "escape")
        assert stage.app.current_mode == "live"
        shown = await stage.press("question_mark")
        assert "Show tool 3." in shown
        assert "Show tool 4." not in shown


async def test_a_stop_of_another_tool_takes_no_screen_names_its_tool_and_is_heard() -> None:
    async with staged_several() as stage:
        stop = raised(Level.STOP, pressure_kpa=9.4)
        await stage.pilot.press("ctrl+p")
        shown = await stage.send(1, stop)
        assert stage.app.current_mode == "live"
        assert "2 Aurora roller B  ■ STOP" in stage.rows[0]
        assert stage.rows[1].strip().startswith("■ 2 Aurora roller B: STOP, LIFT OFF")
        assert stage.rows[1].strip().endswith("2 shows it")
        assert "▶ UNDER-EYE R" in shown
        assert stage.rings
        await stage.press("a", "2", "a")
        assert stage.commands == [[], [Command.ACKNOWLEDGE]]
        await stage.send(1, acknowledged(stop), cleared(stop, device_s=103.0))
        await stage.settle(seconds=3.0)
        assert "STOP, LIFT OFF" not in await stage.press("1")


async def test_a_lost_link_is_told_in_the_line_of_tools_without_a_change_of_screen() -> None:
    async with staged_several() as stage:
        stage.desks[1].live.set_link(LinkState.LOST)
        await stage.settle()
        assert "2 Aurora roller B ✗ link lost" in stage.rows[0]
        assert stage.app.current_mode == "live"
        await stage.send(1, finished())
        assert "2 Aurora roller B ✓ done" in stage.rows[0]
        assert stage.app.current_mode == "live"
        assert "The routine is done." in await stage.press("2")


async def test_a_grave_warning_takes_over_where_no_tool_is_seen() -> None:
    async with staged_several(library=FakeLibrary()) as stage:
        await stage.press("h", "2")
        assert stage.app.current_mode == "history"
        assert "stop 4.0" in await stage.send(1, raised(Level.STOP, pressure_kpa=9.4))
        assert stage.app.current_mode == "live:2"


async def test_stop_on_a_screen_without_a_tool_is_for_all_and_so_is_the_end() -> None:
    async with staged_several(library=FakeLibrary()) as stage:
        await stage.press("h", "s")
        assert stage.commands == [[Command.STOP], [Command.STOP]]
        await stage.send(0, finished())
        await stage.press("q")
        assert stage.commands == [[Command.STOP], [Command.STOP, Command.QUIT]]
        assert stage.app.return_code is None
        stage.desks[1].events.put(finished())
        await stage.pilot.pause()
        assert not stage.app.is_running


@pytest.mark.parametrize(
    ("persons", "others"), [(("ada", "ben"), Command.PAUSE), (("ada", "ada"), Command.UNWELL)]
)
async def test_unwell_ends_all_sessions_of_that_person_and_pauses_those_of_others(
    persons: tuple[str, ...], others: Command
) -> None:
    async with staged_several(persons=persons) as stage:
        await stage.press("x")
        assert stage.commands == [[Command.UNWELL], [others]]


async def test_unwell_wakes_no_session_that_has_paused() -> None:
    async with staged_several() as stage:
        stage.desks[1].live.phase = Phase.PAUSED
        assert "2 Aurora roller B" in await stage.press("x")
        assert stage.commands == [[Command.UNWELL], []]


async def test_sound_is_one_for_all_tools() -> None:
    async with staged_several() as stage:
        stage.desks[1].live.muted = True
        await stage.press("m")
        assert [desk.live.muted for desk in stage.desks] == [True, True]
        await stage.press("2", "m")
        assert [desk.live.muted for desk in stage.desks] == [False, False]


async def test_side_by_side_each_tool_has_level_step_count_and_warning() -> None:
    async with staged_several() as stage:
        shown = await stage.press("e")
        assert stage.app.current_mode == "beside"
        both = next(row for row in shown.splitlines() if "UNDER-EYE, RIGHT" in row)
        assert "JAWLINE, RIGHT" in both
        shown = await stage.send(1, raised(Level.STOP, pressure_kpa=9.4))
        assert "STOP, LIFT OFF" in shown
        assert "press 2, then a when you have seen it" in shown
        shown = await stage.press("tab", "a")
        assert "press a when you have seen it" in shown
        assert stage.commands == [[], [Command.ACKNOWLEDGE]]
        shown = await stage.send(1, finished())
        assert stage.app.current_mode == "beside"
        assert "l shows what was done." in shown
        assert "Press q to leave." in await stage.press("l")


async def test_side_by_side_nothing_is_said_in_another_width_than_its_own_even_at_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    widths: set[int] = set()
    say_parts = Readout.say_parts

    def noted(readout: Readout, *parts: Part) -> None:
        if any(isinstance(one, ToolColumn) for one in readout.ancestors):
            widths.add(readout.outer_size.width)
        say_parts(readout, *parts)

    monkeypatch.setattr(Readout, "say_parts", noted)
    async with staged_several(4, size=(160, 40)) as stage:
        await stage.press("e")
        widest = max(column.outer_size.width for column in stage.app.screen.query(ToolColumn))
    assert 0 < max(widths) <= widest < 60


@pytest.mark.parametrize("key", ["l", "g", "f", "e"])
async def test_five_tools_at_any_size_of_window(key: str) -> None:
    async with staged_several(5, ascii_only=True) as stage:
        await stage.press(key)
        await stage.send(3, raised(Level.STOP, pressure_kpa=9.4))
        for size in ((1, 1), (20, 6), (60, 20), (240, 70)):
            await stage.pilot.resize_terminal(*size)
            await stage.settle()
            if size[0] >= 20:
                assert "# STOP" in "".join(stage.rows)


async def test_a_session_that_never_began_is_told_and_the_others_go_on() -> None:
    async with staged_several() as stage:
        stage.desks[1].live.state = replace(stage.desks[1].live.state, state=LinkState.CLOSED)
        stage.desks[1].events.close()
        await stage.settle()
        assert "2 Aurora roller B ✗ not begun" in stage.rows[0]
        assert stage.app.is_running
        stage.desks[0].events.close()
        await stage.pilot.pause()
        assert not stage.app.is_running


async def test_narrow_columns_have_a_trace_in_the_place_of_large_letters() -> None:
    async with staged_several(2, size=(80, 24)) as stage:
        rows = (await stage.press("e")).splitlines()
        level = next(place for place, row in enumerate(rows) if "ON TARGET" in row)
        assert "0.5" in rows[level + 3]
        assert rows[level + 5].split()[0] == "4.0"
