"""Widgets whose finished rows are kept while nothing about them changes."""

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class KeptLines(Widget):
    """A widget that hands out the rows it has, as long as they are right.

    Textual asks every widget between the first and the last row that changed for its rows, in
    every frame. It keeps them too, but reckons colours, sizes and filters anew each time, which
    takes longer than the rows that did change.
    """

    _kept: tuple[int, list[Strip]] | None = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the rows of a region, those kept where nothing has changed."""
        if self._kept is None:
            size = self.region.size
            self._kept = size.width, super().render_lines(size.region)
        width, whole = self._kept
        if crop.bottom > len(whole):
            return super().render_lines(crop)
        rows = whole[crop.y : crop.bottom]
        begin, end = crop.column_span
        return rows if (begin, end) == (0, width) else [row.crop(begin, end) for row in rows]

    def notify_style_update(self) -> None:
        """Keep nothing: the theme or the stylesheet has changed."""
        super().notify_style_update()
        self._kept = None

    def _set_dirty(self, *regions: Region) -> None:
        self._kept = None
        super()._set_dirty(*regions)
