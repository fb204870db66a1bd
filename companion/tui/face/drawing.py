"""Outlines become cells: which cells a line goes through, which belong to a zone. No terminal."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import groupby, pairwise
from math import ceil, hypot

from companion.coaching.routine import Side, Zone
from companion.tui.face.outlines import FRONT, PROFILE, Outline, Sketch

Place = tuple[Zone, Side]
"""A zone on one side of the person; never ``both``."""

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_BRAILLE = 0x2800
_STEEP = 2.0
"""A line this many times as long one way as the other is drawn straight, in ASCII."""


class Look(Enum):
    """From where a face is seen. In a mirror the person's left is at the left."""

    FRONT = "front"
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Span:
    """Neighbouring cells of one kind.

    Attributes:
        start: the first cell's column.
        line: signs of an outline; empty where there is none.
        place: the zone and side they belong to; None for neither line nor zone.
        length: how many cells.
    """

    start: int
    line: str
    place: Place | None
    length: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """A view of a face in cells.

    Attributes:
        width: columns.
        rows: each row as spans that cover it from left to right.
    """

    width: int
    rows: tuple[tuple[Span, ...], ...]


def size_for(look: Look, rows: int) -> int:
    """Return the columns that a view takes at so many rows; a cell is twice as high as wide."""
    sketch = _sketch(look)
    return max(1, round((sketch.right - sketch.left) * 2 * rows / sketch.bottom))


@lru_cache(maxsize=24)
def drawing(look: Look, rows: int, *, mirrored: bool, unicode: bool) -> Drawing:
    """Return a view so many rows high.

    Args:
        look: from where.
        rows: its height.
        mirrored: as in a mirror; else as another person sees it.
        unicode: lines of braille dots, else of ASCII signs.
    """
    sketch, width = _sketch(look), size_for(look, rows)
    scale = 2 * rows / sketch.bottom
    flips = (look is Look.LEFT) is mirrored if look is not Look.FRONT else not mirrored
    lines = _dotted if unicode else _signed
    canvas = _Canvas(sketch, scale, width, rows, flips=flips)
    signs, places = lines(canvas), canvas.places(look)
    seen = {place for cell, place in places.items() if cell not in signs}
    for cell, place in places.items():
        if place not in seen:  # so small that only lines would be left of it
            signs.pop(cell, None)
    cells = [
        [(signs.get((column, row), ""), places.get((column, row))) for column in range(width)]
        for row in range(rows)
    ]
    return Drawing(width, tuple(tuple(_spans(row)) for row in cells))


@dataclass(frozen=True, slots=True)
class _Canvas:
    sketch: Sketch
    scale: float
    width: int
    rows: int
    flips: bool

    def lines(self) -> Iterator[list[tuple[float, float]]]:
        """Yield every line in cells across and rows down."""
        for line in self.sketch.lines:
            yield [self.at(x, y) for x, y in line]
            if self.sketch is FRONT:
                yield [self.at(-x, y) for x, y in line]

    def at(self, x: float, y: float) -> tuple[float, float]:
        across = (self.sketch.right - x) if self.flips else (x - self.sketch.left)
        return across * self.scale, y * self.scale / 2

    def places(self, look: Look) -> dict[tuple[int, int], Place]:
        """Return the place of each cell whose middle lies in one; each place has at least one."""
        found: dict[tuple[int, int], Place] = {}
        for zone, outline in self.sketch.zones:
            for side, shape in _shapes(outline, look):
                middles = [
                    cell for cell in self.near(shape) if _is_within(*self.point(*cell), shape)
                ]
                for cell in middles or [self.middle(shape)]:
                    found[cell] = zone, side
        return found

    def near(self, shape: Outline) -> Iterator[tuple[int, int]]:
        """Yield the cells of the smallest rectangle around a shape."""
        corners = [self.at(x, y) for x, y in shape]
        across, down = [x for x, _ in corners], [y for _, y in corners]
        for column in range(max(0, int(min(across))), min(self.width, int(max(across)) + 1)):
            for row in range(int(min(down)), min(self.rows, int(max(down)) + 1)):
                yield column, row

    def point(self, column: int, row: int) -> tuple[float, float]:
        """Return where the middle of a cell lies in the sketch."""
        across, y = (column + 0.5) / self.scale, (row + 0.5) * 2 / self.scale
        return (self.sketch.right - across if self.flips else self.sketch.left + across), y

    def middle(self, shape: Outline) -> tuple[int, int]:
        """Return the cell in the middle of a shape."""
        across, down = self.at(
            sum(x for x, _ in shape) / len(shape), sum(y for _, y in shape) / len(shape)
        )
        return min(self.width - 1, int(across)), min(self.rows - 1, int(down))


def _shapes(outline: Outline, look: Look) -> Iterator[tuple[Side, Outline]]:
    """Yield what an outline stands for: both sides of a front, the one side of a profile."""
    if look is not Look.FRONT:
        yield (Side.LEFT if look is Look.LEFT else Side.RIGHT), outline
        return
    yield Side.RIGHT, outline
    yield Side.LEFT, tuple((-x, y) for x, y in outline)


def _sketch(look: Look) -> Sketch:
    return FRONT if look is Look.FRONT else PROFILE


def _is_within(x: float, y: float, outline: Outline) -> bool:
    """Say whether a point lies within an outline: by how often a ray from it crosses that."""
    inside = False
    for (x0, y0), (x1, y1) in pairwise((*outline, outline[0])):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
            inside = not inside
    return inside


def _steps(line: list[tuple[float, float]], finer: float) -> Iterator[tuple[float, float]]:
    """Yield points along a line, so many for each cell's breadth."""
    for (x0, y0), (x1, y1) in pairwise(line):
        count = max(1, ceil(hypot(x1 - x0, 2 * (y1 - y0)) * finer))
        for step in range(count + 1):
            share = step / count
            yield x0 + share * (x1 - x0), y0 + share * (y1 - y0)


def _dotted(canvas: _Canvas) -> dict[tuple[int, int], str]:
    masks: dict[tuple[int, int], int] = {}
    for line in canvas.lines():
        for x, y in _steps(line, 3.0):
            column, row = int(x), int(y)
            if 0 <= column < canvas.width and 0 <= row < canvas.rows:
                dot = _DOTS[int(4 * (y - row))][int(2 * (x - column))]
                masks[column, row] = masks.get((column, row), 0) | dot
    return {cell: chr(_BRAILLE + mask) for cell, mask in masks.items()}


def _signed(canvas: _Canvas) -> dict[tuple[int, int], str]:
    signs: dict[tuple[int, int], str] = {}
    for line in canvas.lines():
        for (x0, y0), (x1, y1) in pairwise(line):
            sign = _slope(x1 - x0, 2 * (y1 - y0))
            for x, y in _steps([(x0, y0), (x1, y1)], 2.0):
                if 0 <= x < canvas.width and 0 <= y < canvas.rows:
                    signs.setdefault((int(x), int(y)), sign)
    return signs


def _slope(across: float, down: float) -> str:
    if abs(across) > _STEEP * abs(down):
        return "-"
    if abs(down) > _STEEP * abs(across):
        return "|"
    return "\\" if (across > 0) == (down > 0) else "/"


def _spans(row: list[tuple[str, Place | None]]) -> Iterator[Span]:
    start = 0
    for (is_line, place), cells in groupby(row, lambda cell: _kind(*cell)):
        signs = [sign for sign, _ in cells]
        yield Span(start, "".join(signs) if is_line else "", place, len(signs))
        start += len(signs)


def _kind(sign: str, place: Place | None) -> tuple[bool, Place | None]:
    return bool(sign), None if sign else place
