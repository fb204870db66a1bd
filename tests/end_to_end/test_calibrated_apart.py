"""Calibration over three processes: a tool on its air, a gauge that joins it, the companion."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end import test_processes
from tests.end_to_end.processes import ROOT, Start, ended, line

start = test_processes.start

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the test sends POSIX signals"),
    pytest.mark.timeout(120),
]

READS = 0.8
"""What the tool reads of a newton."""

GAUGE = """
import sys
from companion.__main__ import main
from simulators import scale

scale._HOLD_S = 25.0
arguments = ["simulate", "--plain", "--tool", "tindeq", "--weigh", "150", "--join", sys.argv[1]]
raise SystemExit(main(arguments))
"""
"""A gauge of its own process cannot feel the other's hand: its own one presses as much, from six
seconds after it is started on, and long enough for the tool to be tared and pressed meanwhile.
Enter is pressed when both press, as a person would."""


def wrong_roller(folder: Path) -> Path:
    """Return the file of a roller whose force is wrong."""
    text = (ROOT / "config" / "tools" / "small-roller.toml").read_text("utf-8")
    file = folder / "wrong-roller.toml"
    file.write_text(text.replace("[real]\n", f"[real]\nforce_gain = [{READS}]\n"), "utf-8")
    return file


def said(process: "subprocess.Popen[str]", words: str) -> None:
    """Read a tool's lines until one says something."""
    while words not in line(process):
        pass


def enter(process: "subprocess.Popen[str]") -> None:
    """Press Enter at a process."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


@pytest.mark.costly
def test_a_gauge_of_one_process_calibrates_the_tool_of_another(
    start: Start, tmp_path: Path
) -> None:
    file = wrong_roller(tmp_path)
    tool = start("-m", "companion", "simulate", "--plain", "--weigh", "150", "--tool", str(file))
    air = line(tool).rpartition(" ")[2]
    paired = start("-m", "companion", "pair", "--air", air, "--tool", "Aurora roller")
    gauge = start("-c", GAUGE, air)
    said(gauge, "switched on")
    assert paired.wait(60) == 0
    against = ("--gauge", "tindeq", "--times", "1", "--json")
    calibrate = ("calibrate", "--air", air, *against)
    companion = start("-m", "companion", *calibrate, stdin=subprocess.PIPE)
    enter(companion)
    said(tool, "the scale shows 150")
    enter(companion)
    out, err = companion.communicate(timeout=100)
    assert companion.returncode == 0, err
    (gain,) = json.loads(out)["gains"]
    assert gain["kept_in"] == "tool"
    assert gain["reported_ppm"] == pytest.approx(1e6 / READS, rel=0.02)
    assert gain["reference"] == "tindeq"
    for each in (gauge, tool):  # the tool's process has the air
        said(each, "disconnected")
        assert ended(each, signal.SIGTERM)[0] == 143
