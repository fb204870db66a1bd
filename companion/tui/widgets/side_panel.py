"""What lies over the right of a screen until it is put away, and moves nothing below it."""

from textual.containers import VerticalScroll


class SidePanel(VerticalScroll):
    """One at a time; takes the arrow keys, to scroll."""

    DEFAULT_CSS = """
    SidePanel {
        layer: help; dock: right; width: 48; max-width: 100%; height: 100%;
        background: $panel; padding: 1 2;
    }
    """

    def on_mount(self) -> None:
        """Take the arrow keys."""
        self.focus()
