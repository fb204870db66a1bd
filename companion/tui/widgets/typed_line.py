"""A line to type a value into, beside its name, that can be given up."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

_LONGEST = 1024


class TypedLine(Horizontal):
    """Shown while something is typed; textual's ``Input.Changed`` and ``Submitted`` tell what."""

    DEFAULT_CSS = """
    TypedLine {
        height: 1; display: none; background: $panel;
        &.-shown { display: block; }
        & > Static { width: auto; max-width: 50%; text-wrap: nowrap; text-overflow: ellipsis; }
        & > Input {
            width: 1fr; height: 1; border: none; padding: 0 1; background: $panel;
            color: $foreground;
            &:focus { border: none; background-tint: $panel 0%; }
        }
    }
    """

    def compose(self) -> ComposeResult:
        """Put the name before the line."""
        yield Static()
        line = Input(max_length=_LONGEST, compact=True, select_on_focus=False)
        line.cursor_blink = False
        yield line

    @property
    def value(self) -> str:
        """What is typed."""
        return self.query_one(Input).value

    @property
    def is_open(self) -> bool:
        """Whether something is typed now."""
        return self.has_class("-shown")

    def ask(self, name: str, value: str) -> None:
        """Ask for a value.

        Args:
            name: what it is called.
            value: what it is now.
        """
        self.query_one(Static).update(Content.styled(f"{name}: ", "bold"))
        line = self.query_one(Input)
        line.value = value
        line.cursor_position = len(value)
        self.add_class("-shown")
        line.focus()

    def put_away(self) -> None:
        """Ask no more."""
        self.remove_class("-shown")
