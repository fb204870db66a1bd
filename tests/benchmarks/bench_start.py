"""How long a person waits: for the version, for a recording's analysis, and for a routine.

The routine runs in virtual time. The recording is of a simulated hand that strokes for ten minutes
with a tool that has force, six axes and a wheel; making it is not measured.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from simulators.plan import Plan
from simulators.recording import write_recording
from simulators.scenario import load_scenario
from simulators.tool_data import load_tool
from tests.accuracy.matrix import SWEEPS

ROOT = Path(__file__).parents[2]
_MINUTES = 10.0
_RATE_HZ = 100
_TIMES = 20
"""How often the plan of twenty strokes is performed: for more than ten minutes."""


def bench(*, minutes: float = _MINUTES) -> dict[str, float]:
    """Return seconds from the start of a process to its end, start-up included.

    Args:
        minutes: length of the recording that is analysed.
    """
    floor_s, _ = _timed(["-c", "pass"])
    version_s, _ = _timed(["-m", "companion", "--version"])
    with TemporaryDirectory() as folder:
        recording = _recording(Path(folder), minutes)
        analyze_s, document = _timed(["-m", "companion", "analyze", str(recording), "--json"])
    assert abs(json.loads(document)["duration_s"] - 60 * minutes) < 1.0
    demo_s, lines = _timed(["-m", "companion", "demo", "--speed", "max", "--json"])
    session_s = json.loads(lines.splitlines()[-1])["summary"]["duration_s"]
    return {
        "version_s": version_s,
        "version_to_bare_interpreter_ratio": version_s / floor_s,
        "analyze_s": analyze_s,
        "routine_whole_process_s": demo_s,
        "routine_to_real_time_ratio": session_s / demo_s,
    }


def _recording(folder: Path, minutes: float) -> Path:
    """Write a recording of that length, without its truth."""
    times = 1 + int(_TIMES * minutes / _MINUTES)
    write_recording(
        folder,
        "strokes",
        plan=Plan(SWEEPS.steps * times),
        tool=load_tool("small-roller"),
        scenario=load_scenario("everyday"),
        seed=1,
        rate_hz=_RATE_HZ,
    )
    whole, cut = folder / "strokes.csv", folder / "cut.csv"
    rows = whole.read_text(encoding="utf-8").splitlines(keepends=True)
    cut.write_text("".join(rows[: 1 + round(60 * minutes * _RATE_HZ)]), encoding="utf-8")
    return cut


def _timed(arguments: list[str]) -> tuple[float, str]:
    began = time.perf_counter()
    done = subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return time.perf_counter() - began, done.stdout
