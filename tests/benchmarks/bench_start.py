"""How long a person waits: for the version, and for a five-minute routine in virtual time."""

import json
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


def bench() -> dict[str, float]:
    """Return seconds from the start of a process to its end, start-up included."""
    floor_s, _ = _timed(["-c", "pass"])
    version_s, _ = _timed(["-m", "companion", "--version"])
    demo_s, lines = _timed(["-m", "companion", "demo", "--speed", "max", "--json"])
    session_s = json.loads(lines.splitlines()[-1])["summary"]["duration_s"]
    return {
        "version_s": version_s,
        "version_to_bare_interpreter_ratio": version_s / floor_s,
        "routine_whole_process_s": demo_s,
        "routine_to_real_time_ratio": session_s / demo_s,
    }


def _timed(arguments: list[str]) -> tuple[float, str]:
    began = time.perf_counter()
    done = subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return time.perf_counter() - began, done.stdout
