"""Commands from a broker: read with suspicion, done where they fit, always answered."""

import json
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol

from companion.coaching.events import Command
from companion.coaching.view import Phase, View
from companion.mqtt.state import IN_SESSION
from companion.mqtt.topics import Topics
from companion.mqtt.transport import Incoming, Outgoing
from companion.strict_json import json_text
from companion.texts import text

log = logging.getLogger(__name__)

LARGEST_BYTES: Final = 1024
LONGEST_ID: Final = 64
LONGEST_WORD: Final = 64

LEAST_PERCENT: Final = 30
"""Below a third of a limit nothing of a target is left; the same as Home Assistant shows."""

A_SECOND: Final = 5.0
AT_ONCE: Final = 10.0
"""Commands a second, and how many may come together: more than fingers press."""


_STEERS: Final = {
    "start": ({Phase.PAUSED}, Command.PAUSE),
    "pause": (IN_SESSION - {Phase.PAUSED}, Command.PAUSE),
    "stop": (IN_SESSION, Command.STOP),
}
"""What steers a session, and when."""


class Refusal(StrEnum):
    """Why a command is not done; its sentence in the catalogue has the same name."""

    TOO_MANY = "too_many"
    RETAINED = "retained"
    TOO_BIG = "too_big"
    NOT_JSON = "not_json"
    NO_VALUE = "no_value"
    OTHER_TOOL = "other_tool"
    NO_SUCH_THING = "no_such_thing"
    NO_SUCH_VALUE = "no_such_value"
    OUT_OF_RANGE = "out_of_range"
    NO_SESSION = "no_session"
    NOT_NOW = "not_now"
    ONLY_DOWNWARDS = "only_downwards"
    NO_SUCH_ROUTINE = "no_such_routine"
    NOT_DONE = "not_done"


class Refused(Exception):
    """A command is not done.

    Attributes:
        why: the reason.
    """

    def __init__(self, why: Refusal) -> None:
        super().__init__(why)
        self.why = why


class Controls(Protocol):
    """What may be asked of the service; nothing here can raise a limit."""

    def view(self) -> View:
        """Return the session as it stands."""

    def command(self, command: Command) -> None:
        """Do what a person at the screen could ask for."""

    def lower(self, percent: float) -> None:
        """Lower the limits from the next step on, to a share of the routine's."""

    async def buzz(self) -> bool:
        """Let the tool buzz twice; return whether it did."""

    @property
    def routines(self) -> Collection[str]:
        """The routines that may be chosen for the next session, by name."""

    async def choose(self, routine: str) -> bool:
        """Choose one of them for the next session; return whether that could be kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A command that is well formed.

    Attributes:
        thing: what it is about.
        value: what is wanted.
        id: the sender's own name for it; empty for none.
    """

    thing: str
    value: object
    id: str


