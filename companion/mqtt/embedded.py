"""A broker inside the companion, for a first try: amqtt, at loopback only, in memory only.

amqtt, an extra, knows MQTT 3.1.1 and nothing newer. It reads the CONNECT of MQTT 5 by the older
layout; where that has a will it stumbles and hangs up without the answer that would lead a client
to 3.1.1 (seen with 0.12.1). So the door is ours: it reads the version, answers as the standard
asks, and hands on what amqtt understands. Nor does amqtt ever open a port itself.
"""

import asyncio
import logging
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from amqtt.adapters import StreamWriterAdapter
from amqtt.broker import Broker
from amqtt.contexts import BrokerConfig, ListenerConfig, ListenerType

HERE: Final = "127.0.0.1"
"""The only address it listens at."""

SPEAKS_WITHIN_S: Final = 5.0
"""Who says nothing for so long after connecting is nobody's client."""

_DOOR: Final = "default"
_CONNECT: Final = 0x10
_LONGEST_LENGTH: Final = 4
_MORE: Final = 0x80
"""Fixed header: MQTT 3.1.1 sections 2.2 and 2.2.3."""

_NAMES: Final = (b"MQTT", b"MQIsdp")
_KNOWN: Final = (b"MQTT", 4)
"""Protocol name and level: MQTT 3.1.1 section 3.1.2; MQIsdp is 3.1, level 5 is MQTT 5."""

_OTHER_VERSION: Final = b"\x20\x02\x00\x01"
"""CONNACK, unacceptable protocol version: MQTT 3.1.1 section 3.2.2.3."""

_LIBRARIES: Final = ("amqtt", "transitions")
"""Their finer levels tell of each message."""


class _Begun:
    """A stream whose first bytes were read already, as amqtt reads one.

    Args:
        begun: those bytes.
        reader: the rest.
    """

    def __init__(self, begun: bytes, reader: StreamReader) -> None:
        self._begun = begun
        self._reader = reader

    async def read(self, size: int = -1) -> bytes:
        """Return that many bytes; fewer than 0: all until the end."""
        if size < 0:
            return self._begun + await self._reader.read()
        head, self._begun = self._begun[:size], self._begun[size:]
        return head + await self._reader.readexactly(size - len(head))

    def feed_eof(self) -> None:
        """Take it that nothing more comes."""
        self._reader.feed_eof()


@asynccontextmanager
async def embedded_broker(port: int) -> AsyncIterator[None]:
    """Have a broker listen on loopback for as long as the context lasts.

    Args:
        port: of TCP.

    Raises:
        OSError: the port cannot be had.
    """
    for library in _LIBRARIES:
        logging.getLogger(library).setLevel(logging.ERROR)
    broker = Broker(
        BrokerConfig(
            listeners={_DOOR: ListenerConfig(type=ListenerType.EXTERNAL)},
            plugins={"amqtt.plugins.authentication.AnonymousAuthPlugin": {}},
        )
    )

    async def enter(reader: StreamReader, writer: StreamWriter) -> None:
        await _admitted(broker, reader, writer)

    await broker.start()
    try:
        server = await asyncio.start_server(enter, HERE, port)
        try:
            yield
        finally:
            server.close()
    finally:
        await broker.shutdown()


async def _admitted(broker: Broker, reader: StreamReader, writer: StreamWriter) -> None:
    """Hand a connection to the broker where it speaks what that knows."""
    try:
        with suppress(IncompleteReadError, TimeoutError, OSError):
            async with asyncio.timeout(SPEAKS_WITHIN_S):
                begun, spoken = await _opening(reader)
            if spoken == _KNOWN:
                stream = _Begun(begun, reader), StreamWriterAdapter(writer)
                await broker.external_connected(*stream, _DOOR)
            elif spoken is not None:
                writer.write(_OTHER_VERSION)
                await writer.drain()
    finally:
        writer.close()


async def _opening(reader: StreamReader) -> tuple[bytes, tuple[bytes, int] | None]:
    """Read as far as the version.

    Returns:
        What was read, and the protocol's name and level; None for what is no CONNECT.

    Raises:
        IncompleteReadError: the other side hung up.
    """
    begun = await reader.readexactly(1)
    if begun[0] != _CONNECT:
        return begun, None
    for _ in range(_LONGEST_LENGTH):
        begun += await reader.readexactly(1)
        if begun[-1] < _MORE:
            break
    size = await reader.readexactly(2)
    length = int.from_bytes(size, "big")
    if length > max(map(len, _NAMES)):
        return begun, None
    words = await reader.readexactly(length + 1)
    name = words[:-1]
    return begun + size + words, (name, words[-1]) if name in _NAMES else None
