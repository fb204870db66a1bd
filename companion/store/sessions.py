"""What the store holds, read back: lists, one session whole, and its samples."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from companion.sensing.calibrated import CalibrationUsed
from companion.store.blocks import Units, frames_of
from companion.store.columns import DamagedError
from companion.store.database import transaction
from companion.store.entries import ToolRow
from companion.store.plain import calibration_of
from companion.store.strokes import KeptStroke, strokes_of
from companion.store.trace import Span, bins_of
from protocols.massage_tool import ToolFeature
from protocols.telemetry import Telemetry

LIVE: Final = "live"
"""The source of a guided session."""

ABANDONED_S: Final = 30.0
"""A session not written to for this long is nobody's any more: a block comes each second."""

_KEPT = (
    "SELECT session.id, uid, person, routine.name, tool.name, started_at, seen_at, ended_at,"
    " outcome, duration_s, points, possible, source,"
    " (SELECT count(*) FROM alert WHERE alert.session = session.id AND kind = 'over_pressure'),"
    " (SELECT coalesce(sum(length(data)), 0) FROM block WHERE block.session = session.id)"
    " FROM session JOIN routine ON routine.id = session.routine"
    " LEFT JOIN tool ON tool.id = session.tool"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A session in a list.

    Attributes:
        number: its short number in this store.
        uid: names it for good.
        person: whose it is.
        routine: what was done.
        tool: with what; None where not known.
        started_at: aware UTC, ISO 8601.
        seen_at: when it was last written to.
        ended_at: None while it goes on, or where it was interrupted and is not yet closed.
        outcome: as in ``SessionOutcome``; None with ``ended_at``.
        duration_s: time with samples.
        points: of the score, if there is one.
        possible: of how many.
        source: live; raw: recorded without a routine; or imported.
        warnings: how many of over-pressure.
        raw_bytes: size of its telemetry.
    """

    number: int
    uid: str
    person: str
    routine: str
    tool: str | None
    started_at: str
    seen_at: str
    ended_at: str | None
    outcome: str | None
    duration_s: float | None
    points: int | None
    possible: int | None
    source: str
    warnings: int
    raw_bytes: int


class Refill(NamedTuple):
    """From when to when samples came late, and when the last of them came; session's clock, us."""

    from_us: int
    to_us: int
    heard_us: int


class Note(NamedTuple):
    """What a person wrote of a session, and when: aware UTC, ISO 8601."""

    written_at: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which sessions: None leaves open; days are ISO 8601 texts, ``until`` included."""

    person: str | None = None
    routine: str | None = None
    tool: str | None = None
    since: str | None = None
    until: str | None = None


class Sessions:
    """The sessions of an open store.

    Attributes:
        connection: the store; used by one thread at a time.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def all(self, wanted: Wanted | None = None) -> list[Kept]:
        """Return the sessions that are wanted, the newest first."""
        terms, values = conditions(wanted or Wanted())
        where = f" WHERE {' AND '.join(terms)}" if terms else ""
        rows = self.connection.execute(f"{_KEPT}{where} ORDER BY started_at DESC", values)
        return [Kept(*row) for row in rows]

    def count(self) -> int:
        """Return how many sessions there are."""
        (count,) = self.connection.execute("SELECT count(*) FROM session").fetchone()
        return int(count)

    def page(self, first: int, most: int) -> list[Kept]:
        """Return some sessions, the newest first, without reading the others.

        Args:
            first: how many to leave out.
            most: how many to return.
        """
        rows = self.connection.execute(
            f"{_KEPT} WHERE session.id IN"  # noqa: S608 - our own words
            " (SELECT id FROM session ORDER BY started_at DESC, id DESC LIMIT ? OFFSET ?)"
            " ORDER BY started_at DESC, session.id DESC",
            [most, first],
        )
        return [Kept(*row) for row in rows]

    def find(self, name: str) -> Kept | None:
        """Return the session of a number or of the beginning of a uid; None for none or several."""
        if name.isascii() and name.isdecimal() and len(name) < 10:  # noqa: PLR2004 - no uid
            rows = self.connection.execute(f"{_KEPT} WHERE session.id = ?", [int(name)])
        else:
            end = f"{name}\U0010ffff"
            rows = self.connection.execute(f"{_KEPT} WHERE uid BETWEEN ? AND ?", [name, end])
        found = rows.fetchmany(2)
        return Kept(*found[0]) if len(found) == 1 else None

    def summary(self, kept: Kept) -> dict[str, Any] | None:
        """Return a session's summary as ``--json`` prints it; None for one without an end."""
        (summary,) = self.connection.execute(
            "SELECT CAST(summary AS BLOB) FROM session WHERE id = ?", [kept.number]
        ).fetchone()
        return None if summary is None else _whole(summary)

    def events(self, kept: Kept) -> Iterator[dict[str, Any]]:
        """Return what was said in a session, in order."""
        for (body,) in self.connection.execute(
            "SELECT CAST(body AS BLOB) FROM event WHERE session = ? ORDER BY place", [kept.number]
        ):
            yield _whole(body)

    def blocks(self, kept: Kept) -> Iterator[bytes]:
        """Return a session's telemetry as it lies in the store."""
        for (data,) in self.connection.execute(
            "SELECT data FROM block WHERE session = ? ORDER BY place", [kept.number]
        ):
            yield data

    def routine(self, kept: Kept) -> dict[str, Any]:
        """Return the routine of a session as it was used."""
        (body,) = self.connection.execute(
            "SELECT CAST(body AS BLOB) FROM routine JOIN session ON routine.id = session.routine"
            " WHERE session.id = ?",
            [kept.number],
        ).fetchone()
        return _whole(body)

    def tool(self, kept: Kept) -> ToolRow | None:
        """Return the tool of a session as it was then; None where it was never known."""
        found = self.connection.execute(
            "SELECT identity, tool.name, maker, model, firmware, feature, channels FROM tool"
            " JOIN session ON tool.id = session.tool WHERE session.id = ?",
            [kept.number],
        ).fetchone()
        names = ("identity", "name", "maker", "model", "firmware", "feature", "channels")
        return None if found is None else ToolRow(**dict(zip(names, found, strict=True)))

    def calibration(self, kept: Kept) -> CalibrationUsed | None:
        """Return the calibration of ours that a session was done with; None without one.

        Raises:
            DamagedError: it cannot be read.
        """
        (fields,) = self.connection.execute(
            "SELECT CAST(calibration AS BLOB) FROM session WHERE id = ?", [kept.number]
        ).fetchone()
        return None if fields is None else calibration_of(_whole(fields))

    def strokes(self, kept: Kept) -> list[KeptStroke]:
        """Return the strokes of a session, in order of time; older ones have none."""
        return list(strokes_of(self.connection, kept.number))

    def trace(self, kept: Kept) -> dict[int, Span]:
        """Return the pressure that was judged live, by tenth of a second of the session's clock.

        Raises:
            DamagedError: it cannot be read.
        """
        rows = self.connection.execute(
            "SELECT place, bins, data FROM trace WHERE session = ? ORDER BY place", [kept.number]
        )
        return bins_of(rows)

    def refills(self, kept: Kept) -> list[Refill]:
        """Return when samples came that came late; none of a session from before it was kept."""
        rows = self.connection.execute(
            "SELECT from_us, to_us, heard_us FROM refill WHERE session = ? ORDER BY from_us",
            [kept.number],
        )
        return [Refill(*row) for row in rows]

    def notes(self, kept: Kept) -> list[Note]:
        """Return what a person wrote of a session, the oldest first."""
        rows = self.connection.execute(
            "SELECT written_at, words FROM note WHERE session = ? ORDER BY id", [kept.number]
        )
        return [Note(*row) for row in rows]

    def write_note(self, kept: Kept, note: Note) -> None:
        """Keep what a person wrote of a session."""
        with transaction(self.connection):
            self.connection.execute(
                "INSERT INTO note (session, written_at, words) VALUES (?, ?, ?)",
                [kept.number, *note],
            )

    def software(self, kept: Kept) -> str:
        """Return the version of the companion that kept a session."""
        (version,) = self.connection.execute(
            "SELECT software FROM session WHERE id = ?", [kept.number]
        ).fetchone()
        return str(version)

    def imported(self, kept: Kept) -> dict[str, Any] | None:
        """Return the tool file that came with a recording; None of a session that was live."""
        found = self.connection.execute(
            "SELECT CAST(tool AS BLOB) FROM imported WHERE session = ?", [kept.number]
        ).fetchone()
        return None if found is None else _whole(found[0])

    def telemetry(self, kept: Kept) -> Iterator[Telemetry]:
        """Return what the tool sent in a session, in the order in which it came.

        Raises:
            DamagedError: a block cannot be read.
        """
        units = self.units(kept)
        for data in self.blocks(kept):
            yield from frames_of(data, units)

    def units(self, kept: Kept) -> Units:
        """Return what a session's counts mean; none where its tool has no Tool Feature."""
        row = self.tool(kept)
        return Units() if row is None else units_of(row.feature)

    def delete(self, kept: Kept) -> None:
        """Delete a session and all that belongs to it alone."""
        with transaction(self.connection):
            self.connection.execute("DELETE FROM session WHERE id = ?", [kept.number])
            self._forget_unused()

    def erase(self, person: str) -> list[str]:
        """Delete every session of a person; return their long names.

        The bytes are in the file until it is written anew: ``retention.scrub``.
        """
        with transaction(self.connection):
            gone = self.connection.execute(
                "DELETE FROM session WHERE person = ? RETURNING uid", [person]
            ).fetchall()
            self._forget_unused()
        return [uid for (uid,) in gone]

    def close_abandoned(self, now: datetime) -> list[Kept]:
        """Give sessions that nobody writes any more their true end; return what they were."""
        before = (now - timedelta(seconds=ABANDONED_S)).isoformat(timespec="milliseconds")
        rows = self.connection.execute(
            f"{_KEPT} WHERE ended_at IS NULL AND seen_at < ?", [before]
        ).fetchall()
        with transaction(self.connection):
            for row in rows:
                self.connection.execute(
                    "UPDATE session SET ended_at = seen_at, outcome = 'interrupted',"
                    " duration_s = (SELECT coalesce(sum(to_us - max(from_us, begun.us)), 0) / 1e6"
                    " FROM block, (SELECT coalesce(max(device_s), 0) * 1e6 AS us FROM event"
                    "  WHERE session = ?1 AND name = 'session_started') AS begun"
                    " WHERE session = ?1 AND NOT resent AND to_us > begun.us)"
                    " WHERE id = ?1 AND ended_at IS NULL",
                    [row[0]],
                )
        return [Kept(*row) for row in rows]

    def _forget_unused(self) -> None:
        for table in ("routine", "tool"):
            self.connection.execute(
                f"DELETE FROM {table} WHERE id NOT IN"  # noqa: S608 - our own names
                f" (SELECT {table} FROM session WHERE {table} IS NOT NULL)"
            )


def _whole(body: bytes) -> dict[str, Any]:
    """Return an object of JSON.

    Raises:
        DamagedError: it is none.
    """
    try:
        fields = json.loads(body)
    except ValueError:
        raise DamagedError("what was said is damaged") from None
    if not isinstance(fields, dict):
        raise DamagedError("what was said is damaged")
    return fields


def units_of(feature: bytes) -> Units:
    """Return the units of a tool by its Feature as it is kept; none for one that has none."""
    return Units.of(ToolFeature.from_bytes(feature)) if feature else Units()


def conditions(wanted: Wanted) -> tuple[list[str], list[str]]:
    """Return SQL's conditions and their values."""
    until = None if wanted.until is None else f"{wanted.until}\U0010ffff"
    given = {
        "person = ?": wanted.person,
        "routine.name = ?": wanted.routine,
        "tool.name = ?": wanted.tool,
        "started_at >= ?": wanted.since,
        "started_at <= ?": until,
    }
    known = {term: value for term, value in given.items() if value is not None}
    return list(known), list(known.values())
