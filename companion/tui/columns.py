"""The pressure trace as columns of cells: pure arithmetic, no terminal.

Samples go into buckets of equal time; two buckets make one finished column of braille cells
(two dots wide, four high), built once and kept until it leaves the window on the left.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from companion.sensing.types import Band, Level, Point

JOIN_S = 0.25
"""Samples closer than this are joined by a line; a longer hole stays a hole."""

HEADROOM = 1.15
"""The scale ends this far above the stop limit, so that going over it can be seen."""

FREE_TOP_KPA = 4.0
"""The scale's end where a step has no limits."""

_LEFT_DOTS = (0x40, 0x04, 0x02, 0x01)
_RIGHT_DOTS = (0x80, 0x20, 0x10, 0x08)
_BRAILLE = 0x2800
_SEVERITY = {
    Level.UNKNOWN: 0,
    Level.NO_CONTACT: 1,
    Level.LIGHT: 2,
    Level.ON_TARGET: 3,
    Level.FIRM: 4,
    Level.CAUTION: 5,
    Level.STOP: 6,
}


class Bucket(NamedTuple):
    """Lowest and highest pressure (kPa) in one bucket of time, and its most severe level."""

    low_kpa: float
    high_kpa: float
    level: Level


class Column(NamedTuple):
    """One finished column: its level, and its cells from the top; empty cells are ``""``."""

    level: Level
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """Pressure against rows: row 0 is the top row, dot 0 the lowest dot.

    Attributes:
        rows: rows of cells; each has four dots.
        band: the limits shown, or None.
    """

    rows: int
    band: Band | None

    @property
    def top_kpa(self) -> float:
        """Pressure at the highest dot."""
        return self.band.stop_kpa * HEADROOM if self.band else FREE_TOP_KPA

    def dot(self, pressure_kpa: float) -> int:
        """Return the dot nearest to a pressure, kept within the scale."""
        last = 4 * self.rows - 1
        return max(0, min(last, round(pressure_kpa / self.top_kpa * last)))

    def row(self, pressure_kpa: float) -> int:
        """Return the row a pressure falls into."""
        return self.rows - 1 - self.dot(pressure_kpa) // 4

    def band_rows(self, band: Band) -> range:
        """Return the rows, from the top, whose middle lies in the target band; at least one."""
        inside = [row for row in range(self.rows) if self._in_band(row, band)]
        inside = inside or [self.row((band.low_kpa + band.high_kpa) / 2)]
        return range(inside[0], inside[-1] + 1)

    def _in_band(self, row: int, band: Band) -> bool:
        middle_kpa = (4 * (self.rows - 1 - row) + 1.5) / (4 * self.rows - 1) * self.top_kpa
        return band.low_kpa <= middle_kpa <= band.high_kpa


def braille_cells(extents: tuple[tuple[int, int] | None, ...], rows: int) -> tuple[str, ...]:
    """Return one column's cells from the top.

    Args:
        extents: lowest and highest dot of the left and of the right half, None for no dots.
        rows: rows of cells.
    """
    masks = [0] * rows
    for extent, bits in zip(extents, (_LEFT_DOTS, _RIGHT_DOTS), strict=True):
        if extent is None:
            continue
        for dot in range(extent[0], extent[1] + 1):
            masks[rows - 1 - dot // 4] |= bits[dot % 4]
    return tuple(chr(_BRAILLE + mask) if mask else "" for mask in masks)


def ascii_cells(extents: tuple[tuple[int, int] | None, ...], rows: int) -> tuple[str, ...]:
    """Return one column's cells from the top in plain ASCII: high, low or both in the cell."""
    return tuple(_ascii_cell(cell) for cell in braille_cells(extents, rows))


def _ascii_cell(cell: str) -> str:
    if not cell:
        return ""
    mask = ord(cell) - _BRAILLE
    upper, lower = mask & 0x1B, mask & 0xE4
    return ":" if upper and lower else "'" if upper else "."


class Columns:
    """Turns points into finished columns.

    Args:
        width: columns kept.
        scale: pressure against rows.
        window_s: seconds the whole width stands for.
        unicode: braille, or plain ASCII.
    """

    def __init__(self, width: int, scale: Scale, *, window_s: float, unicode: bool = True) -> None:
        self.scale = scale
        self.columns: deque[Column] = deque(maxlen=max(1, width))
        self._bucket_s = window_s / (2 * max(1, width))
        self._cells = braille_cells if unicode else ascii_cells
        self._gap_sign = "·" if unicode else "."
        self._index: int | None = None
        self._open: Bucket | None = None
        self._half: list[Bucket | None] = []
        self._newest: Point | None = None
        self._drawn: tuple[int, int] | None = None

    def add(self, points: Iterable[Point]) -> int:
        """Take points in, oldest first, and return how many columns they completed."""
        return sum(self._add(point) for point in points)

    def _add(self, point: Point) -> int:
        index = int(point.device_s // self._bucket_s)
        finished = 0
        if self._index is None:
            self._index = index
        elif index > self._index:
            finished = self._advance(index, point)
        self._widen(point)
        self._newest = point
        return finished

    def _advance(self, index: int, point: Point) -> int:
        """Close the open bucket, and every bucket between it and the one at ``index``."""
        present = self._index or 0
        finished = self._close(self._open)
        first = max(present + 1, index - 2 * (self.columns.maxlen or 1))
        for between in range(first, index):
            finished += self._close(self._between(between, point))
        self._index, self._open = index, None
        return finished

    def _between(self, index: int, point: Point) -> Bucket | None:
        """Return the bucket no sample fell into, on the line between its neighbours."""
        before = self._newest
        if before is None or before.pressure_kpa is None or point.pressure_kpa is None:
            return None
        gap_s = point.device_s - before.device_s
        if gap_s > JOIN_S:
            return None
        share = ((index + 0.5) * self._bucket_s - before.device_s) / gap_s
        value = before.pressure_kpa + share * (point.pressure_kpa - before.pressure_kpa)
        return Bucket(value, value, before.level)

    def _widen(self, point: Point) -> None:
        pressure = point.pressure_kpa
        if pressure is None:
            return
        if self._open is None:
            self._open = Bucket(pressure, pressure, point.level)
            return
        low, high, level = self._open
        self._open = Bucket(
            min(low, pressure),
            max(high, pressure),
            max(level, point.level, key=_SEVERITY.__getitem__),
        )

    def _close(self, bucket: Bucket | None) -> int:
        self._half.append(bucket)
        if len(self._half) < 2:  # noqa: PLR2004 - two buckets make a column
            return 0
        self.columns.append(self._build(self._half[0], self._half[1]))
        self._half.clear()
        return 1

    def _build(self, left: Bucket | None, right: Bucket | None) -> Column:
        rows = self.scale.rows
        if left is None and right is None:
            self._drawn = None
            return Column(Level.UNKNOWN, ("",) * (rows - 1) + (self._gap_sign,))
        cells = self._cells((self._extent(left), self._extent(right)), rows)
        levels = [bucket.level for bucket in (left, right) if bucket is not None]
        return Column(max(levels, key=_SEVERITY.__getitem__), cells)

    def _extent(self, bucket: Bucket | None) -> tuple[int, int] | None:
        """Return the dots of a bucket, stretched until they touch those of the one before."""
        before, self._drawn = self._drawn, None
        if bucket is None:
            return None
        low, high = self.scale.dot(bucket.low_kpa), self.scale.dot(bucket.high_kpa)
        self._drawn = low, high
        if before is None:
            return low, high
        return min(low, before[1] + 1), max(high, before[0] - 1)
