"""Strong pressure by zone, against the caps on it."""

from typing import Final

from matplotlib.figure import Figure

from companion.coaching.person import DoseCaps
from companion.coaching.routine import Zone
from companion.palette import SIGNS
from companion.report.contents import SessionContents
from companion.report.drawing import INK, bare, drawn, figure_of, note
from companion.report.markup import Markup, paragraph, section, table
from companion.report.places import level_words
from companion.sensing.types import Level
from companion.texts import text
from companion.wording import kpa, zone_name

_ROW: Final = 0.32


def dose_section(contents: SessionContents) -> Markup:
    """Return the seconds at strong pressure of every zone that was worked on."""
    title = text("report.dose.title")
    if contents.replayed is None or not contents.caps:
        return section("dose", title, paragraph(text("report.dose.unknown")))
    loaded = contents.replayed.loaded_s
    rows = [
        (zone, loaded.get(zone, 0.0), caps)
        for zone, caps in contents.caps.items()
        if any(part.zone is zone and part.band is not None for part in contents.story.parts)
    ]
    if not rows:
        return section("dose", title, paragraph(text("report.dose.none")))
    above = kpa(rows[0][2].above_kpa)
    return section(
        "dose",
        title,
        paragraph(text("report.dose.what", above=above)),
        _chart(rows),
        _table(rows),
    )


def _chart(rows: list[tuple[Zone, float, DoseCaps]]) -> Markup:
    height = 0.6 + _ROW * len(rows)
    most_s = max(max(loaded, caps.stop_s) for _, loaded, caps in rows)

    def draw(figure: Figure) -> None:
        figure.subplots_adjust(left=0.17, right=0.97, top=0.98, bottom=0.42 / height)
        axes = figure.add_subplot()
        for row, (_, loaded_s, caps) in enumerate(reversed(rows)):
            axes.barh(row, loaded_s, height=0.5, color=INK[_level(loaded_s, caps).value])
            for level, cap_s in ((Level.CAUTION, caps.caution_s), (Level.STOP, caps.stop_s)):
                colour = INK[level.value]
                axes.plot([cap_s] * 2, [row - 0.4, row + 0.4], color=colour, linewidth=1.5)
                note(axes, SIGNS[level], (cap_s, row), (3, -3), colour=level.value)
        axes.set_yticks(range(len(rows)), [zone_name(zone) for zone, _, _ in reversed(rows)])
        axes.set_xlim(0, 1.06 * most_s)
        axes.set_xlabel(text("report.dose.axis"))
        bare(axes)

    label = text("report.dose.alt", zones=len(rows))
    return figure_of(
        drawn("dose", label, (9.6, height), draw),
        text("report.dose.legend", caution=SIGNS[Level.CAUTION], stop=SIGNS[Level.STOP]),
    )


def _level(loaded_s: float, caps: DoseCaps) -> Level:
    """Return which cap was reached, in the words of pressure."""
    if loaded_s >= caps.stop_s:
        return Level.STOP
    return Level.CAUTION if loaded_s >= caps.caution_s else Level.ON_TARGET


def _table(rows: list[tuple[Zone, float, DoseCaps]]) -> Markup:
    names = ("zone", "loaded", "caution", "stop", "reached")
    return table(
        text("report.dose.table"),
        [text(f"report.dose.{each}") for each in names],
        [
            (
                zone_name(zone),
                f"{loaded_s:.1f} s",
                f"{caps.caution_s:g} s",
                f"{caps.stop_s:g} s",
                _reached(_level(loaded_s, caps)),
            )
            for zone, loaded_s, caps in rows
        ],
    )


def _reached(level: Level) -> str:
    if level is Level.ON_TARGET:
        return text("report.dose.not_reached")
    return level_words(level)
