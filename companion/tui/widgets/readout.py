"""A text that is laid out only when what it says has changed."""

from collections.abc import Callable, Hashable
from textwrap import wrap

from textual.content import Content
from textual.widgets import Static

_NARROWEST = 10


class Readout(Static):
    """A Static of fixed size that skips work while its key stays the same."""

    _said: tuple[Hashable, int] | None = None

    def say(self, key: Hashable, content: Callable[[], Content]) -> None:
        """Show a content unless it is the one already shown.

        Args:
            key: everything the content depends on besides the width.
            content: makes the content.
        """
        wanted = (key, self.size.width)
        if wanted != self._said:
            self._said = wanted
            self.update(content(), layout=False)


def spread(left: Content, right: Content, width: int) -> Content:
    """Return one line with a part at either end; the right one goes where both do not fit."""
    room = width - left.cell_length - right.cell_length
    if room < 1:
        return left.truncate(width, ellipsis=True) if width > 0 else left
    return Content.assemble(left, " " * room, right)


def join(parts: list[Content], between: str) -> Content:
    """Return parts on one line with a quiet separator between them."""
    return Content.assemble((between, "$quiet")).join(parts) if parts else Content("")


def wrapped(words: str, width: int, most: int) -> list[Content]:
    """Return words on lines of a width, at most so many; what does not fit ends in dots."""
    lines = wrap(words, max(_NARROWEST, width), max_lines=most, placeholder="...")
    return [Content(line) for line in lines]
