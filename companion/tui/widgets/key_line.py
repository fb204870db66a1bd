"""The keys at the foot of the screen; where there is little room, those that matter most."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from textual.binding import ActiveBinding
from textual.content import Content
from textual.events import MouseDown, MouseMove
from textual.screen import Screen
from textual.widgets import Static

from companion.coaching.events import Command
from companion.tui.widgets.kept_lines import KeptLines

_MARGIN = 2


def _sends(command: Command) -> str:
    return f"command('{command.value}')"


def _mode(name: str) -> str:
    """Return the mode of a screen; one of several tools' has a number after it."""
    return name.partition(":")[0]


def _shows(mode: str) -> str:
    return f"show_mode('{mode}')"


_GIVES_WAY = (
    "log",
    *(_shows(mode) for mode in ("setup", "tools", "history", "routines", "face", "glance")),
    _shows("beside"),
    *("turn(1)", "read", "rename", "forget", "calibrate"),
    _shows("live"),
    *(_sends(command) for command in (Command.SCALE_UP, Command.SCALE_DOWN, Command.BACK)),
    *(_sends(command) for command in (Command.MUTE, Command.TARE, Command.REPEAT)),
    *(_sends(command) for command in (Command.SKIP, Command.PAUSE)),
    "scale(False)",
    *("seek_edge(False)", "speed(False)", "seek(-10)", "seek_warning(False)"),
    *("answer(True)", "answer(False)"),
)
"""Actions whose keys go where there is no room for them, the first one first."""

_TOGETHER = (
    frozenset({_sends(Command.SCALE_UP), _sends(Command.SCALE_DOWN)}),
    frozenset({_sends(Command.SKIP), _sends(Command.PAUSE)}),
    frozenset({"scale(False)", "scale(True)"}),
    frozenset({"seek_edge(False)", "seek_edge(True)"}),
    frozenset({"seek(-10)", "seek(10)"}),
    frozenset({"speed(False)", "speed(True)"}),
    frozenset({"seek_warning(False)", "seek_warning(True)"}),
    frozenset({"answer(True)", "answer(False)"}),
)
"""Keys of which one alone would be odd."""


class _Place(NamedTuple):
    """Where a key stands on the line, and what a click and a pointer at rest do there."""

    begin: int
    end: int
    key: str
    tip: str


class KeyLine(KeptLines, Static):
    """The active keys with their words on one line, whose keys give way by use.

    One widget draws them all: a widget for each key, as textual's own footer has, costs a tenth of
    a second at every change of screen.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KeyLine {
        dock: bottom; height: 1; width: 100%; text-wrap: nowrap; text-overflow: clip;
        color: $footer-foreground; background: $footer-background;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._places: list[_Place] = []
        self._drawn: object = None

    def on_mount(self) -> None:
        """Follow the keys of the screen."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def on_resize(self) -> None:
        """Show the keys that have room now."""
        self._draw()

    def on_mouse_down(self, event: MouseDown) -> None:
        """Press the key that was pointed at."""
        place = self._at(event.x)
        if place is not None:
            self.app.simulate_key(place.key)

    def on_mouse_move(self, event: MouseMove) -> None:
        """Say what the key that is pointed at does."""
        place = self._at(event.x)
        self.tooltip = None if place is None else place.tip

    def _at(self, x: int) -> _Place | None:
        return next((place for place in self._places if place.begin <= x < place.end), None)

    def _follow(self, screen: Screen[object]) -> None:
        if self.is_attached and screen is self.screen:
            self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        """Show the keys that have room, but not the key of the screen that is shown."""
        if not self.is_attached or self.screen is not self.app.screen:
            return
        every = [one for one in self.screen.active_bindings.values() if one.binding.show]
        first = {one.binding.action: one for one in reversed(every)}
        actions = dict.fromkeys(one.binding.action for one in every)
        parts = [self._part(first[action]) for action in actions]
        width = self.app.size.width - _MARGIN
        sizes = {part.action: len(part.words) + 1 for part in parts}
        shown = fitting(sizes, width, _shows(_mode(self.app.current_mode)))
        parts = [part for part in parts if part.action in shown]
        if parts != self._drawn:
            self._drawn = parts
            self._place(parts)
            drawn = [part.content for part in parts]
            self.update(Content(" ").join(drawn), layout=False)

    def _place(self, parts: Sequence["_Part"]) -> None:
        begin = 0
        self._places = []
        for part in parts:
            end = begin + len(part.words)
            self._places.append(_Place(begin, end, part.key, part.tip))
            begin = end + 1

    def _part(self, active: ActiveBinding) -> "_Part":
        binding = active.binding
        return _Part(
            action=binding.action,
            key=binding.key,
            label=self.app.get_key_display(binding),
            name=binding.description,
            tip=active.tooltip,
            is_enabled=active.enabled,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A key of the line: what it does, its sign, its name, and whether it does something now."""

    action: str
    key: str
    label: str
    name: str
    tip: str
    is_enabled: bool

    @property
    def words(self) -> str:
        """As it is read."""
        return f"{self.label} {self.name}"

    @property
    def content(self) -> Content:
        """As it is drawn."""
        dim = "" if self.is_enabled else " dim"
        return Content.assemble(
            (self.label, f"bold $footer-key-foreground{dim}"),
            (f" {self.name}", f"$footer-description-foreground{dim}"),
        )


def fitting(keys: dict[str, int], width: int, here: str = "") -> set[str]:
    """Return the actions whose keys are shown.

    Args:
        keys: action -> cells that its key takes, the gap after it included.
        width: cells there are.
        here: the action that shows the present screen, which needs no key.
    """
    shown = set(keys) - {here}
    for action in _GIVES_WAY:
        if sum(keys[one] for one in shown) - 1 <= width:
            break
        pair = next((pair for pair in _TOGETHER if action in pair), frozenset({action}))
        shown -= pair
    return shown
