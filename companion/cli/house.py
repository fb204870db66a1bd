"""A session's way to a broker: what the service tells goes out, what the house asks comes in."""

import asyncio
import logging
import os
import platform
import random
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final
from uuid import uuid4

from companion import __version__
from companion.ble.tool import Identity
from companion.cli.stored_outbox import StoredOutbox, opened_outbox
from companion.coaching.events import Command, Event, Notice
from companion.coaching.stroke_log import StrokeNews
from companion.coaching.view import View
from companion.errors import CompanionError, FileRefused
from companion.mqtt.address import Broker, Papers, broker_of
from companion.mqtt.client import AiomqttTransport
from companion.mqtt.commands import Desk
from companion.mqtt.courier import Courier
from companion.mqtt.discovery import Described
from companion.mqtt.errors import BrokerError, BrokerRefused
from companion.mqtt.publisher import About, Publisher, Said
from companion.mqtt.topics import Topics, hub_name, id_of
from companion.mqtt.transport import Incoming, Outgoing
from companion.service import Service
from companion.settings.next_routine import choosable_routines, choose_routine
from companion.settings.user import MqttSettings
from companion.store.outbox import Queued
from protocols.massage_tool import Channel, ToolFeature
from protocols.telemetry import Telemetry

log = logging.getLogger(__name__)

CLOSE_S: Final = 5.0
"""How long the end of a session waits for the broker."""

BIRTH_JITTER_S: Final = 5.0
"""Home Assistant asks for a random delay: every tool of a house answers its birth."""

_QUEUE: Final = 1024
_PERCENT: Final = 100.0


def broker_in(settings: MqttSettings) -> Broker:
    """Return the broker of the settings.

    Raises:
        BrokerRefused: there is none, or it cannot be used.
    """
    if not settings.url:
        raise BrokerRefused("mqtt.none_set")
    papers = Papers(
        user=settings.user,
        password_file=settings.password_file,
        ca_file=settings.ca_file,
        cert_file=settings.cert_file,
        key_file=settings.key_file,
    )
    return broker_of(settings.url, papers, os.environ)


def topics_in(settings: MqttSettings) -> Topics:
    """Return the tree of the settings.

    Raises:
        BrokerRefused: a level of it cannot be used.
    """
    hub = settings.hub or hub_name(platform.node())
    try:
        return Topics(base=settings.base, hub=hub, prefix=settings.discovery_prefix)
    except ValueError:
        raise BrokerRefused("mqtt.refused.tree") from None


def transport_to(broker: Broker, topics: Topics) -> AiomqttTransport:
    """Return connections under a name of this process's own."""
    return AiomqttTransport(broker, f"{topics.hub[:12]}-{secrets.token_hex(4)}")


class ServiceControls:
    """What the house may ask of a service.

    Args:
        service: the session.
        routines: what may be chosen for the next one.

    Attributes:
        routines: the same.
    """

    def __init__(self, service: Service, routines: Sequence[str]) -> None:
        self.routines = tuple(routines)
        self._service = service

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
        try:
            await asyncio.to_thread(choose_routine, routine)
        except FileRefused as refused:
            log.warning("the next routine was not kept: %s", refused)
            return False
        return True


class House:
    """Everything of one session that has to do with a broker.

    Args:
        service: the session, not yet run.
        settings: the person's.
        broker: where.
        outbox: what outlives it.
        routines: what may be chosen for the next session.

    Attributes:
        uid: names the session for good.
        courier: who owns the connection.
    """

    def __init__(
        self,
        service: Service,
        settings: MqttSettings,
        broker: Broker,
        outbox: StoredOutbox,
        *,
        routines: Sequence[str] = (),
    ) -> None:
        self.uid = uuid4().hex
        self.outbox = outbox
        self._service = service
        self._broker = broker
        self._topics = topics_in(settings)
        clock = asyncio.get_running_loop().time
        self._desk = Desk(self._topics, ServiceControls(service, routines), clock)
        self.courier = Courier(
            transport_to(broker, self._topics),
            self._topics,
            self.outbox,
            hears=self._hear,
            tells=self._tell,
        )
        about = About(
            software=__version__,
            computer=platform.node() or self._topics.hub,
            discovery=settings.discovery,
            session=self.uid,
            radio=service.radio,
            routines=tuple(routines),
            live=settings.live,
            depth=lambda: outbox.depth,
        )
        self._publisher = Publisher(self.courier, self._topics, service.live, outbox, about)

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
            id=id_of(address or identity.serial or name, self.outbox.secret),
            name=name,
            maker=identity.manufacturer,
            model=identity.model,
            firmware=identity.firmware,
        )
        self._desk.tool = tool.id
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

    async def publish(self, events: AsyncIterator[Event]) -> None:
        """Put events into the broker's tree until there are no more."""
        await self._publisher.run(self._posting(events))

    async def keep(self) -> None:
        """Keep the connection, once there is somebody to tell of it.

        An error of ours ends it and never the session.
        """
        await self._service.begun.wait()
        self.warn()
        try:
            await self.courier.run()
        except Exception as error:
            log.exception("publishing stopped")
            self._notice("mqtt.stopped", kind=type(error).__name__)

    def warn(self) -> None:
        """Say what is to be said of the connection before it is made."""
        if self._broker.is_in_the_clear:
            self._notice("mqtt.in_the_clear", broker=str(self._broker))

    def _said(self) -> Said:
        return Said(round(self._desk.percent), self._desk.routine)

    async def _posting(self, events: AsyncIterator[Event]) -> AsyncIterator[Event]:
        async for event in events:
            for letter in self._publisher.letters(event):
                self.courier.post(letter)
            yield event

    async def _hear(self, message: Incoming) -> Outgoing | None:
        if message.topic != self._topics.birth:
            return await self._desk.hear(message)
        if message.payload == b"online":
            delay_s = random.uniform(0.0, BIRTH_JITTER_S)  # noqa: S311 -- no secret
            asyncio.get_running_loop().call_later(delay_s, self.courier.again)
        return None

    def _tell(self, error: BrokerError | None) -> None:
        if error is None:
            self._notice("mqtt.works_again", broker=str(self._broker))
        else:
            self._notice(error.key, **error.values)

    def _notice(self, key: str, **values: object) -> None:
        self._service.hub.publish(Notice(device_s=0.0, key=key, values=values))


@asynccontextmanager
async def housed(service: Service, settings: MqttSettings) -> AsyncIterator[House | None]:
    """Publish the session of a service, not yet run; where that fails it goes on and says so.

    Raises:
        BrokerRefused: the broker's address, or what goes with it, cannot be used.
    """
    broker = broker_in(settings)
    topics_in(settings)
    try:
        outbox = await asyncio.to_thread(opened_outbox)
    except CompanionError as refused:
        reason = str(refused)
        service.hub.publish(
            Notice(device_s=0.0, key="mqtt.not_published", values={"reason": reason})
        )
        yield None
        return
    routines = await asyncio.to_thread(choosable_routines)
    house = House(service, settings, broker, outbox, routines=routines)
    service.keep(house)
    publishing = asyncio.create_task(house.publish(service.hub.subscribe("broker", _QUEUE)))
    keeping = asyncio.create_task(house.keep())
    try:
        yield house
    finally:
        service.hub.close()
        await asyncio.wait([publishing])
        house.courier.close()
        if not service.begun.is_set():
            keeping.cancel()
        _, late = await asyncio.wait([keeping], timeout=CLOSE_S)
        for task in late:
            task.cancel()
        await asyncio.gather(publishing, keeping, return_exceptions=True)
        await asyncio.to_thread(house.outbox.sweep)
        outbox.close()
