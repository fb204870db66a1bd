"""A text that is laid out only when what it says has changed, and drawn only where it has."""

from collections.abc import Callable, Hashable, Sequence
from itertools import zip_longest
from textwrap import wrap

from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.visual import Visual
from textual.widgets import Static

from companion.tui.widgets.kept_lines import KeptLines

_NARROWEST = 10

Part = tuple[Hashable, Callable[[], Sequence[Content]]]
"""Rows of a readout: what they depend on besides its width, and what makes them."""


class Readout(KeptLines, Static):
    """A Static of fixed size that skips work while its keys stay the same.

    Where each line of what it says is a row of its own, only the rows that changed are drawn anew.
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._saying: tuple[Part, ...] = ()
        self._said: list[tuple[Hashable, Sequence[Content]]] = []
        self._said_rows: Sequence[Content] = ()
        self._strips: dict[int, Strip] = {}

    def say(self, key: Hashable, content: Callable[[], Content]) -> None:
        """Show a content unless it is the one already shown.

        Args:
            key: everything the content depends on besides the width.
            content: makes the content.
        """
        self.say_parts((key, lambda: content().split("\n", allow_blank=True)))

    def say_parts(self, *parts: Part) -> None:
        """Show parts below each other; those whose key has changed are made anew.

        Args:
            parts: everything a part depends on besides the width, and what makes its rows.
        """
        self._saying, before = parts, self._said
        width = self.outer_size.width
        keys = [(key, width) for key, _ in parts]
        if keys == [key for key, _ in before]:
            return
        self._said = [
            (key, known[1] if known is not None and known[0] == key else make())
            for key, (_, make), known in zip_longest(keys, parts, before[: len(parts)])
        ]
        self._take([row for _, rows in self._said for row in rows])

    def on_resize(self) -> None:
        """Say the same in the new width, at once."""
        if self._saying:
            self.say_parts(*self._saying)

    def render(self) -> Content:
        """Return what is said."""
        return Content("\n").join(self._said_rows)

    def _take(self, rows: Sequence[Content]) -> None:
        before, self._said_rows = self._said_rows, rows
        if not self._is_by_row:
            self.refresh()
            return
        pairs = enumerate(zip_longest(before, rows))
        changed = [row for row, (old, new) in pairs if not _is_same(old, new)]
        for row in changed:
            self._strips.pop(row, None)
        if changed:
            self.refresh(*(Region(0, row, self.size.width, 1) for row in changed))

    @property
    def _is_by_row(self) -> bool:
        styles = self.styles
        return styles.text_wrap == "nowrap" and styles.content_align == ("left", "top")

    def _set_dirty(self, *regions: Region) -> None:
        """Textual's own: all of it is to be drawn anew, or regions of it."""
        if not regions:
            self._strips.clear()
        super()._set_dirty(*regions)

    def render_line(self, y: int) -> Strip:
        """Return one row."""
        if y >= len(self._said_rows) or not self._is_by_row:
            return super().render_line(y)
        if y not in self._strips:
            self._strips[y] = self._strip(self._said_rows[y])
        return self._strips[y]

    def _strip(self, row: Content) -> Strip:
        width, style = self.size.width, self.visual_style
        drawn = Visual.to_strips(self, row, width, 1, style)
        return drawn[0] if drawn else Strip.blank(width, style.rich_style)


def _is_same(one: Content | None, other: Content | None) -> bool:
    """Say whether two rows look the same; contents themselves compare their words only."""
    if one is None or other is None or one is other:
        return one is other
    return one.plain == other.plain and one.spans == other.spans


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
