"""Which sessions are asked for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which sessions: None leaves open; days are ISO 8601 texts, ``until`` included."""

    person: str | None = None
    routine: str | None = None
    tool: str | None = None
    since: str | None = None
    until: str | None = None


def conditions(wanted: Wanted) -> tuple[list[str], list[str]]:
    """Return SQL's conditions and their values, over session, routine and tool joined."""
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
