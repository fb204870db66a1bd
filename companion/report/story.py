"""What was said in a session, as spans of time: read from its events as ``--json`` prints them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from companion.coaching.events import AlertRecord
from companion.coaching.routine import Side, StepKind, Zone
from companion.sensing.types import Band, Doubt, Level, Technique

Fields: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One attempt at a step; times on the tool clock in seconds, ``to_s`` where it ended."""

    number: int
    step: str
    kind: StepKind
    zone: Zone
    side: Side
    technique: Technique
    band: Band | None
    cannot_judge: Doubt | None
    from_s: float
    to_s: float


@dataclass(frozen=True, slots=True)
class Unknown:
    """A time in which no pressure could be judged, and why."""

    from_s: float
    to_s: float
    doubt: Doubt


@dataclass(frozen=True, slots=True)
class Told:
    """A pressure that was told live, in kPa."""

    device_s: float
    pressure_kpa: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A session as it was told; all times on the tool clock in seconds.

    Attributes:
        title: what the routine is called; empty where nothing began.
        began_s: when it began.
        ended_s: when it ended, or where nothing says so, when the last event or sample came.
        parts: the steps that were begun, in order.
        unknown: when no pressure could be judged.
        pauses: from when to when it waited for the person.
        alerts: the warnings.
        told: pressures at the moments in which the level changed.
        tared_s: when the tool was tared again.
        restarted_s: when the tool came back without its zero.
    """

    title: str = ""
    began_s: float = 0.0
    ended_s: float = 0.0
    parts: tuple[Part, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    pauses: tuple[tuple[float, float], ...] = ()
    alerts: tuple[AlertRecord, ...] = ()
    told: tuple[Told, ...] = ()
    tared_s: tuple[float, ...] = ()
    restarted_s: tuple[float, ...] = ()


def story_of(events: Iterable[Fields], last_s: float = 0.0) -> Story:
    """Return the story of a session.

    Args:
        events: in their order.
        last_s: when the last sample came: a session without an end lasts at least until then.
    """
    heard = list(events)
    began = next(_of(heard, "session_started"), None)
    is_over = any(event["event"] == "session_finished" for event in heard)
    said_s = max((event["device_s"] for event in heard), default=0.0)
    ended_s = said_s if is_over else max(said_s, last_s)
    return Story(
        title="" if began is None else began["title"],
        began_s=0.0 if began is None else began["device_s"],
        ended_s=ended_s,
        parts=tuple(_parts(heard, ended_s)),
        unknown=tuple(_unknown(heard, ended_s)),
        pauses=tuple(_pauses(heard, ended_s)),
        alerts=tuple(_alerts(heard)),
        told=tuple(_told(heard)),
        tared_s=tuple(e["device_s"] for e in _of(heard, "tool_tared") if e["done"]),
        restarted_s=tuple(e["device_s"] for e in _of(heard, "link_up") if not e["resumed"]),
    )


def _of(heard: Iterable[Fields], *names: str) -> Iterator[Fields]:
    return (event for event in heard if event["event"] in names)


def _parts(heard: Iterable[Fields], ended_s: float) -> Iterator[Part]:
    began: Part | None = None
    for event in _of(heard, "step_started", "step_finished", "session_finished"):
        if began is not None:
            yield replace(began, to_s=event["device_s"])
            began = None
        if event["event"] == "step_started":
            began = _part(event)
    if began is not None:
        yield replace(began, to_s=ended_s)


def _part(event: Fields) -> Part:
    band, doubt = event["band"], event["cannot_judge"]
    return Part(
        number=event["index"] + 1,
        step=event["step"],
        kind=StepKind(event["kind"]),
        zone=Zone(event["zone"]),
        side=Side(event["side"]),
        technique=Technique(event["technique"]),
        band=None if band is None else Band(**band),
        cannot_judge=None if doubt is None else Doubt(doubt),
        from_s=event["device_s"],
        to_s=event["device_s"],
    )


def _unknown(heard: Iterable[Fields], ended_s: float) -> Iterator[Unknown]:
    since: tuple[float, Doubt] | None = None
    for event in _of(heard, "level_changed"):
        if since is not None:
            yield Unknown(since[0], event["device_s"], since[1])
        doubt = event["doubt"]
        is_unknown = event["level"] == Level.UNKNOWN and doubt is not None
        since = (event["device_s"], Doubt(doubt)) if is_unknown else None
    if since is not None and since[0] < ended_s:
        yield Unknown(since[0], ended_s, since[1])


def _pauses(heard: Iterable[Fields], ended_s: float) -> Iterator[tuple[float, float]]:
    since: float | None = None
    for event in _of(heard, "session_paused", "session_resumed"):
        if event["event"] == "session_paused":
            since = event["device_s"]
        elif since is not None:
            yield since, event["device_s"]
            since = None
    if since is not None:
        yield since, ended_s


def _told(heard: Iterable[Fields]) -> Iterator[Told]:
    for event in _of(heard, "level_changed"):
        if event["pressure_kpa"] is not None:
            yield Told(event["device_s"], event["pressure_kpa"])


def _alerts(heard: Iterable[Fields]) -> Iterator[AlertRecord]:
    cleared = {event["alert"]: event for event in _of(heard, "alert_cleared")}
    for event in _of(heard, "alert_raised"):
        end = cleared.get(event["alert"])
        yield AlertRecord(
            alert=event["alert"],
            kind=event["kind"],
            level=Level(event["level"]),
            step=event["step"],
            zone=Zone(event["zone"]),
            side=Side(event["side"]),
            onset_s=event["onset_s"],
            raised_s=event["device_s"],
            cleared_s=None if end is None else end["device_s"],
            peak_kpa=(end or event).get("peak_kpa", event["pressure_kpa"]),
            limit_kpa=event["limit_kpa"],
            reason="" if end is None else end["reason"],
            peak_is_least=end is not None and end.get("peak_is_least", False),
        )
