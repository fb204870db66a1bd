"""The demo as a person meets it at a terminal of 120x40: waiting times, memory, processor time.

Everything is in the one process that is measured: hand, tool, radio, service and dashboard. The
same session printed as lines has no dashboard; what it takes is subtracted to tell what the
dashboard takes. Needs Linux: pseudo-terminals, and /proc for another process's figures.
"""

import os
import pty
import re
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]
PAINTED = re.compile(rb"FOREHEAD")
SAMPLED = re.compile(rb"100 Hz.{0,60}loss", re.DOTALL)
"""The loss is a share of samples: it is shown from the first one on."""
BEGUN = re.compile(rb"no contact", re.IGNORECASE)
"""The level once the first step has begun: the tool is still in the air."""
BEGUN_IN_LINES = re.compile(rb"session_started")
TOO_LONG_S = 60.0


def bench(*, seconds: float = 10.0) -> dict[str, float]:
    """Return waiting times, megabytes, and percent of a core.

    Args:
        seconds: for how long of the session processor time is taken, from its beginning on.
    """
    with _Demo() as screen:
        figures = {
            "first_paint_s": screen.seconds_until(PAINTED),
            "first_live_sample_s": screen.seconds_until(SAMPLED),
        }
        screen.seconds_until(BEGUN)
        on_screen = screen.cpu_percent(seconds)
        figures["resident_mb"] = screen.resident_mb()
    with _Demo("--json", "--speed", "1") as lines:
        lines.seconds_until(BEGUN_IN_LINES)
        in_lines = lines.cpu_percent(seconds)
    return figures | {
        "cpu_percent_on_screen": on_screen,
        "cpu_percent_in_lines": in_lines,
        "cpu_percent_of_dashboard": on_screen - in_lines,
    }


class _Demo:
    """A demo in a pseudo-terminal of its own, ended with the context."""

    def __init__(self, *arguments: str) -> None:
        self._began = time.perf_counter()
        self._process, self._terminal = pty.fork()
        if self._process == 0:
            _become_the_demo(arguments)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        os.kill(self._process, signal.SIGTERM)
        with suppress(OSError):
            while os.read(self._terminal, 65536):
                pass
        os.waitpid(self._process, 0)
        os.close(self._terminal)

    def seconds_until(self, pattern: re.Pattern[bytes]) -> float:
        """Read until a pattern comes; return seconds since the process began.

        Raises:
            TimeoutError: it did not come.
        """
        seen = b""
        while time.perf_counter() - self._began < TOO_LONG_S:
            seen = seen[-4096:] + os.read(self._terminal, 65536)
            if pattern.search(seen):
                return time.perf_counter() - self._began
        raise TimeoutError(pattern.pattern.decode())

    def cpu_percent(self, seconds: float) -> float:
        """Read on for a while; return the percent of a core that the process took meanwhile."""
        began, took_s = time.perf_counter(), self._cpu_s()
        while time.perf_counter() - began < seconds:
            os.read(self._terminal, 65536)
        return 100 * (self._cpu_s() - took_s) / (time.perf_counter() - began)

    def resident_mb(self) -> float:
        """Return the memory that the process holds."""
        pages = int(self._proc("statm").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def _cpu_s(self) -> float:
        fields = self._proc("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _proc(self, name: str) -> str:
        return Path(f"/proc/{self._process}/{name}").read_text(encoding="ascii")


def _become_the_demo(arguments: tuple[str, ...]) -> None:
    os.chdir(ROOT)
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "120", "LINES": "40"}
    command = [sys.executable, "-m", "companion", "demo", *arguments]
    os.execve(sys.executable, command, environment)  # noqa: S606 -- our own interpreter
