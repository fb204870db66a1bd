"""One bumble central behind bleak's client and scanner."""

import asyncio
import contextlib
import hashlib
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from bleak.backends.client import BaseBleakClient
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.exc import BleakError
from bumble import core, hci
from bumble.device import (
    Advertisement,
    Connection,
    ConnectionParametersPreferences,
    Device,
    DeviceConfiguration,
)
from bumble.host import Host

from simulators.bleak_backend.bonds import adapter_address, key_store
from simulators.bleak_backend.client import VirtualClient
from simulators.bleak_backend.errors import bleak_errors
from simulators.bleak_backend.pairing import Passkey, pairing_config
from simulators.bleak_backend.scanner import Listening, VirtualScanner
from simulators.radio.errors import AirError

if TYPE_CHECKING:
    from bumble.keys import KeyStore

_INTERVAL_MS = 15.0
_SUPERVISION_TIMEOUT_MS = 2000
_LONGEST_HCI_ANSWER_S = 2.0
_PREFERENCES = {
    hci.Phy.LE_1M: ConnectionParametersPreferences(
        connection_interval_min=_INTERVAL_MS,
        connection_interval_max=_INTERVAL_MS,
        max_latency=0,
        supervision_timeout=_SUPERVISION_TIMEOUT_MS,
    )
}


def _identity_key(address: hci.Address) -> bytes:
    """The same for the same address; it hides nothing, as the adapter always shows that."""
    return hashlib.sha256(bytes(address)).digest()[:16]


class Adapter:
    """What a computer's Bluetooth adapter is to bleak, on a bumble host.

    Give `client_backend` and `scanner_backend` to `BleakClient` and `BleakScanner` as
    `backend`; both are classes bound to this adapter. Connections ask for an interval of
    15 ms and a supervision timeout of 2 s. Peers with a bond are encrypted on connect.

    Args:
        host: the bumble host, on a virtual controller in this or another process.
        name: the adapter's name.
        keys: file of bonds, made when the first bond is; None keeps them in memory. The
            adapter takes the address that the bonds in it were made with.
        address: its static random address, instead of that one or a new one.
        passkey: asks a person for a peer's six digits; without it pairing is Just Works.
    """

    client_backend: type[BaseBleakClient]
    scanner_backend: type[BaseBleakScanner]

    def __init__(
        self,
        host: Host,
        *,
        name: str = "virtual radio",
        keys: Path | None = None,
        address: str | None = None,
        passkey: Passkey | None = None,
    ) -> None:
        own_address = hci.Address(address) if address else adapter_address(keys)
        self.name = name
        self.bonds: KeyStore = key_store(own_address, keys)
        # The controller is said to resolve addresses so that bumble does not: before it
        # connects to a bonded peer it would scan for it, without a timeout (connect_le).
        self.device = Device(
            config=DeviceConfiguration(
                name=name,
                address=own_address,
                irk=_identity_key(own_address),
                address_resolution_offload=True,
            ),
            host=host,
        )
        self.device.keystore = self.bonds
        self.device.pairing_config_factory = lambda connection: pairing_config(connection, passkey)
        self._seen: dict[str, hci.Address] = {}
        self._names: dict[str, str] = {}
        self.listening = Listening(self.device, self._remember)
        self._connecting = asyncio.Lock()
        self._clients: set[VirtualClient] = set()
        bound = {"adapter": self, "__module__": __name__}
        self.client_backend = type("VirtualClient", (VirtualClient,), bound)
        self.scanner_backend = type("VirtualScanner", (VirtualScanner,), bound)

    async def __aenter__(self) -> Self:
        try:
            await self.device.power_on()
        except (core.BaseBumbleError, AirError) as error:
            raise AirError(f"{self.name} cannot be switched on: {error}") from error
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST_HCI_ANSWER_S):
                for client in tuple(self._clients):
                    await client.disconnect()
                await self.device.power_off()

    def name_of(self, address: str) -> str | None:
        """The name a peer last advertised, None if it never said one."""
        return self._names.get(address)

    def join(self, client: VirtualClient) -> None:
        """Count a client as connected, to be disconnected with the adapter."""
        self._clients.add(client)

    def leave(self, client: VirtualClient) -> None:
        """Count it no more."""
        self._clients.discard(client)

    async def connect(self, address: str, heard: hci.Address | None) -> Connection:
        """Connect to a peer; one after the other, as long as the caller waits.

        Args:
            address: the peer's identity address, or the one it advertises.
            heard: the address that a scan heard. Without one, or where it is a private one
                that the peer may have changed since, the peer is waited for on the air.

        Raises:
            BleakError: the radio refused or is gone.
        """
        is_lasting = heard is not None and not heard.is_resolvable
        peer = heard if heard is not None and is_lasting else await self._find(address)
        async with self._connecting:
            attempt = asyncio.create_task(self.device.connect_le(peer, _PREFERENCES, timeout=None))
            try:
                await asyncio.wait({attempt})
            except asyncio.CancelledError:
                await self._abandon(attempt)
                raise
            if attempt.cancelled():
                raise BleakError(f"connecting to {address}: the radio is gone")
            with bleak_errors(f"connecting to {address}"):
                return attempt.result()

    def identity_of(self, address: hci.Address) -> str:
        """The identity of a bonded peer behind its private address, else the address itself."""
        resolver = self.device.address_resolver
        identity = resolver.resolve(address) if resolver and address.is_resolvable else None
        return (identity or address).to_string(False)

    async def forget(self, address: str) -> None:
        """Delete the bond with a peer, if there is one."""
        for name in (address, f"{address}/P"):
            if await self.bonds.get(name) is not None:
                await self.bonds.delete(name)
        with bleak_errors("forgetting a bond"):
            await self.device.refresh_resolving_list()

    async def _abandon(self, attempt: asyncio.Task[Connection]) -> None:
        """Cancel a connection that is being made; if it came about after all, end it."""
        with contextlib.suppress(TimeoutError, core.BaseBumbleError, AirError):
            async with asyncio.timeout(_LONGEST_HCI_ANSWER_S):
                with contextlib.suppress(hci.HCI_Error):
                    await self.device.send_sync_command(
                        hci.HCI_LE_Create_Connection_Cancel_Command()
                    )
                connection = await attempt
                await connection.disconnect()
        attempt.cancel()

    async def _find(self, address: str) -> hci.Address:
        """The address, with its type, that the peer advertises at present."""
        wanted = address.upper()
        if wanted in self._seen and not self._seen[wanted].is_resolvable:
            return self._seen[wanted]
        found: asyncio.Future[hci.Address] = asyncio.get_running_loop().create_future()

        def listen(advertisement: Advertisement, _data: AdvertisementData) -> None:
            if self.identity_of(advertisement.address) == wanted and not found.done():
                found.set_result(advertisement.address)

        await self.listening.add(listen, active=False)
        try:
            return await found
        finally:
            await self.listening.remove(listen)

    def _remember(self, advertisement: Advertisement, data: AdvertisementData) -> None:
        address = self.identity_of(advertisement.address)
        self._seen[address] = advertisement.address
        if data.local_name is not None:
            self._names[address] = data.local_name
