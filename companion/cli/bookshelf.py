"""What the dashboard's screens show of this computer: read when asked for, beside the session."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date
from typing import Self, TypeVar

from companion.cli.clock import here
from companion.cli.person import DEFAULT_PERSON
from companion.cli.programme_show import programme_lines
from companion.cli.sessions import (
    ended_words,
    local_time,
    opened_sessions,
    session_words,
    without_end,
)
from companion.cli.sessions_show import note_lines
from companion.cli.zone_trends import UNREADABLE, read_summaries, summary_or_none, trends_of
from companion.coaching.evidence import Evidence
from companion.coaching.routine import Routine
from companion.settings.evidence import load_evidence
from companion.settings.named_files import Entry
from companion.settings.persons import load_persons
from companion.settings.routines import list_routines
from companion.store.database import refusing, store_file
from companion.store.sessions import Kept, Sessions
from companion.texts import text
from companion.tui.library import Past, PastWhole, Shelved, Trends

_MOST_IN_TRENDS = 400

Found = TypeVar("Found")


class Bookshelf:
    """Sessions, programme and routines; the store is opened when it is first asked.

    Everything is read in a thread of its own, one thing at a time, so that a running session
    does not wait for the disk.

    Args:
        foremost: the routine that is listed first, where there is one of this name.
    """

    def __init__(self, foremost: str = "") -> None:
        self._foremost = foremost
        self._sessions: Sessions | None = None
        self._open = ExitStack()
        self._lock = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        async with self._lock:
            self._open.close()

    async def count(self) -> int:
        """Return how many sessions there are."""
        return await self._read(self._count)

    async def page(self, first: int, most: int) -> Sequence[Past]:
        """Return some sessions, the newest first."""
        return await self._read(lambda: self._page(first, most))

    async def whole(self, number: int) -> PastWhole:
        """Return one session."""
        return await self._read(lambda: self._whole(number))

    async def trends(self) -> Trends:
        """Return the zones over the last weeks."""
        return await self._read(self._trends)

    async def programme(self) -> Sequence[str]:
        """Return how the usual person's programme stands."""
        return await self._read(_programme)

    async def routines(self) -> Sequence[Shelved]:
        """Return every routine that has a name."""
        shelf = await self._read(_routines)
        return sorted(shelf, key=lambda one: one.name != self._foremost)

    async def _read(self, read: Callable[[], Found]) -> Found:
        async with self._lock:
            return await asyncio.to_thread(_guarded, read)

    @property
    def _store(self) -> Sessions:
        if self._sessions is None:
            self._sessions = self._open.enter_context(opened_sessions(mends=False))
        return self._sessions

    def _count(self) -> int:
        return self._store.count()

    def _page(self, first: int, most: int) -> list[Past]:
        return [_past(self._store, kept) for kept in self._store.page(first, most)]

    def _whole(self, number: int) -> PastWhole:
        kept = self._store.find(str(number))
        if kept is None:
            return PastWhole(head=text("screens.history.gone", number=number), summary=None)
        try:
            head = " ".join([session_words(kept), *note_lines(self._store, kept)])
            summary = summary_or_none(self._store, kept)
        except UNREADABLE as error:
            head = text("screens.history.damaged", number=number, reason=error)
            return PastWhole(head=head, summary=None, fault=text("screens.history.unreadable"))
        fault = "" if summary is not None else without_end(kept)
        return PastWhole(head=head, summary=summary, fault=fault)

    def _trends(self) -> Trends:
        found, unread = read_summaries(self._store, self._store.page(0, _MOST_IN_TRENDS))
        return trends_of(found, date.fromordinal(here().day), unread=unread)


def _guarded(read: Callable[[], Found]) -> Found:
    with refusing(store_file()):
        return read()


def _past(store: Sessions, kept: Kept) -> Past:
    """Return a session for the list: also one that cannot be read is shown, as such."""
    try:
        summary_or_none(store, kept)
        return Past(
            number=kept.number,
            began=local_time(kept.started_at),
            routine=kept.routine,
            outcome=ended_words(kept),
            duration_s=kept.duration_s,
            percent=100 * (kept.points or 0) // kept.possible if kept.possible else None,
            warnings=kept.warnings,
        )
    except UNREADABLE as error:
        return Past(number=kept.number, fault=str(error))


def _programme() -> list[str]:
    person = load_persons().get(DEFAULT_PERSON)
    if person is None or person.programme is None:
        return [text("screens.history.no_programme")]
    return programme_lines(person, person.programme)


def _routines() -> list[Shelved]:
    evidence = load_evidence()
    return [_shelved(entry, evidence) for entry in list_routines()]


def _shelved(entry: Entry[Routine], evidence: Evidence) -> Shelved:
    return Shelved(
        name=entry.name,
        origin=text(f"screens.routines.{entry.origin}"),
        routine=entry.content,
        fault="" if entry.fault is None else str(entry.fault),
        evidence=() if entry.content is None else _known(entry.content, evidence),
    )


def _known(routine: Routine, evidence: Evidence) -> tuple[str, ...]:
    """Return where a routine comes from, what is known of it, and which rules its steps follow."""
    followed = dict.fromkeys(name for step in routine.steps for name in step.rules)
    rules = (rule.rule for rule in evidence.rules if rule.id in followed)
    source = text("cli.routines.source", source=routine.source)
    return tuple(line for line in (source, routine.evidence, *rules) if line)
