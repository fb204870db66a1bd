"""A page as a reader finds it: its elements, its tables, its words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta"}


@dataclass
class Table:
    caption: str = ""
    rows: list[list[str]] = field(default_factory=list)

    def row(self, first: str) -> list[str]:
        """The cells after the one that names its row."""
        (found,) = (row[1:] for row in self.rows if row[0] == first)
        return found


class Reader(HTMLParser):
    """Reads a page; refuses one whose elements do not close in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.tables: list[Table] = []
        self.facts: dict[str, str] = {}
        self.words = ""
        self._term = ""
        self.style = ""
        self._open: list[str] = []
        self._cell: str | None = None
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "table":
            self.tables.append(Table())
        elif tag == "tr":
            self.tables[-1].rows.append([])
        elif tag in {"th", "td", "caption"}:
            self._cell = ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        if tag == "caption":
            self.tables[-1].caption = self._cell or ""
        elif tag in {"th", "td"}:
            self.tables[-1].rows[-1].append(self._cell or "")
        if tag in {"th", "td", "caption"}:
            self._cell = None

    def handle_data(self, data: str) -> None:
        if "style" in self._open:
            self.style += data
            return
        self.words += data
        if "dt" in self._open:
            self._term = data
        elif "dd" in self._open:
            self.facts[self._term] = self.facts.get(self._term, "") + data
        if self._cell is not None:
            self._cell += data

    def table(self, caption: str) -> Table:
        (found,) = (table for table in self.tables if table.caption == caption)
        return found

    def named(self, tag: str) -> Iterator[dict[str, str]]:
        return (attributes for name, attributes in self.elements if name == tag)
