"""What is kept on this computer, read for the dashboard: sessions, programme and routines."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date
from typing import TypeVar

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


class Records:
    """Sessions, programme and routines; the store is opened when it is first asked."""

    def __init__(self) -> None:
        self._sessions: Sessions | None = None
        self._open = ExitStack()

    def close(self) -> None:
        """Close the store, where it was opened."""
        self._open.close()

    def answer(self, question: Callable[["Records"], Found]) -> Found:
        """Return what is asked for.

        Raises:
            CompanionError: it cannot be read.
        """
        with refusing(store_file()):
            return question(self)

    @property
    def _store(self) -> Sessions:
        if self._sessions is None:
            self._sessions = self._open.enter_context(opened_sessions(mends=False))
        return self._sessions

    def count(self) -> int:
        """Return how many sessions there are."""
        return self._store.count()

    def page(self, first: int, most: int) -> list[Past]:
        """Return some sessions, the newest first."""
        return [_past(self._store, kept) for kept in self._store.page(first, most)]

    def whole(self, number: int) -> PastWhole:
        """Return one session."""
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

    def trends(self) -> Trends:
        """Return the zones over the last weeks."""
        found, unread = read_summaries(self._store, self._store.page(0, _MOST_IN_TRENDS))
        return trends_of(found, date.fromordinal(here().day), unread=unread)

    def programme(self) -> Sequence[str]:
        """Return how the usual person's programme stands."""
        person = load_persons().get(DEFAULT_PERSON)
        if person is None or person.programme is None:
            return [text("screens.history.no_programme")]
        return programme_lines(person, person.programme)

    def routines(self, foremost: str) -> list[Shelved]:
        """Return every routine that has a name.

        Args:
            foremost: the one that is listed first.
        """
        evidence = load_evidence()
        shelf = [_shelved(entry, evidence) for entry in list_routines()]
        return sorted(shelf, key=lambda one: one.name != foremost)


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
