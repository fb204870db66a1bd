"""Lines to read, as many as there are, scrolled by keys."""

from collections.abc import Iterable

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static


class Page(VerticalScroll):
    """Text that replaces what it showed before."""

    DEFAULT_CSS = """
    Page {
        padding: 0 1;
        & > Static { height: auto; width: 100%; }
        & > .table { text-wrap: nowrap; text-overflow: clip; }
    }
    """

    def tell(self, lines: Iterable[Content], *, as_table: bool = False) -> None:
        """Show lines from the first one on.

        Args:
            lines: what to show.
            as_table: cut lines that are too long, in place of wrapping them.
        """
        self.remove_children()
        self.mount(Static(Content("\n").join(list(lines)), classes="table" if as_table else ""))
        self.scroll_home(animate=False)
