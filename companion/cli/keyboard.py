"""What a person types while the event loop runs, and what they answer while a tool is paired."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from typing import Final

from companion.ble.agent import passkey
from companion.texts import text

_BLOCK: Final = 4096
_YES: Final = frozenset({"y", "yes"})
_NO: Final = frozenset({"n", "no"})


def is_terminal() -> bool:
    """Whether somebody sits there: standard input, output and error are a terminal."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(stream is not None and stream.isatty() for stream in streams)


class Keyboard:
    """Lines of standard input, each read when it is asked for; questions go to standard error.

    Nothing is read ahead of a question but what came with the line before, so that a screen may
    have the terminal afterwards.
    """

    def __init__(self) -> None:
        self._typed = b""
        self._is_over = False

    async def ask(self, question: str) -> str | None:
        """Ask, and wait for a line.

        Returns:
            The line without spaces around it; None at the end of the input.
        """
        print(question, end="", file=sys.stderr, flush=True)
        while b"\n" not in self._typed and not self._is_over:
            block = await _read()
            self._is_over = not block
            self._typed += block
        if not self._typed:
            print(file=sys.stderr)
            return None
        line, _, self._typed = self._typed.partition(b"\n")
        return line.decode("utf-8", errors="replace").strip()

    async def agrees(self, question: str) -> bool:
        """Ask until the answer is yes or no; the end of the input is a no."""
        while (answer := await self.ask(text("cli.person.yes_no", question=question))) is not None:
            if answer.lower() in _YES | _NO:
                return answer.lower() in _YES
        return False


class TerminalAnswers:
    """Asks whoever sits at the terminal, while a tool is paired.

    Args:
        keyboard: where they type.
    """

    def __init__(self, keyboard: Keyboard) -> None:
        self._keyboard = keyboard

    async def enter(self) -> int | None:
        """Ask for the six digits that the tool shows; an empty line refuses."""
        while words := await self._keyboard.ask(text("cli.pair.enter")):
            number = passkey(words)
            if number is not None:
                return number
            print(text("cli.pair.six_digits"), file=sys.stderr)
        return None

    async def compare(self, number: int) -> bool:
        """Ask whether the tool shows this number too."""
        return await self._keyboard.agrees(text("cli.pair.compare", number=number))

    async def show(self, number: int) -> None:
        """Show six digits that are to be entered at the tool."""
        print(text("cli.pair.show", number=number), file=sys.stderr, flush=True)


async def _read() -> bytes:
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


def _in_a_thread(file: int, give: Callable[[bytes], object]) -> None:
    threading.Thread(target=lambda: give(_block(file)), daemon=True).start()


def _block(file: int) -> bytes:
    try:
        return os.read(file, _BLOCK)
    except OSError:
        return b""
