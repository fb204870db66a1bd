"""What can be done first where no tool is known yet: each with the key that does it."""

from collections.abc import Collection, Iterator, Mapping
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from companion.texts import text

_SCREENS: Final = ("setup", "tools")
"""What a beginner needs: those of these screens that are there are offered."""


class WelcomePanel(VerticalScroll):
    """Lies over the first screen until a key is chosen; every key keeps its meaning.

    Args:
        modes: the screens that there are, by name, with their keys.
        done: those of them on which nothing is left to be done.
        sign: what stands before these.
    """

    DEFAULT_CSS = """
    WelcomePanel {
        layer: help; dock: bottom; width: 100%; height: auto; max-height: 100%;
        background: $panel; padding: 1 2;
        & > Static { height: auto; margin-bottom: 1; }
        & > Horizontal { height: auto; }
        & .key { width: 7; }
        & .tip { width: 1fr; height: auto; }
        & > #again { margin: 1 0 0 0; color: $quiet; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", show=False)]

    class Closed(Message):
        """The person would look around first."""

    def __init__(
        self, modes: Mapping[str, str], done: Collection[str] = (), sign: str = ""
    ) -> None:
        super().__init__()
        self._modes = modes
        self._done = done
        self._sign = sign

    def compose(self) -> ComposeResult:
        """List what can be done."""
        title = Content.styled(text("tools_screen.welcome.title"), "bold")
        yield Static(Content.assemble(title, " ", text("tools_screen.welcome.about")))
        for key, name in self._choices():
            tip = Content(text(f"tools_screen.welcome.{name}"))
            if name in self._done:
                tip = Content.assemble((f"{self._sign} ", "bold $success"), tip.stylize("$quiet"))
            yield Horizontal(
                Static(Content.styled(key, "bold $primary"), classes="key"),
                Static(tip, classes="tip"),
            )
        yield Static(Content(text("tools_screen.welcome.again")), id="again")

    def _choices(self) -> Iterator[tuple[str, str]]:
        yield from ((self._modes[name], name) for name in _SCREENS if name in self._modes)
        yield from (("p", "simulator"), ("esc", "close"))

    def on_mount(self) -> None:
        """Have the keys."""
        self.focus()

    async def action_close(self) -> None:
        """Go away, for good."""
        self.post_message(self.Closed())
        await self.remove()
