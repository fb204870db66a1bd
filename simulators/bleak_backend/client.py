"""bleak's client on the virtual radio."""

import asyncio
import contextlib
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from bleak.args import SizedBuffer
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError
from bumble import core, gatt, hci
from bumble.gatt_client import CharacteristicProxy

from simulators.bleak_backend.exchange import Exchange
from simulators.bleak_backend.services import discover

if TYPE_CHECKING:
    from simulators.bleak_backend.adapter import Adapter

_MTU = 247
_SMALLEST_MTU = 23
_WRITE_HEADER = 3
# Core Vol 3 H 3.4: the Security Manager gives up after 30 s.
_PAIRING_TIMEOUT_S = 30.0


class VirtualClient(BaseBleakClient):
    """A bleak client bound to one adapter by a subclass that sets `adapter`.

    The signal strength of a connected peer is unknown, as it is with bleak's own backends;
    only an advertisement carries one.
    """

    adapter: ClassVar["Adapter"]

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
            **other_platforms,
        )
        details = getattr(address_or_ble_device, "details", None)
        self._heard = details if isinstance(details, hci.Address) else None
        self._identity = self.address
        self._wanted = services
        self._exchange: Exchange | None = None
        self._subscribers: dict[int, Callable[[bytes], None]] = {}

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
            **kwargs: `timeout`, in seconds, instead of the client's own.

        Raises:
            TimeoutError: not all of it was done within the client's timeout.
            BleakError: connected already, or the peer or the radio refused or left.
        """
        if self.is_connected:
            raise BleakError(f"{self.address} is connected already")
        try:
            async with asyncio.timeout(kwargs.get("timeout", self._timeout)):
                exchange = Exchange(await self.adapter.connect(self.address, self._heard))
                self._exchange = exchange
                await self._prepare(exchange, pair=pair)
        except BaseException:
            await self.disconnect()
            self._exchange = None
            raise
        exchange.dropped.add_done_callback(functools.partial(self._on_dropped, exchange))
        self.adapter.join(self)

    async def _prepare(self, exchange: Exchange, *, pair: bool) -> None:
        client = exchange.connection.gatt_client
        self._identity = exchange.connection.peer_address.to_string(False)
        await self._encrypt_bonded(exchange)
        await exchange.run("exchanging the MTU", lambda: client.request_mtu(_MTU))
        if pair:
            await self.pair()
        self.services = await exchange.run(
            "discovering services", lambda: discover(client, self._wanted, self._write_limit)
        )

    async def _encrypt_bonded(self, exchange: Exchange) -> None:
        connection = exchange.connection
        keys = await self.adapter.bonds.get(str(connection.peer_address))
        if keys is None:
            return
        try:
            await exchange.run("encrypting the link", connection.encrypt, in_turn=False)
        except BleakError as error:
            if _is_key_missing(error):
                raise BleakError(
                    f"{self.address} has lost its bond with us: unpair, then pair again"
                ) from error
            raise

    async def disconnect(self) -> None:
        """End the link, if there is one."""
        exchange = self._exchange
        if exchange is None or exchange.is_dropped:
            return
        with contextlib.suppress(BleakError):
            await exchange.run("disconnecting", exchange.connection.disconnect, in_turn=False)

    async def pair(self, *_args: Any, **_kwargs: Any) -> None:  # noqa: ANN401  # as bleak has it
        """Pair by LE Secure Connections and keep the bond; at once where there is one.

        Raises:
            BleakError: the peer refused, left or did not answer within 30 s.
        """
        exchange = self._connected("pairing")
        if exchange.connection.is_encrypted:
            return
        try:
            async with asyncio.timeout(_PAIRING_TIMEOUT_S):
                await exchange.run("pairing", exchange.connection.pair, in_turn=False)
        except TimeoutError as error:
            raise BleakError("pairing: the peer did not answer") from error
        self._identity = exchange.connection.peer_address.to_string(False)

    async def unpair(self) -> None:
        """Forget the bond, and end the link, as BlueZ does."""
        await self.disconnect()
        await self.adapter.forget(self._identity)

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
        client = exchange.connection.gatt_client
        value = bytes(data)
        if response:
            await exchange.run(
                "writing", lambda: client.write_value(characteristic.handle, value, True)
            )
            return
        if len(value) > self._write_limit():
            raise BleakError(f"{len(value)} octets are too many to write without a response")
        await exchange.run(
            "writing", lambda: client.write_value(characteristic.handle, value), in_turn=False
        )

    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: SizedBuffer
    ) -> None:
        """Write a descriptor; see bleak's own method."""
        exchange = self._connected("writing a descriptor")
        client = exchange.connection.gatt_client
        value = bytes(data)
        await exchange.run(
            "writing a descriptor", lambda: client.write_value(descriptor.handle, value, True)
        )

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
        proxy = _proxy(characteristic)
        if characteristic.handle in self._subscribers:
            raise BleakError(f"{characteristic.uuid} is subscribed already")
        if proxy.get_descriptor(gatt.GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR) is None:
            raise BleakError(f"{characteristic.uuid} neither notifies nor indicates")

        def receive(value: bytes) -> None:
            callback(bytearray(value))

        self._subscribers[characteristic.handle] = receive
        client = exchange.connection.gatt_client
        try:
            await exchange.run("subscribing", lambda: client.subscribe(proxy, receive))
        except BleakError:
            self._forget_subscriber(characteristic.handle)
            raise

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """Unsubscribe; without effect where nothing is subscribed."""
        exchange = self._connected("unsubscribing")
        receive = self._subscribers.pop(characteristic.handle, None)
        if receive is not None:
            client = exchange.connection.gatt_client
            proxy = _proxy(characteristic)
            await exchange.run("unsubscribing", lambda: client.unsubscribe(proxy, receive))

    async def _read(self, handle: int, *, use_cached: bool) -> bytearray:
        exchange = self._connected("reading")
        client = exchange.connection.gatt_client
        if use_cached and handle in client.cached_values:
            return bytearray(client.cached_values[handle][1])
        return bytearray(await exchange.run("reading", lambda: client.read_value(handle)))

    def _connected(self, doing: str) -> Exchange:
        if self._exchange is None or self._exchange.is_dropped:
            raise BleakError(f"{doing}: not connected")
        return self._exchange

    def _write_limit(self) -> int:
        return self.mtu_size - _WRITE_HEADER

    def _forget_subscriber(self, handle: int) -> None:
        self._subscribers.pop(handle, None)
        if self._exchange is not None:
            client = self._exchange.connection.gatt_client
            client.notification_subscribers.pop(handle, None)
            client.indication_subscribers.pop(handle, None)

    def _on_dropped(self, exchange: Exchange, _reason: asyncio.Future[int]) -> None:
        if self._exchange is not exchange:
            return
        self.adapter.leave(self)
        self._exchange = None
        self._subscribers.clear()
        self.services = None
        if self._disconnected_callback is not None:
            self._disconnected_callback()


def _proxy(characteristic: BleakGATTCharacteristic) -> CharacteristicProxy[bytes]:
    proxy = characteristic.obj
    if not isinstance(proxy, CharacteristicProxy):
        raise BleakError(f"{characteristic.uuid} is not one of this client's characteristics")
    return proxy


def _is_key_missing(error: BleakError) -> bool:
    cause = error.__cause__
    return (
        isinstance(cause, core.ProtocolError)
        and cause.error_code == hci.HCI_ErrorCode.PIN_OR_KEY_MISSING_ERROR
    )
