"""A broker in memory behind the transport's own protocol."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from companion.mqtt.errors import BrokerError, BrokerFault
from companion.mqtt.transport import Connection, Incoming, Outgoing


def dropped() -> BrokerError:
    return BrokerError(BrokerFault.DROPPED, "fake:1883")


@dataclass
class FakeBroker:
    """What reached the broker, and how it behaves.

    Attributes:
        got: every message it has, in order.
        retained: the last retained one of each topic.
        refuses: why it lets nobody in; None where it does.
        answers: cleared: it takes what we send and never says so.
        attempts: loop times of connections that were tried.
        breaks_after: messages after which each connection breaks, the last one not taken.
    """

    got: list[Outgoing] = field(default_factory=list)
    retained: dict[str, str] = field(default_factory=dict)
    refuses: BrokerFault | None = None
    answers: asyncio.Event = field(default_factory=asyncio.Event)
    attempts: list[float] = field(default_factory=list)
    breaks_after: int | None = None
    subscribed: list[str] = field(default_factory=list)
    connection: "FakeConnection | None" = None

    def __post_init__(self) -> None:
        self.answers.set()

    @asynccontextmanager
    async def connect(self, will: Outgoing) -> AsyncIterator[Connection]:
        self.attempts.append(asyncio.get_running_loop().time())
        if self.refuses is not None:
            raise BrokerError(self.refuses, "fake:1883")
        self.connection = FakeConnection(self)
        try:
            yield self.connection
        except BrokerError:
            self.retained[will.topic] = will.payload
            raise
        finally:
            self.connection = None

    def on(self, topic: str) -> list[str]:
        """What came on a topic."""
        return [one.payload for one in self.got if one.topic == topic]

    def lose(self) -> None:
        """Break the connection."""
        assert self.connection is not None
        self.connection.incoming.put_nowait(None)

    def send(self, message: Incoming) -> None:
        """Say something to the client."""
        assert self.connection is not None
        self.connection.incoming.put_nowait(message)


class FakeConnection:
    """One connection to it."""

    version = "5"

    def __init__(self, broker: FakeBroker) -> None:
        self._broker = broker
        self._left = broker.breaks_after
        self.incoming: asyncio.Queue[Incoming | None] = asyncio.Queue()
        self.is_lost = False

    async def publish(self, outgoing: Outgoing) -> None:
        await asyncio.sleep(0.001)
        if self._left is not None:
            self._left -= 1
            self.is_lost = self.is_lost or self._left < 0
        if self.is_lost:
            raise dropped()
        await self._broker.answers.wait()
        self._broker.got.append(outgoing)
        if outgoing.retain:
            self._broker.retained[outgoing.topic] = outgoing.payload

    async def subscribe(self, topics: Iterable[str]) -> None:
        self._broker.subscribed = list(topics)

    async def messages(self) -> AsyncIterator[Incoming]:
        while (message := await self.incoming.get()) is not None:
            yield message
        self.is_lost = True
        raise dropped()
