"""Pressure over time: the trace with target, caution and stop, warnings, and what is not known."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, nan
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MultipleLocator

from companion.coaching.events import AlertRecord
from companion.coaching.routine import StepKind
from companion.palette import SIGNS
from companion.report.contents import SessionContents
from companion.report.drawing import INK, drawn, note
from companion.report.markup import Markup
from companion.report.replay import Bin
from companion.report.story import Part, Story
from companion.sensing.types import Band, Level
from companion.texts import text
from companion.wording import about_kpa, kpa, level_name, minutes, zone_name

PANEL_S: Final = 150.0
"""A row of the chart: long enough for an overview, short enough to tell strokes apart."""

MOST_PANELS: Final = 6

_LEAST_KPA: Final = 1.0
_HEADROOM: Final = 1.15
_NAMED_FROM: Final = 0.14
_SAID_FROM: Final = 0.06
"""Shares of a row that a step needs for its name, and for that it was done by hand."""
_TICKS: Final = 12
_MARKS = {Level.CAUTION: "^", Level.STOP: "s", Level.LIGHT: "<"}


@dataclass(frozen=True, slots=True)
class _Panel:
    from_s: float
    to_s: float

    def holds(self, from_s: float, to_s: float) -> bool:
        return from_s < self.to_s and to_s > self.from_s

    def cut(self, from_s: float, to_s: float) -> tuple[float, float]:
        return max(from_s, self.from_s), min(to_s, self.to_s)


def pressure_chart(contents: SessionContents, alerts: tuple[AlertRecord, ...]) -> Markup:
    """Return the drawing, in rows of a few minutes."""
    story = contents.story
    length_s = max(1.0, story.ended_s - story.began_s)
    rows = max(1, min(MOST_PANELS, ceil(length_s / PANEL_S)))
    panel_s = max(min(length_s, PANEL_S), length_s / rows)
    panels = [_Panel(row * panel_s, (row + 1) * panel_s) for row in range(rows)]
    height = 0.5 + 1.75 * rows

    def draw(figure: Figure) -> None:
        figure.subplots_adjust(
            left=0.07, right=0.9, top=1 - 0.28 / height, bottom=0.4 / height, hspace=0.45
        )
        for number, panel in enumerate(panels, 1):
            axes = figure.add_subplot(rows, 1, number)
            axes.set_xlim(panel.from_s, panel.to_s)
            axes.set_ylim(0, _top_kpa(panel, contents, alerts))
            axes.set_ylabel("kPa")
            axes.xaxis.set_major_locator(MultipleLocator(_tick_s(panel_s)))
            axes.xaxis.set_major_formatter(FuncFormatter(lambda at_s, _: minutes(at_s)))
            _draw_panel(axes, panel, contents, alerts)
        axes.set_xlabel(text("report.pressure.axis"))

    peak = max((alert.peak_kpa for alert in alerts), default=None)
    label = text(
        "report.pressure.alt", steps=len(story.parts), warnings=len(alerts), peak=about_kpa(peak)
    )
    return drawn("pressure", label, (9.6, height), draw)


def _tick_s(panel_s: float) -> float:
    return next((step for step in (5, 10, 15, 30, 60, 120, 300) if panel_s / step <= _TICKS), 600)


def _top_kpa(panel: _Panel, contents: SessionContents, alerts: tuple[AlertRecord, ...]) -> float:
    """Return where a panel's own scale ends."""
    story, found = contents.story, contents.replayed
    began_s = story.began_s
    parts = [p for p in story.parts if panel.holds(p.from_s - began_s, p.to_s - began_s)]
    pressed = [(told.device_s, told.pressure_kpa) for told in story.told]
    pressed += [(each.from_s, each.high_kpa or 0.0) for each in found.bins] if found else []
    pressed += [(alert.onset_s, alert.peak_kpa) for alert in alerts]
    stops = [part.band.stop_kpa for part in parts if part.band is not None]
    there = [kpa for at_s, kpa in pressed if panel.from_s <= at_s - began_s < panel.to_s]
    return _HEADROOM * max([_LEAST_KPA, *stops, *there])


def _draw_panel(
    axes: Axes, panel: _Panel, contents: SessionContents, alerts: tuple[AlertRecord, ...]
) -> None:
    story = contents.story
    _draw_parts(axes, panel, story)
    for span, sign in _blanks(story):
        if panel.holds(*span):
            _shade(axes, panel.cut(*span), sign)
    _draw_trace(axes, panel, contents)
    for alert in alerts:
        if panel.from_s <= alert.onset_s - story.began_s < panel.to_s:
            _draw_alert(axes, alert, story.began_s)


