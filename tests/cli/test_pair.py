"""``companion pair`` and ``companion tools`` as they are typed, on a virtual radio."""

import json
import stat
from pathlib import Path

import pytest

from companion.__main__ import main
from companion.cli.virtual_radio import keys_file
from companion.settings.tools import load_tools, tools_file
from tests.cli.room import AIR, DISPLAY, ROLLER, Line, Room, room_for


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch, home: Path) -> Room:
    return room_for(monkeypatch, home)


def bonds_of(room: Room) -> str:
    """What the tools and the computer keep of bonds."""
    tools = [file.read_text("utf-8") for file in room.folder.iterdir()]
    return "".join([*tools, keys_file().read_text("utf-8") if keys_file().exists() else ""])


def test_a_person_picks_looks_tares_and_names(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    room.tools = (ROLLER, DISPLAY)
    room.typed = ["9", "", "1", "y", "", "Bathroom"]
    assert main(["pair", *AIR]) == 0
    said = capsys.readouterr()
    assert "1  Aurora roller  -  new  " in said.out
    assert said.out.endswith("Bathroom is paired and known here.\n")
    assert said.err.count("There is no tool of that number.") == 2
    assert "Aurora roller buzzes now. Is this the one?" in said.err
    assert "It is a roller by Simulated Tools AR-1, firmware 1.0.0, battery 8" in said.err
    assert "Its zero is set." in said.err
    (tool,) = load_tools()
    assert (tool.name, tool.advertised, tool.bonded) == ("Bathroom", "Aurora roller", True)
    assert (tool.address, tool.serial) == ("F0:5E:1A:0A:00:01", "AR1-000417")
    assert room.simulated[ROLLER].firmware.buzzes


def test_keys_and_tools_are_for_their_owner_only(room: Room) -> None:
    assert main(["pair", *AIR, "--tool", "Aurora roller"]) == 0
    for file in (keys_file(), tools_file()):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert room.on


def test_six_digits_are_asked_for_and_a_slip_is_borne(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    room.tools = (DISPLAY,)
    room.typed = ["12345", room.reads]
    assert main(["pair", *AIR, "--tool", "Lumen roller", "--name", "Lu", "--json"]) == 0
    said = capsys.readouterr()
    fields = json.loads(said.out)
    assert (fields["name"], fields["has_display"], fields["bonded"]) == ("Lu", True, True)
    assert fields["address"] == "F0:5E:1A:0A:00:06"
    assert said.err.count("The six digits that the tool shows") == 2
    assert "That is not six digits." in said.err


@pytest.mark.parametrize("what", ["wrong", "zeros", "nothing", "end"])
def test_wrong_digits_or_none_leave_no_half_bond(
    room: Room, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    async def misread() -> str:
        return f"{(int(await room.reads()) + 1) % 1_000_000:06d}"

    room.tools = (DISPLAY,)
    typed: dict[str, list[Line]]
    typed = {"wrong": [misread], "zeros": ["000000"], "nothing": [""], "end": []}
    room.typed = typed[what]
    assert main(["pair", *AIR, "--tool", "Lumen roller"]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert "companion: Lumen roller refused to pair." in last
    assert not load_tools()
    assert "ltk" not in bonds_of(room)


def test_a_tool_that_was_not_meant_is_forgotten_at_once(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    room.typed = ["1", "n"]
    assert main(["pair", *AIR]) == 1
    assert "was not the one" in capsys.readouterr().err
    assert not load_tools()
    assert "ltk" not in keys_file().read_text("utf-8")


def test_answers_that_end_pair_nothing(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pair", *AIR]) == 2
    assert "nothing was paired" in capsys.readouterr().err
    assert not load_tools()
    assert room.on


def test_a_tool_that_takes_no_bond_asks_for_its_button(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    room.bonding_s = 0.01
    assert main(["pair", *AIR, "--tool", "Aurora roller"]) == 1
    assert "Press its button" in capsys.readouterr().err.splitlines()[-1]
    assert not load_tools()


def test_a_tool_that_is_not_there_is_named_missing(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pair", *AIR, "--tool", "Nobody"]) == 3
    assert "No massage tool called Nobody was heard, but " in capsys.readouterr().err
    assert room.on


@pytest.mark.parametrize("who_forgot", ["nobody", "tool", "computer"])
@pytest.mark.parametrize("tool", [ROLLER, DISPLAY])
def test_pairing_anew_works_whoever_forgot_the_bond(room: Room, who_forgot: str, tool: str) -> None:
    room.tools = (tool,)
    name = {ROLLER: "Aurora roller", DISPLAY: "Lumen roller"}[tool]
    room.typed = [room.reads] * 2 if tool == DISPLAY else []
    assert main(["pair", *AIR, "--tool", name, "--name", "Mine"]) == 0
    before = load_tools()
    if who_forgot == "tool":
        for file in room.folder.iterdir():
            file.unlink()
    if who_forgot == "computer":
        keys_file().unlink()
    assert main(["pair", *AIR, "--tool", "mine"]) == 0
    (after,) = load_tools()
    assert (after.name, after.address) == ("Mine", before[0].address)


def test_a_name_that_another_tool_has_is_refused_before_anything_is_paired(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pair", *AIR, "--tool", "Aurora roller"]) == 0
    room.tools = (DISPLAY,)
    assert main(["pair", *AIR, "--tool", "Lumen roller", "--name", "aurora ROLLER"]) == 2
    assert "another tool is called" in capsys.readouterr().err
    assert main(["pair", *AIR, "--tool", "Lumen roller", "--name", "\x1b[2J"]) == 2
    err = capsys.readouterr().err
    assert "\x1b" not in err
    assert len(load_tools()) == 1


def test_a_namesake_is_marked_in_the_list_and_gets_a_name_of_its_own(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pair", *AIR, "--tool", "Aurora roller"]) == 0
    room.addresses = {ROLLER: "F0:5E:1A:0A:00:99"}
    room.typed = ["1", "y", "", ""]
    assert main(["pair", *AIR]) == 0
    assert "new, though named like a known one" in capsys.readouterr().out
    assert [tool.name for tool in load_tools()] == ["Aurora roller", "Aurora roller 2"]


@pytest.mark.parametrize("name", ["\x1b[2J\x1b]0;gone\x07", "abc\u202edcba", "\u2028\u200b"])
def test_what_a_tool_calls_itself_cannot_steer_the_terminal(
    room: Room, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    room.names = {ROLLER: name}
    room.typed = ["1", "y", "", ""]
    assert main(["pair", *AIR]) == 0
    assert main(["tools", "list"]) == 0
    assert main(["tools", "list", "--json"]) == 0
    said = capsys.readouterr()
    for line in f"{said.out}{said.err}".splitlines():
        assert line.isprintable()


def test_json_needs_a_tool_to_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pair", "--json"]) == 2
    assert "--tool" in capsys.readouterr().err


def test_tools_are_listed_shown_renamed_and_forgotten(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tools", "list"]) == 0
    assert capsys.readouterr().out == "No tool is known here yet: companion pair\n"
    assert main(["pair", *AIR, "--tool", "F0:5E:1A:0A:00:01"]) == 0
    capsys.readouterr()
    assert main(["tools", "list"]) == 0
    row = capsys.readouterr().out
    assert row.startswith("Aurora roller  roller  F0:5E:1A:0A:00:01  bonded  last connected 20")
    assert row.endswith("virtual radio\n")
    assert main(["tools", "rename", "aurora roller", "Left hand"]) == 0
    assert capsys.readouterr().out == "Aurora roller is now called Left hand.\n"
    assert main(["tools", "show", "f0:5e:1a:0a:00:01"]) == 0
    assert ["serial", "AR1-000417"] in map(str.split, capsys.readouterr().out.splitlines())
    assert main(["tools", "show", "Left hand", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "Left hand"
    assert main(["tools", "forget", "Left hand"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Left hand is forgotten here.\nThe bond with it is removed.")
    assert not load_tools()
    assert "ltk" not in keys_file().read_text("utf-8")
    assert room.on


def test_a_tool_that_is_not_known_is_refused(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    for action in (["show", "X"], ["rename", "X", "Y"], ["forget", "X"]):
        assert main(["tools", *action]) == 2
        assert "no tool called X is known here" in capsys.readouterr().err
    assert home.exists()


def test_conform_asks_for_the_six_digits_too(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    room.tools, room.typed, room.thinks_s = (DISPLAY,), [room.reads], 25.0
    rules = ("--only", "closed-serial", "--only", "frame-length")
    assert main(["conform", *AIR, *rules]) == 0
    said = capsys.readouterr()
    assert said.out.endswith("2 passed, 0 failed, 0 not run.\n")
    assert "The six digits that the tool shows" in said.err
