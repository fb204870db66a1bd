"""The computer's Bluetooth, or another radio that stands in for it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bleak import BleakClient, BleakScanner
from bleak.args.bluez import BlueZClientArgs, BlueZScannerArgs
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementDataCallback, BaseBleakScanner

from companion.ble.platform import Platform, Untold


@dataclass(frozen=True, slots=True)
class Adapter:
    """Where clients and scanners come from.

    Attributes:
        name: what the user reads, for example "virtual radio".
        client_backend: bleak client backend; None means the computer's Bluetooth.
        scanner_backend: bleak scanner backend; None means the computer's Bluetooth.
        platform: what is told of bonds and links.
        returns: whether a radio that went away may come back.
        asks: whether a person may be asked while a device is paired, which takes its time.
        hci: which of several adapters of the computer, on Linux; empty for the first.
        turn: held while a connection is made: an adapter makes one at a time, and several
            that try at once disturb each other.
        opening: opens the radio when a link first needs it, and returns the adapter that is used
            from then on; None where it is open already.
    """

    name: str
    client_backend: type[BaseBleakClient] | None = None
    scanner_backend: type[BaseBleakScanner] | None = None
    platform: Platform = field(default_factory=Untold)
    returns: bool = True
    asks: bool = False
    hci: str = ""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock, compare=False, repr=False)
    opening: Callable[[], Awaitable["Adapter"]] | None = None

    async def opened(self) -> "Adapter":
        """Return the adapter to use, opened."""
        return self if self.opening is None else await self.opening()

    def client(
        self,
        device: BLEDevice | str,
        on_disconnect: Callable[[], None],
        *,
        timeout_s: float,
        pair: bool = True,
    ) -> BleakClient:
        """Make a client, usually one that pairs while connecting.

        Pairing goes with connecting, not after it: on BlueZ a separate request races the
        pairing that the kernel starts by itself at the first protected read.

        Args:
            device: what a scan found, or an address that the platform knows.
            on_disconnect: called when the link ends, asked for or not.
            timeout_s: time for the stack's own connection procedure.
            pair: whether to pair.
        """
        return BleakClient(
            device,
            lambda _client: on_disconnect(),
            timeout=timeout_s,
            pair=pair,
            backend=self.client_backend,
            bluez=BlueZClientArgs(adapter=self.hci) if self.hci else {},
        )

    def scanner(
        self, on_advertisement: AdvertisementDataCallback, service: str | None
    ) -> BleakScanner:
        """Make a scanner that reports advertisements of one service.

        Args:
            on_advertisement: called with device and advertisement data.
            service: UUID of the service, in full; None reports every device's.
        """
        wanted = None if service is None else [service]
        return BleakScanner(
            on_advertisement,
            service_uuids=wanted,
            backend=self.scanner_backend,
            bluez=BlueZScannerArgs(adapter=self.hci) if self.hci else {},
        )