def _blanks(story: Story) -> Iterator[tuple[tuple[float, float], str]]:
    """Yield the times in which nothing could be judged, and the pauses, each with its sign."""
    for each in story.unknown:
        yield (each.from_s - story.began_s, each.to_s - story.began_s), SIGNS[Level.UNKNOWN]
    for from_s, to_s in story.pauses:
        yield (from_s - story.began_s, to_s - story.began_s), text("report.pressure.pause")


def _draw_parts(axes: Axes, panel: _Panel, story: Story) -> None:
    band: Band | None = None
    for part in story.parts:
        if panel.holds(part.from_s - story.began_s, part.to_s - story.began_s):
            _draw_part(axes, panel, part, story.began_s)
            band = part.band or band
    if band is not None:
        _name_limits(axes, band)


def _draw_part(axes: Axes, panel: _Panel, part: Part, began_s: float) -> None:
    from_s, to_s = panel.cut(part.from_s - began_s, part.to_s - began_s)
    axes.axvline(from_s, color=INK["rule"], linewidth=0.8)
    words, share = str(part.number), (to_s - from_s) / (panel.to_s - panel.from_s)
    if share >= _NAMED_FROM:
        words = text(
            "report.pressure.step", number=part.number, place=zone_name(part.zone, part.side)
        )
    at = (from_s, axes.get_ylim()[1])
    note(axes, words, at, (2, 2))
    if part.kind is StepKind.HAND and share >= _SAID_FROM:
        middle = ((from_s + to_s) / 2, axes.get_ylim()[1] / 2)
        note(axes, text("report.by_hand"), middle, colour="quiet", side="center")
    if part.band is not None:
        _draw_band(axes, (from_s, to_s), part.band)


def _draw_band(axes: Axes, span: tuple[float, float], band: Band) -> None:
    axes.fill_between(span, band.low_kpa, band.high_kpa, color=INK["band"], linewidth=0)
    axes.plot(span, [band.caution_kpa] * 2, color=INK["caution"], linestyle=(0, (5, 2)), lw=1.2)
    axes.plot(span, [band.stop_kpa] * 2, color=INK["stop"], lw=1.6)


def _name_limits(axes: Axes, band: Band) -> None:
    limits = ((Level.CAUTION, band.caution_kpa), (Level.STOP, band.stop_kpa))
    for level, limit_kpa in limits:
        words = f"{SIGNS[level]} {level_name(level)} {kpa(limit_kpa)}"
        note(axes, words, (axes.get_xlim()[1], limit_kpa), (4, -3), colour=level.value)


def _shade(axes: Axes, span: tuple[float, float], sign: str) -> None:
    axes.axvspan(*span, facecolor="none", edgecolor=INK["unknown"], hatch="////", linewidth=0)
    note(axes, sign, (sum(span) / 2, axes.get_ylim()[1] * 0.9), side="center")


def _draw_trace(axes: Axes, panel: _Panel, contents: SessionContents) -> None:
    story, found = contents.story, contents.replayed
    if found is None:
        seen = [(told.device_s - story.began_s, told.pressure_kpa) for told in story.told]
        axes.plot(*zip(*seen, strict=True) if seen else ([], []), ".", color=INK["ink"], ms=3)
        return
    bins = list(_with_holes(found.bins, found.bin_s, panel, story.began_s))
    times = [at_s for at_s, _, _ in bins]
    highs = [high for _, _, high in bins]
    axes.fill_between(times, [low for _, low, _ in bins], highs, color=INK["ink"], lw=0, alpha=0.35)
    axes.plot(times, highs, color=INK["ink"], linewidth=0.9)


def _with_holes(
    bins: tuple[Bin, ...], bin_s: float, panel: _Panel, began_s: float
) -> Iterator[tuple[float, float, float]]:
    """Yield when, lowest and highest pressure; not-a-number where none is known, so none drawn."""
    last_s = panel.from_s
    for each in bins:
        at_s = each.from_s - began_s + bin_s / 2
        if not panel.from_s <= at_s < panel.to_s:
            continue
        if at_s - last_s > 1.5 * bin_s:
            yield last_s + bin_s, nan, nan
        low, high = each.low_kpa, each.high_kpa
        yield at_s, nan if low is None else low, nan if high is None else high
        last_s = at_s


def _draw_alert(axes: Axes, alert: AlertRecord, began_s: float) -> None:
    colour = INK[alert.level.value]
    from_s = alert.onset_s - began_s
    if alert.cleared_s is not None:
        axes.plot([from_s, alert.cleared_s - began_s], [alert.peak_kpa] * 2, color=colour, lw=2.5)
    axes.plot([from_s], [alert.peak_kpa], _MARKS.get(alert.level, "o"), color=colour, ms=6)
    # A press that went through caution to stop is two warnings at one place.
    is_stop = alert.level is Level.STOP
    note(
        axes,
        str(alert.alert),
        (from_s, alert.peak_kpa),
        (6 if is_stop else -4, 3),
        side="left" if is_stop else "right",
    )
