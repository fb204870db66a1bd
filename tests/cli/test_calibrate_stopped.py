"""Ctrl-C in the middle of ``companion calibrate``: the tool is as it was, or it is calibrated."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import pytest

from companion.settings.calibrations import load_calibrations
from protocols.massage_tool import Op, Request, SetCalibration, SetLimit, decode_request
from simulators.firmware.control_point import ControlPoint
from simulators.firmware.firmware import Firmware
from tests.cli.room import Line, room_for
from tests.cli.workbench import Workbench, at_home

pytestmark = [
    pytest.mark.unmeasured,  # see end_to_end/conftest.py
    pytest.mark.skipif(sys.platform == "win32", reason="the test sends POSIX signals"),
]

LOADS = ("--loads", "50,100,150")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Request]:
    """Everything that the tool is asked."""
    heard: list[Request] = []
    honest = Firmware.request

    def request(self: Firmware, value: bytes, now_us: int, **more: object) -> bytes | None:
        heard.append(decode_request(value))
        return honest(self, value, now_us, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Firmware, "request", request)
    return heard


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch, home: Path, asked: list[Request]) -> Workbench:
    """A roller that reads 0.8 N for a newton, paired."""
    made = at_home(monkeypatch, room_for(monkeypatch, home))
    asked.clear()
    return made


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


async def ctrl_c() -> str:
    """Type Ctrl-C in place of an answer."""
    interrupt()
    await asyncio.sleep(30.0)
    return ""


@pytest.mark.parametrize("before", [0, 2], ids=["at the tare", "at a load"])
def test_the_tool_keeps_its_gain_is_left_in_order_and_can_be_calibrated_after(
    bench: Workbench,
    asked: list[Request],
    capsys: pytest.CaptureFixture[str],
    before: int,
) -> None:
    typed: list[Line] = [*[""] * before, ctrl_c]
    assert bench.calibrate(*LOADS, typed=typed) == 130
    out, err = capsys.readouterr()
    assert err.splitlines()[-1] == (
        "Stopped: nothing was kept, and the tool has the gain that it had."
    )
    assert "calibrated" not in out
    assert [request.op for request in asked[-3:]] == [Op.HAPTIC, Op.SET_LIMIT, Op.STOP]
    assert asked[-2] == SetLimit(0.0, 0.0, 0.0)
    assert Op.SET_CALIBRATION not in {request.op for request in asked}
    assert not load_calibrations()
    assert not list(bench.room.folder.glob("*.calibration.json"))
    bench.loads_g = (150.0,)
    assert bench.calibrate("--loads", "150", typed=["", ""]) == 0
    assert bench.tool_ppm() == [pytest.approx(1e6 / 0.8, rel=0.02)]


def test_a_gain_that_the_tool_is_being_given_is_kept_here_too(
    bench: Workbench, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = ControlPoint._on_channel

    def on_channel(self: ControlPoint, request: object) -> object:
        if isinstance(request, SetCalibration):
            interrupt()
        return honest(self, request)  # type: ignore[arg-type]

    monkeypatch.setattr(ControlPoint, "_on_channel", on_channel)
    bench.loads_g = (150.0,)
    assert bench.calibrate("--loads", "150", "--json", typed=["", ""]) == 130
    (gain,) = json.loads(capsys.readouterr().out.splitlines()[-1])["gains"]
    assert gain["kept_in"] == "tool"
    assert [one.reported_ppm for one in bench.found().gains] == bench.tool_ppm()
