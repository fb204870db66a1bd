"""What lies over the right of a screen until it is put away, and moves nothing below it."""

from collections.abc import Callable, Sequence
from typing import Final

from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from companion.tui.widgets.kept_lines import KeptLines

_COLUMNS: Final = 48
_WIDE_COLUMNS: Final = 64
_WIDE_FROM: Final = 100
"""Columns of the window from which a panel is wide."""

_MARGIN: Final = 2
"""Cells at either side, and rows above and below together."""


class SidePanel(ScrollView, KeptLines):
    """Lines to read, one panel of them at a time; takes the arrow keys, to scroll.

    It draws those lines that are seen itself: a widget inside it would have to be mounted, styled
    and laid out before there is something to read.

    Args:
        listed: returns what is to be read, in lines of so many cells.
    """

    DEFAULT_CSS = """
    SidePanel {
        layer: help; dock: right; height: 100%; background: $panel; padding: 1 2;
        overflow-x: hidden; text-wrap: nowrap; text-overflow: clip;
    }
    """

    def __init__(self, listed: Callable[[int], Sequence[Content]]) -> None:
        super().__init__()
        self._listed = listed
        self._lines: Sequence[Content] = ()
        self._strips: dict[int, Strip] = {}
        self._window = Size()

    def on_mount(self) -> None:
        """List the lines, at once in the width that will be there; take the arrow keys."""
        self.look()
        self.focus(scroll_visible=False)

    def on_resize(self) -> None:
        """Be as wide as there is room for."""
        if self.app.size != self._window:
            self._strips.clear()
            self.look()

    def look(self) -> None:
        """List what is to be read now."""
        self._window = self.app.size
        columns, rows = self._window
        panel = min(_WIDE_COLUMNS if columns >= _WIDE_FROM else _COLUMNS, columns)
        room = max(1, panel - 2 * _MARGIN)
        lines = self._listed(room)
        is_long = len(lines) > rows - _MARGIN
        if is_long:
            lines = self._listed(max(1, room - self.styles.scrollbar_size_vertical))
        self.styles.width, self.show_vertical_scrollbar = panel, is_long
        if lines != self._lines:
            self._lines = lines
            self._strips.clear()
            self.virtual_size = Size(room, len(lines))
            self.refresh()

    def notify_style_update(self) -> None:
        """Draw all lines anew: the theme or the stylesheet has changed."""
        super().notify_style_update()
        self._strips.clear()

    def render_line(self, y: int) -> Strip:
        """Return one of the rows that are seen."""
        place = y + self.scroll_offset.y
        if place >= len(self._lines):
            return Strip([])
        if place not in self._strips:
            line, width, style = self._lines[place], self.size.width, self.visual_style
            drawn = Visual.to_strips(self, line, width, 1, style)
            self._strips[place] = drawn[0] if drawn else Strip([])
        return self._strips[place]
