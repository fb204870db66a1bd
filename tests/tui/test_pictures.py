"""Pictures are painted cell by cell, the same every time, without a font where none is needed."""

from pathlib import Path

from PIL import Image, ImageChops
from rich.segment import Segment
from rich.style import Style

from companion.live import LinkState, LinkView
from companion.sensing.types import Level, Point
from docs.cell_painter import CELL_HEIGHT, CELL_WIDTH, paint
from docs.make_pictures import FILM, FILM_FOR_S, FILM_PER_S, FILM_SIZE, FOLDER, Exposure, show_film
from tests.tui.fake_live import FakeLive, raised

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


def _exposed() -> list[Exposure]:
    """A quiet moment, and one with a warning."""
    live, link = FakeLive(), LinkView(state=LinkState.LIVE, tool="Roller")
    points = [Point(100.0 + at / 100, 1.0, Level.ON_TARGET) for at in range(40)]
    return [
        Exposure(live.view(), link, points[:20], [], 10.0),
        Exposure(live.view(), link, points[20:], [(10.1, raised(device_s=100.3))], 10.2),
    ]


async def test_a_film_shows_one_moment_after_the_other(tmp_path: Path) -> None:
    await show_film(_exposed(), tmp_path / "film.gif")
    with Image.open(tmp_path / "film.gif") as film:
        assert getattr(film, "n_frames", 0) == 2
        assert film.info["loop"] == 0
        assert film.info["duration"] == 1000 / FILM_PER_S
        quiet = film.convert("RGB")
        film.seek(1)
        changed = ImageChops.difference(quiet, film.convert("RGB")).getbbox()
    assert changed is not None
    assert changed[2] - changed[0] > 0.9 * quiet.width


def test_the_film_of_the_readme_is_what_the_command_makes() -> None:
    path = FOLDER / f"{FILM}.gif"
    columns, rows = FILM_SIZE
    margins = 2 * _MARGIN
    with Image.open(path) as film:
        assert getattr(film, "n_frames", 0) == FILM_FOR_S * FILM_PER_S
        assert film.size == (columns * CELL_WIDTH + margins, rows * CELL_HEIGHT + margins)
    assert path.stat().st_size < 1_500_000
    assert f"docs/pictures/{path.name}" in (FOLDER.parents[1] / "README.md").read_text("utf-8")
