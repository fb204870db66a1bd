"""``companion run`` and whom it streams from: known tools by their bonds, nobody else."""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from companion.__main__ import main
from companion.cli.endings import ExitCode
from companion.cli.virtual_radio import keys_file
from companion.coaching.events import Event, LinkUp, Notice
from companion.service import Service
from companion.settings.tools import keep_tool, load_tools, tools_file
from tests.cli.room import AIR, DISPLAY, ROLLER, Room, room_for

RUN = ("run", *AIR, "--json", "--oiled")
STRANGER = "Only Aurora roller is heard, which is not known here."
PATIENCE_S = 60.0


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """What sessions tell; each is ended when its link stands, or after a minute without."""
    events: list[Event] = []

    async def guide(
        service: Service, _shown: object, first: Iterable[Event], *_more: object
    ) -> ExitCode:
        events.extend(first)
        subscription = service.hub.subscribe("test", 4096)
        asyncio.get_running_loop().call_later(PATIENCE_S, service.request_stop)

        async def stop_when_up() -> None:
            async for event in subscription:
                events.append(event)
                if isinstance(event, LinkUp):
                    service.request_stop()

        await service.run(stop_when_up)
        return ExitCode.OK

    monkeypatch.setattr("companion.cli.run.guide_in_lines", guide)
    return events


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch, home: Path, told: list[Event]) -> Room:
    assert not told
    return room_for(monkeypatch, home)


@pytest.fixture
def attended(monkeypatch: pytest.MonkeyPatch, room: Room) -> Room:
    """The same with somebody at a terminal."""
    monkeypatch.setattr("companion.cli.run.is_terminal", lambda: True)
    return room


def ups(told: list[Event]) -> int:
    return sum(isinstance(event, LinkUp) for event in told)


def keys(told: list[Event]) -> list[str]:
    return [event.key for event in told if isinstance(event, Notice)]


def last_line(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err.splitlines()[-1]


def test_a_stranger_is_refused_in_one_sentence_and_not_connected(
    room: Room, told: list[Event], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*RUN]) == 1
    err = capsys.readouterr().err
    assert err.startswith(f"companion: {STRANGER}")
    assert err.count("\n") == 1
    assert not told
    assert not load_tools()
    assert not list(room.folder.iterdir())


def test_one_command_pairs_and_the_next_needs_no_more(
    room: Room, told: list[Event], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*RUN, "--pair"]) == 0
    assert capsys.readouterr().err == ""
    assert "cli.pair.known" in keys(told)
    assert ups(told) == 1
    (tool,) = load_tools()
    assert (tool.name, tool.bonded, tool.has_limit) == ("Aurora roller", True, True)
    keep_tool(replace(tool, battery_percent=1, rssi_dbm=None))
    room.bonding_s = 0.0
    assert main([*RUN]) == 0
    (seen,) = load_tools()
    assert (seen.battery_percent, seen.rssi_dbm) == (tool.battery_percent, tool.rssi_dbm)
    assert main([*RUN, "--tool", "aurora roller"]) == 0
    assert main([*RUN, "--tool", tool.address]) == 0
    assert ups(told) == 4


def test_six_digits_are_asked_for_where_the_tool_shows_them(
    room: Room, told: list[Event], capsys: pytest.CaptureFixture[str]
) -> None:
    room.tools, room.typed = (DISPLAY,), [room.reads]
    assert main([*RUN, "--pair"]) == 0
    assert "The six digits that the tool shows" in capsys.readouterr().err
    assert main([*RUN]) == 0
    assert ups(told) == 2


@pytest.mark.parametrize(("answer", "status"), [("y", 0), ("n", 1)])
def test_a_person_is_asked_whether_to_pair(
    attended: Room,
    told: list[Event],
    capsys: pytest.CaptureFixture[str],
    answer: str,
    status: int,
) -> None:
    attended.typed = [answer]
    assert main([*RUN]) == status
    assert "Aurora roller is not known here. Pair with it now? [y/n]" in capsys.readouterr().err
    assert len(load_tools()) == ups(told) == 1 - status


