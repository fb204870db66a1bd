"""The dashboard without a session: what can be done, what was done, and a way to begin."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from companion.texts import text
from companion.tui.framed import FramedApp
from companion.tui.library import Library, Start
from companion.tui.modes import Stock
from companion.tui.screens.browsing import BrowsingScreen
from companion.tui.screens.routines import RoutinesScreen
from companion.tui.setup import Setup


class DashboardApp(FramedApp):
    """Routines and history; leaves with what the person chose to begin.

    Args:
        library: what is kept on this computer.
        theme: ``dark``, ``light`` or ``contrast``.
        ascii_only: draw with ASCII signs only; None asks the terminal's encoding.
        still: nothing slides or fades.
        told: what to say first, e.g. why the last session did not begin.
        setup: what can be arranged; None for nothing.

    Attributes:
        chosen: what to begin; None where the person left.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "quit", text("live.keys.quit"), tooltip=text("screens.keys.leave_tip")),
    ]

    def __init__(
        self,
        library: Library,
        *,
        theme: str,
        ascii_only: bool | None = None,
        still: bool = False,
        told: str = "",
        setup: Setup | None = None,
    ) -> None:
        super().__init__(theme=theme, ascii_only=ascii_only, still=still)
        self.chosen: Start | None = None
        self._library = library
        self._told = told
        self._setup = setup

    def on_mount(self) -> None:
        """Open the screens."""
        stock = Stock(self._glyphs, library=self._library, may_start=True, setup=self._setup)
        self.open_modes(stock)
        self.call_after_refresh(self._tell)

    def _tell(self) -> None:
        if self._told and isinstance(self.screen, BrowsingScreen):
            self.screen.say(self._told)

    def on_routines_screen_chosen(self, message: RoutinesScreen.Chosen) -> None:
        """Leave, so that the session gets the terminal."""
        self.chosen = message.start
        self.exit()
