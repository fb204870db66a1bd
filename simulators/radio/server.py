"""An air that other processes can join: HCI over TCP on the loopback interface."""

import asyncio
import contextlib
import errno
import itertools
import logging
from collections.abc import AsyncIterator
from types import TracebackType
from typing import TYPE_CHECKING, Self

from bumble import hci
from bumble.core import InvalidPacketError
from bumble.transport.common import PacketParser, StreamPacketSink, StreamPacketSource

from simulators.radio.air import Air
from simulators.radio.errors import AirError
from simulators.radio.host import RadioHost
from simulators.radio.quiet import quiet_bumble

if TYPE_CHECKING:
    from simulators.radio.controller import RadioController

_LOGGER = logging.getLogger(__name__)
_CONNECT_TIMEOUT_S = 5.0
_LAST_PORT = 65535
_LARGEST_BACKLOG = 1_048_576


class AirServer:
    """Serves an air to other processes, one fresh controller per connection.

    The protocol is HCI with the H4 packet types (Core Vol 4 A). When a connection closes,
    its controller vanishes from the air, and peers notice by their supervision timeout.

    Args:
        air: the air to serve.
        host: where to listen; the loopback interface unless told otherwise.
        port: 0 lets the system choose.
    """

    def __init__(self, air: Air, host: str = "127.0.0.1", port: int = 0) -> None:
        self._air = air
        self._host = host
        self._port = port
        self._numbers = itertools.count(1)
        self._clients: set[_Client] = set()
        self._server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        """Where it listens, as "HOST:PORT".

        Raises:
            AirError: it does not listen.
        """
        if self._server is None:
            raise AirError("the air is not being served")
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"{host}:{port}"

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(self._welcome, self._host, self._port)
        except (OSError, OverflowError) as error:
            raise AirError(
                f"cannot serve the air at {self._host}:{self._port}: {_plain(error)}"
            ) from error
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for client in tuple(self._clients):
            client.close()
        await asyncio.gather(*(client.gone for client in self._clients))

    def _welcome(self) -> "_Client":
        client = _Client(self._air, f"client {next(self._numbers)}")
        self._clients.add(client)
        client.gone.add_done_callback(lambda _: self._clients.discard(client))
        return client


class _Client(asyncio.Protocol):
    """One process that joined, and its controller."""

    def __init__(self, air: Air, name: str) -> None:
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._air = air
        self._name = name
        self._parser = PacketParser()
        self._controller: RadioController | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("the air is served over streams only")
        self._transport = transport
        self._controller = self._air.add_controller(self._name)
        self._controller.host = _BoundedSink(transport)
        self._parser.set_packet_sink(self._controller)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except InvalidPacketError as error:
            _LOGGER.warning("%s does not speak HCI and is shown out: %s", self._name, error)
            self.close()

    def connection_lost(self, _exc: Exception | None) -> None:
        if self._controller is not None:
            self._controller.host = None
            self._air.remove_controller(self._controller)
        if not self.gone.done():
            self.gone.set_result(None)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


class _BoundedSink:
    """Sends a client its packets, and hangs up on one that does not read them."""

    def __init__(self, transport: asyncio.WriteTransport) -> None:
        self._transport = transport

    def on_packet(self, packet: bytes) -> None:
        self._transport.write(packet)
        if self._transport.get_write_buffer_size() > _LARGEST_BACKLOG:
            _LOGGER.warning("a client of the air does not read and is shown out")
            self._transport.abort()


class _JoinedSource(StreamPacketSource):
    """The client's side of the stream."""

    def connection_lost(self, _exc: Exception | None) -> None:
        self.on_transport_lost()


@contextlib.asynccontextmanager
async def open_air(address: str) -> AsyncIterator[RadioHost]:
    """Join an air that another process serves.

    Args:
        address: where, as "HOST:PORT".

    Yields:
        A host on a fresh controller on that air.

    Raises:
        AirError: the address makes no sense, or no controller answers there.
    """
    host, port = _parse(address)
    quiet_bumble()
    try:
        async with asyncio.timeout(_CONNECT_TIMEOUT_S):
            transport, source = await asyncio.get_running_loop().create_connection(
                _JoinedSource, host, port
            )
    except TimeoutError as error:
        raise AirError(f"no answer from the air at {address}") from error
    except (OSError, UnicodeError) as error:
        raise AirError(f"no air at {address}: {_plain(error)}") from error
    try:
        joined = RadioHost(source, StreamPacketSink(transport))
        await _greet(joined, address)
        yield joined
    finally:
        transport.close()
        await source.terminated


async def _greet(host: RadioHost, address: str) -> None:
    """Make sure that a Bluetooth controller is at the other end."""
    try:
        async with asyncio.timeout(_CONNECT_TIMEOUT_S):
            await host.send_sync_command(hci.HCI_Reset_Command())
    except (TimeoutError, AirError) as error:
        raise AirError(
            f"no air at {address}: what listens there is no Bluetooth controller"
        ) from error


def _parse(address: str) -> tuple[str, int]:
    host, colon, port = address.rpartition(":")
    if not (colon and host and port.isascii() and port.isdecimal()):
        raise AirError(f"{address!r} is no address of an air: it must be HOST:PORT")
    if not 0 < int(port) <= _LAST_PORT:
        raise AirError(f"{address!r} is no address of an air: a port is 1 to {_LAST_PORT}")
    return host.strip("[]"), int(port)


def _plain(error: Exception) -> str:
    match error:
        case OSError(errno=errno.EADDRINUSE):
            return "that port is taken"
        case ConnectionRefusedError():
            return "nobody answers there"
        case OSError(strerror=str(reason)):
            return reason.lower()
        case _:
            return str(error)
