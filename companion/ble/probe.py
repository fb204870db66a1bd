"""Bare access to one device's GATT table, for judging it: every refusal keeps its ATT error."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeVar

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError, BleakGATTProtocolError

from companion.ble.adapter import Adapter
from companion.ble.bounded import bounded
from companion.ble.errors import LinkError, LinkFault, Stage, classify
from companion.ble.pairing import PAIR_S
from companion.ble.scanner import listening

T = TypeVar("T")

CONNECT_S: Final = 20.0
"""Longest wait for connecting, discovery and pairing together."""
STEP_S: Final = 5.0
"""Longest wait for one GATT operation or a disconnection."""
CONFIGURATION: Final = "00002902-0000-1000-8000-00805f9b34fb"
"""Client Characteristic Configuration (Core Vol 3 G 3.3.3.3)."""


class AttRefused(LinkError):
    """The device answered a request with an ATT error.

    Attributes:
        code: the error code (Core Vol 3 F 3.4.1.1).
    """

    def __init__(self, code: int, tool: str) -> None:
        super().__init__(LinkFault.REFUSED, tool=tool, detail=f"ATT error 0x{code:02X}")
        self.code = code


class NotOffered(LinkError):
    """The device's table has no such characteristic or descriptor.

    Attributes:
        uuid: what was looked for.
    """

    def __init__(self, uuid: str, tool: str) -> None:
        super().__init__(LinkFault.NOT_A_TOOL, tool=tool, detail=f"no {uuid}")
        self.uuid = uuid


class Heard(NamedTuple):
    """One advertisement, with its scan response as far as the platform merged them.

    Attributes:
        at: loop time in seconds.
        address: the platform's identifier.
        name: the local name; None where none was told.
        services: the service UUIDs, in full.
        device: what to connect to.
    """

    at: float
    address: str
    name: str | None
    services: tuple[str, ...]
    device: BLEDevice


@dataclass(frozen=True, slots=True)
class Offered:
    """One characteristic as discovery showed it."""

    service: str
    uuid: str
    properties: frozenset[str]
    descriptors: tuple[str, ...]


async def listen(adapter: Adapter, seconds: float) -> list[Heard]:
    """Return every advertisement of every device, in order.

    Raises:
        LinkError: the radio cannot be used.
    """
    heard: list[Heard] = []

    def take(device: BLEDevice, data: AdvertisementData) -> None:
        now = asyncio.get_running_loop().time()
        services = tuple(data.service_uuids)
        heard.append(Heard(now, device.address, data.local_name, services, device))

    async with listening(adapter, take, None):
        await asyncio.sleep(seconds)
    return heard


class Probe:
    """One connection to one device; every call ends in bounded time.

    Args:
        adapter: the radio.
        device: what a scan heard.
        label: its name or address, for messages.
    """

    def __init__(self, adapter: Adapter, device: BLEDevice, label: str) -> None:
        self._adapter = adapter
        self._device = device
        self._label = label
        self._client: BleakClient | None = None
        self._gone = asyncio.Event()

    @property
    def is_connected(self) -> bool:
        """Whether the link is up."""
        return self._client is not None and not self._gone.is_set()

    def follow(self, device: BLEDevice) -> None:
        """Take what a newer scan heard for the same device."""
        self._device = device

    @property
    def mtu(self) -> int:
        """ATT_MTU in bytes, as far as the platform tells it."""
        return 0 if self._client is None else self._client.mtu_size

    async def connect(self, *, pair: bool, timeout_s: float | None = None) -> None:
        """Connect and discover, and with ``pair`` be paired.

        Args:
            pair: whether to pair.
            timeout_s: longest wait; None for 20 s, and where a person may be asked 60 s.

        Raises:
            LinkError: it could not be done in time.
        """
        longest_s = (PAIR_S if pair else CONNECT_S) if timeout_s is None else timeout_s
        gone = self._gone = asyncio.Event()
        client = self._adapter.client(self._device, gone.set, timeout_s=longest_s, pair=pair)
        try:
            with self._adapter.platform.expecting(self._device.address):
                await bounded(client.connect(), longest_s)
        except (BleakError, OSError, EOFError, AssertionError) as error:
            await self._leave(client)
            raise classify(error, Stage.CONNECT, self._label) from error
        self._client = client

    async def disconnect(self) -> None:
        """End the link, if there is one."""
        client, self._client = self._client, None
        if client is not None:
            await self._leave(client)

    async def forget(self) -> None:
        """End the link and forget our half of the bond.

        Raises:
            LinkError: the platform cannot.
        """
        client, self._client = self._client, None
        if client is None:
            client = self._adapter.client(self._device, self._gone.set, timeout_s=STEP_S)
        try:
            await self._bounded(client.unpair())
        except NotImplementedError as error:
            raise LinkError(LinkFault.STACK, tool=self._label, detail="unpair") from error
        finally:
            await self._leave(client)

    def offered(self) -> list[Offered]:
        """Return every characteristic of the device."""
        services = self._connected().services
        return [
            Offered(
                service.uuid,
                found.uuid,
                frozenset(found.properties),
                tuple(descriptor.uuid for descriptor in found.descriptors),
            )
            for service in services
            for found in service.characteristics
        ]

    async def read(self, uuid: str) -> bytes:
        """Read a characteristic.

        Raises:
            AttRefused: the device refused.
            LinkError: anything else.
        """
        found = self._characteristic(uuid)
        return bytes(await self._bounded(self._connected().read_gatt_char(found)))

    async def write(self, uuid: str, value: bytes, *, response: bool = True) -> None:
        """Write a characteristic.

        Raises:
            AttRefused: the device refused.
            LinkError: anything else.
        """
        found = self._characteristic(uuid)
        client = self._connected()
        await self._bounded(client.write_gatt_char(found, value, response=response))

    async def subscribe(self, uuid: str, on_value: Callable[[bytes], None]) -> None:
        """Switch notifications or indications on.

        Raises:
            AttRefused: the device refused.
            LinkError: anything else.
        """
        found = self._characteristic(uuid)

        def take(_sender: BleakGATTCharacteristic, data: bytearray) -> None:
            on_value(bytes(data))

        await self._bounded(self._connected().start_notify(found, take))

    async def unsubscribe(self, uuid: str) -> None:
        """Switch notifications or indications off.

        Raises:
            LinkError: it failed.
        """
        await self._bounded(self._connected().stop_notify(self._characteristic(uuid)))

    async def read_configuration(self, uuid: str) -> bytes:
        """Read a characteristic's client configuration.

        Raises:
            AttRefused: the device refused.
            LinkError: anything else.
        """
        descriptor = self._configuration(uuid)
        return bytes(await self._bounded(self._connected().read_gatt_descriptor(descriptor)))

    def _connected(self) -> BleakClient:
        if self._client is None or self._gone.is_set():
            raise LinkError(LinkFault.DROPPED, tool=self._label)
        return self._client

    def _characteristic(self, uuid: str) -> BleakGATTCharacteristic:
        """The first one: a table may repeat a UUID."""
        for service in self._connected().services:
            for found in service.characteristics:
                if found.uuid == uuid:
                    return found
        raise NotOffered(uuid, self._label)

    def _configuration(self, uuid: str) -> BleakGATTDescriptor:
        for descriptor in self._characteristic(uuid).descriptors:
            if descriptor.uuid == CONFIGURATION:
                return descriptor
        raise NotOffered(CONFIGURATION, self._label)

    async def _leave(self, client: BleakClient) -> None:
        with suppress(BleakError, OSError, EOFError, AssertionError):
            await bounded(client.disconnect(), STEP_S)

    async def _bounded(self, operation: Awaitable[T]) -> T:
        try:
            return await bounded(operation, STEP_S)
        except BleakGATTProtocolError as error:
            raise AttRefused(int(error.args[0]), self._label) from error
        except (BleakError, OSError, EOFError, AssertionError) as error:
            if self._gone.is_set():
                raise LinkError(LinkFault.DROPPED, tool=self._label) from error
            raise classify(error, Stage.USE, self._label) from error
