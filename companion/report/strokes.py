"""Strokes by direction and speed."""

from statistics import median
from typing import Final

from matplotlib.figure import Figure

from companion.report.contents import SessionContents
from companion.report.drawing import INK, bare, drawn, figure_of
from companion.report.markup import Markup, paragraph, section, table
from companion.report.replay import Stroked
from companion.sensing.types import StrokeDirection
from companion.texts import text

ARROWS: Final = {
    StrokeDirection.UP: "↑",
    StrokeDirection.HORIZONTAL: "↔",
    StrokeDirection.DOWN: "↓",
    StrokeDirection.UNKNOWN: "?",
}
_SPREAD: Final = (0.0, 0.16, -0.16, 0.08, -0.08, 0.24, -0.24)
"""Where strokes of like speed are put beside each other, in turn."""


def strokes_section(contents: SessionContents) -> Markup:
    """Return what strokes there were, which way and how fast."""
    title = text("report.strokes.title")
    if contents.replayed is None:
        return section("strokes", title, paragraph(text("report.strokes.unknown")))
    strokes = contents.replayed.strokes
    if not strokes:
        return section("strokes", title, paragraph(text("report.strokes.none")))
    timed = [stroke for stroke in strokes if stroke.speed_cm_s is not None]
    chart = _chart(timed) if timed else paragraph(text("report.strokes.no_speed"))
    return section("strokes", title, chart, _table(strokes))


def way_words(direction: StrokeDirection) -> str:
    """Return a direction with its arrow."""
    return f"{ARROWS[direction]} {text(f'report.way.{direction}')}"


def _chart(strokes: list[Stroked]) -> Markup:
    ways = [way for way in ARROWS if any(stroke.direction is way for stroke in strokes)]
    height = 0.55 + 0.5 * len(ways)

    def draw(figure: Figure) -> None:
        figure.subplots_adjust(left=0.13, right=0.98, top=0.97, bottom=0.42 / height)
        axes = figure.add_subplot()
        for row, way in enumerate(reversed(ways)):
            there = [stroke for stroke in strokes if stroke.direction is way]
            for is_back, mark, colour in ((False, "o", "on_target"), (True, "x", "quiet")):
                speeds = [s.speed_cm_s or 0.0 for s in there if s.is_light_return is is_back]
                rows = [row + _SPREAD[place % len(_SPREAD)] for place in range(len(speeds))]
                axes.plot(speeds, rows, mark, mfc="none", mec=INK[colour], ms=5, ls="none")
        axes.set_yticks(range(len(ways)), [way_words(way) for way in reversed(ways)])
        axes.set_ylim(-0.5, len(ways) - 0.5)
        axes.set_xlim(left=0)
        axes.set_xlabel(text("report.strokes.axis"))
        axes.grid(visible=True, axis="x", color=INK["rule"], linewidth=0.5)
        bare(axes)

    label = text("report.strokes.alt", count=len(strokes))
    return figure_of(drawn("strokes", label, (9.6, height), draw), text("report.strokes.legend"))


def _table(strokes: tuple[Stroked, ...]) -> Markup:
    names = ("way", "count", "returns", "slowest", "median", "fastest")
    return table(
        text("report.strokes.table"),
        [text(f"report.strokes.{each}") for each in names],
        [
            _row(way, [stroke for stroke in strokes if stroke.direction is way])
            for way in ARROWS
            if any(stroke.direction is way for stroke in strokes)
        ],
    )


def _row(way: StrokeDirection, strokes: list[Stroked]) -> tuple[str, ...]:
    work = [stroke for stroke in strokes if not stroke.is_light_return]
    speeds = [stroke.speed_cm_s for stroke in work if stroke.speed_cm_s is not None]
    told = (
        [f"{value:.1f}" for value in (min(speeds), median(speeds), max(speeds))] if speeds else []
    )
    return (
        way_words(way),
        str(len(work)),
        str(len(strokes) - len(work)),
        *(told or [text("report.not_known")] * 3),
    )
