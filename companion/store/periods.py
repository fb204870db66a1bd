"""Many sessions taken together: by week, by zone and week, and the newest of them."""

import sqlite3
from dataclasses import dataclass
from typing import NamedTuple

from companion.store.sessions import Wanted, conditions

_MONDAY = "date(started_at, 'localtime', ?, 'weekday 0', '-6 days')"
"""The Monday of a session's week where it was done: the Sunday that is next, six days before."""

_FROM = " FROM session JOIN routine ON routine.id = session.routine"
_AND_TOOL = " LEFT JOIN tool ON tool.id = session.tool"
_WARNINGS = (
    "(SELECT count(*) FROM alert WHERE alert.session = session.id AND kind = 'over_pressure')"
)
_JUDGED = (
    "(SELECT coalesce(sum(value), 0) FROM json_each(step.body, '$.seconds_by_level')"
    " WHERE key <> 'unknown')"
)
_CONTACT = "(SELECT coalesce(sum(value), 0) FROM json_each(step.body, '$.seconds_by_level'))"


class WeekRow(NamedTuple):
    """A week: its Monday, sessions, seconds, mean of the scores told (None without), warnings."""

    monday: str
    sessions: int
    duration_s: float
    percent: float | None
    warnings: int


class ZoneRow(NamedTuple):
    """A zone in a week: seconds of contact, judged and on target; pressures None without any."""

    monday: str
    zone: str
    contact_s: float
    judged_s: float
    on_target_s: float
    mean_kpa: float | None
    peak_kpa: float | None


class SessionRow(NamedTuple):
    """One session of a period; ``started_at`` is aware UTC, ISO 8601."""

    number: int
    started_at: str
    routine: str
    tool: str | None
    outcome: str | None
    duration_s: float | None
    points: int | None
    possible: int | None
    warnings: int


@dataclass(frozen=True, slots=True)
class Period:
    """The sessions of a period; a week's Monday is an ISO 8601 day.

    Attributes:
        sessions: how many.
        weeks: those with a session, in order.
        zones: by week and zone, in order of the weeks; hand steps are in none.
        newest: the newest sessions, no more than were asked for.
    """

    sessions: int
    weeks: tuple[WeekRow, ...]
    zones: tuple[ZoneRow, ...]
    newest: tuple[SessionRow, ...]


def period_of(
    connection: sqlite3.Connection, wanted: Wanted, *, most: int, day_begins_h: int
) -> Period:
    """Return what was done in a period.

    Args:
        connection: an open store.
        wanted: which sessions.
        most: how many of the newest to return one by one.
        day_begins_h: hour at which a day begins: what is earlier belongs to the day before.
    """
    terms, values = conditions(wanted)
    where = f" WHERE {' AND '.join(terms)}" if terms else ""
    earlier = f"-{day_begins_h} hours"
    weeks = connection.execute(
        f"SELECT {_MONDAY} AS monday, count(*), coalesce(sum(duration_s), 0),"
        f" avg(CASE WHEN possible THEN 100 * points / possible END), sum({_WARNINGS})"
        f"{_FROM}{_AND_TOOL}{where} GROUP BY monday ORDER BY monday",
        [earlier, *values],
    )
    found = tuple(WeekRow(*row) for row in weeks)
    return Period(
        sessions=sum(week.sessions for week in found),
        weeks=found,
        zones=_zones(connection, where, [earlier, *values]),
        newest=_newest(connection, where, values, most),
    )


def _zones(connection: sqlite3.Connection, where: str, values: list[str]) -> tuple[ZoneRow, ...]:
    rows = connection.execute(
        "SELECT monday, zone, sum(contact_s), sum(judged_s), sum(on_target_s),"  # noqa: S608 - ours
        " sum(mean_kpa * judged_s) / sum(CASE WHEN mean_kpa IS NOT NULL THEN judged_s END),"
        f" max(peak_kpa) FROM (SELECT {_MONDAY} AS monday, zone, {_CONTACT} AS contact_s,"
        f" {_JUDGED} AS judged_s, mean_kpa, peak_kpa,"
        " coalesce(json_extract(step.body, '$.seconds_by_level.on_target'), 0) AS on_target_s"
        f"{_FROM}{_AND_TOOL} JOIN step ON step.session = session.id{where})"
        " GROUP BY monday, zone HAVING sum(contact_s) > 0 ORDER BY monday, zone",
        values,
    )
    return tuple(ZoneRow(*row) for row in rows)


def _newest(
    connection: sqlite3.Connection, where: str, values: list[str], most: int
) -> tuple[SessionRow, ...]:
    rows = connection.execute(
        "SELECT session.id, started_at, routine.name, tool.name, outcome, duration_s, points,"
        f" possible, {_WARNINGS}{_FROM}{_AND_TOOL}{where}"
        " ORDER BY started_at DESC, session.id DESC LIMIT ?",
        [*values, most],
    )
    return tuple(SessionRow(*row) for row in rows)
