"""What was said in a session, out of the store: JSON as it was written becomes events again."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from companion.coaching import events
from companion.coaching.events import Event
from companion.coaching.routine import Routine
from companion.store.columns import DamagedError

_KINDS: Mapping[str, type[Event]] = {
    kind.event: kind
    for kind in vars(events).values()
    if isinstance(kind, type) and issubclass(kind, Event) and hasattr(kind, "event")
}

_ROUTINE = "routine"


@cache
def _reader(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(_KINDS.get(kind, Routine))


def event_of(fields: Mapping[str, Any]) -> Event | None:
    """Return the event that these fields were made from; None for a kind that is not known.

    Raises:
        DamagedError: they are not what its kind says.
    """
    kind = _KINDS.get(str(fields.get("event")))
    if kind is None:
        return None
    event: Event = _read(kind.event, fields)
    return event


def events_of(said: Iterator[Mapping[str, Any]]) -> list[Event]:
    """Return what was said, in order, without what only a newer version knows.

    Raises:
        DamagedError: one of them is not whole.
    """
    read = (event_of(fields) for fields in said)
    return [event for event in read if event is not None]


def routine_of(fields: Mapping[str, Any]) -> Routine:
    """Return the routine that these fields were made from.

    Raises:
        DamagedError: they are not a routine.
    """
    routine: Routine = _read(_ROUTINE, fields)
    return routine


def _read(kind: str, fields: Mapping[str, Any]) -> Any:  # noqa: ANN401 - of that kind
    try:
        return _reader(kind).validate_python(dict(fields))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise DamagedError(f"{kind} is not whole: {where}: {first['msg']}") from None
