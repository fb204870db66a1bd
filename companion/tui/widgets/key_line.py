"""The keys at the foot of the screen; where there is little room, those that matter most."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.widgets import Footer
from textual.widgets._footer import FooterKey  # textual names it nowhere else

from companion.coaching.events import Command

_MARGIN = 2


def _sends(command: Command) -> str:
    return f"command('{command.value}')"


def _shows(mode: str) -> str:
    return f"show_mode('{mode}')"


_GIVES_WAY = (
    *(_shows(mode) for mode in ("setup", "history", "routines", "live", "face", "glance")),
    *(_sends(command) for command in (Command.SCALE_UP, Command.SCALE_DOWN, Command.BACK)),
    *(_sends(command) for command in (Command.MUTE, Command.TARE, Command.REPEAT)),
    *(_sends(command) for command in (Command.SKIP, Command.PAUSE)),
    *("turn(1)", "answer(True)", "answer(False)"),
)
"""Actions whose keys go where there is no room for them, the first one first."""

_TOGETHER = (
    frozenset({_sends(Command.SCALE_UP), _sends(Command.SCALE_DOWN)}),
    frozenset({_sends(Command.SKIP), _sends(Command.PAUSE)}),
    frozenset({"answer(True)", "answer(False)"}),
)
"""Keys of which one alone would be odd."""


class KeyLine(Footer):
    """Textual's footer, whose keys give way by use; the help lists all."""

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)

    def compose(self) -> ComposeResult:
        """Show the keys that have room, but not the key of the screen that is shown."""
        parts = [part for part in super().compose() if isinstance(part, FooterKey)]
        self._fit(parts)
        yield from parts

    def on_resize(self) -> None:
        """Show the keys that have room now."""
        self._fit(list(self.query(FooterKey)))

    def _fit(self, parts: Sequence[FooterKey]) -> None:
        keys = {part.action: len(part.key_display) + len(part.description) + 2 for part in parts}
        shown = fitting(keys, self.app.size.width - _MARGIN, _shows(self.app.current_mode))
        for part in parts:
            part.display = part.action in shown


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
