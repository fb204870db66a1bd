"""One more subscriber of the hub: what happens, put into the broker's tree."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Protocol

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
from companion.mqtt.discovery import (
    Described,
    component_payloads,
    device_payload,
    hub_components,
    retained,
    tool_components,
)
from companion.mqtt.letters import Letter, Session, alert_letter, summary_letters
from companion.mqtt.state import IN_SESSION, Pace, state_of
from companion.mqtt.stream import LIVE_EVERY_S, Stream
from companion.mqtt.topics import Topics
from companion.mqtt.transport import Outgoing
from companion.strict_json import json_text
from protocols.telemetry import Telemetry

TICK_S: Final = 0.5
"""How often the session is looked at between events."""

GONE_AFTER_S: Final = 5.0
"""A link that comes back sooner was never away."""


class Holds(Protocol):
    """Where messages go."""

    def hold(self, outgoing: Outgoing) -> None:
        """Say something that stays true until it is said anew."""

    def pass_by(self, outgoing: Outgoing) -> None:
        """Say something that is of this moment."""


class Notes(Protocol):
    """What is remembered of a device from one run to the next."""

    def entities(self, device: str) -> frozenset[str]:
        """Return every ``platform/key`` that was ever described."""

    def topics(self, device: str) -> frozenset[str]:
        """Return the topics at which it was described."""

    def described(self, device: str, entities: Iterable[str], topics: Iterable[str]) -> None:
        """Remember what is described now, and what ever was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the publisher is told beforehand.

    Attributes:
        software: our version.
        computer: what people call the hub.
        discovery: ``device``, ``component`` or ``off``.
        session: names the session for good.
        radio: what people call the Bluetooth adapter.
        routines: what may be chosen for the next session.
        live: whether the live stream is wanted.
        depth: tells how many letters of each kind wait.
    """

    software: str
    computer: str
    discovery: str
    session: str
    radio: str = ""
    routines: tuple[str, ...] = ()
    live: bool = False
    depth: Callable[[], Mapping[str, int]] = dict


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
    """Turns events into topics.

    Args:
        holds: where what is true now goes.
        topics: the tree.
        live: the service's snapshots.
        notes: what is remembered of devices.
        about: the rest.
    """

    def __init__(
        self, holds: Holds, topics: Topics, live: Live, notes: Notes, about: About
    ) -> None:
        self._holds = holds
        self._topics = topics
        self._live = live
        self._notes = notes
        self._about = about
        self._session = Session(uid=about.session, tool="")
        self._area_m2: float | None = None
        self._summary: Summary | None = None
        self._said: Callable[[], Said] = lambda: Said(100)
        self._stream = Stream()
        self._pace = Pace()
        self._made: dict[str, Letter] = {}
        self._leaving: asyncio.TimerHandle | None = None
        self._tell_info()
        hub = Described(id=self.hub_id, name=about.computer)
        self._describe(hub, hub_components(topics))

    @property
    def hub_id(self) -> str:
        """The hub as a device."""
        return f"{self._topics.base}-{self._topics.hub}"

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
        self._tell_info()
        about = self._about
        entities = tool_components(self._topics, tool.id, about.routines, live=about.live)
        self._describe(replace(tool, via=self.hub_id), entities)

    def feel(self, telemetry: Telemetry) -> None:
        """Take what the tool sends, for the live stream."""
        if self._about.live:
            self._stream.take(telemetry)

    async def run(self, events: AsyncIterator[Event]) -> None:
        """Take events until there are no more, and look at the session in between."""
        ticking = [asyncio.create_task(self._tick())]
        if self._about.live:
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
            if self.tool:
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
            self._tell_info()
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

    def _tell_state(self) -> None:
        if not self.tool:
            return
        state = state_of(self._live.view(), self._live.link(), self._area_m2, self._summary)
        said_so = self._said()
        state["limit_percent"] = said_so.limit_percent
        state["next_routine"] = said_so.next_routine
        said = self._pace.take(state, asyncio.get_running_loop().time())
        if said is not None:
            topic = self._topics.of(self.tool, "state")
            self._holds.hold(Outgoing(topic=topic, payload=said, qos=0, retain=True))

    def _tell_info(self) -> None:
        tools = [self.tool] if self.tool else []
        waiting = dict(sorted(self._about.depth().items()))
        about = {"version": self._about.software, "adapter": self._about.radio}
        body = json_text(about | {"tools": tools, "waiting": waiting})
        self._holds.hold(Outgoing(topic=self._topics.info, payload=body, retain=True))

    def _describe(self, device: Described, components: dict[str, dict[str, object]]) -> None:
        """Describe a device, and empty every topic that described it and no longer does."""
        software, topics = self._about.software, self._topics
        entities = {f"{one['platform']}/{key}" for key, one in components.items()}
        gone = self._notes.entities(device.id) - entities
        match self._about.discovery:
            case "device":
                payload = device_payload(device, components, topics, software, sorted(gone))
                payloads = {topics.discovery(device.id): payload}
            case "component":
                payloads = component_payloads(device, components, topics, software)
            case _:
                payloads = {}
        stale = self._notes.topics(device.id) - payloads.keys()
        for topic in sorted(stale):
            self._holds.hold(retained(topic, None))
        for topic, payload in payloads.items():
            self._holds.hold(retained(topic, payload))
        self._notes.described(device.id, entities, payloads)
