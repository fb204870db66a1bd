"""A page to print, on which the working surface of a tool is measured."""

from html import escape
from typing import Final

from companion.cli.endings import UsageRefused
from companion.settings.calibrations import LARGEST_AREA_M2
from companion.texts import text

CAN_READ_MM: Final = 0.5
"""How closely a length is read on a printed page of millimetres, each edge (engineering choice)."""

SQUARES_SHARE: Final = 0.05
"""Relative standard error of an area whose squares were counted: half of those on its rim may
belong to it (engineering choice)."""

_M2_PER_MM2: Final = 1e-6
_WIDE, _HIGH = 210, 297
_MARGIN, _TOP = 20, 62
_OUTLINES: Final = ((10, 10), (12, 12), (15, 10), (20, 5), (20, 10), (20, 15), (30, 5), (30, 10))
_GRID: Final = (160, 110)
_BY: Final = "x"
_SHEET: Final = f"@page {{ size: {_WIDE}mm {_HIGH}mm; margin: 0 }}"
"""What a browser is to print it on; else it adds margins, and needs two sheets."""

_NAMESPACE: Final = "http://www.w3.org/2000/svg"
"""The name of the format (SVG 1.1, section 1.3), which nobody fetches."""


def area_of(words: str) -> tuple[float, float]:
    """Return a contact area in m2 and its relative standard uncertainty.

    Args:
        words: ``20x5`` millimetres of length and width, or ``95`` square millimetres.

    Raises:
        UsageRefused: it is neither, or no tool for a face is so large or so small.
    """
    sides = [_length(word, words) for word in words.lower().replace("mm", "").split(_BY)]
    match sides:
        case [squares]:
            area_m2, share = squares * _M2_PER_MM2, SQUARES_SHARE
        case [length, width]:
            area_m2 = length * width * _M2_PER_MM2
            share = (sum((CAN_READ_MM / side) ** 2 for side in (length, width))) ** 0.5
        case _:
            raise UsageRefused("calibration.refused.no_area", words=words)
    if not _M2_PER_MM2 <= area_m2 <= LARGEST_AREA_M2:
        largest = LARGEST_AREA_M2 / _M2_PER_MM2
        raise UsageRefused("calibration.refused.absurd_area", words=words, largest=largest)
    return area_m2, min(share, 1.0)


def card() -> str:
    """Return the page, an SVG of A4 size in millimetres: outlines of known areas, and squares."""
    size = f'width="{_WIDE}mm" height="{_HIGH}mm" viewBox="0 0 {_WIDE} {_HIGH}"'
    parts = [
        f'<svg xmlns="{_NAMESPACE}" {size} font-family="sans-serif" font-size="3">',
        f"<style>{_SHEET}</style>",
        f'<rect width="{_WIDE}" height="{_HIGH}" fill="white"/>',
        *_sentences(),
        *_ruler(),
        *_outlines(),
        *_squares(),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _length(word: str, words: str) -> float:
    try:
        value = float(word.strip())
    except ValueError:
        raise UsageRefused("calibration.refused.no_area", words=words) from None
    if not 0.0 < value < _WIDE * _HIGH:
        raise UsageRefused("calibration.refused.no_area", words=words)
    return value


def _sentences() -> list[str]:
    keys = ("title", "check", "ink", "squares", "tell")
    return [
        _written(_MARGIN, 18 + 6 * place, text(f"calibration.card.{key}"))
        for place, key in enumerate(keys)
    ]


def _ruler() -> list[str]:
    """A hundred millimetres, to see whether the printer changed the size."""
    y = 52
    lines = [_line(_MARGIN, y, _MARGIN + 100, y)]
    lines += [_line(_MARGIN + mm, y, _MARGIN + mm, y - 3) for mm in range(0, 101, 10)]
    return [*lines, _written(_MARGIN + 103, y, "100 mm")]


def _outlines() -> list[str]:
    parts, x, y = [], _MARGIN, _TOP
    for length, width in _OUTLINES:
        if x + length > _WIDE - _MARGIN:
            x, y = _MARGIN, y + 24
        parts.append(
            f'<rect x="{x}" y="{y}" width="{length}" height="{width}" fill="none" '
            'stroke="black" stroke-width="0.2"/>'
        )
        parts.append(_written(x, y + width + 4, f"{length * width} mm2"))
        x += max(length, 18) + 6
    return parts


def _squares() -> list[str]:
    wide, high = _GRID
    x, y = _MARGIN, _HIGH - _MARGIN - high
    down = [_line(x + mm, y, x + mm, y + high, _weight(mm)) for mm in range(wide + 1)]
    across = [_line(x, y + mm, x + wide, y + mm, _weight(mm)) for mm in range(high + 1)]
    return [*down, *across]


def _weight(mm: int) -> float:
    return 0.25 if mm % 10 == 0 else 0.06


def _line(x: float, y: float, to_x: float, to_y: float, weight: float = 0.25) -> str:
    return (
        f'<line x1="{x}" y1="{y}" x2="{to_x}" y2="{to_y}" stroke="black" stroke-width="{weight}"/>'
    )


def _written(x: float, y: float, words: str) -> str:
    return f'<text x="{x}" y="{y}">{escape(words)}</text>'
