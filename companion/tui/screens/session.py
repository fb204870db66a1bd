"""What the screens of a running session have in common: its keys, its frames, its bell."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from companion.coaching.events import (
    AlertAcknowledged,
    AlertCleared,
    AlertRaised,
    Command,
    Event,
    SessionFinished,
)
from companion.coaching.view import View
from companion.sensing.types import Point
from companion.texts import text
from companion.tui.alerts import Shown
from companion.tui.glyphs import Glyphs
from companion.tui.messages import EventArrived, ViewChanged
from companion.tui.several import Several
from companion.tui.watch import Watch
from companion.tui.widgets.kept_lines import Backdrop
from companion.tui.widgets.log_panel import LogPanel
from companion.tui.widgets.side_panel import SidePanel
from companion.tui.widgets.tool_tabs import ToolTabs

FRAMES_PER_SECOND = 25
ACKNOWLEDGE_KEY = "a"
_KEYS = {
    "space": Command.PAUSE,
    "n": Command.SKIP,
    "b": Command.BACK,
    "r": Command.REPEAT,
    "t": Command.TARE,
    "m": Command.MUTE,
    "y": Command.CONFIRM,
    "plus": Command.SCALE_UP,
    "minus": Command.SCALE_DOWN,
    ACKNOWLEDGE_KEY: Command.ACKNOWLEDGE,
    "s": Command.STOP,
    "x": Command.UNWELL,
}
_TOLD_ELSEWHERE = frozenset({Command.CONFIRM})
"""Keys that the screen names where they are needed, and the foot of it does not."""
_CHANGES_KEYS = (AlertRaised, AlertCleared, AlertAcknowledged, SessionFinished)
_SHOWN_KEYS = {Command.CONFIRM: "y", Command.SCALE_UP: "+", Command.SCALE_DOWN: "-"}


def _binding(key: str, command: Command) -> Binding:
    name = "next" if command is Command.SKIP else command.value
    return Binding(
        key,
        f"command('{command.value}')",
        text(f"live.keys.{name}"),
        tooltip=text(f"live.keys.{name}_tip"),
        key_display=_SHOWN_KEYS.get(command),
        show=command not in _TOLD_ELSEWHERE,
    )


class SessionScreen(Screen[None], Backdrop):
    """Reads the session at its own frame rate while it is seen; events bring what must not wait.

    Args:
        watch: the session.
        glyphs: the signs to draw with.
        several: the sessions of several tools, of which this is one; None where there is one tool.

    Attributes:
        device_s: the newest sample's time, on the tool's clock.
        acknowledge_key: the key that takes a warning as seen; empty for none.
    """

    acknowledge_key = ACKNOWLEDGE_KEY
    BINDINGS: ClassVar[list[BindingType]] = [
        *(_binding(key, sent) for key, sent in _KEYS.items()),
        Binding("enter", f"command('{Command.CONFIRM}')", show=False),
        Binding("w", "log", text("live.keys.log"), tooltip=text("live.keys.log_tip")),
        Binding(
            "v",
            "mirror",
            text("screens.face.turn"),
            show=False,
            tooltip=text("screens.face.turn_tip"),
        ),
    ]

    def __init__(self, watch: Watch, glyphs: Glyphs, several: Several | None = None) -> None:
        super().__init__()
        self.session = watch
        self.glyphs = glyphs
        self.several = several
        self.tabs = None if several is None else self.tabs_of(several)
        self.device_s = 0.0
        self._asks = False
        self._cursor = 0

    def tabs_of(self, several: Several) -> ToolTabs:
        """Return the line of several tools."""
        return ToolTabs(self.glyphs, several, id="tools")

    def on_mount(self) -> None:
        """Follow the session."""
        if not self.is_attached:
            return  # the application ended while the screen was being opened
        if self.tabs is not None:
            self.mount(self.tabs, before=0)
        self.set_interval(1 / FRAMES_PER_SECOND, self._frame)
        self.call_after_refresh(self.tick)

    def on_resize(self) -> None:
        """Fill the parts once they have their new sizes."""
        self.call_after_refresh(self.tick)

    def on_screen_resume(self) -> None:
        """Show how things stand now: nothing was drawn while another screen was shown."""
        self.call_after_refresh(self.tick)

    def _frame(self) -> None:
        if self in self.app.screen_stack:
            self.tick()

    def tick(self) -> None:
        """Show everything as it stands; parts that did not change do no work."""
        view, shown = self.session.live.view(), self.session.foremost
        self._asks = view.asks_oil
        self.show(view, shown)
        if self.tabs is not None:
            self.tabs.show()
        if self.session.rings(shown) if self.several is None else self.several.rings():
            self.app.bell()

    def fresh_points(self) -> list[Point]:
        """Return the samples that came since this was asked last, and note the newest's time."""
        points, self._cursor = self.session.live.trace.since(self._cursor)
        if points:
            self.device_s = points[-1].device_s
        return points

    def look_anew(self, points: Sequence[Point]) -> None:
        """Show another moment of the session, without anything of the one before.

        Args:
            points: the samples before that moment.
        """
        self.fresh_points()
        if points:
            self.device_s = points[-1].device_s
        self.refresh_bindings()
        self.tick()

    @abstractmethod
    def show(self, view: View, shown: Shown | None) -> None:
        """Show a session and its foremost warning."""

    def on_view_changed(self, _message: ViewChanged) -> None:
        """Do not wait for the next frame: something changed."""
        self._frame()

    def on_event_arrived(self, message: EventArrived) -> None:
        """Take in an event that must be seen itself."""
        self.take(message.event)
        self._frame()

    def take(self, event: Event) -> None:
        """Take in what an event changes of this screen, besides the warnings."""
        if isinstance(event, _CHANGES_KEYS):
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what has no effect now: "seen" without a warning; no "oil is on" unasked.

        Once the session is over its keys are left out.
        """
        if action != "command":
            return True
        if self.session.is_over:
            return False
        if parameters == (Command.ACKNOWLEDGE,):
            return self.session.alerts.any_unseen or None
        return self._asks or None if parameters == (Command.CONFIRM,) else True

    def action_mirror(self) -> None:
        """Change left and right: as in a mirror, or as another person sees the face."""
        self.session.mirrored = not self.session.mirrored
        self.tick()

    def action_log(self) -> None:
        """Show or hide the warnings of the session so far."""
        is_shown = bool(self.query(LogPanel))
        self.query(SidePanel).remove()
        if not is_shown:
            self.mount(LogPanel(lambda: self.session, self.glyphs))

    def action_command(self, name: str) -> None:
        """Send a command to the session."""
        self.session.command(Command(name))
        self._frame()


def takes_the_middle(shown: Shown) -> bool:
    """Say whether a warning is a stop that nobody has seen yet, standing or just over."""
    return shown.insists or (
        shown.cleared is not None and not shown.acknowledged and shown.raised.level.value == "stop"
    )
