"""What the rest of the room knows of a broker: a connection that publishes and hears."""

from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message to a broker.

    Attributes:
        topic: where to.
        payload: UTF-8 text.
        qos: 0 or 1.
        retain: whether the broker keeps it for those who come later.
        expires_s: after how many seconds nobody needs it any more (MQTT 5); None for never.
        correlation: what a requester wants back (MQTT 5).
    """

    topic: str
    payload: str
    qos: int = 1
    retain: bool = False
    expires_s: int | None = None
    correlation: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A message from a broker.

    Attributes:
        topic: where it came.
        payload: as it came: nobody has checked it.
        retained: whether it was sent to be kept (MQTT 5), or is an old one that the broker kept.
        response_topic: where the sender wants the answer (MQTT 5).
        correlation: what the sender wants back with it (MQTT 5).
    """

    topic: str
    payload: bytes
    retained: bool = False
    response_topic: str | None = None
    correlation: bytes | None = None


class Connection(Protocol):
    """A connection that stands; every call raises `BrokerError` once it does not."""

    @property
    def version(self) -> str:
        """The MQTT version spoken: ``5`` or ``3.1.1``."""

    async def publish(self, outgoing: Outgoing) -> None:
        """Publish; with QoS 1 it returns once the broker has it."""

    async def subscribe(self, topics: Iterable[str]) -> None:
        """Hear what comes on topics."""

    def messages(self) -> AsyncIterator[Incoming]:
        """Return what comes, without end; raises `BrokerError` when the connection is lost."""


class Transport(Protocol):
    """Makes connections to one broker."""

    def connect(self, will: Outgoing) -> AbstractAsyncContextManager[Connection]:
        """Return a new connection, opened by entering it.

        Args:
            will: what the broker says for us if we vanish.

        Raises:
            BrokerError: on entering, where there is none.
        """
