"""The list of keys, made from the bindings that are active on the screen."""

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from companion.texts import text


class HelpPanel(VerticalScroll):
    """Every key with what it does; lies over the right of the screen and moves nothing."""

    DEFAULT_CSS = """
    HelpPanel {
        layer: help; dock: right; width: 48; max-width: 100%; height: 100%;
        background: $panel; padding: 1 2;
        & > Static { height: auto; }
        & > Horizontal { height: auto; }
        & .key { width: 7; }
        & .tip { width: 1fr; height: auto; }
    }
    """

    def compose(self) -> ComposeResult:
        """List the keys."""
        yield Static(Content.styled(text("live.keys.title"), "bold"))
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.tooltip and not binding.system:
                key = self.app.get_key_display(binding)
                yield Horizontal(
                    Static(Content.styled(key, "bold $primary"), classes="key"),
                    Static(Content(binding.tooltip), classes="tip"),
                )

    def on_mount(self) -> None:
        """Take the arrow keys, to scroll."""
        self.focus()
