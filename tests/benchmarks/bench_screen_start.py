"""How long a person waits at a terminal: for the demo's first picture, and for its first sample.

Needs a system with pseudo-terminals. The memory is the whole process's: service, dashboard,
simulator and radio together.
"""

import os
import pty
import re
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAINTED = re.compile(rb"FOREHEAD")
LIVE = re.compile(rb"live.{0,60}100 Hz", re.DOTALL)
TOO_LONG_S = 30.0


def bench() -> dict[str, float]:
    """Return seconds from the start of the process, and resident megabytes once it is live."""
    began = time.perf_counter()
    process, terminal = pty.fork()
    if process == 0:
        _be_the_demo()
    try:
        painted_s = _seconds_until(PAINTED, terminal, began)
        live_s = _seconds_until(LIVE, terminal, began)
        resident_mb = _resident_mb(process)
    finally:
        os.write(terminal, b"qq")
        _seconds_until(None, terminal, began)
        os.waitpid(process, 0)
        os.close(terminal)
    return {"first_paint_s": painted_s, "first_live_s": live_s, "resident_mb": resident_mb}


def _be_the_demo() -> None:
    os.chdir(ROOT)
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "120", "LINES": "40"}
    os.execve(sys.executable, [sys.executable, "-m", "companion", "demo"], environment)  # noqa: S606 -- our own interpreter


def _seconds_until(pattern: re.Pattern[bytes] | None, terminal: int, began: float) -> float:
    """Read until a pattern comes, or without one until the end."""
    seen = b""
    while time.perf_counter() - began < TOO_LONG_S:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            break
        seen = seen[-4096:] + chunk
        if pattern is not None and pattern.search(seen):
            return time.perf_counter() - began
        if not chunk:
            break
    if pattern is not None:
        raise TimeoutError(pattern.pattern.decode())
    return time.perf_counter() - began


def _resident_mb(process: int) -> float:
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
