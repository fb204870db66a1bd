"""Where a session broke off: the step that was under way, or would have come next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from companion.store.sessions import ABANDONED_S, LIVE, Sessions, Wanted

FRESH_S: Final = 1800.0
"""A session that broke off longer ago is not gone on with: skin and oil are not as they were. Ours,
grade D."""

_INTERRUPTED: Final = "interrupted"


@dataclass(frozen=True, slots=True)
class Break:
    """A session that broke off not long ago.

    Attributes:
        number: its number in the store.
        seen_at: when it was last written to, aware UTC.
        step: the id of the step to go on with.
    """

    number: int
    seen_at: datetime
    step: str


def newest_break(
    sessions: Sessions, person: str, routine: str, steps: Iterable[str], now: datetime
) -> Break | None:
    """Return where the newest session of a person broke off, if it is worth going on with.

    Args:
        sessions: the store.
        person: whose.
        routine: only if that is what was done.
        steps: the routine's steps, in order.
        now: the time of day, aware.
    """
    newest = next(iter(sessions.all(Wanted(person=person))), None)
    if newest is None or newest.source != LIVE or newest.routine != routine:
        return None
    seen_at = datetime.fromisoformat(newest.seen_at)
    is_broken = newest.outcome == _INTERRUPTED or (
        newest.outcome is None and now - seen_at > timedelta(seconds=ABANDONED_S)
    )
    if not is_broken or not timedelta(0) <= now - seen_at <= timedelta(seconds=FRESH_S):
        return None
    step = _next_step(sessions.events(newest), list(steps))
    return None if step is None else Break(newest.number, seen_at, step)


def _next_step(events: Iterable[Mapping[str, Any]], steps: list[str]) -> str | None:
    """Return the step to go on with; None where that is the first one, or none is left."""
    step: str | None = None
    for event in events:
        match event["event"]:
            case "step_started":
                step = event["step"]
            case "step_finished" if event["step"] in steps:
                after = steps.index(event["step"]) + 1
                step = steps[after] if after < len(steps) else None
            case _:
                pass
    return step if step in steps[1:] else None
