"""Zones over weeks: what sessions came to, added up."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from companion.coaching.events import Summary
from companion.coaching.routine import Zone
from companion.sensing.types import Level
from companion.texts import text
from companion.tui.library import Trends, Week

WEEKS: Final = 8
"""So many weeks are shown: the shortest programme lasts as long."""

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


def trends_of(found: Iterable[tuple[str, Summary]], today: date, *, unread: int = 0) -> Trends:
    """Return the zones over the last weeks.

    Args:
        found: when each session began, aware ISO 8601, and what it came to.
        today: the day it is here.
        unread: how many sessions could not be read.
    """
    mondays = [_monday(today) - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    sums: dict[tuple[Zone, date], _Sum] = defaultdict(_Sum)
    sessions = 0
    for began, summary in found:
        monday = _monday(datetime.fromisoformat(began).astimezone().date())
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
