"""One more subscriber of the hub: what happens with one tool, put into the broker's tree."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from companion.coaching.events import (
    AlertRaised,
    Event,
    LinkLost,
    LinkUp,
    SessionFinished,
    SessionStarted,
    Summary,
)
from companion.live import Live
from companion.mqtt.discovery import Described
from companion.mqtt.front import Front
from companion.mqtt.letters import Letter, Session, alert_letter, summary_letters
from companion.mqtt.state import IN_SESSION, Pace, state_of
from companion.mqtt.stream import LIVE_EVERY_S, Stream
from companion.mqtt.transport import Outgoing
from protocols.telemetry import Telemetry

TICK_S: Final = 0.5
"""How often the session is looked at between events."""

GONE_AFTER_S: Final = 5.0
"""A link that comes back sooner was never away."""


@dataclass(frozen=True, slots=True)
class Said:
    """What commands have brought about, as the state has it.

    Attributes:
        limit_percent: the share of the routine's limits that holds.
        next_routine: what was chosen for the next session; None for nothing.
    """

    limit_percent: int
    next_routine: str | None = None


class Publisher:
    """Turns the events of one tool's session into topics.

    Args:
        front: the tree's, which all tools of the hub share.
        live: the service's snapshots.
        session: names the session for good.
    """

    def __init__(self, front: Front, live: Live, session: str) -> None:
        self._front = front
        self._holds = front.holds
        self._topics = front.topics
        self._live = live
        self._session = Session(uid=session, tool="")
        self._area_m2: float | None = None
        self._summary: Summary | None = None
        self._said: Callable[[], Said] = lambda: Said(100)
        self._stream = Stream()
        self._pace = Pace()
        self._made: dict[str, Letter] = {}
        self._leaving: asyncio.TimerHandle | None = None

    @property
    def tool(self) -> str:
        """The id of the tool in hand, empty before it is known."""
        return self._session.tool

    def know(self, tool: Described, area_m2: float | None, said: Callable[[], Said]) -> None:
        """The tool is known.

        Args:
            tool: as a device.
            area_m2: its working surface.
            said: tells what commands have brought about.
        """
        self._session = replace(self._session, tool=tool.id)
        self._area_m2, self._said = area_m2, said
        self._front.enter(tool)

    def feel(self, telemetry: Telemetry) -> None:
        """Take what the tool sends, for the live stream."""
        if self._front.about.live:
            self._stream.take(telemetry)

    async def run(self, events: AsyncIterator[Event]) -> None:
        """Take events until there are no more, and look at the session in between."""
        ticking = [asyncio.create_task(self._tick())]
        if self._front.about.live:
            ticking.append(asyncio.create_task(self._pass_by()))
        try:
            async for event in events:
                self.hear(event)
                self._tell_state()
        finally:
            for task in ticking:
                task.cancel()
            if self._leaving is not None:
                self._leaving.cancel()
            self._tell_state(is_last=True)
            self._tell_tool("offline")

    def hear(self, event: Event) -> None:
        """Take one event."""
        match event:
            case LinkUp():
                if self._leaving is not None:
                    self._leaving.cancel()
                    self._leaving = None
                self._tell_tool("online")
            case LinkLost():
                loop = asyncio.get_running_loop()
                self._leaving = loop.call_later(GONE_AFTER_S, self._tell_tool, "offline")
            case SessionStarted():
                self._session = replace(self._session, began=event.started_at)
            case SessionFinished():
                self._summary = event.summary
            case _:
                pass

    def letters(self, event: Event) -> tuple[Letter, ...]:
        """Return what of an event must not be lost; asked again, the very same."""
        now = datetime.now(UTC)
        made: tuple[Letter, ...] = ()
        match event:
            case AlertRaised() if self.tool:
                made = (alert_letter(self._topics, self._session, event, now),)
            case SessionFinished() if self.tool:
                made = summary_letters(self._topics, self._session, event.summary, now)
            case _:
                pass
        return tuple(self._made.setdefault(letter.msg_id, letter) for letter in made)

    async def _tick(self) -> None:
        while True:
            self._tell_state()
            self._front.tell_info()
            await asyncio.sleep(TICK_S)

    async def _pass_by(self) -> None:
        while True:
            await asyncio.sleep(LIVE_EVERY_S)
            view = self._live.view()
            said = self._stream.said(view)
            if said is not None and self.tool and view.phase in IN_SESSION:
                topic = self._topics.of(self.tool, "live")
                self._holds.pass_by(Outgoing(topic=topic, payload=said, qos=0))

    def _tell_tool(self, status: str) -> None:
        if self.tool:
            topic = self._topics.of(self.tool, "status")
            self._holds.hold(Outgoing(topic=topic, payload=status, retain=True))

    def _tell_state(self, *, is_last: bool = False) -> None:
        if not self.tool:
            return
        state = state_of(self._live.view(), self._live.link(), self._area_m2, self._summary)
        said_so = self._said()
        state["limit_percent"] = said_so.limit_percent
        state["next_routine"] = said_so.next_routine
        said = self._pace.take(state, asyncio.get_running_loop().time(), is_last=is_last)
        if said is not None:
            topic = self._topics.of(self.tool, "state")
            self._holds.hold(Outgoing(topic=topic, payload=said, qos=0, retain=True))
