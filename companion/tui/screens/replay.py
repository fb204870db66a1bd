"""The screens of a session, showing one of the past: the same parts, other keys, and a bar."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from companion.live import Replayed
from companion.texts import text
from companion.tui.glyphs import Glyphs
from companion.tui.messages import MomentChanged
from companion.tui.screens.face import FaceScreen
from companion.tui.screens.glance import GlanceScreen
from companion.tui.screens.live import LiveScreen
from companion.tui.watch import Watch
from companion.tui.widgets.replay_bar import ReplayBar

if TYPE_CHECKING:
    from companion.tui.screens.session import SessionScreen

    _Screen = SessionScreen
else:
    _Screen = object  # textual takes styles from the first base that is a node: the screen's own

STEP_S = 10
"""Seconds that an arrow key goes."""


def _binding(keys: str, action: str, name: str, shown: str) -> Binding:
    return Binding(
        keys,
        action,
        text(f"replay.keys.{name}"),
        tooltip=text(f"replay.keys.{name}_tip"),
        key_display=shown,
        priority=True,  # a summary that scrolls would take some of them
    )


KEYS: list[BindingType] = [
    _binding("space", "pause", "pause", "space"),
    _binding("left", f"seek(-{STEP_S})", "back", "left"),
    _binding("right", f"seek({STEP_S})", "forward", "right"),
    _binding("minus", "speed(False)", "slower", "-"),
    _binding("plus", "speed(True)", "faster", "+"),
    Binding("less_than_sign", "speed(False)", show=False, priority=True),
    Binding("greater_than_sign", "speed(True)", show=False, priority=True),
    _binding("n", "seek_warning(True)", "next", "n"),
    _binding("N", "seek_warning(False)", "before", "N"),
    _binding("home", "seek_edge(False)", "begin", "home"),
    _binding("end", "seek_edge(True)", "end", "end"),
    Binding(
        "v", "mirror", text("screens.face.turn"), show=False, tooltip=text("screens.face.turn_tip")
    ),
]
"""What the keys of a replay do; those that steer a session do nothing here."""


class ReplayScreen(_Screen):
    """What the screens of a replay have in common; goes before the screen of a session.

    Args:
        watch: the session of the past.
        glyphs: the signs to draw with.
        replayed: moves about in it.
    """

    AUTO_FOCUS = ""
    """A summary that is not shown yet must not have the focus: its keys would be told first."""
    acknowledge_key = ""

    def __init__(self, watch: Watch, glyphs: Glyphs, replayed: Replayed) -> None:
        super().__init__(watch, glyphs)
        self._replayed = replayed
        self._bar = ReplayBar(glyphs, id="replay")

    def compose(self) -> ComposeResult:
        """Lay the parts out below the bar."""
        yield self._bar
        yield from super().compose()

    def tick(self) -> None:
        """Show everything as it stood, and where the replay stands."""
        super().tick()
        self._bar.show(self._replayed.progress())

    def on_moment_changed(self, _message: MomentChanged) -> None:
        """Show another moment."""
        self.look_anew(self._replayed.recent())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - textual's
        """Let every key do what it does, also at the end."""
        return True

    def action_pause(self) -> None:
        """Stand still, or go on."""
        self._replayed.pause()
        self.tick()

    def action_seek(self, seconds: int) -> None:
        """Go back or forward."""
        self._replayed.seek(seconds)

    def action_seek_edge(self, end: bool) -> None:  # noqa: FBT001 - a binding's argument
        """Go to the beginning or the end."""
        self._replayed.seek_edge(end=end)

    def action_seek_warning(self, later: bool) -> None:  # noqa: FBT001 - a binding's argument
        """Go to the next warning or the one before."""
        self._replayed.seek_warning(later=later)

    def action_speed(self, faster: bool) -> None:  # noqa: FBT001 - a binding's argument
        """Change the speed."""
        self._replayed.change_speed(faster=faster)
        self.tick()


class LiveReplay(ReplayScreen, LiveScreen, inherit_bindings=False):
    """The session whole, as it was."""

    BINDINGS = KEYS


class GlanceReplay(ReplayScreen, GlanceScreen, inherit_bindings=False):
    """The session at a glance, as it was."""

    BINDINGS = KEYS


class FaceReplay(ReplayScreen, FaceScreen, inherit_bindings=False):
    """The face, as it was."""

    BINDINGS = KEYS
