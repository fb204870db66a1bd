"""What lies over the right of a screen until it is put away, and moves nothing below it."""

from typing import Final

from textual.containers import VerticalScroll

_COLUMNS: Final = 48
_WIDE_COLUMNS: Final = 64
_WIDE_FROM: Final = 100
"""Columns of the window from which a panel is wide."""


def panel_columns(window: int) -> int:
    """Return how wide a panel is in a window of so many columns."""
    return min(_WIDE_COLUMNS if window >= _WIDE_FROM else _COLUMNS, window)


class SidePanel(VerticalScroll):
    """One at a time; takes the arrow keys, to scroll."""

    DEFAULT_CSS = """
    SidePanel { layer: help; dock: right; height: 100%; background: $panel; padding: 1 2; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.styles.width = panel_columns(self.app.size.width)

    def on_mount(self) -> None:
        """Take the arrow keys."""
        self.focus()

    def on_resize(self) -> None:
        """Be as wide as there is room for."""
        self.styles.width = panel_columns(self.app.size.width)
