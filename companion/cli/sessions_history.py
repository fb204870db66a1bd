"""``companion sessions history``: weeks, places, programme and notes in lines that can be read out.

What the dashboard's History screen shows, for who has no screen.
"""

from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from companion.cli.clock import DAY_BEGINS_H, here
from companion.cli.endings import ExitCode
from companion.cli.person import DEFAULT_PERSON
from companion.cli.printing import json_text
from companion.cli.programme_show import programme_lines, standing_fields
from companion.cli.sessions import local_time, opened_sessions
from companion.cli.zone_trends import WEEKS, mondays_before, read_summaries, trends_of
from companion.settings.persons import load_persons
from companion.store.periods import WeekRow, period_of
from companion.store.sessions import Sessions, Wanted
from companion.texts import text
from companion.tui.library import Trends, Week
from companion.wording import minutes, zone_name


@dataclass(frozen=True, slots=True, kw_only=True)
class _History:
    person: str
    mondays: tuple[date, ...]
    weeks: tuple[WeekRow, ...]
    trends: Trends
    notes: tuple[tuple[int, str, str], ...]

    @property
    def sessions(self) -> int:
        return sum(week.sessions for week in self.weeks)


def execute(arguments: Namespace) -> ExitCode:
    """Print how it went.

    Raises:
        FileRefused: the store, or a person's files, cannot be used.
    """
    name = arguments.person or DEFAULT_PERSON
    today = date.fromordinal(here().day)
    with opened_sessions() as sessions:
        history = _read(sessions, name, today, arguments.weeks or WEEKS)
    print(json_text(_fields(history)) if arguments.json else "\n".join(_lines(history)))
    return ExitCode.OK


def _read(sessions: Sessions, name: str, today: date, weeks: int) -> _History:
    mondays = mondays_before(today, weeks)
    # A day text is compared to UTC: from the day before, so that none of the first one is missed.
    first = date.fromordinal(mondays[0].toordinal() - 1).isoformat()
    wanted = Wanted(person=name, since=first)
    period = period_of(sessions.connection, wanted, most=0, day_begins_h=DAY_BEGINS_H)
    kept = sessions.all(wanted)
    found, unread = read_summaries(sessions, kept)
    is_asked = {monday.isoformat() for monday in mondays}
    return _History(
        person=name,
        mondays=tuple(mondays),
        weeks=tuple(week for week in period.weeks if week.monday in is_asked),
        trends=trends_of(found, today, unread=unread, weeks=weeks),
        notes=tuple(
            (one.number, one.started_at, note.words)
            for one in reversed(kept)
            for note in sessions.notes(one)
        ),
    )


def _lines(history: _History) -> Iterator[str]:
    first, count = history.mondays[0].isoformat(), len(history.mondays)
    key = "head" if history.sessions else "none"
    values = {"person": history.person, "weeks": count, "first": first, "count": history.sessions}
    yield text(f"sessions.history.{key}", **values)
    if history.sessions:
        yield from _week_lines(history)
        yield from _zone_lines(history)
    if history.trends.unread:
        yield text("sessions.history.unread", count=history.trends.unread)
    yield from _programme_lines(history.person)
    yield text("sessions.history.notes" if history.notes else "sessions.history.no_notes")
    for number, started_at, words in history.notes:
        began = local_time(started_at)
        yield text("sessions.history.note", began=began, number=number, words=words)


def _week_lines(history: _History) -> Iterator[str]:
    done = {week.monday: week for week in history.weeks}
    for monday in history.mondays:
        week = done.get(monday.isoformat())
        if week is None:
            yield text("sessions.history.quiet_week", day=monday.isoformat())
            continue
        score = "-" if week.percent is None else f"{week.percent:.0f}"
        yield text(
            "sessions.history.week",
            day=week.monday,
            count=week.sessions,
            lasted=minutes(week.duration_s),
            score=score,
            warnings=week.warnings,
        )


def _zone_lines(history: _History) -> Iterator[str]:
    zones = history.trends.zones
    yield text("sessions.history.zones" if zones else "sessions.history.no_zones")
    for zone, weeks in zones:
        yield text("sessions.history.zone", zone=zone_name(zone))
        for monday, week in zip(history.mondays, weeks, strict=True):
            if week != Week():
                yield _zone_week(monday, week)


def _zone_week(monday: date, week: Week) -> str:
    share = text("sessions.history.no_share")
    if week.on_target is not None:
        share = text("sessions.history.share", percent=100 * week.on_target)
    values = {"day": monday.isoformat(), "share": share, "warnings": week.warnings}
    return text("sessions.history.zone_week", **values)


def _programme_lines(name: str) -> list[str]:
    person = load_persons().get(name)
    if person is None or person.programme is None:
        return [text("screens.history.no_programme")]
    lines = programme_lines(person, person.programme)
    return [text("sessions.history.programme"), *(f"  {line}" for line in lines)]


def _fields(history: _History) -> dict[str, Any]:
    person = load_persons().get(history.person)
    return {
        "person": history.person,
        "first_week": history.mondays[0].isoformat(),
        "sessions": history.sessions,
        "weeks": [week._asdict() for week in history.weeks],
        "zones": [
            {"zone": zone, "weeks": _week_fields(history.mondays, weeks)}
            for zone, weeks in history.trends.zones
        ],
        "unread": history.trends.unread,
        "programme": None if person is None else standing_fields(person),
        "notes": [
            {"session": number, "started_at": started_at, "words": words}
            for number, started_at, words in history.notes
        ],
    }


def _week_fields(mondays: Sequence[date], weeks: Sequence[Week]) -> list[dict[str, Any]]:
    return [
        {"monday": monday.isoformat(), "on_target": week.on_target, "warnings": week.warnings}
        for monday, week in zip(mondays, weeks, strict=True)
        if week != Week()
    ]
