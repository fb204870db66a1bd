"""Sessions by the thousand, as the store keeps them, without any telemetry."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from companion.coaching.events import Score, SessionOutcome, StepResult, Summary
from companion.coaching.routine import Side, StepKind, Zone
from companion.store.database import transaction
from companion.store.entries import SessionBegan, SessionEnded, ToolRow
from companion.strict_json import as_plain
from simulators.tool_data import load_tool
from tests.store.sessions import tool_row

FIRST = datetime(2026, 1, 5, 7, 0, tzinfo=UTC)
"""A Monday."""

CHEEK = StepResult(
    step="cheek",
    zone=Zone.CHEEK,
    side=Side.LEFT,
    kind=StepKind.TOOL,
    outcome="done",
    repetitions=10,
    goal=10,
    duration_s=40.0,
    seconds_by_level={"light": 2.0, "on_target": 18.0},
    mean_kpa=4.0,
    peak_kpa=6.0,
    judged=True,
)
SUMMARY = Summary(
    routine="quick",
    outcome=SessionOutcome.FINISHED,
    duration_s=40.0,
    steps=(CHEEK,),
    alerts=(),
    gaps_s=0.0,
    samples=4000,
    advice=(),
    score=Score(points=80, possible=100, percent=80, parts=(), losses=()),
)
TOOL: ToolRow = tool_row(load_tool("small-roller"))[0]


def keep(
    store: sqlite3.Connection,
    uid: str,
    at: datetime,
    summary: Summary = SUMMARY,
    *,
    person: str = "me",
    tool: ToolRow = TOOL,
) -> None:
    """Keep a session that began at a time of day; inside a transaction."""
    began = SessionBegan(
        uid=uid,
        person=person,
        routine=summary.routine,
        routine_body='{"steps": []}',
        tool=tool,
        at=at.isoformat(timespec="milliseconds"),
        software="0.1.0",
        profile=1,
    )
    ended = at + timedelta(seconds=summary.duration_s)
    began.write(store)
    SessionEnded(uid=uid, at=ended.isoformat(), summary=as_plain(summary)).write(store)


def keep_many(store: sqlite3.Connection, count: int) -> None:
    """Keep two sessions a day, each with a step in every zone: copies of the first one."""
    steps = tuple(replace(CHEEK, step=zone.value, zone=zone) for zone in Zone)
    with transaction(store):
        keep(store, "first", FIRST, replace(SUMMARY, steps=steps, duration_s=40.0 * len(steps)))
        store.execute(
            "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number"
            " WHERE n < ?) INSERT INTO session SELECT NULL, 'session-' || n, person, routine,"
            " tool, strftime('%Y-%m-%dT%H:%M:%f+00:00', started_at, '+' || (12 * n) ||"
            " ' hours'), seen_at, ended_at, outcome, duration_s, points, possible, summary,"
            " software, profile, source, calibration FROM number, session WHERE uid = 'first'",
            [count - 1],
        )
        store.execute(
            "INSERT INTO step SELECT session.id, place, step.id, zone, side, step.outcome,"
            " repetitions, goal, step.duration_s, mean_kpa, peak_kpa, step.points, step.possible,"
            " body FROM step, session WHERE step.session = 1 AND session.id > 1"
        )
