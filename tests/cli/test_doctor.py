"""``companion doctor``: each finding says what to do, and the status follows the worst."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from companion.__main__ import main
from companion.ble.host_look import AdapterLook, HostLook, Reach
from companion.ble.ownership import owned
from companion.ble.trial import Trial
from companion.cli.endings import ExitCode
from companion.cli.findings import Finding, State, host_findings, status_of, trial_findings
from companion.cli.virtual_radio import keys_file
from companion.paths import state_folder
from tests.ble.scripted_tool import a_feature
from tests.cli.room import AIR, ROLLER, Room, room_for

DOCTOR = ("doctor", *AIR)
ADAPTER = AdapterLook(name="hci0", address="00:11:22:33:44:55", is_powered=True, version="5.66")
HOST = HostLook(
    bus=Reach.THERE, service=Reach.THERE, kernel=("hci0",), blocked=(), adapters=(ADAPTER,)
)
TRIAL = Trial(
    feature=a_feature(),
    security=None,
    battery_percent=80,
    rate_hz=100.0,
    ready_s=0.5,
    came=500,
    missing=0,
    rejected=0,
    late_median_s=0.004,
    late_most_s=0.02,
)


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch, home: Path) -> Room:
    return room_for(monkeypatch, home)


def findings(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    """What was found, by check; the last of each."""
    document = json.loads(capsys.readouterr().out)
    return {finding["check"]: finding for finding in document["findings"]}


def worst(found: list[Finding]) -> tuple[set[str], ExitCode]:
    problems = {finding.check for finding in found if finding.state is State.PROBLEM}
    return problems, status_of(found)


def test_a_known_tool_in_reach_is_found_well(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pair", *AIR, "--tool", "Aurora roller", "--name", "Mine"]) == 0
    capsys.readouterr()
    assert main([*DOCTOR]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith("ok ") for line in lines[:-1])
    assert lines[-1].startswith("note ")
    assert "the force of Mine was never checked here: companion calibrate" in lines[-1]
    words = [line.removeprefix("ok").strip() for line in lines]
    assert words[0].startswith("versions: companion ")
    assert words[1] == "massage tools that a room hears: 1"
    assert words[2] == "nothing is connected to the adapter"
    assert words[3].startswith("Mine is in reach, -")
    assert words[4] == "the bond with Mine holds on both sides: the link is encrypted"
    assert words[5] == "Mine has 87 % battery"
    assert words[6].startswith("Mine streams: 5")
    assert room.on


def test_figures_are_for_programs_too(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pair", *AIR, "--tool", "Aurora roller"]) == 0
    capsys.readouterr()
    assert main([*DOCTOR, "--json", "--seconds", "2"]) == 0
    found = findings(capsys)
    stream = found["stream"]["values"]
    assert 190 <= stream["samples"] <= 205
    assert stream["missing"] == stream["rejected"] == 0
    assert 0.0 < stream["ready_s"] < 2.0
    assert 0.0 <= stream["late_median_ms"] <= stream["late_most_ms"] < 60.0
    assert found["bond"]["values"] == {"encrypted": True, "bonded": True, "authenticated": False}
    assert room.on


def test_the_tool_is_left_as_it_was(room: Room) -> None:
    assert main(["pair", *AIR, "--tool", "Aurora roller"]) == 0
    assert main([*DOCTOR]) == 0
    assert room.on[ROLLER].firmware.run_look is None
    assert room.simulated[ROLLER].performance.finished_us is None


def test_nothing_known_and_nothing_heard(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    room.tools = ()
    assert main([*DOCTOR, "--json"]) == 3
    assert "companion pair" in findings(capsys)["reach"]["words"]


def test_a_stranger_is_named_and_not_connected(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*DOCTOR, "--json"]) == 0
    finding = findings(capsys)["reach"]
    assert (finding["state"], finding["tool"]) == ("warning", "Aurora roller")
    assert "companion pair" in finding["words"]
    assert not list(room.folder.iterdir())


def test_a_known_tool_that_is_not_heard(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pair", *AIR, "--tool", "Aurora roller"]) == 0
    capsys.readouterr()
    room.addresses = {ROLLER: "F0:5E:1A:0A:00:99"}
    assert main([*DOCTOR]) == 3
    out = capsys.readouterr().out
    assert "warning  Aurora roller is heard, and it is not the tool of that name" in out
    assert "PROBLEM  Aurora roller is not heard. Switch it on" in out


@pytest.mark.parametrize(
    ("who", "sentence"),
    [("tool", "has forgotten this computer"), ("computer", "has no bond with")],
)
def test_a_bond_that_one_side_lost(
    room: Room, capsys: pytest.CaptureFixture[str], who: str, sentence: str
) -> None:
    assert main(["pair", *AIR, "--tool", "Aurora roller"]) == 0
    capsys.readouterr()
    for file in room.folder.iterdir() if who == "tool" else [keys_file()]:
        file.unlink()
    assert main([*DOCTOR, "--json"]) == 1
    finding = findings(capsys)["bond"]
    assert finding["state"] == "problem"
    assert sentence in finding["words"]


def test_a_tool_that_another_session_uses_is_left_to_it(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pair", *AIR, "--tool", "Aurora roller"]) == 0
    capsys.readouterr()
    with owned(state_folder() / "locks", "F0:5E:1A:0A:00:01", "it"):
        assert main([*DOCTOR, "--json"]) == 1
    assert "in use by another companion" in findings(capsys)["link"]["words"]
    assert room.on


def leave(room: Room) -> Awaitable[None]:
    async def soon() -> None:
        await asyncio.sleep(7.0)
        await room.on[ROLLER].vanish()

    return soon()


def empty(room: Room) -> Awaitable[None]:
    async def soon() -> None:
        await asyncio.sleep(0.1)
        room.on[ROLLER].plug(is_plugged=False)
        room.on[ROLLER].set_battery(12)

    return soon()


@pytest.mark.parametrize(
    ("meanwhile", "status", "check"),
    [(leave, 1, "link"), (empty, 0, "battery")],
)
def test_what_happens_while_it_looks(
    room: Room,
    capsys: pytest.CaptureFixture[str],
    meanwhile: Callable[[Room], Awaitable[None]],
    status: int,
    check: str,
) -> None:
    assert main(["pair", *AIR, "--tool", "Aurora roller"]) == 0
    capsys.readouterr()
    room.meanwhile = meanwhile
    assert main([*DOCTOR, "--json"]) == status
    assert findings(capsys)[check]["state"] == ("problem" if status else "warning")


def test_no_air_is_a_finding(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert main([*DOCTOR, "--json"]) == 3
    assert "no air at 127.0.0.1:1" in findings(capsys)["radio"]["words"]
    assert home.exists()


def test_a_tool_that_is_not_known_is_refused(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*DOCTOR, "--tool", "X"]) == 2
    assert "no tool called X" in capsys.readouterr().err
    assert main(["pair", *AIR, "--tool", "Aurora roller"]) == 0
    assert main(["doctor", "--tool", "Aurora roller"]) == 2
    assert room.on


@pytest.mark.parametrize(
    ("host", "problems"),
    [
        (HOST, set()),
        (replace(HOST, kernel=()), set()),
        (replace(HOST, kernel=(), adapters=()), {"adapter"}),
        (replace(HOST, adapters=()), {"adapter"}),
        (replace(HOST, adapters=(replace(ADAPTER, is_powered=False),)), {"adapter"}),
        (replace(HOST, adapters=(replace(ADAPTER, is_powered=False), ADAPTER)), set()),
        (replace(HOST, adapters=(replace(ADAPTER, version="5.54"),)), {"bluez"}),
        (replace(HOST, adapters=(replace(ADAPTER, version=""),)), set()),
        (replace(HOST, blocked=("soft",)), {"radio_switch"}),
        (replace(HOST, blocked=("soft", "hard")), {"radio_switch"}),
        (replace(HOST, bus=Reach.MISSING, adapters=()), {"message_bus"}),
        (replace(HOST, bus=Reach.DENIED, adapters=()), {"message_bus"}),
        (replace(HOST, service=Reach.MISSING, adapters=()), {"service"}),
        (replace(HOST, service=Reach.DENIED, adapters=()), {"service"}),
    ],
)
def test_what_a_computer_lacks(host: HostLook, problems: set[str]) -> None:
    found = host_findings(host)
    assert worst(found)[0] == problems
    assert worst(found)[1] in ({ExitCode.OK} if not problems else {1, 3})
    assert all(finding.words.isprintable() for finding in found)


def test_an_adapter_that_was_chosen_has_to_be_there() -> None:
    assert worst(host_findings(HOST, ADAPTER.name))[0] == set()
    found = host_findings(HOST, "hci7")
    assert worst(found) == ({"adapter"}, ExitCode.NOT_FOUND)
    assert any("hci7" in one.words and ADAPTER.name in one.words for one in found)


@pytest.mark.parametrize(
    ("changes", "check", "state"),
    [
        ({}, "stream", State.OK),
        ({"missing": 20}, "stream", State.WARNING),
        ({"late_most_s": 0.3}, "stream", State.WARNING),
        ({"rejected": 1}, "stream", State.PROBLEM),
        ({"came": 0, "late_median_s": None, "late_most_s": None}, "stream", State.PROBLEM),
        ({"battery_percent": None}, "battery", State.NOTE),
        ({"battery_percent": 15}, "battery", State.WARNING),
        ({"battery_percent": 16}, "battery", State.OK),
        ({}, "bond", State.NOTE),
    ],
)
def test_what_a_short_stream_shows(changes: dict[str, Any], check: str, state: State) -> None:
    found = {finding.check: finding for finding in trial_findings("it", replace(TRIAL, **changes))}
    assert found[check].state is state
