"""What must not be lost: alerts and summaries, each with a name of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol
from uuid import UUID, uuid5

from companion.coaching.events import AlertRaised, StepResult, Summary
from companion.mqtt.topics import Topics
from companion.mqtt.transport import Outgoing
from companion.strict_json import as_plain, json_text

FORMAT: Final = 1
"""Of a summary's document."""

ALERT_LASTS_S: Final = 300
"""A warning of five minutes ago helps nobody."""

_NAMESPACE: Final = UUID("6f0d1c1e-52c5-4b0b-9a37-1a4d9b7c2f10")
_UNTOUCHED: Final = frozenset({"no_contact", "unknown"})


class Kind(StrEnum):
    """What a letter is; of too many, alerts are given up first."""

    ALERT = "alert"
    SUMMARY = "summary"
    LAST = "last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message that is kept until a broker has it.

    Attributes:
        msg_id: the same each time it is sent: readers know it again.
        kind: what it is.
        topic: where to.
        payload: JSON.
        created: Unix time in seconds.
    """

    msg_id: str
    kind: Kind
    topic: str
    payload: str
    created: float

    @property
    def expires(self) -> float | None:
        """Unix time from which on nobody needs it; None for never."""
        return self.created + ALERT_LASTS_S if self.kind is Kind.ALERT else None

    def outgoing(self, now: float) -> Outgoing | None:
        """Return it as a message; None where it has expired."""
        rest_s = None if self.expires is None else int(self.expires - now)
        if rest_s is not None and rest_s <= 0:
            return None
        retain = self.kind is Kind.LAST
        return Outgoing(topic=self.topic, payload=self.payload, retain=retain, expires_s=rest_s)


class Outbox(Protocol):
    """Where letters outlive the process."""

    async def waiting(self, after: int, most: int) -> Sequence[tuple[int, Letter]]:
        """Return the oldest letters behind a number, each with its own, at most so many."""

    def delivered(self, msg_id: str) -> None:
        """A broker has it, or it has expired: it may go."""

    async def settle(self) -> None:
        """Let go what may go."""


class NoOutbox:
    """For a session that is not kept: letters live as long as the process."""

    async def waiting(self, after: int, most: int) -> Sequence[tuple[int, Letter]]:  # noqa: ARG002 -- the protocol's
        """Return none."""
        return ()

    def delivered(self, msg_id: str) -> None:
        """Nothing is kept."""

    async def settle(self) -> None:
        """Nothing is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What a letter says of its session.

    Attributes:
        uid: names it for good.
        tool: the tool's id.
        began: aware UTC, ISO 8601; None where it never began.
    """

    uid: str
    tool: str
    began: str | None = None


def alert_letter(topics: Topics, session: Session, alert: AlertRaised, now: datetime) -> Letter:
    """Return a warning as an event that Home Assistant understands."""
    msg_id = _id(session.uid, Kind.ALERT, alert.alert)
    body = {
        "event_type": alert.kind,
        "id": alert.alert,
        "msg_id": msg_id,
        "session_id": session.uid,
        "at": now.isoformat(timespec="milliseconds"),
        "level": alert.level,
        "zone": alert.zone,
        "side": alert.side,
        "peak_kpa": alert.pressure_kpa,
        "limit_kpa": alert.limit_kpa,
    }
    return _letter(topics.of(session.tool, "alert"), msg_id, Kind.ALERT, body, now)


def summary_letters(
    topics: Topics, session: Session, summary: Summary, now: datetime
) -> tuple[Letter, Letter]:
    """Return a session's document twice: as it happens, and retained as the last one."""
    msg_id = _id(session.uid, Kind.SUMMARY, 0)
    body = {
        "format": FORMAT,
        "msg_id": msg_id,
        "session_id": session.uid,
        "tool": session.tool,
        "began_at": session.began,
        "ended_at": now.isoformat(timespec="seconds"),
        "routine": summary.routine,
        "outcome": summary.outcome,
        "duration_s": summary.duration_s,
        "score_percent": None if summary.score is None else summary.score.percent,
        "warnings": sum(alert.kind == "over_pressure" for alert in summary.alerts),
        "dose_s": dose_s(summary.steps),
        "steps_done": sum(step.outcome == "done" for step in summary.steps),
        "steps": [_step(step) for step in summary.steps],
    }
    happened = topics.of(session.tool, "session/summary")
    last = topics.of(session.tool, "session/last")
    return (
        _letter(happened, msg_id, Kind.SUMMARY, body, now),
        _letter(last, _id(session.uid, Kind.LAST, 0), Kind.LAST, body, now),
    )


def dose_s(steps: Sequence[StepResult]) -> float:
    """Return the seconds in which the tool was on the skin and the pressure known."""
    return sum(
        seconds
        for step in steps
        for level, seconds in step.seconds_by_level.items()
        if level not in _UNTOUCHED
    )


def _step(step: StepResult) -> Mapping[str, Any]:
    whole = as_plain(step)
    names = ("step", "zone", "side", "outcome", "repetitions", "goal", "duration_s")
    figures = {name: whole[name] for name in (*names, "mean_kpa", "peak_kpa")}
    return figures | {"score_percent": None if step.score is None else step.score.percent}


def _letter(
    topic: str, msg_id: str, kind: Kind, body: Mapping[str, object], now: datetime
) -> Letter:
    return Letter(
        msg_id=msg_id, kind=kind, topic=topic, payload=json_text(body), created=now.timestamp()
    )


def _id(uid: str, kind: Kind, number: int) -> str:
    return str(uuid5(_NAMESPACE, f"{uid}/{kind}/{number}"))
