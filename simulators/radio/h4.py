"""One controller of an air as an HCI transport: H4 over a Unix or TCP socket.

Whatever is a Bluetooth host can attach: another stack, a program of another language, or a
bridge to a Linux kernel's /dev/vhci. The protocol is that of Core Vol 4 A 2: one octet
of packet type, then the packet.
"""

import abc
import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from bumble import hci
from bumble.core import InvalidPacketError
from bumble.transport.common import PacketParser

from simulators.radio.controller import RadioController
from simulators.radio.errors import AirError, plain_reason

_LOGGER = logging.getLogger(__name__)
_LARGEST_BACKLOG = 1_048_576


class H4Client(asyncio.Protocol):
    """One host at the other end of a stream.

    A host that does not speak HCI, or does not read what it is sent, is shown out.

    Args:
        name: for log lines.
        attach: gives the host its controller, or None to turn it away.
        detach: is told when the host has gone.
    """

    def __init__(
        self,
        name: str,
        attach: Callable[[], RadioController | None],
        detach: Callable[["H4Client"], None],
    ) -> None:
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.controller: RadioController | None = None
        self._name = name
        self._attach = attach
        self._detach = detach
        self._parser = PacketParser()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Join the host to its controller."""
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a controller is served over streams only")
        self._transport = transport
        self.controller = self._attach()
        if self.controller is None:
            _LOGGER.warning("%s is turned away: the controller is taken", self._name)
            transport.close()
            return
        self.controller.host = _BoundedSink(transport, self._name)
        self._parser.set_packet_sink(self.controller)

    def data_received(self, data: bytes) -> None:
        """Hand on whole packets."""
        if self.controller is None:
            return
        try:
            self._parser.feed_data(data)
        except InvalidPacketError as error:
            _LOGGER.warning("%s does not speak HCI and is shown out: %s", self._name, error)
            self.close()

    def connection_lost(self, _exc: Exception | None) -> None:
        """Take the controller back."""
        if self.controller is not None:
            self.controller.host = None
            self._parser.sink = None
        self._detach(self)
        if not self.gone.done():
            self.gone.set_result(None)

    def close(self) -> None:
        """Hang up, without waiting for a host that does not read."""
        if self._transport is not None:
            self._transport.abort()


class _BoundedSink:
    """Sends a host its packets, and hangs up on one that does not read them."""

    def __init__(self, transport: asyncio.WriteTransport, name: str) -> None:
        self._transport = transport
        self._name = name

    def on_packet(self, packet: bytes) -> None:
        self._transport.write(packet)
        if self._transport.get_write_buffer_size() > _LARGEST_BACKLOG:
            _LOGGER.warning("%s does not read and is shown out", self._name)
            self._transport.abort()


class HostServer(abc.ABC):
    """Listens for hosts, and shows them out on leaving.

    Args:
        what: what is served, to name in errors.
        host: without a path, where to listen on TCP.
        port: 0 lets the system choose.
        path: a Unix socket to make, for its owner only; it is removed on leaving.
    """

    def __init__(self, what: str, *, host: str, port: int, path: Path | None = None) -> None:
        self._what = what
        self._host = host
        self._port = port
        self._path = path
        self._clients: set[H4Client] = set()
        self._server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        """Where it listens: the path, or "HOST:PORT".

        Raises:
            AirError: it does not listen.
        """
        if self._server is None:
            raise AirError(f"{self._what} is not being served")
        if self._path is not None:
            return str(self._path)
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"{host}:{port}"

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        where = str(self._path) if self._path else f"{self._host}:{self._port}"
        try:
            if self._path is not None:
                self._server = await loop.create_unix_server(self._welcome, self._path)
                # Keys pass over HCI in clear.
                self._path.chmod(0o600)
            else:
                self._server = await loop.create_server(self._welcome, self._host, self._port)
        except (OSError, OverflowError) as error:
            raise AirError(
                f"cannot serve {self._what} at {where}: {plain_reason(error)}"
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
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def _welcome(self) -> H4Client:
        client = self._make_client()
        self._clients.add(client)
        return client

    @abc.abstractmethod
    def _make_client(self) -> H4Client:
        """Make the protocol of one more host; it calls `_detach` when the host has gone."""

    def _detach(self, client: H4Client) -> None:
        self._clients.discard(client)


class H4Server(HostServer):
    """Offers one controller of an air to a host outside this process, one at a time.

    A second host is turned away while the first is attached. When a host goes, its controller
    is reset, as if its power had been cut: it falls silent, and peers notice by their
    supervision timeout. The next host finds it as new.

    Args:
        controller: which controller.
        path: a Unix socket to make, for its owner only; it is removed on leaving.
        host: without a path, where to listen on TCP.
        port: 0 lets the system choose.
    """

    def __init__(
        self,
        controller: RadioController,
        *,
        path: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        super().__init__("a controller", host=host, port=port, path=path)
        self._controller = controller
        self._attached: H4Client | None = None

    def _make_client(self) -> H4Client:
        client = H4Client(
            f"the host of {self._controller.name}", lambda: self._attach(client), self._detach
        )
        return client

    def _attach(self, client: H4Client) -> RadioController | None:
        if self._attached is not None:
            return None
        self._attached = client
        return self._controller

    def _detach(self, client: H4Client) -> None:
        super()._detach(client)
        if self._attached is client:
            self._attached = None
            self._controller.on_hci_reset_command(hci.HCI_Reset_Command())
