"""Keys of a session in lines: one letter and Enter, where somebody sits at a terminal."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Final

from companion.coaching.events import Command, Event

KEYS: Final = {
    "": Command.CONFIRM,
    "y": Command.CONFIRM,
    "p": Command.PAUSE,
    "n": Command.SKIP,
    "b": Command.BACK,
    "r": Command.REPEAT,
    "t": Command.TARE,
    "+": Command.SCALE_UP,
    "-": Command.SCALE_DOWN,
    "a": Command.ACKNOWLEDGE,
    "s": Command.STOP,
    "x": Command.UNWELL,
    "q": Command.QUIT,
}
_MOST_BYTES = 1024


def has_keyboard() -> bool:
    """Return whether somebody can answer in lines: standard input is a terminal we can watch."""
    return sys.platform != "win32" and sys.stdin is not None and sys.stdin.isatty()


async def obey_keyboard(events: AsyncIterator[Event], command: Callable[[Command], None]) -> None:
    """Take commands from the terminal until the session is over.

    Args:
        events: a subscription to the session, to know when that is.
        command: where commands go.
    """
    with _watched(command):
        async for _ in events:
            pass


@contextmanager
def _watched(command: Callable[[Command], None]) -> Iterator[None]:
    loop, terminal = asyncio.get_running_loop(), sys.stdin.fileno()

    def read() -> None:
        typed = os.read(terminal, _MOST_BYTES)
        if not typed:
            loop.remove_reader(terminal)
        for line in typed.decode(errors="replace").splitlines():
            meant = KEYS.get(line.strip().lower())
            if meant is not None:
                command(meant)

    loop.add_reader(terminal, read)
    try:
        yield
    finally:
        loop.remove_reader(terminal)
