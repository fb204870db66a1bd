"""Paints a textual screen to a PNG, cell by cell, always the same way.

Braille dots, block elements and rules are drawn here and not taken from a font, so that lines
join and the trace looks as it does in a good terminal. Needs Pillow and a monospaced TrueType
font (DejaVu Sans Mono where it is installed).
"""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from textual._ansi_theme import MONOKAI  # rich's terminal theme of textual's own screenshots
from textual.app import App

Rgb = tuple[int, int, int]

CELL_WIDTH = 11
CELL_HEIGHT = 22
_FONT_SIZE = 18
_MARGIN = 12
_FONTS = {
    False: ("DejaVuSansMono.ttf", "LiberationMono-Regular.ttf", "Menlo.ttc", "consola.ttf"),
    True: ("DejaVuSansMono-Bold.ttf", "LiberationMono-Bold.ttf", "Menlo.ttc", "consolab.ttf"),
}
_DIM = 0.6
_COLOURS = 96
"""Of a film: the screen's own, and the shades in between that smooth its letters."""
_PALETTE_FROM = 8
"""So many pictures of a film say which colours it has."""
_HELD_MS = 1500

_BRAILLE_DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
_LEFT_EIGHTHS = "▏▎▍▌▋▊▉█"
_LOWER_EIGHTHS = "▁▂▃▄▅▆▇█"
_RULES = {"─": (1, 0), "━": (3, 0), "┄": (1, 2), "┅": (3, 2)}


def paint(source: App[None] | Iterable[Iterable[Segment]], path: Path) -> None:
    """Paint a running app's screen, or rows of segments, to a PNG file.

    Args:
        source: an app whose screen is to be read, or the rows of styled text themselves.
        path: the file to write.
    """
    painted(source).save(path, optimize=True)


def painted(source: App[None] | Iterable[Iterable[Segment]]) -> Image.Image:
    """Return a picture of a running app's screen, or of rows of segments."""
    theme = source.ansi_theme if isinstance(source, App) else MONOKAI
    rows = [list(row) for row in (_rows_of(source) if isinstance(source, App) else source)]
    width = max(sum(cell_len(segment.text) for segment in row) for row in rows)
    size = (width * CELL_WIDTH + 2 * _MARGIN, len(rows) * CELL_HEIGHT + 2 * _MARGIN)
    _, background = _colours(rows[0][0].style or Style(), theme)
    image = Image.new("RGB", size, background)
    draw = ImageDraw.Draw(image)
    for number, row in enumerate(rows):
        _paint_row(draw, row, _MARGIN + number * CELL_HEIGHT, theme)
    return image


