"""The list of keys, made from the bindings that are active on the screen."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from companion.texts import text
from companion.tui.widgets.side_panel import SidePanel, panel_columns

_KEY_CELLS = 7
_NARROWEST = 12
_MARGIN = 2
"""Cells at either side, and rows above and below together."""


class KeyList(Static):
    """Every active key with what it does: one widget for all, for many take long to appear.

    Args:
        width: cells there will be; where there are others, it is listed anew.
        lines: what is listed in that width.
    """

    DEFAULT_CSS = "KeyList { height: auto; width: 100%; }"

    def __init__(self, width: int, lines: Sequence[Content]) -> None:
        super().__init__(Content("\n").join(lines))
        self._listed_for = width

    def on_resize(self) -> None:
        """List the keys in the width there is."""
        if self.size.width != self._listed_for:
            self._listed_for = self.size.width
            self.update(Content("\n").join(key_lines(self.screen, self.size.width)))


def key_lines(screen: Screen[object], width: int) -> list[Content]:
    """Return the keys that are active on a screen with what they do, in lines of a width."""
    return [Content.styled(text("live.keys.title"), "bold"), *_lines(screen, width - _KEY_CELLS)]


def _lines(screen: Screen[object], width: int) -> Iterator[Content]:
    for active in screen.active_bindings.values():
        binding = active.binding
        if not binding.tooltip or binding.system:
            continue
        key = f"{screen.app.get_key_display(binding):<{_KEY_CELLS - 1}} "
        for line in wrap(binding.tooltip, max(_NARROWEST, width)):
            yield Content.assemble((key, "bold $primary"), line)
            key = " " * _KEY_CELLS


class HelpPanel(SidePanel):
    """Every key with what it does."""

    def compose(self) -> ComposeResult:
        """List the keys, at once in the width that will be there: each change takes a frame."""
        columns, rows = self.app.size
        width = panel_columns(columns) - 2 * _MARGIN
        lines = key_lines(self.screen, width)
        if len(lines) > rows - _MARGIN:
            self.show_vertical_scrollbar = True
            width -= self.scrollbar_size_vertical
            lines = key_lines(self.screen, width)
        yield KeyList(width, lines)
