"""Three processes over loopback: an air, a tool on it, and the companion."""

import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.processes import Start, ended, line, opened_air, starting, until

MUTE = """
import asyncio

async def talk(reader, writer):
    await reader.readexactly(4)
    writer.write(bytes.fromhex("040e0401030c00"))
    await reader.read()

async def serve():
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    print("%s:%s" % server.sockets[0].getsockname(), flush=True)
    await asyncio.Event().wait()

asyncio.run(serve())
"""
"""A controller that answers the reset, and nothing after it."""

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the test sends POSIX signals"),
    pytest.mark.timeout(120),
]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    with starting(tmp_path) as begin:
        yield begin


def test_a_session_outlives_the_tool_that_is_killed_and_comes_back(start: Start) -> None:
    _, air = opened_air(start)
    tool = start("-m", "companion", "simulate", "--join", air)
    assert "switched on" in line(tool)
    service = start("-m", "companion", "run", "--air", air, "--pair", "--json", "--oiled")
    assert air in json.loads(line(service))["text"]
    assert until(service, "link_up")["resumed"] is False
    step = until(service, "step_started")["step"]
    assert until(service, "repetition")["count"] == 1
    tool.kill()
    lost = until(service, "link_lost")
    again = start("-m", "companion", "simulate", "--join", air)
    assert "switched on" in line(again)
    up = until(service, "link_up")
    assert up["gap_s"] > 0
    assert up["device_s"] > lost["device_s"]
    repetition = until(service, "repetition")
    assert (repetition["step"], repetition["count"]) == (step, 2)
    status, out, err = ended(service, signal.SIGINT)
    assert (status, err) == (130, "")
    last = json.loads(out.splitlines()[-1])
    assert last["event"] == "session_finished"
    assert last["summary"]["outcome"] == "interrupted"
    assert last["summary"]["gaps_s"] > 0
    kept = as_kept(start, 1)
    assert kept["summary"] == last["summary"]
    assert kept["session"]["tool"] == up["tool"]
    assert [event["event"] for event in kept["events"]][:: len(kept["events"]) - 1] == [
        *("session_started", "session_finished"),
    ]
    assert "link_lost" in {event["event"] for event in kept["events"]}


def as_kept(start: Start, number: int) -> dict[str, Any]:
    """Return a session as the store has it."""
    out, err = start("-m", "companion", "sessions", "show", str(number), "--json").communicate()
    assert err == ""
    fields: dict[str, Any] = json.loads(out)
    return fields


def test_a_session_that_is_killed_keeps_what_was_said_and_sent(start: Start) -> None:
    _, air = opened_air(start)
    tool = start("-m", "companion", "simulate", "--join", air)
    assert "switched on" in line(tool)
    service = start("-m", "companion", "run", "--air", air, "--pair", "--json", "--oiled")
    until(service, "repetition")
    until(service, "repetition")
    service.kill()
    service.wait()
    kept = as_kept(start, 1)
    said = [event["event"] for event in kept["events"]]
    assert said[0] == "session_started"
    assert said.count("repetition") >= 1
    assert kept["summary"] is None
    assert kept["session"]["outcome"] is None
    assert kept["session"]["raw_bytes"] > 0


def test_scan_lists_what_simulate_put_on_its_own_air(start: Start) -> None:
    tool = start("-m", "companion", "simulate")
    address = line(tool).rpartition(" ")[2]
    name = line(tool).partition("s  ")[2].partition(":")[0]
    scan = start("-m", "companion", "scan", "--air", address, "--seconds", "2")
    out, err = scan.communicate(timeout=100)
    first, row = out.splitlines()
    assert address in first
    assert name in row
    assert (scan.returncode, err) == (0, "")
    assert ended(tool, signal.SIGTERM) == (143, "", "")


def test_an_empty_air_has_nothing_to_list(start: Start) -> None:
    _, air = opened_air(start)
    scan = start("-m", "companion", "scan", "--air", air, "--seconds", "0.2", "--json")
    out, err = scan.communicate(timeout=100)
    assert json.loads(out)["tools"] == []
    assert "no massage tool" in err
    assert scan.returncode == 3


@pytest.mark.thinned(2)
@pytest.mark.parametrize(
    "command", [["scan", "--air"], ["run", "--oiled", "--air"], ["simulate", "--join"]]
)
def test_no_air_is_one_sentence(start: Start, command: list[str]) -> None:
    process = start("-m", "companion", *command, "127.0.0.1:1")
    out, err = process.communicate(timeout=100)
    assert (process.returncode, out) == (3, "")
    assert err.startswith("companion: no air at 127.0.0.1:1")
    assert err.count("\n") == 1


def test_a_tool_whose_air_goes_away_says_so(start: Start) -> None:
    server, address = opened_air(start)
    tool = start("-m", "companion", "simulate", "--join", address)
    assert "switched on" in line(tool)
    server.kill()
    _, err = tool.communicate(timeout=100)
    assert tool.returncode == 3
    assert err.startswith("companion: ")
    assert err.count("\n") == 1


@pytest.mark.thinned(3)
@pytest.mark.parametrize(
    "command", [["scan", "--air"], ["run", "--oiled", "--air"], ["simulate", "--join"]]
)
def test_a_controller_that_falls_silent_is_given_up(start: Start, command: list[str]) -> None:
    address = line(start("-c", MUTE))
    process = start("-m", "companion", *command, address)
    _, err = process.communicate(timeout=100)
    assert process.returncode == 3
    assert "does not answer" in err
    assert err.count("\n") == 1


def test_no_tool_needs_an_air_of_its_own(start: Start) -> None:
    process = start("-m", "companion", "simulate", "--no-tool", "--join", "127.0.0.1:1")
    out, err = process.communicate(timeout=100)
    assert (process.returncode, out) == (2, "")
    assert "--no-tool" in err


def test_a_tool_behind_a_controller_of_its_own_is_found_on_the_air(
    start: Start, tmp_path: Path
) -> None:
    socket = tmp_path / "hci"
    air = start("-m", "simulators", "serve", "--no-tool", "--socket", str(socket))
    assert str(socket) in line(air)
    address = line(air).rpartition(" ")[2]
    tool = start("-m", "companion", "simulate", "--plain", "--hci", f"unix-client:{socket}")
    assert f"on the controller unix-client:{socket}" in line(tool)
    scan = start("-m", "companion", "scan", "--air", address, "--seconds", "2")
    out, err = scan.communicate(timeout=100)
    assert "Aurora roller" in out
    assert (scan.returncode, err) == (0, "")
    assert ended(tool, signal.SIGTERM)[0] == 143
