"""The frame of modes: one key to each screen, a palette of commands, warnings before all else."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar

from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.dom import DOMNode
from textual.screen import Screen

from companion.texts import text
from companion.tui.base import BaseApp
from companion.tui.modes import MODES, Mode, Stock
from companion.tui.screens.browsing import BrowsingScreen
from companion.tui.screens.setup import SetupScreen
from companion.tui.setup import News, Setup
from companion.tui.widgets.side_panel import SidePanel

_PALETTE = "--command-palette"
_LOOK_S = 2.0
"""So often the settings file is looked at, in seconds; a look asks for its time and size only."""


class FramedApp(BaseApp):
    """Screens as modes, of which those are offered that can be made.

    Args:
        theme: ``dark``, ``light`` or ``contrast``.
        ascii_only: draw with ASCII signs only; None asks the terminal's encoding.
        still: nothing slides or fades.

    Attributes:
        modes: the screens that may be offered; their keys are those of ``MODES``.
        opened: those that are, by the names of their modes.
    """

    CSS = "CommandPalette SearchIcon { display: none; }"  # two cells wide, and not in every font
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(mode.binding for mode in MODES),
        Binding("escape", "home", show=False),
        Binding(
            "ctrl+p",
            "command_palette",
            text("screens.palette.name"),
            show=False,
            priority=True,
            tooltip=text("screens.palette.tip"),
        ),
    ]

    def __init__(self, *, theme: str, ascii_only: bool | None, still: bool = False) -> None:
        super().__init__(theme=theme, ascii_only=ascii_only)
        self.opened: dict[str, Screen[None]] = {}
        self.modes: Sequence[Mode] = MODES
        self._offered: dict[str, Mode] = {}
        self._home = ""
        if still:
            self.animation_level = "none"

    def open_modes(self, stock: Stock) -> None:
        """Offer every mode that this stock has what it takes for, and show the first."""
        for mode in self.modes:
            screen = mode.make(stock)
            if screen is not None:
                self.offer(mode, screen, mode.name)
        self._home = next(iter(self._offered))
        self.switch_mode(self._home)
        if stock.setup is not None:
            self.set_interval(_LOOK_S, partial(self._look_at_settings, stock.setup))

    async def _look_at_settings(self, setup: Setup) -> None:
        """Say on whichever screen is shown what became of the settings file."""
        news = await setup.look()
        if news is not None:
            await self.tell(news)

    async def tell(self, news: News) -> None:
        """Show a line where the present screen has one for it."""
        for screen in self.opened.values():
            if screen.is_running and isinstance(screen, SetupScreen):
                await screen.heed(news)
        if isinstance(self.screen, BrowsingScreen):
            self.screen.say(news.words, is_trouble=news.is_trouble)

    def offer(self, mode: Mode, screen: Screen[None], name: str) -> None:
        """Offer a screen of a mode under a name of its own."""
        self._offered[name] = mode
        self.opened[name] = screen
        self.add_mode(name, lambda: screen)

    def named(self, mode: str) -> str:
        """Return the name under which the screen of a mode is offered now."""
        return mode

    @property
    def present_mode(self) -> Mode:
        """The mode of the screen that is shown."""
        return self._offered[self.current_mode]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave keys out that have nothing to show."""
        if action == "show_mode":
            return parameters[0] in self._offered
        return super().check_action(action, parameters)

    def action_show_mode(self, name: str) -> None:
        """Show a screen; its own key again goes back to the first."""
        self.show_mode(self._home if self.named(name) == self.current_mode else name)

    def action_home(self) -> None:
        """Put away what lies over the screen, or go back to the first one."""
        if shown := self.screen.query(SidePanel):
            shown.remove()
        else:
            self.show_mode(self._home)

    @property
    def is_asking(self) -> bool:
        """Whether the palette lies over the screen."""
        return self.screen.id == _PALETTE

    def show_mode(self, name: str) -> None:
        """Show a screen, with nothing over it."""
        if self.is_asking:
            self.pop_screen()
        self.switch_mode(self.named(name))

    def make_way(self, *, leave: bool) -> None:
        """Clear the sight for a warning: no palette and no panel over it.

        Args:
            leave: go to the first screen where the present one shows no warnings.
        """
        present = self.present_mode
        self.show_mode(present.name if present.guides or not leave else self._home)
        self.screen.query(SidePanel).remove()

    def action_command_palette(self) -> None:
        """Offer every command by its words."""
        if not self.is_asking:
            self.push_screen(CommandPalette(placeholder=text("screens.palette.ask"), id=_PALETTE))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield what the keys of this screen do, those of other screens first.

        Args:
            screen: the one below the palette.
        """
        for active in screen.active_bindings.values():
            binding = active.binding
            is_offered = active.enabled and binding.action != "command_palette"
            if binding.tooltip and binding.description and is_offered and not binding.system:
                namespace = active.node

                async def run(action: str = binding.action, node: DOMNode = namespace) -> None:
                    await self.run_action(action, node)

                yield SystemCommand(binding.description, binding.tooltip, run)
