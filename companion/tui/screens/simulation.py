"""The simulation's screen: which tools there are, who is connected, and keys that trouble them."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer

from companion.texts import text
from companion.tui.glyphs import Glyphs
from companion.tui.simulated import Action, Happening, Simulated
from companion.tui.widgets.readout import Readout
from companion.tui.widgets.tool_block import ToolBlock

_LOOKS_PER_SECOND = 5
_KEYS = {
    "plus": (Action.HARDER, "+"),
    "minus": (Action.SOFTER, "-"),
    "g": (Action.AWAY, "g"),
    "f": (Action.FREEZE, "f"),
    "b": (Action.DRAIN, "b"),
    "p": (Action.BUTTON, "p"),
    "l": (Action.LOSE, "l"),
    "o": (Action.SWITCH, "o"),
}


def _binding(key: str, action: Action, shown: str) -> Binding:
    return Binding(
        key,
        f"trouble('{action.value}')",
        text(f"simulation.keys.{action.value}"),
        key_display=shown,
        tooltip=text(f"simulation.keys.{action.value}_tip"),
    )


class SimulationScreen(Screen[None]):
    """Looks at the simulation a few times a second.

    Args:
        simulated: what is shown.
        glyphs: the signs to draw with.
    """

    CSS_PATH = "simulation.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(_binding(key, action, shown) for key, (action, shown) in _KEYS.items()),
        Binding(
            "tab,down",
            "choose(1)",
            text("simulation.keys.next"),
            key_display="tab",
            tooltip=text("simulation.keys.next_tip"),
        ),
        Binding("shift+tab,up", "choose(-1)", show=False),
    ]

    def __init__(self, simulated: Simulated, *, glyphs: Glyphs) -> None:
        super().__init__()
        self._simulated = simulated
        self._chosen = 0
        self._title = Readout(id="title")
        self._blocks = [ToolBlock(glyphs) for _ in simulated.tools()]
        self._log = Readout(id="log")

    def compose(self) -> ComposeResult:
        """Lay the parts out from the top."""
        yield self._title
        yield VerticalScroll(*self._blocks, id="tools", can_focus=False)
        yield self._log
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Follow the simulation."""
        self.set_interval(1 / _LOOKS_PER_SECOND, self.look)
        self.call_after_refresh(self.look)

    def on_resize(self) -> None:
        """Fill the parts once they have their new sizes."""
        self.call_after_refresh(self.look)

    def look(self) -> None:
        """Show everything as it stands."""
        air = self._simulated.air
        self._title.say(air, lambda: Content.styled(air, "bold"))
        for place, (block, tool) in enumerate(
            zip(self._blocks, self._simulated.tools(), strict=True)
        ):
            block.show(tool, chosen=place == self._chosen)
        newest = tuple(self._simulated.happenings())[-max(0, self._log.size.height) :]
        self._log.say(newest, lambda: _lines(newest, self._log.size.width))

    def action_trouble(self, action: str) -> None:
        """Do something to the chosen tool."""
        self._simulated.act(self._chosen, Action(action))
        self.look()

    def action_choose(self, step: int) -> None:
        """Choose the tool that the keys act on."""
        self._chosen = (self._chosen + step) % len(self._blocks)
        self._blocks[self._chosen].scroll_visible(animate=False)
        self.look()


def _lines(happenings: tuple[Happening, ...], width: int) -> Content:
    lines = [
        Content.assemble((f"{one.at_s:8.1f} s  ", "$quiet"), f"{one.tool}: {one.words}")
        for one in happenings
    ]
    return Content("\n").join([line.truncate(max(1, width), ellipsis=True) for line in lines])