def forget(room: Room, who: str) -> None:
    if who == "tool":
        for file in room.folder.iterdir():
            file.unlink()
    else:
        keys_file().unlink()


@pytest.mark.parametrize(
    ("who", "sentence"),
    [("tool", "has forgotten this computer"), ("computer", "has no bond with Aurora roller")],
)
def test_a_bond_lost_on_either_side_is_said_and_never_tried_for_ever(
    room: Room, told: list[Event], capsys: pytest.CaptureFixture[str], who: str, sentence: str
) -> None:
    assert main([*RUN, "--pair"]) == 0
    forget(room, who)
    assert main([*RUN, "--pair"]) == 1
    said = last_line(capsys)
    assert sentence in said
    assert "`companion pair`" in said
    assert ups(told) == 1
    assert main(["pair", *AIR, "--tool", "Aurora roller"]) == 0
    assert main([*RUN]) == 0
    assert ups(told) == 2


@pytest.mark.parametrize("who", ["tool", "computer"])
@pytest.mark.parametrize("tool", [ROLLER, DISPLAY])
def test_a_person_is_offered_to_pair_again_once(
    attended: Room, told: list[Event], capsys: pytest.CaptureFixture[str], who: str, tool: str
) -> None:
    attended.tools = (tool,)
    digits = [attended.reads] if tool == DISPLAY else []
    attended.typed = ["y", *digits]
    assert main([*RUN]) == 0
    forget(attended, who)
    if who == "computer" and tool == DISPLAY:
        # A private address is a stranger's without the bond: nothing is offered, nobody connected.
        assert main([*RUN]) == 0
        assert ups(told) == 1
        assert "link.fault.lookalike" in keys(told)
        return
    attended.typed = ["y", *digits]
    assert main([*RUN]) == 0
    assert ups(told) == 2
    assert "Pair with it again now? [y/n]" in capsys.readouterr().err
    forget(attended, who)
    attended.typed = ["n"]
    assert main([*RUN]) == 1
    assert len(load_tools()) == 1


def test_a_namesake_is_not_connected(
    room: Room, told: list[Event], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*RUN, "--pair"]) == 0
    told.clear()
    room.addresses = {ROLLER: "F0:5E:1A:0A:00:99"}
    assert main([*RUN, "--pair"]) == 0
    assert ups(told) == 0
    assert "link.fault.lookalike" in keys(told)
    assert [file.name for file in room.folder.iterdir()] == ["F05E1A0A0001.json"]
    assert capsys.readouterr().err == ""


def test_a_tool_of_the_other_radio_is_not_known_on_this_one(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*RUN, "--pair"]) == 0
    assert main(["run", "--json", "--oiled"]) == 1
    assert STRANGER in last_line(capsys)
    assert room.on


def test_a_tool_that_describes_itself_otherwise_is_used_and_said_to(
    room: Room, told: list[Event]
) -> None:
    assert main([*RUN, "--pair"]) == 0
    (tool,) = load_tools()
    keep_tool(replace(tool, feature="0" * 16))
    assert main([*RUN]) == 0
    assert "link.tool.changed" in keys(told)
    told.clear()
    assert load_tools()[0].feature == tool.feature
    assert main([*RUN]) == 0
    assert "link.tool.changed" not in keys(told)
    assert room.on


def test_a_file_of_tools_that_cannot_be_used_is_said_before_anybody_is_connected(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*RUN, "--pair"]) == 0
    document = json.loads(tools_file().read_text("utf-8"))
    document["tools"][0]["address"] = "everyone"
    tools_file().write_text(json.dumps(document), "utf-8")
    for command in ([*RUN], [*RUN, "--pair"], ["pair", *AIR, "--tool", "Aurora roller"]):
        assert main(command) == 2
        assert "tools.json" in last_line(capsys)
    assert room.on
