"""The sections of a form on one line: which is shown, and which have questions open."""

from collections.abc import Sequence

from textual.content import Content

from companion.tui.glyphs import Glyphs
from companion.tui.setup import Section
from companion.tui.widgets.readout import Readout


class SectionStrip(Readout):
    """Titles beside each other, as many around the present one as there is room for.

    Args:
        glyphs: the signs to draw with.
    """

    DEFAULT_CSS = "SectionStrip { height: 1; text-wrap: nowrap; text-overflow: clip; }"

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._glyphs = glyphs

    def show(self, sections: Sequence[Section], place: int) -> None:
        """Show the sections; the one at this place is the present one."""
        opened = tuple(sum(entry.is_open for entry in one.entries) for one in sections)
        titles = tuple(one.title for one in sections)
        self.say((titles, opened, place), lambda: self._content(titles, opened, place))

    def _content(self, titles: Sequence[str], opened: Sequence[int], place: int) -> Content:
        parts = [
            Content.styled(
                f" {title} {f'({count}) ' if count else ''}",
                "bold reverse" if number == place else "$quiet",
            )
            for number, (title, count) in enumerate(zip(titles, opened, strict=True))
        ]
        first, last = 0, len(parts)
        while sum(part.cell_length for part in parts[first:last]) + 2 > max(1, self.size.width):
            if last - first == 1:
                break
            if last - 1 - place >= place - first:
                last -= 1
            else:
                first += 1
        before = [Content(self._glyphs.more_left)] if first else []
        after = [Content(self._glyphs.more_right)] if last < len(parts) else []
        return Content("").join([*before, *parts[first:last], *after])
