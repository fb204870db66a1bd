"""An air that other processes can join: HCI over TCP on the loopback interface."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator

from bumble import hci
from bumble.transport.common import StreamPacketSink, StreamPacketSource

from simulators.radio.air import Air
from simulators.radio.errors import AirError, plain_reason
from simulators.radio.h4 import H4Client, HostServer
from simulators.radio.host import RadioHost
from simulators.radio.quiet import quiet_bumble

_CONNECT_TIMEOUT_S = 5.0
_LAST_PORT = 65535


class AirServer(HostServer):
    """Serves an air to other processes, one fresh controller per connection.

    The protocol is HCI with the H4 packet types (Core Vol 4 A). When a connection closes,
    its controller vanishes from the air, and peers notice by their supervision timeout.

    Args:
        air: the air to serve.
        host: where to listen; the loopback interface unless told otherwise.
        port: 0 lets the system choose.
    """

    def __init__(self, air: Air, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__("the air", host=host, port=port)
        self._air = air
        self._numbers = itertools.count(1)

    def _make_client(self) -> H4Client:
        name = f"client {next(self._numbers)}"
        return H4Client(name, lambda: self._air.add_controller(name), self._detach)

    def _detach(self, client: H4Client) -> None:
        super()._detach(client)
        if client.controller is not None:
            self._air.remove_controller(client.controller)


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
        raise AirError(f"no air at {address}: {plain_reason(error)}") from error
    try:
        joined = RadioHost(source, StreamPacketSink(transport))
        await greet(joined, f"no air at {address}")
        yield joined
    finally:
        transport.close()
        await source.terminated


async def greet(host: RadioHost, nothing: str) -> None:
    """Make sure that a Bluetooth controller is at the other end.

    Args:
        host: the host on it.
        nothing: what to say if there is none.

    Raises:
        AirError: what is there does not answer as a controller does.
    """
    try:
        async with asyncio.timeout(_CONNECT_TIMEOUT_S):
            await host.send_sync_command(hci.HCI_Reset_Command())
    except (TimeoutError, AirError) as error:
        raise AirError(f"{nothing}: what listens there is no Bluetooth controller") from error


def _parse(address: str) -> tuple[str, int]:
    host, colon, port = address.rpartition(":")
    if not (colon and host and port.isascii() and port.isdecimal()):
        raise AirError(f"{address!r} is no address of an air: it must be HOST:PORT")
    if not 0 < int(port) <= _LAST_PORT:
        raise AirError(f"{address!r} is no address of an air: a port is 1 to {_LAST_PORT}")
    return host.strip("[]"), int(port)
