"""A hub's way to a broker: what its sessions tell goes out, what the house asks comes in."""

import asyncio
import logging
import os
import platform
import random
import secrets
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from companion import __version__
from companion.cli.house_room import NextRoutine, Room, ServiceControls
from companion.cli.stored_outbox import StoredOutbox, opened_outbox
from companion.coaching.events import Notice
from companion.errors import CompanionError
from companion.mqtt.address import Broker, Papers, broker_of
from companion.mqtt.client import AiomqttTransport
from companion.mqtt.commands import Desk
from companion.mqtt.courier import Courier
from companion.mqtt.errors import BrokerError, BrokerRefused
from companion.mqtt.front import About, Front
from companion.mqtt.topics import Topics, hub_name
from companion.mqtt.transport import Incoming, Outgoing
from companion.service import Service
from companion.settings.next_routine import choosable_routines
from companion.settings.user import MqttSettings

log = logging.getLogger(__name__)

CLOSE_S: Final = 5.0
"""How long the end of the sessions waits for the broker."""

BIRTH_JITTER_S: Final = 5.0
"""Home Assistant asks for a random delay: every tool of a house answers its birth."""

_QUEUE: Final = 1024


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


class House:
    """Everything of a hub's sessions that has to do with a broker: one connection for them all.

    Args:
        services: the sessions, one for each tool, not yet run.
        settings: the person's.
        broker: where.
        outbox: what outlives them.
        routines: what may be chosen for the next session.

    Attributes:
        courier: who owns the connection.
        rooms: one for each session, in the same order.
    """

    def __init__(
        self,
        services: Sequence[Service],
        settings: MqttSettings,
        broker: Broker,
        outbox: StoredOutbox,
        *,
        routines: Sequence[str] = (),
    ) -> None:
        self.outbox = outbox
        self._broker = broker
        self._topics = topics_in(settings)
        self.courier = Courier(
            transport_to(broker, self._topics),
            self._topics,
            outbox,
            hears=self._hear,
            tells=self._tell,
        )
        about = About(
            software=__version__,
            computer=platform.node() or self._topics.hub,
            discovery=settings.discovery,
            radio=services[0].radio,
            routines=tuple(routines),
            live=settings.live,
            depth=lambda: outbox.depth,
        )
        front = Front(self.courier, self._topics, outbox, about)
        chosen = NextRoutine(routines)
        self.rooms = [
            Room(service, front, self._desk(service, chosen), chosen, outbox.secret)
            for service in services
        ]
        self._strangers = self._desk(services[0], chosen)

    def publish(self, room: Room) -> Coroutine[Any, Any, None]:
        """Have a session published, from now on; return what does it."""
        room.service.keep(room)
        return room.publish(room.service.hub.subscribe("broker", _QUEUE), self.courier.post)

    async def keep(self) -> None:
        """Keep the connection, once there is somebody to tell of it.

        An error of ours ends it and never a session.
        """
        await self.rooms[0].service.begun.wait()
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

    def _desk(self, service: Service, chosen: NextRoutine) -> Desk:
        clock = asyncio.get_running_loop().time
        return Desk(self._topics, ServiceControls(service, chosen), clock)

    async def _hear(self, message: Incoming) -> Outgoing | None:
        if message.topic != self._topics.birth:
            return await self._desk_for(message.topic).hear(message)
        if message.payload == b"online":
            delay_s = random.uniform(0.0, BIRTH_JITTER_S)  # noqa: S311 -- no secret
            asyncio.get_running_loop().call_later(delay_s, self.courier.again)
        return None

    def _desk_for(self, topic: str) -> Desk:
        """Return the desk of the tool that a topic names; the one that knows none for any other.

        Each has its own measure, so that a flood for one tool leaves the others their commands.
        """
        place = self._topics.command(topic)
        desks = (room.desk for room in self.rooms if place and room.desk.tool == place[0])
        return next(desks, self._strangers)

    def _tell(self, error: BrokerError | None) -> None:
        if error is None:
            self._notice("mqtt.works_again", broker=str(self._broker))
        else:
            self._notice(error.key, **error.values)

    def _notice(self, key: str, **values: object) -> None:
        """Say something of the broker once: in the first session that still has listeners."""
        room = next((room for room in self.rooms if not room.is_over), self.rooms[0])
        room.service.hub.publish(Notice(device_s=0.0, key=key, values=values))


@asynccontextmanager
async def housed(
    settings: MqttSettings, *services: Service
) -> AsyncIterator[Sequence[Room | None]]:
    """Publish the sessions of services, not yet run; where that fails they go on and one says so.

    Yields:
        The room of each, in the same order; None for each where nothing is published.

    Raises:
        BrokerRefused: the broker's address, or what goes with it, cannot be used.
    """
    broker = broker_in(settings)
    topics_in(settings)
    try:
        outbox = await asyncio.to_thread(opened_outbox)
    except CompanionError as refused:
        reason = str(refused)
        services[0].hub.publish(
            Notice(device_s=0.0, key="mqtt.not_published", values={"reason": reason})
        )
        yield [None] * len(services)
        return
    routines = await asyncio.to_thread(choosable_routines)
    house = House(services, settings, broker, outbox, routines=routines)
    publishing = [asyncio.create_task(house.publish(room)) for room in house.rooms]
    keeping = asyncio.create_task(house.keep())
    try:
        yield house.rooms
    finally:
        for service in services:
            service.hub.close()
        await asyncio.wait(publishing)
        house.courier.close()
        if not services[0].begun.is_set():
            keeping.cancel()
        _, late = await asyncio.wait([keeping], timeout=CLOSE_S)
        for task in late:
            task.cancel()
        await asyncio.gather(*publishing, keeping, return_exceptions=True)
        await asyncio.to_thread(house.outbox.sweep)
        outbox.close()