def paint_film(pictures: Sequence[Image.Image], path: Path, per_second: float) -> None:
    """Write pictures as an animated GIF that goes on for ever, its last one held for a while.

    Args:
        pictures: of one size, at least one.
        path: the file to write.
        per_second: pictures of a second.
    """
    few = pictures[:: max(1, len(pictures) // _PALETTE_FROM)]
    sheet = Image.new("RGB", (few[0].width, few[0].height * len(few)))
    for number, picture in enumerate(few):
        sheet.paste(picture, (0, number * picture.height))
    palette = sheet.quantize(_COLOURS)
    first, *others = (
        picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures
    )
    lasting_ms = [round(1000 / per_second)] * len(others) + [_HELD_MS]
    first.save(path, save_all=True, append_images=others, duration=lasting_ms, loop=0)


def _rows_of(app: App[None]) -> list[list[Segment]]:
    # textual offers its cells only as SVG; the compositor's strips are the cells themselves.
    return [list(strip) for strip in app.screen._compositor.render_strips()]  # noqa: SLF001


def _paint_row(
    draw: ImageDraw.ImageDraw, row: list[Segment], top: int, theme: TerminalTheme
) -> None:
    left = _MARGIN
    for text, style, _control in row:
        known = style or Style()
        foreground, background = _colours(known, theme)
        for character in text:
            width = cell_len(character) * CELL_WIDTH
            box = (left, top, left + width - 1, top + CELL_HEIGHT - 1)
            draw.rectangle(box, fill=background)
            _paint_cell(draw, character, (left, top), foreground, bold=bool(known.bold))
            if known.underline:
                draw.line((left, box[3] - 2, box[2], box[3] - 2), fill=foreground)
            left += width


def _colours(style: Style, theme: TerminalTheme) -> tuple[Rgb, Rgb]:
    """Return foreground and background of a style, reversed and dimmed as it asks."""
    foreground = _rgb(style.color, theme, foreground=True)
    background = _rgb(style.bgcolor, theme, foreground=False)
    if style.reverse:
        foreground, background = background, foreground
    if style.dim:
        red, green, blue = (
            round(back + _DIM * (fore - back))
            for fore, back in zip(foreground, background, strict=True)
        )
        foreground = (red, green, blue)
    return foreground, background


def _rgb(colour: Color | None, theme: TerminalTheme, *, foreground: bool) -> Rgb:
    if colour is None:
        return theme.foreground_color if foreground else theme.background_color
    return colour.get_truecolor(theme, foreground=foreground)


def _paint_cell(
    draw: ImageDraw.ImageDraw, character: str, at: tuple[int, int], colour: Rgb, *, bold: bool
) -> None:
    if character == " ":
        return
    if "\u2800" <= character <= "\u28ff":
        _paint_braille(draw, ord(character) - 0x2800, at, colour)
    elif character in _RULES:
        _paint_rule(draw, character, at, colour)
    elif (block := _block(character)) is not None:
        _fill(draw, at, block, colour)
    else:
        anchor = (at[0] + CELL_WIDTH / 2, at[1] + CELL_HEIGHT * 0.76)
        draw.text(anchor, character, fill=colour, font=_font(bold=bold), anchor="ms")


def _paint_braille(draw: ImageDraw.ImageDraw, mask: int, at: tuple[int, int], colour: Rgb) -> None:
    for bit, (column, row) in enumerate(_BRAILLE_DOTS):
        if mask & (1 << bit):
            x = at[0] + (column + 0.5) * CELL_WIDTH / 2
            y = at[1] + (row + 0.5) * CELL_HEIGHT / 4
            draw.ellipse((x - 1.9, y - 1.9, x + 1.9, y + 1.9), fill=colour)


def _paint_rule(
    draw: ImageDraw.ImageDraw, character: str, at: tuple[int, int], colour: Rgb
) -> None:
    thickness, dashes = _RULES[character]
    middle = at[1] + CELL_HEIGHT // 2
    upper, lower = middle - thickness // 2, middle + (thickness - 1) // 2
    parts = dashes or 1
    for part in range(parts):
        start = at[0] + part * CELL_WIDTH / parts
        end = start + (0.55 if dashes else 1) * CELL_WIDTH / parts - (0 if dashes else 1)
        draw.rectangle((round(start), upper, round(end), lower), fill=colour)


def _block(character: str) -> tuple[float, float, float, float] | None:
    """Return a block element as left, top, right, bottom in shares of the cell."""
    if character == "▀":
        return 0.0, 0.0, 1.0, 0.5
    if character == "▇" or character in _LOWER_EIGHTHS:
        return 0.0, 1 - (_LOWER_EIGHTHS.index(character) + 1) / 8, 1.0, 1.0
    if character in _LEFT_EIGHTHS:
        return 0.0, 0.0, (_LEFT_EIGHTHS.index(character) + 1) / 8, 1.0
    return None


def _fill(
    draw: ImageDraw.ImageDraw,
    at: tuple[int, int],
    block: tuple[float, float, float, float],
    colour: Rgb,
) -> None:
    left, top, right, bottom = block
    box = (
        at[0] + round(left * CELL_WIDTH),
        at[1] + round(top * CELL_HEIGHT),
        at[0] + round(right * CELL_WIDTH) - 1,
        at[1] + round(bottom * CELL_HEIGHT) - 1,
    )
    draw.rectangle(box, fill=colour)


@cache
def _font(*, bold: bool) -> ImageFont.FreeTypeFont:
    for name in _FONTS[bold]:
        try:
            return ImageFont.truetype(name, _FONT_SIZE)
        except OSError:
            continue
    msg = f"none of these fonts was found: {', '.join(_FONTS[bold])}"
    raise FileNotFoundError(msg)
