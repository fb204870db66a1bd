"""``python -m simulators`` as a stranger runs it."""

import asyncio
import json
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from simulators.command_line import main

TOOL = "Aurora roller"
PROGRAM = """
import asyncio, sys
from bleak import BleakClient, BleakScanner

async def main():
    device = await BleakScanner.find_device_by_name(sys.argv[1])
    client = BleakClient(device)
    print(client.name)
    async with client:
        print(client.backend_id, client.name, (await client.read_gatt_char("2a19"))[0])
    await client.unpair()

asyncio.run(main())
"""

WATCHING = """
import asyncio, sys
from bleak import BleakClient, BleakScanner

async def main():
    gone = asyncio.Event()
    device = await BleakScanner.find_device_by_name(sys.argv[1])
    async with BleakClient(device, disconnected_callback=lambda _: gone.set()):
        async with asyncio.timeout(20):
            await gone.wait()
    print("it is gone")

asyncio.run(main())
"""


async def started(*arguments: str) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-W", "error", "-m", "simulators", *arguments, stdout=PIPE, stderr=PIPE
    )


async def test_a_reader_who_has_had_enough_is_no_failure() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    environment = {key: os.environ[key] for key in os.environ if key != "PYTHONUNBUFFERED"}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-W", "error", "-m", "simulators", "list"),
        stdout=writing,
        stderr=PIPE,
        env=environment,
    )
    os.close(writing)
    _, told = await process.communicate()
    assert told.decode().strip() == "simulators: the reader of the output is gone"
    assert process.returncode == 0


async def line_of(process: Process) -> str:
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().strip()


