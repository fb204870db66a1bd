"""Zones over weeks: what sessions came to, added up."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from companion.cli.clock import DAY_BEGINS_H
from companion.coaching.events import Summary
from companion.coaching.routine import Zone
from companion.sensing.types import Level
from companion.store.plain import summary_of
from companion.store.sessions import Kept, Sessions
from companion.texts import text
from companion.tui.library import Trends, Week

WEEKS: Final = 8
"""So many weeks are shown: the shortest programme lasts as long."""

UNREADABLE: Final = (ValueError, TypeError, KeyError)
"""What a summary says that is not one: no JSON, no fields, no time of day."""

_OVER_PRESSURE: Final = "over_pressure"


@dataclass(slots=True)
class _Sum:
    contact_s: float = 0.0
    on_target_s: float = 0.0
    warnings: int = 0

    @property
    def week(self) -> Week:
        share = self.on_target_s / self.contact_s if self.contact_s else None
        return Week(share, self.warnings)


def mondays_before(today: date, weeks: int) -> list[date]:
    """Return the Mondays of the last weeks, the present one last."""
    return [_monday(today) - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]


def summary_or_none(sessions: Sessions, kept: Kept) -> Summary | None:
    """Return a session's summary; None for one without an end.

    Raises:
        ValueError: it is not whole.
        TypeError: it is no object.
    """
    fields = sessions.summary(kept)
    return None if fields is None else summary_of(fields)


def read_summaries(
    sessions: Sessions, kept: Iterable[Kept]
) -> tuple[list[tuple[str, Summary]], int]:
    """Return when each session that has an end began and what it came to; how many are damaged."""
    found: list[tuple[str, Summary]] = []
    unread = 0
    for one in kept:
        try:
            summary = summary_or_none(sessions, one)
        except UNREADABLE:
            unread += 1
            continue
        if summary is not None:
            found.append((one.started_at, summary))
    return found, unread


def trends_of(
    found: Iterable[tuple[str, Summary]], today: date, *, unread: int = 0, weeks: int = WEEKS
) -> Trends:
    """Return the zones over the last weeks.

    Args:
        found: when each session began, aware ISO 8601, and what it came to.
        today: the day it is here.
        unread: how many sessions could not be read.
        weeks: how many.
    """
    mondays = mondays_before(today, weeks)
    sums: dict[tuple[Zone, date], _Sum] = defaultdict(_Sum)
    sessions = 0
    for began, summary in found:
        begun = datetime.fromisoformat(began).astimezone() - timedelta(hours=DAY_BEGINS_H)
        monday = _monday(begun.date())
        if monday in mondays:
            sessions += 1
            _add(sums, monday, summary)
    zones = [zone for zone in Zone if any((zone, monday) in sums for monday in mondays)]
    return Trends(
        tuple(
            text("screens.history.week", day=monday.day, month=monday.month) for monday in mondays
        ),
        tuple(
            (zone, tuple(sums.get((zone, monday), _Sum()).week for monday in mondays))
            for zone in zones
        ),
        sessions,
        unread,
    )


def _add(sums: dict[tuple[Zone, date], _Sum], monday: date, summary: Summary) -> None:
    for step in summary.steps:
        if not step.judged:
            continue
        total = sums[step.zone, monday]
        total.contact_s += sum(step.seconds_by_level.values())
        total.on_target_s += step.seconds_by_level.get(Level.ON_TARGET.value, 0.0)
    for alert in summary.alerts:
        if alert.kind == _OVER_PRESSURE:
            sums[alert.zone, monday].warnings += 1


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
