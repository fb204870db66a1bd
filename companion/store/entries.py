"""What is written into the store, entry by entry."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from companion.store.columns import DamagedError
from companion.store.grouping import BlockRow
from companion.strict_json import json_text
from protocols.massage_tool import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolRow:
    """A tool as it was when used: what names it, Device Information, and its Feature's bytes.

    ``channels`` is area and mass of each force channel, JSON: ``[[m2, kg], ...]``, null not known.
    """

    identity: str
    name: str
    maker: str
    model: str
    firmware: str
    feature: bytes
    channels: str = "[]"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionBegan:
    """A session begins.

    Attributes:
        uid: names it for good.
        person: whose it is; a name, never the health answers.
        routine: the routine's name.
        routine_body: the routine as it is used, JSON.
        tool: which tool; None where it was never known.
        at: time of day, aware UTC, ISO 8601.
        software: the companion's version.
        profile: the tool profile's version.
        source: ``live``, ``raw`` or ``imported``.
        calibration: what was kept of the tool and used, JSON; None where nothing was.
    """

    is_vital: ClassVar[bool] = True
    uid: str
    person: str
    routine: str
    routine_body: str
    tool: ToolRow | None
    at: str
    software: str
    profile: int
    source: str = "live"
    calibration: str | None = None

    def write(self, connection: sqlite3.Connection) -> None:
        """Write the session, with its routine and tool where they are new."""
        routine = _routine(connection, self.routine, self.routine_body)
        tool = None if self.tool is None else _tool(connection, self.tool)
        connection.execute(
            "INSERT INTO session (uid, person, routine, tool, started_at, seen_at, software,"
            " profile, source, calibration) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(self.uid, self.person, routine, tool, self.at, self.at),
                *(self.software, self.profile, self.source, self.calibration),
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An event of a session, as ``--json`` prints it."""

    is_vital: ClassVar[bool] = True
    uid: str
    place: int
    at: str
    fields: Mapping[str, Any]

    def write(self, connection: sqlite3.Connection) -> None:
        """Write the event, and what of it has a table of its own."""
        session = seen(connection, self.uid, self.at)
        name = self.fields["event"]
        connection.execute(
            "INSERT INTO event VALUES (?, ?, ?, ?, ?)",
            (session, self.place, self.fields["device_s"], name, json_text(self.fields)),
        )
        if name in _TABLES:
            _TABLES[name](connection, session, self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """A block of telemetry."""

    is_vital: ClassVar[bool] = False
    uid: str
    place: int
    at: str
    row: BlockRow

    def write(self, connection: sqlite3.Connection) -> None:
        """Write the block."""
        session = seen(connection, self.uid, self.at)
        connection.execute(
            "INSERT INTO block VALUES (?, ?, ?, ?, ?, ?, ?)", (session, self.place, *self.row)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CameLate:
    """A block of samples came late; clock of the session in microseconds, ``heard_us`` when."""

    is_vital: ClassVar[bool] = False
    uid: str
    place: int
    at: str
    from_us: int
    to_us: int
    heard_us: int

    def write(self, connection: sqlite3.Connection) -> None:
        """Write it."""
        session = seen(connection, self.uid, self.at)
        row = (session, self.place, self.from_us, self.to_us, self.heard_us)
        connection.execute("INSERT INTO refill VALUES (?, ?, ?, ?, ?)", row)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnded:
    """A session is over; ``summary`` as ``--json`` prints it."""

    is_vital: ClassVar[bool] = True
    uid: str
    at: str
    summary: Mapping[str, Any]

    def write(self, connection: sqlite3.Connection) -> None:
        """Write the end, and every step."""
        session = seen(connection, self.uid, self.at)
        summary = self.summary
        score = summary["score"] or {}
        connection.execute(
            "UPDATE session SET ended_at = ?, outcome = ?, duration_s = ?, points = ?,"
            " possible = ?, summary = ? WHERE id = ?",
            (
                *(self.at, summary["outcome"], summary["duration_s"]),
                *(score.get("points"), score.get("possible"), json_text(summary), session),
            ),
        )
        for place, step in enumerate(summary["steps"]):
            _write_step(connection, session, place, step)


def channels_text(channels: Iterable[Channel]) -> str:
    """Return what is known of force channels as a tool's row has it."""
    return json.dumps([(each.contact_area_m2, each.supported_mass_kg) for each in channels])


def channels_of(row: ToolRow) -> tuple[Channel, ...]:
    """Return what is known of a tool's force channels.

    Raises:
        DamagedError: it cannot be read.
    """
    try:
        return tuple(Channel(area_m2, mass_kg) for area_m2, mass_kg in json.loads(row.channels))
    except (TypeError, ValueError):
        raise DamagedError("a tool's channels are damaged") from None


def _tool(connection: sqlite3.Connection, tool: ToolRow) -> int:
    """Return the row of a tool; another firmware or Feature makes another row."""
    key = (tool.identity, tool.firmware, tool.feature)
    rest = (tool.feature, tool.channels)
    connection.execute(
        "INSERT INTO tool (identity, name, maker, model, firmware, feature, channels)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET name = excluded.name, channels = excluded.channels",
        (*(tool.identity, tool.name, tool.maker, tool.model, tool.firmware), *rest),
    )
    found = connection.execute(
        "SELECT id FROM tool WHERE identity = ? AND firmware = ? AND feature = ?", key
    )
    return int(found.fetchone()[0])


def _routine(connection: sqlite3.Connection, name: str, body: str) -> int:
    connection.execute("INSERT OR IGNORE INTO routine (name, body) VALUES (?, ?)", (name, body))
    found = connection.execute("SELECT id FROM routine WHERE body = ?", (body,))
    return int(found.fetchone()[0])


class SessionGone(LookupError):
    """A session that is being written was deleted meanwhile, by another program."""


def seen(connection: sqlite3.Connection, uid: str, at: str) -> int:
    """Return the row of a session, and note that it is being written.

    Raises:
        SessionGone: there is none any more.
    """
    found = connection.execute(
        "UPDATE session SET seen_at = ? WHERE uid = ? RETURNING id", (at, uid)
    ).fetchone()
    if found is None:
        raise SessionGone(uid)
    return int(found[0])


def _write_step(
    connection: sqlite3.Connection, session: int, place: int, step: Mapping[str, Any]
) -> None:
    score = step["score"] or {}
    connection.execute(
        "INSERT INTO step VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(session, place, step["step"], step["zone"], step["side"], step["outcome"]),
            *(step["repetitions"], step["goal"], step["duration_s"]),
            *(step["mean_kpa"], step["peak_kpa"]),
            *(score.get("points"), score.get("possible"), json_text(step)),
        ),
    )


def _write_raised(connection: sqlite3.Connection, session: int, alert: Mapping[str, Any]) -> None:
    connection.execute(
        "INSERT INTO alert VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?, ?)",
        (
            *(session, alert["alert"], alert["level"], alert["kind"], alert["step"]),
            *(alert["onset_s"], alert["device_s"], alert["pressure_kpa"], alert["limit_kpa"]),
        ),
    )


def _write_cleared(connection: sqlite3.Connection, session: int, alert: Mapping[str, Any]) -> None:
    connection.execute(
        "UPDATE alert SET cleared_s = ?, peak_kpa = ? WHERE session = ? AND alert = ?",
        (alert["device_s"], alert["peak_kpa"], session, alert["alert"]),
    )


_TABLES = {"alert_raised": _write_raised, "alert_cleared": _write_cleared}
