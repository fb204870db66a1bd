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

FREE_TOP_KPA = 0.5
"""The scale's end where a step has no limits, until something is higher: a light touch shows."""

_LEFT_DOTS = (0x40, 0x04, 0x02, 0x01)
_RIGHT_DOTS = (0x80, 0x20, 0x10, 0x08)
_BRAILLE = 0x2800
_LEVELS = (Level.LIGHT, Level.ON_TARGET, Level.FIRM, Level.CAUTION, Level.STOP)


class Bucket(NamedTuple):
    """Lowest and highest pressure (kPa) in one bucket of time, and whether all was judged."""

    low_kpa: float
    high_kpa: float
    is_judged: bool


class Column(NamedTuple):
    """One finished column: where its highest pressure lies against the band, and its cells.

    Cells run from the top; empty ones are ``""``. The level of a column is that of its own
    pressure: it neither waits nor lasts as the level in words does.
    """

    level: Level
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """Pressure against rows: row 0 is the top row, dot 0 the lowest dot.

    Attributes:
        rows: rows of cells; each has four dots.
        band: the limits shown, or None.
        free_top_kpa: its end where there are none.
    """

    rows: int
    band: Band | None
    free_top_kpa: float = FREE_TOP_KPA

    @property
    def top_kpa(self) -> float:
        """Pressure at the highest dot."""
        return self.band.stop_kpa * HEADROOM if self.band else self.free_top_kpa

    def dot(self, pressure_kpa: float) -> int:
        """Return the dot nearest to a pressure, kept within the scale."""
        last = 4 * self.rows - 1
        return max(0, min(last, round(pressure_kpa / self.top_kpa * last)))

    def row(self, pressure_kpa: float) -> int:
        """Return the row a pressure falls into."""
        return self.rows - 1 - self.dot(pressure_kpa) // 4

    def level(self, pressure_kpa: float) -> Level:
        """Return where a pressure lies against the band; on the base line there is no contact."""
        if self.dot(pressure_kpa) == 0:
            return Level.NO_CONTACT
        band = self.band
        if band is None:
            return Level.UNKNOWN
        borders = (band.low_kpa, band.high_kpa, band.caution_kpa, band.stop_kpa)
        return _LEVELS[sum(pressure_kpa >= border for border in borders)]

    def band_rows(self, band: Band) -> range:
        """Return the rows, from the top, whose middle lies in the target band; at least one."""
        inside = [row for row in range(self.rows) if self._in_band(row, band)]
        inside = inside or [self.row((band.low_kpa + band.high_kpa) / 2)]
        return range(inside[0], inside[-1] + 1)

    def _in_band(self, row: int, band: Band) -> bool:
        middle_kpa = (4 * (self.rows - 1 - row) + 1.5) / (4 * self.rows - 1) * self.top_kpa
        return band.low_kpa <= middle_kpa <= band.high_kpa


def free_top(top_kpa: float, highest_kpa: float) -> float:
    """Return a scale's end doubled until a pressure lies below it."""
    while top_kpa < highest_kpa:
        top_kpa *= 2
    return top_kpa


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
        return Bucket(value, value, _is_judged(before) and _is_judged(point))

    def _widen(self, point: Point) -> None:
        pressure = point.pressure_kpa
        if pressure is None:
            return
        is_judged = _is_judged(point)
        if self._open is None:
            self._open = Bucket(pressure, pressure, is_judged)
            return
        low, high, was_judged = self._open
        self._open = Bucket(min(low, pressure), max(high, pressure), was_judged and is_judged)

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
        drawn = [bucket for bucket in (left, right) if bucket is not None]
        if not all(bucket.is_judged for bucket in drawn):
            return Column(Level.UNKNOWN, cells)
        return Column(self.scale.level(max(bucket.high_kpa for bucket in drawn)), cells)

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


def _is_judged(point: Point) -> bool:
    return point.level is not Level.UNKNOWN
