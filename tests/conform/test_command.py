"""``companion conform`` as it is typed: what it prints and how it ends."""

import asyncio
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from companion.__main__ import main
from companion.ble.adapter import Adapter
from companion.cli.conform import Terminal
from companion.conform.person import Action, Question
from companion.conform.rules import RULES
from companion.conform.verdict import NotRun
from simulators.bleak_backend import Adapter as Radio
from simulators.firmware import Firmware, Tool
from simulators.peripheral import Peripheral
from simulators.radio import Air, connect_host
from simulators.virtual_time import run_virtual
from tests.conform.odd_firmware import ForgetsCalibration
from tests.conform.world import STILL, scripted
from tests.simulators.firmware.scripted import ScriptedBody

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

ROOT = Path(__file__).parents[2]
AIR = ("--air", "127.0.0.1:1")
FEW = ("--only", "closed-serial", "--only", "frame-length", "--only", "calibration-kept")

Enter = Callable[..., None]


class Room:
    """An air with tools on it, in the process of the command."""

    def __init__(self, makes: tuple[Callable[[Tool, ScriptedBody], Firmware], ...]) -> None:
        self._makes = makes
        self._air: Air | None = None

    @asynccontextmanager
    async def opened(self, _address: object, **_options: object) -> AsyncIterator[Adapter]:
        async with AsyncExitStack() as stack:
            if self._air is None:
                self._air = Air()
                await self._fill(stack, self._air)
            host = connect_host(self._air.add_controller("computer"))
            radio = await stack.enter_async_context(Radio(host))
            yield Adapter("a room", radio.client_backend, radio.scanner_backend)

    async def _fill(self, stack: AsyncExitStack, air: Air) -> None:
        for number, make in enumerate(self._makes):
            tool = scripted()
            object.__setattr__(tool, "address", f"F0:12:34:56:78:0{number}")
            object.__setattr__(tool, "name", f"Roller {number}")
            firmware = make(tool, ScriptedBody(lambda _us: STILL))
            host = connect_host(air.add_controller(f"tool {number}"))
            await stack.enter_async_context(Peripheral(firmware, host))


@pytest.fixture
def enter(monkeypatch: pytest.MonkeyPatch, home: Path) -> Enter:
    """Put tools into a room, and let the command find them there, in virtual time."""
    assert home.exists()

    def into(*makes: Callable[[Tool, ScriptedBody], Firmware]) -> None:
        monkeypatch.setattr("companion.cli.conform.opened_radio", Room(makes).opened)
        monkeypatch.setattr(asyncio, "run", run_virtual)

    return into


def test_a_good_tool_ends_with_0(enter: Enter, capsys: pytest.CaptureFixture[str]) -> None:
    enter(Firmware)
    assert main(["conform", *AIR, *FEW]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "Roller 0 at F0:12:34:56:78:00, on a room",
        "passed  closed-serial: The serial number is closed without pairing",
        "passed  frame-length: A frame has exactly 12 + count x size bytes",
        "passed  calibration-kept: The calibration outlives the link",
        "3 passed, 0 failed, 0 not run.",
    ]
    assert said.err.startswith("Hold the tool still in the air")


def test_a_bad_tool_ends_with_1_clause_and_what_was_seen(
    enter: Enter, capsys: pytest.CaptureFixture[str]
) -> None:
    enter(ForgetsCalibration)
    assert main(["conform", *AIR, *FEW]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "2 passed, 1 failed, 0 not run."
    assert lines[-2] == (
        "FAILED  calibration-kept: The calibration outlives the link "
        '(Tool Control Point: "Calibration and bonds survive a power cycle"). '
        "Seen: gain 1, offset 0; expected gain 1.01, offset -100"
    )


def test_json_is_one_document_and_nothing_else(
    enter: Enter, capsys: pytest.CaptureFixture[str]
) -> None:
    enter(ForgetsCalibration)
    assert main(["conform", *AIR, *FEW, "--only", "haptic-ends", "--json"]) == 1
    whole = json.loads(capsys.readouterr().out)
    assert whole["totals"] == {"passed": 2, "failed": 1, "not_run": 1}
    assert whole["tool"] == {"address": "F0:12:34:56:78:00", "name": "Roller 0"}
    assert whole["complete"] is True
    assert whole["calibration_not_put_back"] == []
    first, _, failed, left_out = whole["rules"]
    assert (first["id"], first["outcome"], first["reason"]) == ("closed-serial", "passed", None)
    assert failed["clause"]["section"] == "Tool Control Point"
    assert left_out["reason"] == "needs a person: --attended"


def test_one_of_several_tools_has_to_be_named(
    enter: Enter, capsys: pytest.CaptureFixture[str]
) -> None:
    enter(Firmware, Firmware)
    assert main(["conform", *AIR, *FEW]) == 2
    assert "Roller 0, Roller 1" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["Roller 1", "f0:12:34:56:78:01"])
