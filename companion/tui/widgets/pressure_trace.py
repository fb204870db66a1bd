"""The pressure trace: the last seconds as a braille line over the target band and the limits."""

from collections import deque
from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from companion.coaching.view import View
from companion.sensing.types import Band, Level, Point
from companion.texts import text
from companion.tui.columns import FREE_TOP_KPA, Columns, Scale, free_top
from companion.tui.glyphs import Glyphs
from companion.tui.widgets.kept_lines import KeptLines
from companion.tui.words import unit
from companion.wording import kpa

WINDOW_S = 6.0
_KEPT_POINTS = 4096
_AXIS = 6
_WORDS = 9
_TIME_ROW_FROM = 8
_WORDS_FROM = 50

_LEVEL_CLASS = {level: f"trace--{level.value.replace('_', '-')}" for level in Level}


class PressureTrace(KeptLines):
    """Draws the newest columns; repaints only when a column is finished.

    Args:
        glyphs: the signs to draw with.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *_LEVEL_CLASS.values(),
        "trace--axis",
        "trace--band",
        "trace--caution-line",
        "trace--stop-line",
    }

    DEFAULT_CSS = """
    PressureTrace {
        height: 1fr;
        & > .trace--axis { color: $quiet; }
        & > .trace--band { color: $quiet; background: $band-tint; }
        & > .trace--caution-line { color: $level-caution; }
        & > .trace--stop-line { color: $level-stop; }
        & > .trace--no-contact { color: $level-no-contact; }
        & > .trace--light { color: $level-light; }
        & > .trace--on-target { color: $level-on-target; }
        & > .trace--firm { color: $level-firm; }
        & > .trace--caution { color: $level-caution; }
        & > .trace--stop { color: $level-stop; }
        & > .trace--unknown { color: $level-unknown; }
        &:nocolor > .trace--stop-line, &:nocolor > .trace--stop { color: $foreground; }
    }
    """

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        super().__init__(id=id)
        self._glyphs = glyphs
        self._band: Band | None = None
        self._unit = ""
        self._top_kpa = FREE_TOP_KPA
        self._points: deque[Point] = deque(maxlen=_KEPT_POINTS)
        self._styles: dict[tuple[str, str], Style] = {}
        self._rebuild()

    def follow(self, view: View) -> None:
        """Take the limits to draw, and the unit; the line is redrawn if they changed."""
        band, words = None if view.step is None else view.step.band, unit(view)
        if (band, words) != (self._band, self._unit):
            self._band, self._unit = band, words
            self._rebuild()
            self.refresh()

    def add(self, points: Sequence[Point]) -> None:
        """Take new samples in, oldest first."""
        if not points:
            return
        self._points.extend(points)
        if self._outgrows(points):
            self._rebuild()
            self.refresh()
        elif self._columns.add(points):
            before = self._drawn_rows
            self._lay_out()
            changed = before | self._drawn_rows
            if changed:
                self.refresh(*(Region(0, row, self.size.width, 1) for row in changed))

    def _outgrows(self, points: Sequence[Point]) -> bool:
        """Raise the end of a scale without limits where a pressure lies above it."""
        if self._band is not None:
            return False
        before = self._top_kpa
        self._top_kpa = free_top(before, max(point.pressure_kpa or 0.0 for point in points))
        return self._top_kpa > before

    def clear(self) -> None:
        """Forget the samples: what comes next is of another moment."""
        self._points.clear()
        self._rebuild()
        self.refresh()

    def notify_style_update(self) -> None:
        """Forget the styles: the theme or the stylesheet has changed."""
        super().notify_style_update()
        self._styles.clear()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the rows asked for; kept samples are drawn anew where the size has changed.

        Textual can paint before, or without, a resize event.
        """
        if self.size != self._drawn_for:
            self._rebuild()
        return super().render_lines(crop)

    def _rebuild(self) -> None:
        self._drawn_for = self.size
        width, height = self.size
        self._words = _WORDS if width >= _WORDS_FROM else 0
        self._plot_width = max(1, width - _AXIS - self._words)
        rows = max(1, height - (1 if height >= _TIME_ROW_FROM else 0))
        self._scale = Scale(rows, self._band, self._top_kpa)
        self._columns = Columns(
            self._plot_width, self._scale, window_s=WINDOW_S, unicode=self._glyphs.unicode
        )
        self._columns.add(self._points)
        self._lay_out()
        self._numbers, self._names, self._kinds = self._legend()

    def _lay_out(self) -> None:
        """Turn the columns into rows, and note in which of them there is something."""
        columns = self._columns.columns
        self._levels = [column.level for column in columns]
        self._cells = list(zip(*(column.cells for column in columns), strict=True))
        self._drawn_rows = {row for row, cells in enumerate(self._cells) if any(cells)}

    def _legend(self) -> tuple[dict[int, str], dict[int, str], dict[int, str]]:
        """Return numbers on the axis, names on the right and kinds of rows, each by row."""
        numbers: dict[int, str] = {}
        names: dict[int, str] = {}
        kinds: dict[int, str] = {}
        band, row = self._band, self._scale.row
        numbers[self._scale.rows - 1] = text("live.gauge.zero")
        if band is None:
            numbers[0] = kpa(self._scale.top_kpa)
            return numbers, names, kinds
        inside = self._scale.band_rows(band)
        kinds.update(dict.fromkeys(inside, "trace--band"))
        numbers[inside[-1]] = kpa(band.low_kpa)
        numbers[inside[0]] = kpa(band.high_kpa)
        names[inside[0]] = text("live.trace.band")
        for limit, kind in ((band.caution_kpa, "caution"), (band.stop_kpa, "stop")):
            kinds[row(limit)] = f"trace--{kind}-line"
            numbers[row(limit)] = kpa(limit)
            names[row(limit)] = text(f"live.trace.{kind}")
        return numbers, names, kinds

    def render_line(self, y: int) -> Strip:
        """Return one row: its number, the line and the band's or limit's name."""
        if y >= self._scale.rows:
            return self._time_row() if y == self._scale.rows else Strip.blank(self.size.width)
        axis = self._style("trace--axis")
        kind = self._kinds.get(y, "")
        named = self._style(kind if kind.endswith("line") else "trace--axis")
        segments = [
            Segment(f"{self._numbers.get(y, ''):>{_AXIS - 1}} ", named if kind else axis),
            *self._plot_row(y, kind),
        ]
        if self._words:
            segments.append(Segment(f" {self._names.get(y, ''):<{self._words - 1}}", named))
        return Strip(segments, _AXIS + self._plot_width + self._words)

    def _plot_row(self, y: int, kind: str) -> list[Segment]:
        """Return the row's cells, runs of the same style joined into one segment."""
        empty = self._empty_sign(kind)
        if y not in self._drawn_rows:
            return [Segment(empty * self._plot_width, self._cell_style(None, kind))]
        segments: list[Segment] = []
        run = [empty * (self._plot_width - len(self._levels))]
        level: Level | None = None
        for cell, drawn in zip(self._cells[y], self._levels, strict=True):
            wanted = drawn if cell else None
            if wanted is not level:
                segments.append(Segment("".join(run), self._cell_style(level, kind)))
                run, level = [], wanted
            run.append(cell or empty)
        segments.append(Segment("".join(run), self._cell_style(level, kind)))
        return segments

    def _empty_sign(self, kind: str) -> str:
        match kind:
            case "trace--caution-line":
                return self._glyphs.dash
            case "trace--stop-line":
                return self._glyphs.heavy_dash
            case _:
                return " "

    def _cell_style(self, level: Level | None, kind: str) -> Style:
        return self._style(_LEVEL_CLASS[level] if level else kind or "trace--axis", kind)

    def _style(self, name: str, under: str = "") -> Style:
        """Return a component's style; ``under`` names the row whose background shows through."""
        key = (name, under)
        if key not in self._styles:
            style = self.get_component_rich_style(name)
            if under == "trace--band":
                style += Style(bgcolor=self.get_component_rich_style(under).bgcolor)
            self._styles[key] = style
        return self._styles[key]

    def _time_row(self) -> Strip:
        then, now = text("live.trace.ago", seconds=WINDOW_S), text("live.trace.now")
        between = max(1, self._plot_width - len(then) - len(now))
        line = f"{self._unit:>{_AXIS - 1}} {then}{' ' * between}{now}"
        return Strip([Segment(line, self._style("trace--axis"))]).adjust_cell_length(
            self.size.width, self._style("trace--axis")
        )
