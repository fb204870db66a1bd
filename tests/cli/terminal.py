"""A command in a pseudo-terminal of its own: what a person at a real one would see and press."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from select import select

ROOT = Path(__file__).parents[2]
LEFT = "\x1b[?1049l"
"""What a program writes when it gives the ordinary screen back."""
QUIET = {"MASSAGE_COMPANION_SOUND": "bell"}
"""No loudspeaker of whoever runs the tests is used."""
SHOWN = "\x1b[?1049h"
_CONTROLS = re.compile(r"\x1b\[[0-9;?<>=]*[a-zA-Z]")
_PATIENCE_S = 100.0
"""What ends a test that waits in vain, with what was written: below its own limit, and no measure
of how fast a machine is."""


class Terminal:
    """One end of a pseudo-terminal with a process at the other.

    Args:
        process: the process, which has this terminal as its own.
        end: our end.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", end: int) -> None:
        self.process = process
        self._end: int | None = end
        self._deadline = time.monotonic() + _PATIENCE_S
        self._answered = 0
        self.written = ""

    def press(self, keys: str) -> None:
        """Type keys."""
        assert self._end is not None
        self._answered = len(self.written)
        os.write(self._end, keys.encode())

    def hang_up(self) -> None:
        """Close the terminal."""
        if self._end is not None:
            os.close(self._end)
            self._end = None

    def until(self, *either: str) -> None:
        """Read until one of them has been written since keys were last typed.

        Spaces may have been drawn as moves.
        """
        self._read(lambda: any(words in self.written[self._answered :] for words in either))

    def ended(self) -> tuple[int, str]:
        """Read to the end; return the status and what is left on the ordinary screen."""
        if self._end is not None:
            self._read(lambda: False)
        status = self.process.wait(timeout=self._left_s())
        left = self.written.rpartition(LEFT)[2] if LEFT in self.written else ""
        return status, _CONTROLS.sub("", left).replace("\r\n", "\n")

    def _read(self, is_enough: Callable[[], bool]) -> None:
        assert self._end is not None
        while not is_enough():
            ready, _, _ = select([self._end], [], [], self._left_s())
            assert ready, f"nothing more after {self.written[-300:]!r}"
            try:
                read = os.read(self._end, 65536)
            except OSError:
                return
            if not read:
                return
            self.written += read.decode(errors="replace")

    def _left_s(self) -> float:
        return max(0.0, self._deadline - time.monotonic())


@contextmanager
def terminal(
    *arguments: str, environment: dict[str, str], size: tuple[int, int] = (80, 24)
) -> Iterator[Terminal]:
    """Run ``python`` with arguments in a terminal of its own, until the block is left."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    with subprocess.Popen(  # noqa: S603 -- our own interpreter
        [sys.executable, "-c", _IN_CHARGE, *arguments],
        cwd=ROOT,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env={**os.environ, **QUIET, "TERM": "xterm-256color", **environment},
    ) as process:
        os.close(theirs)
        shown = Terminal(process, ours)
        try:
            yield shown
        finally:
            process.kill()
            shown.hang_up()


_IN_CHARGE = (
    "import fcntl, os, signal, sys, termios\n"
    "signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
    "fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])\n"
)
"""Makes the terminal the process's own: closing it hangs the process up, whoever runs us."""