class Bucket:
    """Lets through so many a second, and some more at once.

    Args:
        now: seconds, on a clock that does not jump.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._left = AT_ONCE
        self._at = now()
        self._refused_at: float | None = None

    def take(self) -> bool:
        """Return whether one more may pass."""
        now = self._now()
        self._left = min(AT_ONCE, self._left + (now - self._at) * A_SECOND)
        self._at = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True

    def tells(self) -> bool:
        """Return whether to say that there were too many: once a second."""
        now = self._now()
        if self._refused_at is not None and now - self._refused_at < 1.0:
            return False
        self._refused_at = now
        return True


class Desk:
    """Takes commands for one tool.

    Args:
        topics: the tree.
        controls: the service.
        now: seconds, on a clock that does not jump.

    Attributes:
        tool: the id of the tool in hand; None before it is known.
        percent: the share of the routine's limits that holds.
    """

    def __init__(self, topics: Topics, controls: Controls, now: Callable[[], float]) -> None:
        self.tool: str | None = None
        self.percent = 100.0
        self._topics = topics
        self._controls = controls
        self._bucket = Bucket(now)

    async def hear(self, message: Incoming) -> Outgoing | None:
        """Do what a message asks for, and return the answer; None for one that is no command."""
        place = self._topics.command(message.topic)
        if place is None:
            return None
        if not self._bucket.take():
            return self._refusal(message, "", Refusal.TOO_MANY) if self._bucket.tells() else None
        asked_id = ""
        try:
            fields = _fields(message)
            asked_id = _id(fields)
            await self._do(place[0], Asked(thing=place[1], value=fields["value"], id=asked_id))
        except Refused as refused:
            return self._refusal(message, asked_id, refused.why)
        return self._answer(message, {"id": asked_id or None, "ok": True, "error": None})

    async def _do(self, tool: str, asked: Asked) -> None:
        if tool != self.tool:
            raise Refused(Refusal.OTHER_TOOL)
        deed = self._deeds().get(asked.thing)
        if deed is None:
            raise Refused(Refusal.NO_SUCH_THING)
        is_on = self._controls.view().phase in IN_SESSION
        if asked.thing != "identify" and not is_on:
            raise Refused(Refusal.NO_SESSION)
        await deed(asked.value)

    def _deeds(self) -> Mapping[str, Callable[[object], Awaitable[None]]]:
        return {
            "session": self._session,
            "limit": self._limit,
            "routine": self._routine,
            "haptic": self._haptic,
            "identify": self._identify,
        }

    async def _session(self, value: object) -> None:
        if not isinstance(value, str) or value not in _STEERS:
            raise Refused(Refusal.NO_SUCH_VALUE)
        phases, command = _STEERS[value]
        if self._controls.view().phase not in phases:
            raise Refused(Refusal.NOT_NOW)
        self._controls.command(command)

    async def _limit(self, value: object) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refused(Refusal.NO_SUCH_VALUE)
        if not LEAST_PERCENT <= value <= 100:  # noqa: PLR2004 -- percent
            raise Refused(Refusal.OUT_OF_RANGE)
        if value > self.percent:
            raise Refused(Refusal.ONLY_DOWNWARDS)
        self._controls.lower(float(value))
        self.percent = float(value)

    async def _routine(self, value: object) -> None:
        """Choose for the next session: of the present one the person was asked beforehand."""
        if not isinstance(value, str):
            raise Refused(Refusal.NO_SUCH_VALUE)
        if value not in self._controls.routines:
            raise Refused(Refusal.NO_SUCH_ROUTINE)
        if not await self._controls.choose(value):
            raise Refused(Refusal.NOT_DONE)

    async def _haptic(self, value: object) -> None:
        if value != "double":
            raise Refused(Refusal.NO_SUCH_VALUE)
        await self._buzz()

    async def _identify(self, value: object) -> None:
        if value != "identify":
            raise Refused(Refusal.NO_SUCH_VALUE)
        await self._buzz()

    async def _buzz(self) -> None:
        if not await self._controls.buzz():
            raise Refused(Refusal.NOT_DONE)

    def _refusal(self, message: Incoming, asked_id: str, why: Refusal) -> Outgoing:
        sentence = text(f"mqtt.refusal.{why}", least=LEAST_PERCENT, most=LARGEST_BYTES)
        return self._answer(
            message, {"id": asked_id or None, "ok": False, "error": why, "text": sentence}
        )

    def _answer(self, message: Incoming, body: Mapping[str, object]) -> Outgoing:
        place = message.response_topic
        if place is None or not self._topics.is_for_answers(place):
            place = self._topics.of(self.tool, "response") if self.tool else self._hub_response()
        return Outgoing(topic=place, payload=json_text(body), correlation=message.correlation)

    def _hub_response(self) -> str:
        return f"{self._topics.root}/response"


def _fields(message: Incoming) -> dict[str, Any]:
    payload = message.payload
    if message.retained:
        log.warning("a retained command was dropped")
        raise Refused(Refusal.RETAINED)
    if len(payload) > LARGEST_BYTES:
        raise Refused(Refusal.TOO_BIG)
    try:
        found = json.loads(payload.decode("utf-8"), parse_constant=_no_constant)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise Refused(Refusal.NOT_JSON) from None
    if not isinstance(found, dict) or "value" not in found:
        raise Refused(Refusal.NO_VALUE)
    value = found["value"]
    if isinstance(value, str) and len(value) > LONGEST_WORD:
        raise Refused(Refusal.NO_SUCH_VALUE)
    return found


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _id(fields: Mapping[str, Any]) -> str:
    """Return the sender's name for a command; one that is long or steers is not repeated."""
    found = fields.get("id")
    is_fine = isinstance(found, str) and len(found) <= LONGEST_ID and found.isprintable()
    return str(found) if is_fine else ""
