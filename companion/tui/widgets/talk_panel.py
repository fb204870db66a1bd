"""A talk with a person about a tool: what was said, the question, and a line to answer on."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from companion.texts import text
from companion.tui.glyphs import Glyphs
from companion.tui.widgets.force_line import ForceLine
from companion.tui.widgets.page import Page
from companion.tui.workshop import Feels

_MOST_SAID: Final = 200
_LONGEST_ANSWER: Final = 80
_YES_NO: Final = {"y": True, "n": False}


FEELS_PER_SECOND: Final = 10
"""How often what the tool feels is looked at: a number is read no faster."""


class TalkPanel(Vertical):
    """Asks one question at a time; what is typed before it is asked does not answer it.

    Args:
        glyphs: the signs to draw with.
    """

    DEFAULT_CSS = """
    TalkPanel {
        width: 1fr; height: 1fr;
        & > #said { height: auto; max-height: 60%; padding: 0; }
        & > #question { height: auto; max-height: 50%; margin-top: 1; }
        & > #answer { height: 1; background: $panel; margin-top: 0; }
        & > #how { height: auto; color: $quiet; }
        & > #force { display: none; margin-top: 1; }
        &.-feeling > #force { display: block; }
    }
    """

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._glyphs = glyphs
        self._lines: list[str] = []
        self._said = Page(id="said")
        self._question = Static(id="question")
        self._answer = Input(id="answer", compact=True, max_length=_LONGEST_ANSWER)
        self._how = Static(id="how")
        self._force = ForceLine(glyphs, id="force")
        self._feels: Feels | None = None
        self._awaited: asyncio.Future[str] | None = None
        self._is_yes_no = False

    def compose(self) -> ComposeResult:
        """Lay the parts out from the top."""
        yield self._said
        yield self._question
        yield self._answer
        yield self._how
        yield self._force

    def on_mount(self) -> None:
        """A cursor that blinks would say nothing."""
        self._answer.cursor_blink = False
        self._said.can_focus = False
        self.set_interval(1 / FEELS_PER_SECOND, self._look)

    def begin(self) -> None:
        """Begin a talk, with nothing said."""
        self._lines.clear()
        self._draw()
        self._ask_nothing()
        self._answer.focus()

    def say(self, sentence: str) -> None:
        """Tell how it goes."""
        self._lines = [*self._lines, sentence.strip()][-_MOST_SAID:]
        self._draw()

    def feel(self, feels: Feels | None) -> None:
        """Show what a connected tool feels, until this is called with None."""
        self._feels = feels
        self._force.begin()
        self.set_class(feels is not None, "-feeling")
        self._look()

    def _look(self) -> None:
        if self._feels is not None:
            self._force.show(self._feels())

    async def ask(self, question: str, *, has_default: bool = False) -> str:
        """Ask for a line; it is waited for until it comes, or this is cancelled."""
        how = "answer_default" if has_default else "answer"
        self._how.update(Content(text(f"tools_screen.{how}")))
        with self._asking(question) as awaited:
            return await awaited

    async def agrees(self, question: str) -> bool:
        """Ask for a yes or a no; one key answers."""
        self._is_yes_no = True
        self._how.update(Content(text("tools_screen.answer_yes_no")))
        with self._asking(question) as awaited:
            return _YES_NO[await awaited]

    @contextmanager
    def _asking(self, question: str) -> Iterator[asyncio.Future[str]]:
        self._answer.value = ""
        self._question.update(Content.styled(question.strip(), "bold"))
        self._awaited = asyncio.get_running_loop().create_future()
        self._answer.focus()
        try:
            yield self._awaited
        finally:
            self._ask_nothing()

    def _ask_nothing(self) -> None:
        self._awaited = None
        self._is_yes_no = False
        self._question.update(Content(""))
        self._answer.value = ""
        self._how.update(Content(text("tools_screen.waiting")))

    def _draw(self) -> None:
        mark = self._glyphs.bullet
        self._said.tell([Content(f"{mark} {line}") for line in self._lines])
        self._said.scroll_end(animate=False)

    def on_input_changed(self) -> None:
        """Take a yes or a no as soon as its letter is there, and no other letter.

        What stands there now counts: the message may be older than the question.
        """
        if not self._is_yes_no or self._awaited is None:
            return
        letter = self._answer.value.strip()[:1].lower()
        if letter in _YES_NO:
            self._give(letter)
        elif self._answer.value:
            self._answer.value = ""

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Take the line as the answer."""
        message.stop()
        if not self._is_yes_no:
            self._give(message.value.strip())

    def _give(self, answer: str) -> None:
        if self._awaited is not None and not self._awaited.done():
            self._awaited.set_result(answer)
