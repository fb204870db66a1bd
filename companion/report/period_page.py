"""All sessions of a person in a period as a page."""

from collections.abc import Sequence
from typing import Final

from companion.coaching.programme_progress import Week
from companion.coaching.routine import Zone
from companion.report.contents import (
    Adherence,
    PeriodContents,
    Row,
    WeekFigures,
    ZoneFigures,
)
from companion.report.markup import Markup, name, paragraph, section, table, tag, terms
from companion.report.page import page
from companion.report.places import pressure_words
from companion.report.trends import week_words, weeks_chart, zones_chart
from companion.texts import text
from companion.wording import minutes, outcome_words, zone_name

WEEKS_LISTED: Final = 53
"""A year of weeks in a table; the drawings show all."""


def period_page(contents: PeriodContents) -> str:
    """Return a period as a document; the same contents give the same bytes."""
    title = text("report.period.title")
    return page(
        title,
        _head(contents, title),
        _weeks(contents.weeks),
        _zones(contents),
        _adherence(contents.adherence),
        _sessions(contents),
    )


def _head(contents: PeriodContents, title: str) -> Markup:
    weeks = contents.weeks
    facts = {
        "person": name(contents.person),
        "routine": name(contents.routine or text("report.period.any")),
        "tool": name(contents.tool or text("report.period.any")),
        "since": contents.since or text("report.period.first"),
        "until": contents.until or text("report.period.last"),
        "sessions": str(contents.sessions),
        "time": _hours(sum(week.duration_s for week in weeks)),
        "warnings": str(sum(week.warnings for week in weeks)),
    }
    told = terms({text(f"report.period.{key}"): value for key, value in facts.items()})
    return tag("header", tag("h1", title, ": ", name(contents.person)), told)


def _hours(seconds: float) -> str:
    hours, left = divmod(round(seconds / 60), 60)
    return text("report.hours", hours=hours, minutes=left)


def _weeks(weeks: Sequence[WeekFigures]) -> Markup:
    names = ("week", "sessions", "lasted", "score", "warnings")
    rows = [
        (
            week_words(week.monday),
            str(week.sessions),
            minutes(week.duration_s),
            "-" if week.percent is None else f"{week.percent:.0f}",
            str(week.warnings),
        )
        for week in weeks[-WEEKS_LISTED:]
    ]
    listed = table(text("report.weeks.table"), [text(f"report.weeks.{n}") for n in names], rows)
    left = len(weeks) - len(rows)
    more = [paragraph(text("report.weeks.more", count=left))] if left else []
    return section("weeks-by-week", text("report.weeks.title"), weeks_chart(weeks), *more, listed)


def _zones(contents: PeriodContents) -> Markup:
    title = text("report.trend.title")
    if not contents.zones:
        return section("trend", title, paragraph(text("report.trend.none")))
    there = [zone for zone in Zone if any(each.zone is zone for each in contents.zones)]
    return section(
        "trend",
        title,
        zones_chart(contents.weeks, contents.zones),
        _totals(there, contents.zones),
        _by_week(there, contents),
    )


def _totals(there: Sequence[Zone], zones: Sequence[ZoneFigures]) -> Markup:
    names = ("zone", "contact", "on_target", "mean", "peak")
    return table(
        text("report.trend.totals"),
        [text(f"report.trend.{each}") for each in names],
        [_total(zone, [each for each in zones if each.zone is zone]) for zone in there],
    )


def _total(zone: Zone, weeks: Sequence[ZoneFigures]) -> tuple[str, ...]:
    judged_s = sum(week.judged_s for week in weeks)
    on_target_s = sum(week.on_target_s for week in weeks)
    pressed = [(week.mean_kpa, week.judged_s) for week in weeks if week.mean_kpa is not None]
    time_s = sum(seconds for _, seconds in pressed)
    mean = sum(kpa * seconds for kpa, seconds in pressed) / time_s if time_s else None
    peak = max((week.peak_kpa for week in weeks if week.peak_kpa is not None), default=None)
    return (
        zone_name(zone),
        _hours(sum(week.contact_s for week in weeks)),
        f"{100 * on_target_s / judged_s:.0f} %" if judged_s else "-",
        pressure_words(mean),
        pressure_words(peak),
    )


def _by_week(there: Sequence[Zone], contents: PeriodContents) -> Markup:
    found = {(each.monday, each.zone): each for each in contents.zones}
    return table(
        text("report.trend.by_week"),
        [text("report.weeks.week"), *map(zone_name, there)],
        [
            (week_words(week.monday), *(_cell(found.get((week.monday, zone))) for zone in there))
            for week in contents.weeks[-WEEKS_LISTED:]
        ],
    )


def _cell(figures: ZoneFigures | None) -> str:
    if figures is None:
        return "-"
    pressure = pressure_words(figures.mean_kpa)
    return text("report.trend.cell", time=minutes(figures.contact_s), pressure=pressure)


def _adherence(adherence: Adherence | None) -> Markup:
    title = text("report.programme.title")
    if adherence is None:
        return section("programme", title, paragraph(text("report.programme.none")))
    progress = adherence.progress
    said = [paragraph(name(adherence.title))]
    if progress.kept is not None:
        said.append(paragraph(text("programme.kept", percent=round(progress.kept * 100))))
    names = ("week", "days", "done", "planned")
    listed = table(
        text("report.programme.table"),
        [text(f"report.programme.{each}") for each in names],
        [_programme_week(week) for week in progress.by_week],
    )
    return section("programme", title, *said, listed)


def _programme_week(week: Week) -> tuple[str, ...]:
    first, last = week_words(week.first_day), week_words(week.last_day)
    number = str(week.number)
    if not week.is_over:
        number = text("report.programme.so_far", number=week.number)
    days = text("report.programme.from_to", first=first, last=last)
    return (number, days, str(week.done), str(week.planned))


def _sessions(contents: PeriodContents) -> Markup:
    names = ("number", "began", "routine", "tool", "outcome", "lasted", "score", "warnings")
    listed = table(
        text("report.sessions.table"),
        [text(f"report.sessions.{each}") for each in names],
        map(_session, contents.rows),
    )
    left = contents.sessions - len(contents.rows)
    more = [paragraph(text("report.sessions.more", count=left))] if left else []
    whole = section("sessions", text("report.sessions.title"), *more, listed)
    return tag("div", whole, class_="new-sheet")


def _session(row: Row) -> tuple[str, ...]:
    return (
        str(row.number),
        row.began,
        name(row.routine),
        name(row.tool or text("report.not_known")),
        text("report.goes_on") if row.outcome is None else outcome_words(row.outcome),
        "-" if row.duration_s is None else minutes(row.duration_s),
        "-" if not row.possible else str(100 * (row.points or 0) // row.possible),
        str(row.warnings),
    )