@asynccontextmanager
async def an_open_air(*arguments: str) -> AsyncIterator[tuple[str, Process]]:
    process = await started("serve", *arguments)
    try:
        line = ""
        while not line.startswith("the air is open at "):
            line = await line_of(process)
            assert line or process.returncode is None
        yield line.rpartition(" ")[2], process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def test_a_strangers_program_runs_unchanged_against_a_tool_on_an_air(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    async with an_open_air() as (address, server):
        running = await started("run", address, str(program), TOOL)
        out, err = await running.communicate()
        assert err.decode() == ""
        assert out.decode().splitlines() == ["F0-5E-1A-0A-00-01", f"virtual radio {TOOL} 87"]
        assert running.returncode == 0
        server.terminate()
        await server.communicate()
        assert server.returncode == 143


async def test_a_tool_joins_an_air_and_ends_when_that_closes(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    async with an_open_air("--no-tool") as (address, server):
        keys = tmp_path / "bonds.json"
        tool = await started("join", address, "--tool", "large-roller", "--keys", str(keys))
        assert await line_of(tool) == "Borealis roller (F0:5E:1A:0A:00:02) is on"
        running = await started("run", address, str(program), "Borealis roller")
        out, _ = await running.communicate()
        assert b"virtual radio Borealis roller" in out
        server.send_signal(signal.SIGINT)
        await server.communicate()
        assert server.returncode == 130
        _, err = await tool.communicate()
        assert err.decode() == f"simulators: the air at {address} has been closed\n"
        assert tool.returncode == 3


async def test_a_program_keeps_its_status_and_its_traceback(tmp_path: Path) -> None:
    failing, ending = tmp_path / "failing.py", tmp_path / "ending.py"
    failing.write_text("raise OSError('theirs')\n")
    ending.write_text("import sys\nsys.exit(7)\n")
    statuses = []
    for program in (failing, ending):
        running = await started("run", "127.0.0.1:1", str(program))
        _, err = await running.communicate()
        statuses.append((running.returncode, b"OSError: theirs" in err))
    assert statuses == [(1, True), (7, False)]


async def test_a_program_finds_no_bluetooth_where_there_is_no_air(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    running = await started("run", "127.0.0.1:1", str(program), TOOL)
    _, err = await running.communicate()
    assert b"BleakBluetoothNotAvailableError" in err
    assert b"nobody answers there" in err
    assert running.returncode == 1


def test_what_is_shipped_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    out = capsys.readouterr().out
    assert "small-roller         Aurora roller" in out
    assert "careful              A practised person" in out
    assert main(["list", "--json"]) == 0
    shipped = json.loads(capsys.readouterr().out)
    assert shipped["tools"]["large-roller"] == "Borealis roller"
    assert "heavy-hand" in shipped["scenarios"]


REFUSALS = {
    "serve --port x": "'x' is no whole number from 0 to 65535",
    "serve --port 65536": "'65536' is no whole number",
    "serve --seed -1": "expected one argument|no whole number",
    "serve --tool nono": "nono: no such file; there are: .*small-roller",
    "serve --scenario nono": "nono: no such file; there are: .*careful",
    "serve --zone nono": "no zone 'nono'",
    "serve --technique nono": "'?nono'?",
    "serve --low-kpa 9 --high-kpa 3": "--low-kpa is above --high-kpa",
    "serve --low-kpa nan": "'nan' is no pressure",
    "serve --repetitions 0": "'0' is no whole number from 1",
    "join": "HOST:PORT",
    "record": "folder",
    "record out --name ../up": "'../up' is no name",
    "record out --rate-hz 5000": "(?i)hz",
    "record out --lost-share 1": "0 to 0.5, not 1",
    "record out --lost-share x": "invalid float value: 'x'",
    "run 127.0.0.1:1 nono.py": "nono.py: there is no such program",
    "dance": "invalid choice: 'dance'",
    "": "COMMAND",
}


@pytest.mark.parametrize(("words", "sentence"), REFUSALS.items(), ids=REFUSALS.keys())
def test_what_cannot_be_done_is_said_in_one_line(
    capsys: pytest.CaptureFixture[str], words: str, sentence: str
) -> None:
    assert main(words.split()) == 2
    _, err = capsys.readouterr()
    (line,) = err.splitlines()
    assert line.startswith("simulators: ")
    assert re.search(sentence, line)


@pytest.mark.parametrize("air", ["127.0.0.1:1", "nowhere", "127.0.0.1:0"])
def test_an_air_that_is_none_is_said_to_be(capsys: pytest.CaptureFixture[str], air: str) -> None:
    assert main(["join", air]) == 3
    assert "air" in capsys.readouterr().err


def test_a_key_file_that_is_none_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text("no json")
    assert main(["serve", "--keys", str(keys)]) == 2
    assert str(keys) in capsys.readouterr().err


@pytest.mark.parametrize("content", ["no json", "[]", '{"format": 1}'])
def test_a_calibration_that_is_none_is_refused_with_its_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str
) -> None:
    calibration = tmp_path / "keys.calibration.json"
    calibration.write_text(content)
    assert main(["serve", "--keys", str(tmp_path / "keys.json")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"simulators: {calibration}: calibration: ")


async def test_mishaps_happen_on_an_air_that_is_served(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(WATCHING)
    scenario = tmp_path / "soon.toml"
    mishap = 'counted_from = "switch_on"\nat_s = 0\n'
    scenario.write_text(
        'title = "Soon"\n'
        f'[[mishap]]\nkind = "battery_dies"\nlasting_s = 6\n{mishap}'
        f'[[mishap]]\nkind = "weak_link"\nlasting_s = 3\nloss = 0.2\n{mishap}'
    )
    async with an_open_air("--scenario", str(scenario)) as (address, _):
        running = await started("run", address, str(program), TOOL)
        out, err = await running.communicate()
        assert err.decode() == ""
        (line,) = out.decode().splitlines()
        assert line == "it is gone"


async def test_a_mishap_that_needs_the_air_is_refused_on_anothers() -> None:
    async with an_open_air("--no-tool") as (address, _):
        tool = await started("join", address, "--scenario", "weak-link")
        _, err = await tool.communicate()
        assert err.decode() == (
            "simulators: weak_link needs the air itself; this tool joins that of another process\n"
        )
        assert tool.returncode == 2


def test_a_recording_is_written_with_its_truth_and_alike_each_time(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    contents = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        words = ["record", str(folder), "--name", "cheek", "--zone", "cheek", "--repetitions", "3"]
        assert main(words) == 0
        printed = [Path(line) for line in capsys.readouterr().out.splitlines()]
        assert {path.parent for path in printed} == {folder}
        contents.append({path.name: path.read_bytes() for path in printed})
    assert {"cheek.csv", "cheek.truth.json", "cheek.up.csv", "cheek.tool.json"} <= set(contents[0])
    assert contents[0] == contents[1]
    assert json.loads(contents[0]["cheek.truth.json"])["seed"] == 1


def test_a_recording_that_cannot_be_written_names_the_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("")
    assert main(["record", str(taken), "--repetitions", "1"]) == 2
    assert str(taken) in capsys.readouterr().err


async def test_a_controller_is_offered_at_a_unix_socket(tmp_path: Path) -> None:
    path = tmp_path / "h4"
    async with an_open_air("--no-tool", "--socket", str(path)):
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(bytes([0x01, 0x03, 0x0C, 0x00]))
        assert await reader.readexactly(7) == bytes([0x04, 0x0E, 0x04, 0x01, 0x03, 0x0C, 0x00])
        writer.close()
        await writer.wait_closed()
    assert not path.exists()
