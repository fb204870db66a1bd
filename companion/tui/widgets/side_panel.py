"""What lies over the right of a screen until it is put away, and moves nothing below it."""

from typing import Final

from textual.containers import VerticalScroll

COLUMNS: Final = 48
WIDE_COLUMNS: Final = 64
"""In windows that are ``-wide``."""
WIDE_FROM: Final = 100


class SidePanel(VerticalScroll):
    """One at a time; takes the arrow keys, to scroll."""

    DEFAULT_CSS = f"""
    SidePanel {{
        layer: help; dock: right; width: {COLUMNS}; max-width: 100%; height: 100%;
        background: $panel; padding: 1 2;
        &.-broad {{ width: {WIDE_COLUMNS}; }}
    }}
    """

    def __init__(self) -> None:
        super().__init__()
        self._fit(self.app.size.width)

    def _fit(self, columns: int) -> None:
        self.set_class(columns >= WIDE_FROM, "-broad")

    def on_mount(self) -> None:
        """Take the arrow keys."""
        self.focus()

    def on_resize(self) -> None:
        """Be as wide as there is room for."""
        self._fit(self.app.size.width)
