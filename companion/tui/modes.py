"""The table of modes: every screen a person can change to, with its key. A new one is one line."""

from collections.abc import Callable
from dataclasses import dataclass

from textual.binding import Binding
from textual.screen import Screen

from companion.texts import text
from companion.tui.glyphs import Glyphs
from companion.tui.library import Library
from companion.tui.screens.beside import BesideScreen
from companion.tui.screens.face import FaceScreen
from companion.tui.screens.glance import GlanceScreen
from companion.tui.screens.history import HistoryScreen
from companion.tui.screens.live import LiveScreen
from companion.tui.screens.routines import RoutinesScreen
from companion.tui.screens.setup import SetupScreen
from companion.tui.screens.tools import ToolsScreen
from companion.tui.setup import Setup
from companion.tui.several import Several
from companion.tui.watch import Watch
from companion.tui.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Stock:
    """What screens are made of; None for what an application does not have.

    Attributes:
        glyphs: the signs to draw with.
        watch: the running session.
        library: what is kept on this computer.
        may_start: no session runs, so that one may be begun.
        workshop: the known tools, and those in reach.
        setup: what can be arranged.
        several: the sessions of several tools; None where there is one tool.
    """

    glyphs: Glyphs
    watch: Watch | None = None
    library: Library | None = None
    may_start: bool = False
    workshop: Workshop | None = None
    setup: Setup | None = None
    several: Several | None = None


@dataclass(frozen=True, slots=True)
class Mode:
    """One screen that a person can change to.

    Attributes:
        name: its name; its words are ``screens.mode.NAME`` and ``NAME_tip``.
        key: the key that shows it.
        make: makes the screen; None where the application lacks what it is made of.
        guides: it shows the running session with its warnings.
        is_of_one: it shows one session, so that each of several tools has one of its own.
    """

    name: str
    key: str
    make: Callable[[Stock], Screen[None] | None]
    guides: bool = False
    is_of_one: bool = True

    @property
    def binding(self) -> Binding:
        """The key that shows it."""
        return Binding(
            self.key,
            f"show_mode('{self.name}')",
            text(f"screens.mode.{self.name}"),
            tooltip=text(f"screens.mode.{self.name}_tip"),
        )


def _guiding(
    name: str, key: str, screen: Callable[[Watch, Glyphs, Several | None], Screen[None]]
) -> Mode:
    """Return a mode that shows the running session."""

    def make(stock: Stock) -> Screen[None] | None:
        return None if stock.watch is None else screen(stock.watch, stock.glyphs, stock.several)

    return Mode(name, key, make, guides=True)


def _beside(stock: Stock) -> Screen[None] | None:
    """Return the screen of several tools."""
    several = stock.several
    return None if several is None else BesideScreen(several.shown, stock.glyphs, several)


def _browsing(name: str, key: str, screen: Callable[[Library, Stock], Screen[None]]) -> Mode:
    """Return a mode that shows what is kept on this computer."""

    def make(stock: Stock) -> Screen[None] | None:
        return None if stock.library is None else screen(stock.library, stock)

    return Mode(name, key, make)


def _tools(stock: Stock) -> Screen[None] | None:
    """Return the screen of the tools."""
    if stock.workshop is None:
        return None
    return ToolsScreen(stock.workshop, stock.glyphs, stock.watch)


def _set_up(stock: Stock) -> Screen[None] | None:
    """Make the screen on which things are arranged."""
    if stock.setup is None:
        return None
    return SetupScreen(stock.setup, stock.glyphs, is_free=stock.may_start)


MODES = (
    _guiding("live", "l", LiveScreen),
    _guiding("glance", "g", GlanceScreen),
    _guiding("face", "f", FaceScreen),
    Mode("beside", "e", _beside, guides=True, is_of_one=False),
    _browsing(
        "routines", "o", lambda kept, stock: RoutinesScreen(kept, stock.glyphs, stock.may_start)
    ),
    _browsing(
        "history",
        "h",
        lambda kept, stock: HistoryScreen(kept, stock.glyphs, may_replay=stock.may_start),
    ),
    Mode("tools", "k", _tools),
    Mode("setup", "u", _set_up),
)
