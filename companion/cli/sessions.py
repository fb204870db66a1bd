"""``companion sessions``: what was done, listed, shown, taken along and deleted."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.printing import json_text, table
from companion.output import ending
from companion.store.database import open_store, store_file
from companion.store.sessions import Kept, Sessions, Wanted
from companion.store.summaries import summary_of
from companion.strict_json import as_plain
from companion.texts import text
from companion.wording import minutes, outcome_words


def execute(arguments: Namespace) -> ExitCode:
    """Run one action.

    Raises:
        FileRefused: the store cannot be used.
        UsageRefused: there is no such session.
    """
    with opened_sessions() as sessions:
        match arguments.action:
            case "list":
                _list(sessions, arguments)
            case "show":
                _show(sessions, arguments.session, as_json=arguments.json)
            case _:
                _delete(sessions, arguments.session)
    return ExitCode.OK


@contextmanager
def opened_sessions() -> Iterator[Sessions]:
    """Open the store; sessions that were interrupted get their true end first.

    Raises:
        FileRefused: the store cannot be used.
    """
    with closing(open_store(store_file())) as connection:
        sessions = Sessions(connection)
        sessions.close_abandoned(datetime.now(UTC))
        yield sessions


def known_session(sessions: Sessions, name: str) -> Kept:
    """Return the session of a number, or of the beginning of its long name.

    Raises:
        UsageRefused: there is none, or several begin so.
    """
    found = sessions.find(name)
    if found is None:
        raise UsageRefused("store.no_such", name=name)
    return found


def _list(sessions: Sessions, arguments: Namespace) -> None:
    kept = sessions.all(
        Wanted(
            person=arguments.person,
            routine=arguments.routine,
            tool=arguments.tool,
            since=arguments.since,
            until=arguments.until,
        )
    )
    if arguments.json:
        print(json_text({"sessions": [as_plain(one) for one in kept]}))
    elif kept:
        heads = ("number", "began", "person", "routine", "outcome", "lasted", "score", "warnings")
        rows = [tuple(text(f"store.head.{head}") for head in heads), *map(_row, kept)]
        print(table(rows))
    else:
        print(text("store.none"))


def _row(kept: Kept) -> tuple[str, ...]:
    return (
        str(kept.number),
        local_time(kept.started_at),
        kept.person,
        kept.routine,
        ended_words(kept),
        "-" if kept.duration_s is None else minutes(kept.duration_s),
        "-" if not kept.possible else str(100 * (kept.points or 0) // kept.possible),
        str(kept.warnings),
    )


def ended_words(kept: Kept) -> str:
    """Return how a session ended, in words."""
    return text("store.goes_on") if kept.outcome is None else outcome_words(kept.outcome)


def session_words(kept: Kept) -> str:
    """Return which session it is."""
    return text(
        "store.session",
        number=kept.number,
        began=local_time(kept.started_at),
        person=kept.person,
        routine=kept.routine,
        tool=kept.tool or text("store.no_tool"),
    )


def without_end(kept: Kept) -> str:
    """Return what is known of a session that was interrupted."""
    return text("store.without_end", seconds=kept.duration_s or 0.0, count=kept.warnings)


def local_time(moment: str) -> str:
    """Return an aware time of day, ISO 8601, as it was here."""
    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}"


def _show(sessions: Sessions, name: str, *, as_json: bool) -> None:
    kept = known_session(sessions, name)
    fields = sessions.summary(kept)
    if as_json:
        events = list(sessions.events(kept))
        print(json_text({"session": as_plain(kept), "summary": fields, "events": events}))
        return
    print(session_words(kept))
    if fields is None:
        print(without_end(kept))
    else:
        print("\n".join(ending(summary_of(fields))))


def _delete(sessions: Sessions, name: str) -> None:
    kept = known_session(sessions, name)
    sessions.delete(kept)
    print(text("store.deleted", number=kept.number, began=local_time(kept.started_at)))
