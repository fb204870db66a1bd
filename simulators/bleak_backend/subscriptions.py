"""What one client is notified of."""

import asyncio
from collections.abc import Callable
from typing import Final

from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import NotifyCallback
from bleak.exc import BleakError
from bleak.uuids import normalize_uuid_16
from bumble.gatt_client import CharacteristicProxy, Client

from simulators.bleak_backend.exchange import Exchange

_CONFIGURATION: Final = normalize_uuid_16(0x2902)
_OFF: Final = b"\x00\x00"
_NOTIFY: Final = b"\x01\x00"
_INDICATE: Final = b"\x02\x00"

Receiver = Callable[[bytes], None]
Receivers = dict[int, set[CharacteristicProxy[bytes] | Receiver]]


class Subscriptions:
    """Subscribes one client of a connection; others of the same connection do not notice."""

    def __init__(self) -> None:
        self._receivers: dict[int, Receiver] = {}

    async def add(
        self, exchange: Exchange, characteristic: BleakGATTCharacteristic, callback: NotifyCallback
    ) -> None:
        """Subscribe; the callback may be called before this returns (bleak issue 1885).

        Raises:
            BleakError: subscribed already, not possible, or refused by the peer.
        """
        handle = characteristic.handle
        if handle in self._receivers:
            raise BleakError(f"{characteristic.uuid} is subscribed already")
        configuration = _configuration(characteristic)
        client = exchange.connection.gatt_client
        receivers, value = _kind(client, characteristic)
        receive = _guarded(callback)
        self._receivers[handle] = receive
        receivers.setdefault(handle, set()).add(receive)
        try:
            await exchange.run(
                "subscribing", lambda: client.write_value(configuration, value, with_response=True)
            )
        except BaseException:
            self._receivers.pop(handle, None)
            _take_out(receivers, handle, receive)
            raise

    async def remove(self, exchange: Exchange, characteristic: BleakGATTCharacteristic) -> None:
        """Unsubscribe; the peer is told when nobody else on this connection listens.

        Raises:
            BleakError: the peer refused or left.
        """
        handle = characteristic.handle
        receive = self._receivers.pop(handle, None)
        if receive is None:
            return
        client = exchange.connection.gatt_client
        receivers, _ = _kind(client, characteristic)
        if _take_out(receivers, handle, receive):
            configuration = _configuration(characteristic)
            await exchange.run(
                "unsubscribing", lambda: client.write_value(configuration, _OFF, with_response=True)
            )

    def clear(self) -> None:
        """The connection is over, and everything with it."""
        self._receivers.clear()


def _configuration(characteristic: BleakGATTCharacteristic) -> int:
    """The handle that subscriptions are written to, Core Vol 3 G 3.3.3.3."""
    if not {"notify", "indicate"}.intersection(characteristic.properties):
        raise BleakError(f"{characteristic.uuid} neither notifies nor indicates")
    for descriptor in characteristic.descriptors:
        if descriptor.uuid == _CONFIGURATION:
            return descriptor.handle
    raise BleakError(f"{characteristic.uuid} has no descriptor (0x2902) to subscribe with")


def _kind(client: Client, characteristic: BleakGATTCharacteristic) -> tuple[Receivers, bytes]:
    if "notify" in characteristic.properties:
        return client.notification_subscribers, _NOTIFY
    return client.indication_subscribers, _INDICATE


def _take_out(receivers: Receivers, handle: int, receive: Receiver) -> bool:
    """Take one receiver out; whether nobody is left."""
    left = receivers.get(handle, set())
    left.discard(receive)
    if not left:
        receivers.pop(handle, None)
    return not left


def _guarded(callback: NotifyCallback) -> Receiver:
    """A callback whose errors go to the event loop and not into the Bluetooth stack."""

    def receive(value: bytes) -> None:
        try:
            callback(bytearray(value))
        except Exception as error:  # noqa: BLE001  # whatever the program's callback raises
            asyncio.get_running_loop().call_exception_handler(
                {"message": "a notification callback failed", "exception": error}
            )

    return receive
