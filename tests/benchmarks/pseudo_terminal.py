"""A program of ours in a pseudo-terminal, with the moment at which each byte of it came."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import threading
import time
from bisect import bisect_left
from collections.abc import Mapping
from types import TracebackType
from typing import Self

TOO_LONG_S = 60.0
"""A program that shows nothing for so long is not waited for."""


class PseudoTerminal:
    """Runs ``python -m`` something on a terminal of its own, ended with the context.

    Moments are those of ``time.perf_counter``, which is one clock for all processes of a system.

    Args:
        arguments: of ``python``.
        columns: width of the terminal.
        rows: its height.
        environment: what is different in the program's.

    Attributes:
        written: all bytes that came.
    """

    def __init__(
        self,
        *arguments: str,
        columns: int = 120,
        rows: int = 40,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.written = bytearray()
        self._ends: list[int] = []
        self._moments: list[float] = []
        self._news = threading.Condition()
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        colours = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, **colours, **(environment or {})},
        )
        os.close(theirs)
        self._reader = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Self:
        self._reader.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._process.kill()
        self._process.wait(timeout=TOO_LONG_S)
        self._reader.join(timeout=5)
        os.close(self._ours)

    def press(self, key: str) -> float:
        """Type a key; return the moment before."""
        began = time.perf_counter()
        os.write(self._ours, key.encode())
        return began

    def until(self, pattern: re.Pattern[bytes], since: float = 0.0) -> float:
        """Return the moment at which a pattern, written after a moment, was there.

        Raises:
            TimeoutError: it did not come.
        """
        deadline = time.perf_counter() + TOO_LONG_S
        with self._news:
            while (moment := self.at(pattern, since)) is None:
                if not self._news.wait(deadline - time.perf_counter()):
                    raise TimeoutError(pattern.pattern.decode())
        return moment

    def at(self, pattern: re.Pattern[bytes], since: float) -> float | None:
        """Return the moment at which a pattern, written after a moment, was there; None if not."""
        chunk = bisect_left(self._moments, since)
        found = pattern.search(self.written, self._ends[chunk - 1] if chunk else 0)
        if found is None:
            return None
        return self._moments[bisect_left(self._ends, found.end())]

    def ended(self, within_s: float) -> None:
        """Wait for the program's own end."""
        self._process.wait(timeout=within_s)
        self._reader.join(timeout=5)

    def _read(self) -> None:
        while True:
            try:
                read = os.read(self._ours, 65536)
            except OSError:
                read = b""
            with self._news:
                if read:
                    self.written += read
                    self._ends.append(len(self.written))
                    self._moments.append(time.perf_counter())
                self._news.notify_all()
            if not read:
                return
