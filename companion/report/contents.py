"""What a page is made of: plain data, gathered by whoever can read the store."""

from collections.abc import Mapping
from dataclasses import dataclass

from companion.coaching.events import Summary
from companion.coaching.person import DoseCaps
from companion.coaching.programme_progress import Progress
from companion.coaching.routine import Zone
from companion.report.replay import Replayed
from companion.report.story import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands above a session; times of day are already in words.

    Attributes:
        number: in the store.
        began: time of day.
        ended: time of day; None while it goes on.
        outcome: as in ``SessionOutcome``; None with ``ended``.
        duration_s: time with samples; None where it is not known.
        person: whose it is.
        routine: its short name.
        tool: name, maker, model and firmware, empty texts where one is not known.
        software: the companion's version that guided it.
        profile: the tool profile's version it was guided with.
        source: live, raw (recorded without a routine) or imported.
    """

    number: int
    began: str
    ended: str | None
    outcome: str | None
    duration_s: float | None
    person: str
    routine: str
    tool: tuple[str, str, str, str]
    software: str
    profile: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionContents:
    """One session.

    Attributes:
        head: what it was.
        story: what was said in it.
        summary: what it came to; None for one without an end.
        replayed: pressure, strokes and time at load; None where neither what was kept of them
            nor the samples tell.
        is_live: whether they are what was judged live, and not what the samples tell once more.
        caps: caps on time at load, by zone; empty where nobody knows them.
    """

    head: Head
    story: Story
    summary: Summary | None
    replayed: Replayed | None
    caps: Mapping[Zone, DoseCaps]
    is_live: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A session in a period; ``began`` in words, None where a figure is not known."""

    number: int
    began: str
    routine: str
    tool: str | None
    outcome: str | None
    duration_s: float | None
    points: int | None
    possible: int | None
    warnings: int


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """A week: its Monday as an ordinal, sessions, their time, mean score in percent, warnings."""

    monday: int
    sessions: int
    duration_s: float
    percent: float | None
    warnings: int


@dataclass(frozen=True, slots=True)
class ZoneFigures:
    """A zone in a week; pressures in kPa and seconds of contact, None where none was judged."""

    monday: int
    zone: Zone
    contact_s: float
    judged_s: float
    on_target_s: float
    mean_kpa: float | None
    peak_kpa: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adherence:
    """What was planned by a programme, and done of it up to a day."""

    title: str
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodContents:
    """All sessions of one person in a period.

    Attributes:
        person: whose.
        routine: the only one asked for; None for all.
        tool: the only one asked for; None for all.
        since: the first day asked for, ``2026-11-21``; None for the first there is.
        until: the last one; None for the last there is.
        sessions: how many there were.
        weeks: those with a session, in order.
        zones: what was done in them by zone.
        rows: the newest sessions.
        adherence: of the programme, where there is one.
    """

    person: str
    routine: str | None
    tool: str | None
    since: str | None
    until: str | None
    sessions: int
    weeks: tuple[WeekFigures, ...]
    zones: tuple[ZoneFigures, ...]
    rows: tuple[Row, ...]
    adherence: Adherence | None
