"""The dashboard without a session: what can be done, what was done, and a way to begin."""

from collections.abc import Collection
from typing import ClassVar

from textual.binding import Binding, BindingType

from companion.coaching.view import StepState
from companion.errors import CompanionError
from companion.texts import text
from companion.tui.framed import FramedApp
from companion.tui.library import Again, Library, Opening, Start
from companion.tui.modes import Stock
from companion.tui.screens.browsing import BrowsingScreen
from companion.tui.screens.history import HistoryScreen
from companion.tui.screens.routines import RoutinesScreen
from companion.tui.setup import Setup
from companion.tui.widgets.welcome_panel import WelcomePanel
from companion.tui.workshop import Workshop


class DashboardApp(FramedApp):
    """Routines and history; leaves with what the person chose to begin.

    Args:
        library: what is kept on this computer.
        theme: ``dark``, ``light`` or ``contrast``.
        ascii_only: draw with ASCII signs only; None asks the terminal's encoding.
        still: nothing slides or fades.
        opening: what to show first.
        workshop: the tools; None for none.
        setup: what can be arranged; None for nothing.

    Attributes:
        chosen: what to begin, or to see again; None where the person left.
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
        opening: Opening | None = None,
        workshop: Workshop | None = None,
        setup: Setup | None = None,
    ) -> None:
        super().__init__(theme=theme, ascii_only=ascii_only, still=still)
        self.chosen: Start | Again | None = None
        self._library = library
        self._opening = opening or Opening()
        self._welcomes = self._opening.welcomes
        self._workshop = workshop
        self._setup = setup

    def on_mount(self) -> None:
        """Open the screens."""
        self.open_modes(
            Stock(
                self._glyphs,
                library=self._library,
                may_start=True,
                workshop=self._workshop,
                setup=self._setup,
            )
        )
        history = self.opened["history"]
        if self._opening.shows == "history" and isinstance(history, HistoryScreen):
            history.told = self._opening.told
            self.show_mode("history")
            return
        self.call_after_refresh(self._tell)

    def _tell(self) -> None:
        opening = self._opening
        if opening.told and isinstance(self.screen, BrowsingScreen):
            self.screen.say(opening.told)
        if self._welcomes:
            self._welcome(frozenset())

    def _welcome(self, done: Collection[str]) -> None:
        keys = {name: mode.key for name, mode in self._offered.items()}
        self.screen.mount(WelcomePanel(keys, done, self._glyphs.state[StepState.DONE]))

    def show_mode(self, name: str) -> None:
        """Show a screen; the way back to the first one leads to what can be done next."""
        self.screen.query(WelcomePanel).remove()
        super().show_mode(name)
        if self._welcomes and name == self._home:
            self.run_worker(self._welcome_back(), exclusive=True, group="welcome")

    async def _welcome_back(self) -> None:
        """Offer what is left to be done first, until a tool is known."""
        try:
            self._welcomes = self._workshop is None or not await self._workshop.tools()
            sections = () if self._setup is None else await self._setup.sections()
        except CompanionError:
            return  # the screens themselves say what cannot be read
        is_open = any(entry.is_open for section in sections for entry in section.entries)
        if self._welcomes and self.current_mode == self._home and not self.is_asking:
            self._welcome(frozenset() if is_open else frozenset({"setup"}))

    def on_welcome_panel_closed(self) -> None:
        """Welcome no more."""
        self._welcomes = False

    def on_routines_screen_chosen(self, message: RoutinesScreen.Chosen) -> None:
        """Leave, so that the session gets the terminal."""
        self.chosen = message.start
        self.exit()

    def on_history_screen_chosen(self, message: HistoryScreen.Chosen) -> None:
        """Leave, so that the replay gets the terminal."""
        self.chosen = message.again
        self.exit()
