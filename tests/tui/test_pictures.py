"""Pictures are painted cell by cell, the same every time, without a font where none is needed."""

from pathlib import Path

from PIL import Image
from rich.segment import Segment
from rich.style import Style

from docs.make_pictures import CELL_HEIGHT, CELL_WIDTH, paint

_MARGIN = 12
_INK = Style.parse("#ff0000 on #000000")


def _painted(tmp_path: Path, text: str, style: Style = _INK) -> Image.Image:
    path = tmp_path / "cells.png"
    paint([[Segment(text, style)]], path)
    return Image.open(path).convert("RGB")


def _at(image: Image.Image, cell: int, across: float, down: float) -> object:
    x = _MARGIN + int((cell + across) * CELL_WIDTH)
    return image.getpixel((x, _MARGIN + int(down * CELL_HEIGHT)))


def test_a_picture_has_room_for_every_cell(tmp_path: Path) -> None:
    image = _painted(tmp_path, "████")
    assert image.size == (4 * CELL_WIDTH + 2 * _MARGIN, CELL_HEIGHT + 2 * _MARGIN)


def test_braille_dots_stand_where_they_belong(tmp_path: Path) -> None:
    image = _painted(tmp_path, "⠁⢀")
    assert _at(image, 0, 0.25, 0.125) == (255, 0, 0)
    assert _at(image, 0, 0.75, 0.875) == (0, 0, 0)
    assert _at(image, 1, 0.25, 0.125) == (0, 0, 0)
    assert _at(image, 1, 0.8, 0.875) == (255, 0, 0)


def test_half_blocks_meet_without_a_seam(tmp_path: Path) -> None:
    image = _painted(tmp_path, "▀▄")
    assert _at(image, 0, 0.5, 0.25) == (255, 0, 0)
    assert _at(image, 0, 0.5, 0.75) == (0, 0, 0)
    assert _at(image, 1, 0.5, 0.75) == (255, 0, 0)


def test_reverse_turns_ink_and_ground_round(tmp_path: Path) -> None:
    image = _painted(tmp_path, "  ", Style.parse("reverse #ff0000 on #000000"))
    assert _at(image, 1, 0.5, 0.5) == (255, 0, 0)


def test_the_same_cells_give_the_same_file(tmp_path: Path) -> None:
    first, second = tmp_path / "a.png", tmp_path / "b.png"
    for path in (first, second):
        paint([[Segment("━┄⣿▌", _INK)]], path)
    assert first.read_bytes() == second.read_bytes()
