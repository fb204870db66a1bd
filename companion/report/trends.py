"""The weeks of a period, drawn: sessions and score, and each zone's time and pressure."""

from collections.abc import Iterable, Sequence
from datetime import date
from math import ceil, nan
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from companion.coaching.programme import DAYS_OF_A_WEEK
from companion.coaching.routine import Zone
from companion.report.contents import WeekFigures, ZoneFigures
from companion.report.drawing import INK, drawn, figure_of
from companion.report.markup import Markup
from companion.texts import text
from companion.wording import zone_name

_MARKED: Final = 60
"""Up to so many weeks each one has a mark of its own; beyond it the line alone is told apart."""

_NAMED: Final = 4
"""Weeks that are named below a drawing."""


def week_words(monday: int) -> str:
    """Return a week by its Monday."""
    return date.fromordinal(monday).isoformat()


def all_weeks(weeks: Sequence[WeekFigures]) -> list[int]:
    """Return the Mondays from the first week to the last, those without a session too."""
    if not weeks:
        return []
    return list(range(weeks[0].monday, weeks[-1].monday + 1, DAYS_OF_A_WEEK))


def weeks_chart(weeks: Sequence[WeekFigures]) -> Markup:
    """Return sessions and mean score by week."""
    mondays = all_weeks(weeks)
    by_week = {week.monday: week for week in weeks}

    def draw(figure: Figure) -> None:
        figure.subplots_adjust(left=0.08, right=0.98, top=0.9, bottom=0.2, wspace=0.18)
        counted, scored = figure.subplots(1, 2)
        counts = [by_week[day].sessions if day in by_week else 0 for day in mondays]
        _bars(counted, mondays, counts)
        counted.set_title(text("report.trend.sessions"), loc="left")
        percents = [by_week[day].percent if day in by_week else None for day in mondays]
        _line(scored, mondays, percents, "on_target")
        scored.set_title(text("report.trend.score"), loc="left")
        scored.set_ylim(0, 105)

    label = text("report.trend.weeks_alt", weeks=len(mondays))
    return figure_of(drawn("weeks", label, (9.6, 2.2), draw), text("report.trend.weeks"))


def zones_chart(weeks: Sequence[WeekFigures], zones: Sequence[ZoneFigures]) -> Markup:
    """Return each zone's time on the skin and its pressure, by week."""
    mondays = all_weeks(weeks)
    there = [zone for zone in Zone if any(each.zone is zone for each in zones)]
    height = 0.45 + 1.3 * len(there)

    def draw(figure: Figure) -> None:
        figure.subplots_adjust(
            left=0.08,
            right=0.98,
            top=1 - 0.3 / height,
            bottom=0.4 / height,
            hspace=0.65,
            wspace=0.18,
        )
        grid = figure.subplots(len(there), 2, squeeze=False)
        for zone, (timed, pressed) in zip(there, grid, strict=True):
            of_zone = {each.monday: each for each in zones if each.zone is zone}
            _zone(timed, pressed, mondays, of_zone)
            timed.set_title(text("report.trend.time", zone=zone_name(zone)), loc="left")
            pressed.set_title(text("report.trend.pressure", zone=zone_name(zone)), loc="left")

    label = text("report.trend.zones_alt", zones=len(there), weeks=len(mondays))
    return figure_of(drawn("zones", label, (9.6, height), draw), text("report.trend.zones"))


def _zone(
    timed: Axes, pressed: Axes, mondays: Sequence[int], of_zone: dict[int, ZoneFigures]
) -> None:
    seen = [of_zone.get(day) for day in mondays]
    _bars(timed, mondays, [each.contact_s / 60 if each else 0.0 for each in seen])
    _line(pressed, mondays, [each.mean_kpa if each else None for each in seen], "on_target")
    _line(pressed, mondays, [each.peak_kpa if each else None for each in seen], "quiet", "--")
    pressed.set_ylim(bottom=0)


def _bars(axes: Axes, mondays: Sequence[int], values: Sequence[float]) -> None:
    """Draw one bar a week, all of them as one path."""
    edges: list[tuple[float, float]] = []
    for monday, value in zip(mondays, values, strict=True):
        left, right = monday + 0.5, monday + DAYS_OF_A_WEEK - 0.5
        edges += [(left, 0.0), (left, value), (right, value), (right, 0.0)]
    places, heights = [at for at, _ in edges], [height for _, height in edges]
    axes.fill_between(places, heights, color=INK["on_target"], linewidth=0, alpha=0.75)
    axes.set_ylim(bottom=0)
    _dates(axes, mondays)


def _line(
    axes: Axes,
    mondays: Sequence[int],
    values: Iterable[float | None],
    colour: str,
    line: str = "-",
) -> None:
    marks = "o" if len(mondays) <= _MARKED else ""
    middles = [monday + DAYS_OF_A_WEEK / 2 for monday in mondays]
    known = [nan if value is None else value for value in values]
    axes.plot(middles, known, line, marker=marks, ms=3.5, lw=1.2, color=INK[colour])
    _dates(axes, mondays)


def _dates(axes: Axes, mondays: Sequence[int]) -> None:
    axes.set_xlim(mondays[0], mondays[-1] + DAYS_OF_A_WEEK)
    named = mondays[:: ceil(len(mondays) / _NAMED)]
    axes.set_xticks(named, [week_words(monday) for monday in named])
    axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
