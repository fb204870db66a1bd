"""The screen of several tools side by side: each in short, the keys for one of them."""

from textual.app import ComposeResult
from textual.containers import Container

from companion.coaching.view import View
from companion.tui.alerts import Shown
from companion.tui.glyphs import Glyphs
from companion.tui.screens.session import SessionScreen
from companion.tui.several import Several
from companion.tui.watch import Watch
from companion.tui.widgets.key_line import KeyLine
from companion.tui.widgets.tool_column import ToolColumn
from companion.tui.widgets.tool_tabs import ToolTabs

_NARROWEST = 38
"""Cells that a column needs for the level, the step and the count beside each other."""


class BesideScreen(SessionScreen):
    """A column for each tool; where they do not fit beside each other, rows of them.

    Args:
        watch: the session that is shown first.
        glyphs: the signs to draw with.
        several: all of them.
    """

    CSS_PATH = "beside.tcss"

    def __init__(self, watch: Watch, glyphs: Glyphs, several: Several) -> None:
        super().__init__(watch, glyphs, several)
        self._all = several
        self._columns = [ToolColumn(glyphs, one) for one in several.watches]
        self._grid = Container(*self._columns, id="columns")

    def tabs_of(self, several: Several) -> ToolTabs:
        """Return the line of tools; each warns in its own column."""
        return ToolTabs(self.glyphs, several, tells=False, id="tools")

    def compose(self) -> ComposeResult:
        """Lay the parts out from the top, in the width that is there from the first picture on."""
        self._arrange()
        yield self._grid
        yield KeyLine()

    def on_resize(self) -> None:
        """Have as many columns as there is room for."""
        self._arrange()

    def _arrange(self) -> None:
        most = max(1, self.app.size.width // _NARROWEST)
        rows = -(-len(self._columns) // most)
        self._grid.styles.grid_size_columns = -(-len(self._columns) // rows)
        self._grid.styles.grid_size_rows = rows

    def tick(self) -> None:
        """Show everything as it stands; the keys are for the tool that is shown."""
        self.session = self._all.shown
        super().tick()

    def show(self, view: View, shown: Shown | None) -> None:  # noqa: ARG002 -- the columns see for themselves
        """Show every session."""
        for column in self._columns:
            column.show(is_shown=column.session is self.session)
