"""``companion pair`` on a real terminal, with a simulated tool in a process of its own."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform != "win32":
    from tests.cli.terminal import terminal

ROOT = Path(__file__).parents[2]
PATIENCE_S = 100.0
SIMULATE = ("-u", "-m", "companion", "simulate", "--plain", "--tool", "passkey-roller")

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the test needs a pseudo-terminal"),
    pytest.mark.timeout(120),
]


class Simulator:
    """``companion simulate --plain`` in a process, and what it has said so far."""

    def __init__(self, process: "subprocess.Popen[str]", said: Path) -> None:
        self.process = process
        self._said = said

    def says(self, pattern: str) -> str:
        """Wait until it has said something; return the group."""
        deadline = time.monotonic() + PATIENCE_S
        while (found := re.search(pattern, self._said.read_text("utf-8"))) is None:
            assert self.process.poll() is None
            assert time.monotonic() < deadline, self._said.read_text("utf-8")
            time.sleep(0.05)
        return found[1]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    names = ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
    return {**dict.fromkeys(names, str(tmp_path)), "PYTHONPATH": str(ROOT)}


@pytest.fixture
def simulator(tmp_path: Path, environment: dict[str, str]) -> Iterator[Simulator]:
    said = tmp_path / "said"
    with (
        said.open("w") as out,
        subprocess.Popen(  # noqa: S603 -- our own interpreter
            [sys.executable, *SIMULATE],
            cwd=ROOT,
            env=os.environ | environment,
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            text=True,
        ) as process,
    ):
        yield Simulator(process, said)
        process.kill()


def test_a_tool_with_a_display_is_picked_typed_for_named_and_then_streamed_from(
    simulator: Simulator, environment: dict[str, str]
) -> None:
    air = simulator.says(r"air open at (\S+)")
    pair = ("-m", "companion", "pair", "--air", air)
    with terminal(*pair, environment=environment, size=(100, 30)) as shown:
        shown.until("Which one? Its number: ")
        assert "1  Lumen roller  -  new  -" in shown.written
        shown.press("1\r")
        shown.until("The six digits that the tool shows")
        digits = simulator.says(r"its display shows (\d{6})")
        shown.press(f"{digits}\r")
        shown.until("Is this the one? [y/n]")
        shown.press("y\r")
        shown.until("then press Enter")
        shown.press("\r")
        shown.until("What shall it be called? [Lumen roller] ")
        shown.press("Left\r")
        shown.until("Left is paired and known here.")
        assert shown.ended()[0] == 0
    run = ("-m", "companion", "run", "--air", air, "--plain")
    with terminal(*run, environment=environment) as shown:
        shown.until("connected to Left")
        shown.until("zero set")
        shown.press("\x03")
        assert shown.ended()[0] == 130


def test_leaving_at_the_passkey_leaves_nothing_behind(
    simulator: Simulator, environment: dict[str, str], tmp_path: Path
) -> None:
    air = simulator.says(r"air open at (\S+)")
    pair = ("-m", "companion", "pair", "--air", air, "--tool", "Lumen roller")
    with terminal(*pair, environment=environment) as shown:
        shown.until("The six digits that the tool shows")
        shown.press("\x03")
        assert shown.ended()[0] == 130
        assert "Traceback" not in shown.written
    simulator.says(r"(disconnected)")
    kept = [file.name for file in tmp_path.rglob("*.json") if "ltk" in file.read_text("utf-8")]
    assert kept == []
