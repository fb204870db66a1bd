"""One session's room in the house: what its service tells, and what may be asked of it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final
from uuid import uuid4

from companion.ble.tool import Identity
from companion.coaching.events import Command, Event
from companion.coaching.stroke_log import StrokeNews
from companion.coaching.view import View
from companion.errors import FileRefused
from companion.mqtt.commands import Desk
from companion.mqtt.discovery import Described
from companion.mqtt.front import Front
from companion.mqtt.letters import Letter
from companion.mqtt.publisher import Publisher, Said
from companion.mqtt.topics import id_of
from companion.service import Service
from companion.settings.next_routine import choose_routine
from companion.store.outbox import Queued
from protocols.massage_tool import Channel, ToolFeature
from protocols.telemetry import Telemetry

log = logging.getLogger(__name__)

_PERCENT: Final = 100.0


class NextRoutine:
    """The choice for the next session: one for the computer, whichever tool it came by.

    Args:
        names: what may be chosen.

    Attributes:
        names: the same.
        chosen: what was; None for nothing.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self.chosen: str | None = None

    async def choose(self, name: str) -> bool:
        """Choose one of them; return whether that could be kept."""
        try:
            await asyncio.to_thread(choose_routine, name)
        except FileRefused as refused:
            log.warning("the next routine was not kept: %s", refused)
            return False
        self.chosen = name
        return True


class ServiceControls:
    """What the house may ask of a service.

    Args:
        service: the session.
        following: the choice for the next one.

    Attributes:
        routines: what may be chosen for it.
    """

    def __init__(self, service: Service, following: NextRoutine) -> None:
        self.routines = following.names
        self._service = service
        self._next = following

    def view(self) -> View:
        """Return the session as it stands."""
        return self._service.live.view()

    def command(self, command: Command) -> None:
        """Do what a person at the screen could ask for."""
        self._service.command(command)

    def lower(self, percent: float) -> None:
        """Lower the limits from the next step on, to a share of the routine's."""
        self._service.lower(percent / _PERCENT)

    async def buzz(self) -> bool:
        """Let the tool buzz twice; return whether it did."""
        return await self._service.buzz()

    async def choose(self, routine: str) -> bool:
        """Choose one of `routines` for the next session; return whether that could be kept."""
        return await self._next.choose(routine)


class Room:
    """What one session, with its tool, says to the broker and is asked from there.

    Args:
        service: the session, not yet run.
        front: the tree's, which all rooms share.
        desk: takes the commands for its tool.
        following: the choice for the next session.
        secret: this computer's own.

    Attributes:
        uid: names the session for good.
        service: the same.
        desk: the same.
        is_over: whether its last event was published.
    """

    def __init__(
        self, service: Service, front: Front, desk: Desk, following: NextRoutine, secret: bytes
    ) -> None:
        self.uid = uuid4().hex
        self.service = service
        self.desk = desk
        self.is_over = False
        self._next = following
        self._secret = secret
        self._publisher = Publisher(front, service.live, self.uid)

    def on_tool(
        self,
        address: str,
        name: str,
        feature: ToolFeature,
        identity: Identity,
        channels: tuple[Channel, ...] = (),  # noqa: ARG002 -- not told
    ) -> None:
        """The tool is known."""
        tool = Described(
            id=id_of(address or identity.serial or name, self._secret),
            name=name,
            maker=identity.manufacturer,
            model=identity.model,
            firmware=identity.firmware,
        )
        self.desk.tool = tool.id
        self._publisher.know(tool, feature.contact_area_m2, self._said)

    def on_telemetry(self, telemetry: Telemetry) -> None:
        """Samples are the store's business, and the live stream's."""
        self._publisher.feel(telemetry)

    def on_stroke(self, news: StrokeNews) -> None:
        """Strokes are the store's business."""

    def entries(self, event: Event) -> tuple[Queued, ...]:
        """Return what the outbox keeps of an event."""
        return tuple(
            Queued(
                msg_id=letter.msg_id,
                session=self.uid,
                kind=letter.kind,
                topic=letter.topic,
                payload=letter.payload,
                created=letter.created,
            )
            for letter in self._publisher.letters(event)
        )

    async def publish(self, events: AsyncIterator[Event], post: Callable[[Letter], None]) -> None:
        """Put events into the broker's tree until there are no more.

        Args:
            events: of the session.
            post: takes what must not be lost.
        """
        try:
            await self._publisher.run(self._posting(events, post))
        finally:
            self.is_over = True

    def _said(self) -> Said:
        return Said(round(self.desk.percent), self._next.chosen)

    async def _posting(
        self, events: AsyncIterator[Event], post: Callable[[Letter], None]
    ) -> AsyncIterator[Event]:
        async for event in events:
            for letter in self._publisher.letters(event):
                post(letter)
            yield event