def test_a_tool_is_named_by_name_or_address(
    enter: Enter, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    enter(ForgetsCalibration, Firmware)
    assert main(["conform", *AIR, *FEW, "--tool", name]) == 0
    assert capsys.readouterr().out.startswith("Roller 1 at")


@pytest.mark.parametrize("arguments", [(), ("--tool", "Nobody")])
def test_no_tool_ends_with_3(
    enter: Enter, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    enter(*([Firmware] if arguments else []))
    assert main(["conform", *AIR, *arguments]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("companion: No massage tool was heard.")


def test_a_tool_that_does_not_let_us_in_is_no_success(
    enter: Enter, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Peripheral, "_accepts_bonds", lambda _tool: False)
    enter(Firmware)
    assert main(["conform", *AIR, "--only", "frame-length"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[1].startswith("not run frame-length")
    assert "the tool could not be reached" in said[1]


def test_the_list_names_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["conform", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [rule.id for rule in RULES]
    assert main(["conform", "--list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["rules"]
    assert [rule["id"] for rule in listed] == [rule.id for rule in RULES]


def test_a_rule_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["conform", "--only", "frame-lenght"]) == 2
    assert "'frame-lenght'" in capsys.readouterr().err


def test_a_person_needs_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert main(["conform", "--attended"]) == 2
    assert capsys.readouterr().err == "companion: --attended needs a person at a terminal\n"


def test_a_person_is_asked_on_standard_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("\nperhaps\nY\nn\n"))

    async def ask() -> tuple[bool, bool]:
        person = Terminal()
        await person.please(Action.PRESS)
        return await person.sees(Question.BUZZES), await person.sees(Question.SILENT)

    assert asyncio.run(ask()) == (True, False)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "[enter] when done: press the tool firmly against your palm, and go on pressing",
        "Does the tool buzz now? [y/n]",
        "Does the tool buzz now? [y/n]",
        "Is the tool silent and still now? [y/n]",
    ]


def test_a_person_who_has_gone_leaves_rules_untried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    with pytest.raises(NotRun):
        asyncio.run(Terminal().please(Action.SHAKE))


@pytest.mark.skipif(sys.platform == "win32", reason="the test sends POSIX signals")
def test_ctrl_c_leaves_the_tool_as_found(tmp_path: Path) -> None:
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "XDG_STATE_HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
    }

    def begin(*arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(  # noqa: S603 -- our own interpreter
            [sys.executable, "-m", "companion", *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    tool = begin("simulate", "--still")
    command = None
    try:
        assert tool.stdout is not None
        address = tool.stdout.readline().split()[-1]
        tool.stdout.readline()
        command = begin("conform", "--air", address, "--slow", "--only", "run-outlives-link")
        assert command.stdout is not None
        assert command.stdout.readline().startswith("Aurora roller")
        with pytest.raises(subprocess.TimeoutExpired):
            command.wait(timeout=4)
        command.send_signal(signal.SIGINT)
        said, error = command.communicate(timeout=100)
    finally:
        for process in (command, tool):
            if process is not None:
                process.kill()
                process.communicate()
    assert command.returncode == 130
    assert said == "0 passed, 0 failed, 0 not run.\n"
    assert "Traceback" not in error
