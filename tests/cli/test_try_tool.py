"""``companion tools try``: what a described tool sends, decoded, from bytes and from the air."""

import asyncio
import io
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from companion.__main__ import main
from companion.ble.adapter import Adapter
from companion.ble.devices.trial import trial
from companion.ble.errors import LinkError, LinkFault
from companion.settings.described_tools import load_other_tool
from simulators.bleak_backend import Adapter as Radio
from simulators.defaults import in_hand, strokes
from simulators.radio import Air, AirServer, connect_host
from simulators.virtual_time import run_virtual

if TYPE_CHECKING:
    from protocols.telemetry import Telemetry

ROOT = Path(__file__).parents[2]
HALF_KG = "01 08 00 00 00 3f 40 42 0f 00"
LATER = "01 08 00 00 80 3f 14 73 0f 00"
"""1 kg, 12.5 ms later: 0x0f7314 microseconds."""


def lines(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> list[str]:
    assert main(["tools", "try", *arguments]) == status
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out.splitlines()


def refused(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 2) -> str:
    assert main(["tools", "try", *arguments]) == status
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    return captured.err


def objects(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines(capsys, *arguments, "--json")]


def test_bytes_are_shown_in_si_units(capsys: pytest.CaptureFixture[str]) -> None:
    first, second, summary = lines(capsys, "tindeq", "--bytes", HALF_KG, LATER)
    assert first.split() == ["0.000", "s", "force", "4.903", "N"]
    assert second.split() == ["0.013", "s", "force", "9.807", "N"]
    assert summary == "Samples: 2, missing: 0; rate 80.0 Hz, 80 Hz declared."


def test_a_program_gets_every_sample_and_a_summary(capsys: pytest.CaptureFixture[str]) -> None:
    first, second, summary = objects(capsys, "tindeq", "--bytes", HALF_KG, "01 08 00", LATER)
    assert first == {"time_s": 0.0, "force_n": [pytest.approx(4.903325)]}
    assert second["time_s"] == pytest.approx(0.0125)
    assert summary == {
        "tool": "tindeq",
        "samples": 2,
        "missing": 0,
        "rate_hz": pytest.approx(80),
        "declared_rate_hz": 80,
        "left_out": 1,
    }


def test_bytes_come_from_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{HALF_KG}\n\n{LATER}\n"))
    assert len(lines(capsys, "tindeq", "--bytes", "-")) == 3


def test_a_value_names_its_characteristic(capsys: pytest.CaptureFixture[str]) -> None:
    full = "00002c07-0000-1000-8000-00805f9b34fb"
    for word in ("2c07", "2C07", full):
        first, _ = lines(capsys, "industrial-measurement", "--bytes", f"{word}=5e 01 00 00")
        assert "0.350 N" in first
    said = refused(capsys, "industrial-measurement", "--bytes", "2c09=00000000")
    assert "2c09" in said
    assert full in said


def test_what_is_not_known_is_shown_so(capsys: pytest.CaptureFixture[str]) -> None:
    row = b"500,nan,0,0,1,0,0,0\n".hex()
    first, _ = lines(capsys, "lines-csv", "--bytes", row)
    assert "force        - N" in first


def test_bytes_of_which_nothing_comes_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(capsys, "tindeq", "--bytes", "01 08 00", status=1)
    assert "pieces that could not be read: 1" in said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["tindek", "--bytes", "00"], 'Did you mean "tindeq"'),
        (["none-such.toml", "--bytes", "00"], "no such file"),
        (["tindeq", "--bytes", "0x0"], "not hexadecimal"),
        (["tindeq", "--bytes", "zz"], "byte 0"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert words in refused(capsys, *arguments)


def test_a_file_with_a_mistake_is_told_with_its_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('title = "Mine"\nsource = "me"\nprof = "example"\n', encoding="utf-8")
    said = refused(capsys, str(file), "--bytes", "00")
    assert "line 3" in said
    assert 'Did you mean "proof"' in said


@asynccontextmanager
async def radio(name: str) -> AsyncIterator[Adapter]:
    """A computer on an air with one simulated tool."""
    air = Air()
    simulated = in_hand(name, "careful", strokes(), 1)
    own = connect_host(air.add_controller("computer"))
    async with simulated.on_air(air), Radio(own) as virtual:
        yield Adapter("air", virtual.client_backend, virtual.scanner_backend)


def test_a_tool_on_the_air_is_started_listened_to_and_stopped() -> None:
    async def session() -> None:
        came: list[Telemetry] = []
        async with radio("tindeq") as adapter:
            tool = load_other_tool("tindeq")
            async with trial(adapter, tool, 10.0, came.append) as gone:
                await asyncio.sleep(2.0)
                assert not gone.is_set()
            before = len(came)
            await asyncio.sleep(1.0)
            assert len(came) == before
        assert sum(len(each.samples) for each in came) == pytest.approx(160, abs=8)

    run_virtual(session())


def test_a_tool_that_is_not_there_is_not_found() -> None:
    async def session() -> None:
        async with radio("witmotion") as adapter:
            with pytest.raises(LinkError) as caught:
                async with trial(adapter, load_other_tool("tindeq"), 5.0, lambda _each: None):
                    pass
            assert caught.value.fault is LinkFault.NOT_FOUND

    run_virtual(session())


@pytest.mark.timeout(120)
def test_the_command_shows_a_tool_of_another_process() -> None:
    async def session() -> list[str]:
        air = Air()
        simulated = in_hand("witmotion", "careful", strokes(), 1)
        async with AirServer(air) as server, simulated.on_air(air):
            command = ["tools", "try", "witmotion", "--air", str(server.address), "--seconds", "1"]
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "companion", *command, cwd=ROOT, stdout=subprocess.PIPE
            )
            out, _ = await process.communicate()
            assert process.returncode == 0
            return out.decode().splitlines()

    first, heard, *_, summary = asyncio.run(session())
    assert "virtual radio" in first
    assert heard == "WT901BLE67: WitMotion BLE motion sensor"
    assert "100 Hz declared" in summary
