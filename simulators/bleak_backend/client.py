"""bleak's client on the virtual radio."""

import asyncio
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bleak.args import SizedBuffer
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.exc import BleakDeviceNotFoundError, BleakError

from simulators.bleak_backend.attributes import LONGEST_VALUE, read_value
from simulators.bleak_backend.exchange import Exchange
from simulators.bleak_backend.neighbours import Heard
from simulators.bleak_backend.opening import open_link, pair_link
from simulators.bleak_backend.services import Table, collection, discover
from simulators.bleak_backend.subscriptions import Subscriptions

if TYPE_CHECKING:
    from simulators.bleak_backend.adapter import Adapter

_SMALLEST_MTU = 23
_WRITE_HEADER = 3


class VirtualClient(BaseBleakClient):
    """A bleak client bound to one adapter by a subclass that sets `adapter`.

    `disconnected_callback` is called once for every connection that `connect` returned from,
    whoever ended it, and before `disconnect` returns; a `connect` that fails does not call it.
    The signal strength of a connected peer is unknown, as it is with bleak's own backends;
    only an advertisement carries one.
    """

    adapter: "Adapter"

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        disconnected_callback: Callable[[], None] | None,
        services: set[str] | None = None,
        timeout: float,
        **other_platforms: Any,  # noqa: ANN401  # bleak hands every backend everyone's arguments
    ) -> None:
        super().__init__(
            address_or_ble_device,
            disconnected_callback=disconnected_callback,
            timeout=timeout,
        )
        details = getattr(address_or_ble_device, "details", None)
        self._heard = details.address if isinstance(details, Heard) else None
        winrt = other_platforms.get("winrt") or {}
        self._is_cache_wanted = bool(winrt.get("use_cached_services"))
        self._wanted = services
        self._exchange: Exchange | None = None
        self._is_connecting = False
        self._subscriptions = Subscriptions()

    @property
    def name(self) -> str:
        """The name the peer advertised, else its address with dashes."""
        return self.adapter.name_of(self.address) or self.address.replace(":", "-")

    @property
    def mtu_size(self) -> int:
        """ATT_MTU in octets, 23 when not connected."""
        return self._exchange.connection.att_mtu if self._exchange else _SMALLEST_MTU

    @property
    def rssi_dbm(self) -> None:
        """Unknown while connected."""
        return

    @property
    def is_connected(self) -> bool:
        """Whether the link is up."""
        return self._exchange is not None and not self._exchange.is_dropped

    async def connect(self, pair: bool, **kwargs: Any) -> None:  # noqa: ANN401, FBT001  # as bleak has it
        """Connect, encrypt if there is a bond, discover the services.

        Args:
            pair: also pair, where there is no bond.
            **kwargs: `timeout`, in seconds, instead of the client's own;
                `dangerous_use_bleak_cache`, to take the services as they were last time.

        Raises:
            TimeoutError: not all of it was done within the timeout.
            BleakDeviceNotFoundError: an address was given, and nobody had it in that time.
            BleakBluetoothNotAvailableError: the adapter is off or gone.
            BleakError: connected already, or the peer or the radio refused or left.
        """
        if self.is_connected or self._is_connecting:
            raise BleakError(f"{self.address} is connected already, or being connected")
        self._is_connecting = True
        is_cached = bool(kwargs.get("dangerous_use_bleak_cache")) or self._is_cache_wanted
        try:
            async with asyncio.timeout(kwargs.get("timeout", self._timeout)):
                await self._connect(pair=pair, is_cached=is_cached)
        except TimeoutError as error:
            if self._heard is None and self.adapter.neighbours.address_of(self.address) is None:
                raise BleakDeviceNotFoundError(
                    self.address, f"{self.address} was not found"
                ) from error
            raise
        finally:
            self._is_connecting = False

    async def _connect(self, *, pair: bool, is_cached: bool) -> None:
        exchange, is_ours = await self.adapter.connect(self.address, self._heard)
        try:
            if is_ours:
                await open_link(self.adapter, exchange, self.address)
            await exchange.until_prepared()
            if pair:
                await self._pair(exchange)
            table = await self._table(exchange, is_cached=is_cached)
        except BaseException:
            if is_ours:
                await exchange.hang_up()
            raise
        self._exchange = exchange
        self.services = collection(table, self._wanted, self._write_limit)
        exchange.dropped.add_done_callback(functools.partial(self._on_dropped, exchange))

    async def _table(self, exchange: Exchange, *, is_cached: bool) -> Table:
        address = self.adapter.links.peer_of(exchange)
        table = self.adapter.tables.get(address) if is_cached else None
        if table is None:
            client = exchange.connection.gatt_client
            table = await exchange.run(
                "discovering services", lambda: discover(client, self._wanted)
            )
            if self._wanted is None:
                self.adapter.tables[address] = table
        exchange.table = table
        return table

    async def disconnect(self) -> None:
        """End the link, if there is one, for every client that shares it.

        Raises:
            TimeoutError: the radio did not end it within 10 s; the client is disconnected
                all the same.
        """
        if self._exchange is not None:
            await self._exchange.hang_up()

    async def pair(self, *_args: Any, **_kwargs: Any) -> None:  # noqa: ANN401  # as bleak has it
        """Pair by LE Secure Connections and keep the bond; at once where there is one.

        The address becomes the peer's identity address, where it went by a private one.

        Raises:
            BleakError: the peer refused, left or did not answer within 30 s; in the last
                case the link is ended (Core Vol 3 H 3.4).
        """
        await self._pair(self._connected("pairing"))

    async def _pair(self, exchange: Exchange) -> None:
        await pair_link(exchange)
        self.address = self.adapter.links.peer_of(exchange)

    async def unpair(self) -> None:
        """Forget the peer and its bond, and end the link, as BlueZ does.

        Raises:
            BleakDeviceNotFoundError: there is no bond, and the peer was never heard.
        """
        address = self.address.upper()
        is_bonded = await self.adapter.is_bonded(address)
        is_known = is_bonded or self.adapter.neighbours.address_of(address) is not None
        if not is_known and not self.is_connected:
            raise BleakDeviceNotFoundError(self.address, f"{self.address} is not known here")
        await self.disconnect()
        await self.adapter.forget(address)

    async def read_gatt_char(
        self,
        characteristic: BleakGATTCharacteristic,
        *,
        use_cached: bool = False,
        **_kwargs: Any,  # noqa: ANN401  # as bleak has it
    ) -> bytearray:
        """Read a characteristic, however long; see bleak's own method."""
        return await self._read(characteristic.handle, use_cached=use_cached)

    async def read_gatt_descriptor(
        self,
        descriptor: BleakGATTDescriptor,
        *,
        use_cached: bool = False,
        **_kwargs: Any,  # noqa: ANN401  # as bleak has it
    ) -> bytearray:
        """Read a descriptor; see bleak's own method."""
        return await self._read(descriptor.handle, use_cached=use_cached)

    async def write_gatt_char(
        self,
        characteristic: BleakGATTCharacteristic,
        data: SizedBuffer,
        response: bool,  # noqa: FBT001  # as bleak has it
    ) -> None:
        """Write a characteristic; without response only what one packet holds."""
        exchange = self._connected("writing")
        if response:
            await _write(exchange, "writing", characteristic.handle, bytes(data))
            return
        value, client = bytes(data), exchange.connection.gatt_client
        if len(value) > self._write_limit():
            raise BleakError(f"{len(value)} octets are too many to write without a response")
        await exchange.run(
            "writing", lambda: client.write_value(characteristic.handle, value), in_turn=False
        )

    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: SizedBuffer
    ) -> None:
        """Write a descriptor; see bleak's own method."""
        doing = "writing a descriptor"
        await _write(self._connected(doing), doing, descriptor.handle, bytes(data))

    async def start_notify(
        self,
        characteristic: BleakGATTCharacteristic,
        callback: NotifyCallback,
        **_kwargs: Any,  # noqa: ANN401  # as bleak has it
    ) -> None:
        """Subscribe to notifications, or to indications where there are no notifications.

        Raises:
            BleakError: subscribed already, not possible, or refused by the peer.
        """
        exchange = self._connected("subscribing")
        await self._subscriptions.add(exchange, characteristic, callback)

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """Unsubscribe; without effect where nothing is subscribed."""
        await self._subscriptions.remove(self._connected("unsubscribing"), characteristic)

    async def _read(self, handle: int, *, use_cached: bool) -> bytearray:
        exchange = self._connected("reading")
        client = exchange.connection.gatt_client
        if use_cached and handle in client.cached_values:
            return bytearray(client.cached_values[handle][1])
        return bytearray(await exchange.run("reading", lambda: read_value(client, handle)))

    def _connected(self, doing: str) -> Exchange:
        if self._exchange is None or self._exchange.is_dropped:
            raise BleakError(f"{doing}: not connected")
        return self._exchange

    def _write_limit(self) -> int:
        return self.mtu_size - _WRITE_HEADER

    def _on_dropped(self, exchange: Exchange, _reason: asyncio.Future[int]) -> None:
        if self._exchange is not exchange:
            return
        self._exchange = None
        self._subscriptions.clear()
        self.services = None
        if self._disconnected_callback is not None:
            self._disconnected_callback()


async def _write(exchange: Exchange, doing: str, handle: int, value: bytes) -> None:
    if len(value) > LONGEST_VALUE:
        raise BleakError(f"{doing}: {len(value)} octets are more than a value may hold")
    client = exchange.connection.gatt_client
    await exchange.run(doing, lambda: client.write_value(handle, value, with_response=True))
