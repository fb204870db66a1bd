"""One dashboard in a process of its own, and what goes between it and a browser.

Textual's web driver speaks in packets over standard input and output: a letter (D for what a
terminal would carry, M for a message in JSON), four bytes of length, most significant first, and
the content. It says ``__GANGLION__`` on a line of its own before the first one.
"""

import asyncio
import json
import os
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

PRELUDE: Final = b"__GANGLION__\n"
MOST_WAITING: Final = 4 * 2**20
"""Bytes that a browser may lag behind. More than that it does not show any more, and the process
must never wait for it: the session and its warnings run there."""

END_S: Final = 10.0
"""How long a dashboard may take to end its session and to have it kept."""

_KILL_S: Final = 5.0
_MOST_PACKET: Final = 2**24
_MOST_LINES: Final = 10
_MOST_SAID: Final = 4096


def environment(width: int, height: int, base: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a dashboard that is drawn in a browser.

    Args:
        width: cells.
        height: rows.
        base: our own environment.
    """
    return dict(base) | {
        "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver",
        "TEXTUAL_COLOR_SYSTEM": "truecolor",
        "COLUMNS": str(width),
        "ROWS": str(height),
        "PYTHONUTF8": "1",
    }


class Dashboard:
    """A process with a dashboard.

    Args:
        command: the program and its arguments.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._process: Process | None = None
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._news = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None
        self._saying: asyncio.Task[bytes] | None = None
        self._is_over = False
        self.lagged = False

    async def start(self, width: int, height: int) -> None:
        """Start it for a screen of so many cells and rows.

        Raises:
            OSError: the program cannot be started.
        """
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=environment(width, height, os.environ),
        )
        self._saying = asyncio.create_task(_kept(self._process.stderr))
        self._reading = asyncio.create_task(self._read())

    async def output(self) -> bytes:
        """Return what is to be drawn next; empty at the end."""
        while not self._waiting:
            if self._is_over:
                return b""
            self._news.clear()
            await self._news.wait()
        content = b"".join(self._waiting)
        self._waiting.clear()
        self._size = 0
        return content

    async def type(self, words: str) -> None:
        """Hand over what was typed, or what a mouse did."""
        await self._send(b"D", words.encode())

    async def tell(self, kind: str, **values: int) -> None:
        """Hand over a message, such as a new size."""
        await self._send(b"M", json.dumps({"type": kind, **values}).encode())

    async def end(self) -> str:
        """Have it end its session, and return the last line it said for people.

        One that takes longer than `END_S` is ended by force.
        """
        process = self._process
        if process is None:
            return ""
        await self.tell("quit")
        for wait_s, force in ((END_S, process.terminate), (_KILL_S, process.kill)):
            try:
                async with asyncio.timeout(wait_s):
                    await process.wait()
                break
            except TimeoutError:
                with suppress(ProcessLookupError):
                    force()
        await process.wait()
        for task in (self._reading, self._saying):
            if task is not None:
                await task
        said = b"" if self._saying is None else self._saying.result()
        lines = said.decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""

    async def _send(self, kind: bytes, content: bytes) -> None:
        process = self._process
        if process is None or process.stdin is None or process.returncode is not None:
            return
        with suppress(OSError, RuntimeError):
            process.stdin.write(kind + len(content).to_bytes(4, "big") + content)
            await process.stdin.drain()

    async def _read(self) -> None:
        stdout = None if self._process is None else self._process.stdout
        if stdout is not None:
            with suppress(asyncio.IncompleteReadError, ValueError, OSError):
                if await _is_ready(stdout):
                    await self._read_packets(stdout)
            # What comes after the last packet is for a terminal that is not there; a pipe that
            # nobody empties would keep the process from ending.
            with suppress(OSError):
                while await stdout.read(_MOST_SAID):
                    pass
        self._is_over = True
        self._news.set()

    async def _read_packets(self, stdout: asyncio.StreamReader) -> None:
        while True:
            head = await stdout.readexactly(5)
            size = int.from_bytes(head[1:], "big")
            if head[:1] not in b"DMP" or size > _MOST_PACKET:
                return
            content = await stdout.readexactly(size)
            if head[:1] == b"M" and json.loads(content).get("type") == "exit":
                return
            if head[:1] == b"D":
                self._put(content)

    def _put(self, content: bytes) -> None:
        if self._size + len(content) > MOST_WAITING:
            self.lagged = self._is_over = True
            self._waiting.clear()
            self._size = 0
        if not self.lagged:
            self._waiting.append(content)
            self._size += len(content)
        self._news.set()


async def _is_ready(stdout: asyncio.StreamReader) -> bool:
    for _ in range(_MOST_LINES):
        line = await stdout.readline()
        if line == PRELUDE:
            return True
        if not line:
            break
    return False


async def _kept(stderr: asyncio.StreamReader | None) -> bytes:
    """Read everything, and return the end of it."""
    said = b""
    while stderr is not None and (block := await stderr.read(_MOST_SAID)):
        said = (said + block)[-_MOST_SAID:]
    return said
