"""One bumble central behind bleak's client and scanner."""

import asyncio
import contextlib
import hashlib
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from bleak.backends.adapter import BaseBleakAdapter
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import BaseBleakScanner
from bumble import core, hci
from bumble.device import Device, DeviceConfiguration
from bumble.host import Host

from simulators.bleak_backend.agent import Agent, Passkey, pairing_config
from simulators.bleak_backend.bonds import adapter_address, key_store
from simulators.bleak_backend.client import VirtualClient
from simulators.bleak_backend.connected import VirtualAdapter
from simulators.bleak_backend.errors import bleak_errors, require_radio
from simulators.bleak_backend.exchange import Exchange
from simulators.bleak_backend.links import Links
from simulators.bleak_backend.neighbours import Heard, Neighbours
from simulators.bleak_backend.receiving import bear_with_nonsense
from simulators.bleak_backend.scanner import Listening, VirtualScanner
from simulators.radio.errors import AirError

if TYPE_CHECKING:
    from bumble.keys import KeyStore

    from simulators.bleak_backend.services import Table

_LONGEST_HCI_ANSWER_S = 2.0


def _identity_key(address: hci.Address) -> bytes:
    """The same for the same address; it hides nothing, as the adapter always shows that."""
    return hashlib.sha256(bytes(address)).digest()[:16]


class Adapter:
    """What a computer's Bluetooth adapter is to bleak, on a bumble host.

    Give `client_backend`, `scanner_backend` and `adapter_backend` to `BleakClient`,
    `BleakScanner` and `BleakAdapter.get` as `backend`; all are classes bound to this adapter.
    Connections ask for an interval of 15 ms and a supervision timeout of 2 s. Peers with a bond
    are encrypted on connect. Clients of one peer share its connection: the first to disconnect
    ends it for all, as with BlueZ.

    Args:
        host: the bumble host, on a virtual controller in this or another process.
        name: the adapter's name, which `bluez={"adapter": name}` chooses it by.
        keys: file of bonds, made when the first bond is; None keeps them in memory. The
            adapter takes the address that the bonds in it were made with.
        address: its static random address, instead of that one or a new one.
        passkey: short for `agent=Agent(enter=passkey)`.
        agent: answers what a peer asks a person; without one pairing is Just Works.

    Attributes:
        bonds: the keys of bonded peers.
        links: the connections that are up.
        neighbours: whom it has heard.
        listening: its scan.
        tables: the services of peers as last read in full, for those who want them cached.
    """

    client_backend: type[BaseBleakClient]
    scanner_backend: type[BaseBleakScanner]
    adapter_backend: type[BaseBleakAdapter]

    def __init__(
        self,
        host: Host,
        *,
        name: str = "virtual radio",
        keys: Path | None = None,
        address: str | None = None,
        passkey: Passkey | None = None,
        agent: Agent | None = None,
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
        bear_with_nonsense(self.device)
        self.device.keystore = self.bonds
        asked = agent or Agent(enter=passkey)
        self.device.pairing_config_factory = lambda connection: pairing_config(connection, asked)
        self.neighbours = Neighbours(self.device)
        self.listening = Listening(self.device, self.neighbours.remember)
        self.links = Links(self.device, self.listening, self.neighbours)
        self.tables: dict[str, Table] = {}
        bound = {"adapter": self, "__module__": __name__}
        self.client_backend = type("VirtualClient", (VirtualClient,), bound)
        self.scanner_backend = type("VirtualScanner", (VirtualScanner,), bound)
        self.adapter_backend = type("VirtualAdapter", (VirtualAdapter,), bound)

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
                for link in self.links:
                    await link.hang_up()
                await self.device.power_off()

    def name_of(self, address: str) -> str | None:
        """The name a peer last advertised, None if it never said one."""
        return self.neighbours.name_of(address)

    def device_of(self, link: Exchange) -> BLEDevice:
        """The peer at the other end of a link, in bleak's words."""
        address = self.links.peer_of(link)
        return BLEDevice(address, self.name_of(address), Heard(self, link.connection.peer_address))

    async def connect(self, address: str, heard: hci.Address | None) -> tuple[Exchange, bool]:
        """Connect to a peer, see `Links.connect`.

        Raises:
            BleakBluetoothNotAvailableError: the adapter is off or gone.
            BleakError: the radio refused.
        """
        require_radio(self.device)
        return await self.links.connect(address, heard)

    async def is_bonded(self, address: str) -> bool:
        """Whether there is a bond with a peer."""
        return bool([name for name in _key_names(address) if await self.bonds.get(name)])

    async def forget(self, address: str) -> None:
        """Delete the bond with a peer, if there is one, and all that is known of it."""
        for name in _key_names(address):
            if await self.bonds.get(name) is not None:
                await self.bonds.delete(name)
        self.tables.pop(address, None)
        self.neighbours.forget(address)
        with bleak_errors("forgetting a bond"):
            await self.device.refresh_resolving_list()


def _key_names(address: str) -> tuple[str, str]:
    """What bumble may call a peer's bond; public addresses have a mark of their own."""
    return (address, f"{address}/P")
