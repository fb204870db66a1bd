"""What screens have in common that show what is kept: a list, and a page to read."""

from collections.abc import Coroutine
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from companion.errors import CompanionError
from companion.texts import text
from companion.tui.glyphs import Glyphs
from companion.tui.library import Library
from companion.tui.widgets.key_line import KeyLine
from companion.tui.widgets.long_list import LongList
from companion.tui.widgets.page import Page


class ListedScreen(Screen[None]):
    """A head line, a list and a page; on a narrow window one of the two.

    Args:
        glyphs: the signs to draw with.
    """

    AUTO_FOCUS = "#list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "read",
            text("screens.keys.read"),
            key_display="enter",
            tooltip=text("screens.keys.read_tip"),
        ),
        Binding(
            "escape",
            "back",
            text("screens.keys.back"),
            key_display="esc",
            tooltip=text("screens.keys.back_tip"),
        ),
    ]

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self.glyphs = glyphs
        self.head = Static(id="head")
        self.list = LongList(self.row, glyphs, id="list")
        self.page = Page(id="page")
        self.keys = KeyLine()

    def row(self, place: int) -> Content:
        """Return a row of the list."""
        raise NotImplementedError

    def say(self, words: str, *, is_trouble: bool = False) -> None:
        """Show a line above the list."""
        style = "bold $warning" if is_trouble else "bold"
        self.head.update(Content.styled(words, style))

    def fetch(self, work: Coroutine[None, None, None]) -> None:
        """Do work that reads what is kept; where that cannot be read, say so."""

        async def guarded() -> None:
            try:
                await work
            except CompanionError as error:
                self.say(str(error), is_trouble=True)

        self.run_worker(guarded(), group="reading")

    def read(self, *, reads: bool) -> None:
        """Go to the page, or back to the list."""
        self.set_class(reads, "-reading")
        (self.page if reads else self.list).focus()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to go back only from where there is a way back."""
        if action == "back":
            return self.has_class("-reading")
        if action == "read":
            return not self.has_class("-reading")
        return super().check_action(action, parameters)

    def action_read(self) -> None:
        """Go to the page."""
        self.read(reads=True)

    def action_back(self) -> None:
        """Go back to the list."""
        self.read(reads=False)


class BrowsingScreen(ListedScreen):
    """A list and a page of what is kept on this computer.

    Args:
        library: what is kept.
        glyphs: the signs to draw with.
    """

    CSS_PATH = "browsing.tcss"

    def __init__(self, library: Library, glyphs: Glyphs) -> None:
        super().__init__(glyphs)
        self.library = library
