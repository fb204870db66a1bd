"""``companion sessions report``: a session, or all of a period, as a page for a browser."""

import os
import webbrowser
from argparse import Namespace
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Final

from companion.cli.clock import DAY_BEGINS_H, here
from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.loading import uncollected
from companion.cli.person import DEFAULT_PERSON
from companion.cli.report_kept import judged_again, told_live
from companion.cli.sessions import known_session, local_time, opened_sessions
from companion.coaching.hints.dose import Bounds, bounds_for, general_bounds
from companion.coaching.person import Care
from companion.coaching.programme_progress import progress
from companion.coaching.routine import Zone
from companion.errors import no_access
from companion.report import (
    Adherence,
    Head,
    PeriodContents,
    Replayed,
    SessionContents,
    period_page,
    session_page,
    story_of,
)
from companion.report.contents import Row, WeekFigures, ZoneFigures
from companion.settings.care import load_person_rules
from companion.settings.journal import load_journal
from companion.settings.persons import load_persons
from companion.store.columns import DamagedError
from companion.store.details import Details, details_of
from companion.store.periods import Period, period_of
from companion.store.plain import summary_of
from companion.store.sessions import Kept, Sessions, Wanted
from companion.texts import text

LISTED: Final = 500
"""Sessions of a period that are listed one by one; the newest."""

_PRIVATE: Final = 0o600
_PERIOD: Final = ("person", "routine", "tool", "since", "until")


def execute(arguments: Namespace) -> ExitCode:
    """Write a page.

    Raises:
        FileRefused: the store, a person's files or the page's file cannot be used.
        UsageRefused: there is no such session, or none in the period.
    """
    with opened_sessions() as sessions, uncollected():
        if arguments.session is None:
            file, written = Path("period.html"), _period(sessions, arguments)
        elif any(getattr(arguments, name) for name in _PERIOD):
            raise UsageRefused("report.refused.both")
        else:
            kept = known_session(sessions, arguments.session)
            file, written = Path(f"session-{kept.number}.html"), _session(sessions, kept)
    if arguments.out is not None:
        file = Path(arguments.out)
    _write(file, written)
    print(text("report.written", file=file))
    if arguments.open:
        _open(file)
    return ExitCode.OK


def _write(file: Path, written: str) -> None:
    """Write a page that only its owner can read.

    Raises:
        FileRefused: it cannot be written.
    """
    try:
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE)
        with os.fdopen(opened, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(written)
    except OSError as error:
        raise no_access(str(file), error) from None


def _open(file: Path) -> None:
    if not webbrowser.open(file.absolute().as_uri()):
        print(text("report.no_browser"))


def _session(sessions: Sessions, kept: Kept) -> str:
    details = details_of(sessions.connection, kept.number)
    fields = sessions.summary(kept)
    story = story_of(sessions.events(kept), details.last_s)
    bounds = _bounds(kept)
    summary = None if fields is None else summary_of(fields)
    live = _read_or_none(lambda: told_live(sessions, kept, story, summary))
    again = partial(judged_again, sessions, kept, story, bounds, details.routine)
    return session_page(
        SessionContents(
            head=_head(kept, details),
            story=story,
            summary=summary,
            replayed=live or _read_or_none(again),
            is_live=live is not None,
            caps=bounds.dose,
        )
    )


def _head(kept: Kept, details: Details) -> Head:
    return Head(
        number=kept.number,
        began=local_time(kept.started_at),
        ended=None if kept.ended_at is None else local_time(kept.ended_at),
        outcome=kept.outcome,
        duration_s=kept.duration_s,
        person=kept.person,
        routine=kept.routine,
        tool=(details.tool, details.maker, details.model, details.firmware),
        software=details.software,
        profile=details.profile,
        source=kept.source,
    )


def _bounds(kept: Kept) -> Bounds:
    """Return what held for the person on the day of a session, by the answers given so far."""
    rules, person = load_person_rules(), load_persons().get(kept.person)
    if person is None or person.asked_day is None:
        return general_bounds(rules)
    day = datetime.fromisoformat(kept.started_at).astimezone().date().toordinal()
    return bounds_for(person, Care(rules, person, day))


def _read_or_none(read: Callable[[], Replayed | None]) -> Replayed | None:
    """Return what there is; None of what is damaged."""
    try:
        return read()
    except DamagedError:
        return None


def _period(sessions: Sessions, arguments: Namespace) -> str:
    person = arguments.person or DEFAULT_PERSON
    wanted = Wanted(
        person=person,
        routine=arguments.routine,
        tool=arguments.tool,
        since=arguments.since,
        until=arguments.until,
    )
    period = period_of(sessions.connection, wanted, most=LISTED, day_begins_h=DAY_BEGINS_H)
    if not period.sessions:
        raise UsageRefused("report.refused.no_sessions", name=person)
    return period_page(
        PeriodContents(
            person=person,
            routine=arguments.routine,
            tool=arguments.tool,
            since=arguments.since,
            until=arguments.until,
            sessions=period.sessions,
            weeks=_weeks(period),
            zones=_zones(period),
            rows=_rows(period),
            adherence=_adherence(person, arguments.until),
        )
    )


def _weeks(period: Period) -> tuple[WeekFigures, ...]:
    return tuple(WeekFigures(_ordinal(week.monday), *week[1:]) for week in period.weeks)


def _zones(period: Period) -> tuple[ZoneFigures, ...]:
    return tuple(
        ZoneFigures(_ordinal(zone.monday), Zone(zone.zone), *zone[2:]) for zone in period.zones
    )


def _rows(period: Period) -> tuple[Row, ...]:
    return tuple(
        Row(
            number=row.number,
            began=local_time(row.started_at),
            routine=row.routine,
            tool=row.tool,
            outcome=row.outcome,
            duration_s=row.duration_s,
            points=row.points,
            possible=row.possible,
            warnings=row.warnings,
        )
        for row in period.newest
    )


def _adherence(name: str, until: str | None) -> Adherence | None:
    """Return what was done of a person's programme up to the period's end, at most to today."""
    person = load_persons().get(name)
    if person is None or person.programme is None:
        return None
    last = here().day if until is None else min(here().day, _ordinal(until))
    so_far = progress(person.programme, load_journal(name), last)
    return Adherence(title=person.programme.plan.title, progress=so_far)


def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()
