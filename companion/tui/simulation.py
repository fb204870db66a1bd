"""The simulation's screen as an application of its own."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from companion.texts import text
from companion.tui.base import BaseApp
from companion.tui.screens.simulation import SimulationScreen
from companion.tui.simulated import Simulated


class SimulationApp(BaseApp):
    """Shows simulated tools, and lets a tester trouble them.

    Args:
        simulated: the simulation.
        theme: ``dark`` or ``light``.
        ascii_only: draw with ASCII signs only; None asks the terminal's encoding.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "quit", text("live.keys.quit"), tooltip=text("simulation.keys.quit_tip")),
    ]

    def __init__(self, simulated: Simulated, *, theme: str, ascii_only: bool | None = None) -> None:
        super().__init__(theme=theme, ascii_only=ascii_only)
        self._simulated = simulated

    def on_mount(self) -> None:
        """Open the screen."""
        self.push_screen(SimulationScreen(self._simulated, glyphs=self._glyphs))
