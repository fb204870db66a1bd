"""Widgets whose finished rows are kept while nothing about them changes."""

from textual.geometry import Region
from textual.reactive import Reactive, var
from textual.strip import Strip
from textual.widget import Widget


class KeptLines(Widget):
    """A widget that hands out the rows it has, as long as they are right.

    Textual asks every widget between the first and the last row that changed for its rows, in
    every frame. It keeps them too, but reckons colours, sizes and filters anew each time, which
    takes longer than the rows that did change.
    """

    auto_links: Reactive[bool] = var(False)  # there are none to be looked for in every row

    _kept: tuple[int, list[Strip]] | None = None
    _changed_rows: frozenset[int] = frozenset()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the rows of a region, those kept where nothing has changed."""
        if self._kept is None:
            whole = self.region.reset_offset
            self._kept = whole.width, self._draw_whole(whole)
        elif self._changed_rows:
            self._draw_changed(*self._kept)
        width, rows = self._kept
        if crop.bottom > len(rows):
            return super().render_lines(crop)
        rows = rows[crop.y : crop.bottom]
        begin, end = crop.column_span
        return rows if (begin, end) == (0, width) else [row.crop(begin, end) for row in rows]

    def _draw_whole(self, whole: Region) -> list[Strip]:
        return super().render_lines(whole)

    def _draw_changed(self, width: int, rows: list[Strip]) -> None:
        first, last = min(self._changed_rows), min(max(self._changed_rows) + 1, len(rows))
        self._changed_rows = frozenset()
        if first < last:
            rows[first:last] = super().render_lines(Region(0, first, width, last - first))

    def notify_style_update(self) -> None:
        """Keep nothing: the theme or the stylesheet has changed."""
        super().notify_style_update()
        self._forget()

    def _set_dirty(self, *regions: Region) -> None:
        if regions:
            top = self.content_offset.y
            rows = (row + top for region in regions for row in region.line_range)
            self._changed_rows = self._changed_rows.union(rows)
        else:
            self._forget()
        super()._set_dirty(*regions)

    def _forget(self) -> None:
        self._kept, self._changed_rows = None, frozenset()


class Backdrop(KeptLines):
    """A widget that shows nothing but what it holds: each of its rows looks like the first.

    They are one row to textual, too, which has to cut each row to pieces wherever a widget lies
    over it.
    """

    def _draw_whole(self, whole: Region) -> list[Strip]:
        return super()._draw_whole(whole.crop_size((whole.width, 1))) * whole.height
