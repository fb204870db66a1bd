"""The terminal: whether somebody sits there, and what they type while the event loop runs."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from typing import Final, TextIO

_BLOCK: Final = 4096
_YES: Final = frozenset({"y", "yes"})
_NO: Final = frozenset({"n", "no"})


def can_ask() -> bool:
    """Say whether somebody can be asked: both ends of the talk are a terminal."""
    return _are_terminals(sys.stdin, sys.stdout)


def is_terminal() -> bool:
    """Say whether somebody sits there: standard input, output and error are a terminal."""
    return _are_terminals(sys.stdin, sys.stdout, sys.stderr)


def has_keyboard() -> bool:
    """Say whether somebody can answer in lines: standard input is a terminal we can watch."""
    return sys.platform != "win32" and _are_terminals(sys.stdin)


def is_yes(answer: str) -> bool | None:
    """Say whether an answer is a yes; None where it is neither that nor a no."""
    word = answer.lower()
    return word in _YES if word in _YES | _NO else None


async def typed() -> bytes:
    """Wait until something was typed, and return it; nothing at the end of the input.

    A reader of the loop where the platform has them for terminals and pipes: it can be given up.
    Else a thread waits, past the interpreter's own lock on the stream, and dies with the process.
    """
    loop = asyncio.get_running_loop()
    came: asyncio.Future[bytes] = loop.create_future()

    def give(block: bytes) -> None:
        if not came.done():
            came.set_result(block)

    try:
        file = sys.stdin.fileno()
    except (OSError, ValueError):
        return b""
    try:
        loop.add_reader(file, lambda: give(_block(file)))
    except (NotImplementedError, OSError):
        _in_a_thread(file, lambda block: loop.call_soon_threadsafe(give, block))
        return await came
    try:
        return await came
    finally:
        loop.remove_reader(file)


def _are_terminals(*streams: TextIO | None) -> bool:
    return all(stream is not None and stream.isatty() for stream in streams)


def _in_a_thread(file: int, give: Callable[[bytes], object]) -> None:
    threading.Thread(target=lambda: give(_block(file)), daemon=True).start()


def _block(file: int) -> bytes:
    try:
        return os.read(file, _BLOCK)
    except OSError:
        return b""
