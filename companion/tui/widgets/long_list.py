"""A list of any length that draws only the rows that are seen."""

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from companion.texts import text
from companion.tui.glyphs import Glyphs
from companion.tui.widgets.readout import Readout

_WHEEL_ROWS = 3
_END = 1 << 40


class LongList(Readout, can_focus=True):
    """Rows with one that is pointed at; moved by keys and the wheel.

    Args:
        row: makes a row's content from its place; the widget cuts it to its width.
        glyphs: the signs to draw with.
    """

    DEFAULT_CSS = """
    LongList { width: 1fr; height: 1fr; text-wrap: nowrap; text-overflow: clip; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "up",
            "move(-1)",
            show=False,
            tooltip=text("screens.keys.move_tip"),
        ),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "leaf(-1)", show=False),
        Binding("pagedown", "leaf(1)", show=False),
        Binding("home", f"move({-_END})", show=False),
        Binding("end", f"move({_END})", show=False),
    ]

    class Moved(Message):
        """Another row is pointed at, or other rows are seen."""

    def __init__(
        self,
        row: Callable[[int], Content],
        glyphs: Glyphs,
        *,
        id: str | None = None,  # noqa: A002 - textual's name
    ) -> None:
        super().__init__(id=id)
        self._row = row
        self._glyphs = glyphs
        self._count = 0
        self._edition = 0
        self.place = 0
        self._top = 0

    @property
    def seen(self) -> range:
        """The places of the rows that are seen."""
        return range(self._top, min(self._count, self._top + self.size.height))

    def fill(self, count: int) -> None:
        """Say how many rows there are, and that their content may have changed."""
        self._count = count
        self._edition += 1
        self.move(0)

    def move(self, rows: int) -> None:
        """Point at another row, as near as there is one."""
        self.place = max(0, min(self._count - 1, self.place + rows))
        height = max(1, self.size.height)
        top = max(self.place - height + 1, min(self._top, self.place))
        self._top = max(0, min(top, self._count - height))
        self._draw()
        self.post_message(self.Moved())

    def on_resize(self) -> None:
        """Keep the row that is pointed at in sight."""
        self.move(0)

    def _draw(self) -> None:
        key = (self._edition, self.place, self._top, self.size.height, self.has_focus)
        self.say(key, self._content)

    def on_focus(self) -> None:
        """Show that the keys move it."""
        self._draw()

    def on_blur(self) -> None:
        """Show that the keys do not move it."""
        self._draw()

    def _content(self) -> Content:
        width = max(1, self.size.width)
        rows = []
        for place in self.seen:
            more = self._more(place)
            room = max(1, width - len(more))
            row = self._row(place).truncate(room, ellipsis=True, pad=True)
            row = Content.assemble(row, (more, "bold $primary"))
            rows.append(row.stylize("reverse") if place == self.place else row)
        return Content("\n").join(rows)

    def _more(self, place: int) -> str:
        """Return the sign at the end of a row beyond which there are others that are not seen."""
        seen = self.seen
        if len(seen) > 1 and place == seen[0] and place > 0:
            return f" {self._glyphs.more_above}"
        if place == seen[-1] and place < self._count - 1:
            return f" {self._glyphs.more_below}"
        return ""

    def action_move(self, rows: int) -> None:
        """Point at another row."""
        self.move(rows)

    def action_leaf(self, leaves: int) -> None:
        """Go on by as many rows as are seen."""
        self.move(leaves * max(1, self.size.height - 1))

    def on_mouse_scroll_down(self, _event: events.MouseScrollDown) -> None:
        """Go down."""
        self.move(_WHEEL_ROWS)

    def on_mouse_scroll_up(self, _event: events.MouseScrollUp) -> None:
        """Go up."""
        self.move(-_WHEEL_ROWS)
