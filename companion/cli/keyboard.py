"""What a person types while the event loop runs, and what they answer while a tool is paired."""

import asyncio
import sys

from companion.ble.agent import passkey
from companion.cli.terminal import is_yes, typed
from companion.texts import text
from companion.tui.workshop import Talk


class Keyboard:
    """Lines of standard input, each read when it is asked for; questions go to standard error.

    Nothing is read ahead of a question but what came with the line before, so that a screen may
    have the terminal afterwards.

    Args:
        ends_lines: end the question's line where no person's Enter does: nobody sits at a
            terminal, or the question is left.
    """

    def __init__(self, *, ends_lines: bool = False) -> None:
        self._ends_lines = ends_lines
        self._typed = b""
        self._is_over = False

    async def ask(self, question: str, *, has_default: bool = False) -> str | None:  # noqa: ARG002 - the question says it
        """Ask, and wait for a line.

        Returns:
            The line without spaces around it; None at the end of the input.
        """
        print(question, end="", file=sys.stderr, flush=True)
        try:
            answer = await self.line()
        except asyncio.CancelledError:
            if self._ends_lines:
                print(file=sys.stderr)
            raise
        if answer is None or (self._ends_lines and not sys.stdin.isatty()):
            print(file=sys.stderr)
        return answer

    def say(self, sentence: str) -> None:
        """Tell how it goes: on standard error, where no program reads an answer."""
        print(sentence, file=sys.stderr, flush=True)

    async def line(self) -> str | None:
        """Wait for a line; as ``ask`` returns it."""
        while b"\n" not in self._typed and not self._is_over:
            block = await typed()
            self._is_over = not block
            self._typed += block
        if not self._typed:
            return None
        line, _, self._typed = self._typed.partition(b"\n")
        return line.decode("utf-8", errors="replace").strip()

    async def agrees(self, question: str) -> bool:
        """Ask until the answer is yes or no; the end of the input is a no."""
        while (answer := await self.ask(text("cli.person.yes_no", question=question))) is not None:
            if (said := is_yes(answer)) is not None:
                return said
        return False


class TerminalAnswers:
    """Asks whoever sits at the terminal, in lines or at a screen, while a tool is paired.

    Args:
        talk: who is asked.
    """

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    async def enter(self) -> int | None:
        """Ask for the six digits that the tool shows; an empty line refuses."""
        while words := await self._talk.ask(text("cli.pair.enter")):
            number = passkey(words)
            if number is not None:
                return number
            self._talk.say(text("cli.pair.six_digits"))
        return None

    async def compare(self, number: int) -> bool:
        """Ask whether the tool shows this number too."""
        return await self._talk.agrees(text("cli.pair.compare", number=number))

    async def show(self, number: int) -> None:
        """Show six digits that are to be entered at the tool."""
        self._talk.say(text("cli.pair.show", number=number))
