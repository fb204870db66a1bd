"""The list of keys, made from the bindings that are active on the screen."""

from collections.abc import Iterator
from textwrap import wrap

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from companion.texts import text

_KEY_CELLS = 7
_NARROWEST = 12


class KeyList(Static):
    """Every active key with what it does: one widget for all, for many take long to appear."""

    DEFAULT_CSS = "KeyList { height: auto; width: 100%; }"
    _listed_for = 0

    def on_resize(self) -> None:
        """List the keys in the width there is."""
        if self.size.width != self._listed_for:
            self._listed_for = self.size.width
            self.update(Content("\n").join(self._lines(self.size.width - _KEY_CELLS)))

    def _lines(self, width: int) -> Iterator[Content]:
        yield Content.styled(text("live.keys.title"), "bold")
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if not binding.tooltip or binding.system:
                continue
            key = f"{self.app.get_key_display(binding):<{_KEY_CELLS - 1}} "
            for line in wrap(binding.tooltip, max(_NARROWEST, width)):
                yield Content.assemble((key, "bold $primary"), line)
                key = " " * _KEY_CELLS


class HelpPanel(VerticalScroll):
    """Every key with what it does; lies over the right of the screen and moves nothing."""

    DEFAULT_CSS = """
    HelpPanel {
        layer: help; dock: right; width: 48; max-width: 100%; height: 100%;
        background: $panel; padding: 1 2;
    }
    """

    def compose(self) -> ComposeResult:
        """List the keys."""
        yield KeyList()

    def on_mount(self) -> None:
        """Take the arrow keys, to scroll."""
        self.focus()
