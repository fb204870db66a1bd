"""The keys at the foot of the screen; where there is little room, those that matter most."""

from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Footer
from textual.widgets._footer import FooterKey  # textual names it nowhere else

from companion.coaching.events import Command

_SCALES = frozenset({Command.SCALE_UP, Command.SCALE_DOWN})
_SPARE_BELOW_WIDE = frozenset({Command.BACK, *_SCALES})
_SPARE = frozenset({Command.BACK, *_SCALES, Command.REPEAT, Command.TARE, Command.MUTE})
_SPARE_WHERE_SLIM = frozenset({Command.PAUSE, Command.SKIP})


class KeyLine(Footer):
    """Textual's footer, whose keys give way by use (``live.tcss``); the help lists all."""

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)

    def compose(self) -> ComposeResult:
        """Mark the keys that may go."""
        for part in super().compose():
            if isinstance(part, FooterKey):
                _mark(part, part.action)
            yield part


def _mark(key: Widget, action: str) -> None:
    key.set_class(action in {_action(command) for command in _SPARE}, "-spare")
    key.set_class(
        action in {_action(command) for command in _SPARE_BELOW_WIDE}, "-spare-below-wide"
    )
    key.set_class(
        action in {_action(command) for command in _SPARE_WHERE_SLIM}, "-spare-where-slim"
    )


def _action(command: Command) -> str:
    return f"command('{command.value}')"
