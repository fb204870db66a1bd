"""The kinds of characteristics a tool has, each with its security."""

from collections.abc import Awaitable, Callable
from typing import Final

from bumble import gatt
from bumble.att import ATT_Error, AttributeValue, ErrorCode
from bumble.device import Connection
from bumble.gatt import Characteristic, Descriptor, Service

from simulators.peripheral.security import Guard
from simulators.peripheral.server import StrictServer

Write = Callable[[Connection, bytes], Awaitable[None]]
Subscribed = Callable[[Connection, Characteristic[bytes]], None]

NOTIFY: Final = Characteristic.Properties.NOTIFY
INDICATE: Final = Characteristic.Properties.INDICATE
READ: Final = Characteristic.Properties.READ
WRITE: Final = Characteristic.Properties.WRITE
WRITE_WITHOUT_RESPONSE: Final = Characteristic.Properties.WRITE_WITHOUT_RESPONSE
_ANY_WRITE: Final = WRITE | WRITE_WITHOUT_RESPONSE
_CCCD_BYTES: Final = 2
_VALUE_NOT_ALLOWED: Final = 0x13
_BITS: Final = ((NOTIFY, 0x0001), (INDICATE, 0x0002))


class Characteristics:
    """Makes characteristics, and knows who has switched which on.

    Args:
        server: where they go.
        guard: checks each access to what the profile calls encrypted.
        on_subscribed: told after each accepted write to a client configuration.
    """

    def __init__(self, server: StrictServer, guard: Guard, on_subscribed: Subscribed) -> None:
        self._server = server
        self._guard = guard
        self._on_subscribed = on_subscribed
        self._guarded: list[Characteristic[bytes] | Descriptor] = []

    def add(self, services: list[Service]) -> None:
        """Put services on the server."""
        self._server.add_services(services)
        self._server.checks |= {each.handle: self._guard.check for each in self._guarded}

    def is_subscribed(self, connection: Connection, characteristic: Characteristic[bytes]) -> bool:
        """Whether this central has switched a characteristic's notifications or indications on."""
        bits = self._server.subscribers.get(connection, {}).get(characteristic.handle)
        return bits is not None and any(bits)

    def open(self, uuid: str, value: bytes) -> Characteristic[bytes]:
        """Return a value that everyone may read."""
        return Characteristic(uuid, READ, Characteristic.READABLE, value)

    def encrypted(self, uuid: str, value: bytes) -> Characteristic[bytes]:
        """Return a value that is read encrypted only."""

        async def read(connection: Connection) -> bytes:
            await self._guard.check(connection)
            return value

        return Characteristic(uuid, READ, Characteristic.READABLE, AttributeValue(read=read))

    def written(
        self, uuid: str, properties: Characteristic.Properties, take: Write
    ) -> Characteristic[bytes]:
        """Return one that is written encrypted only, and perhaps indicated."""

        async def write(connection: Connection, value: bytes) -> None:
            await self._guard.check(connection)
            await take(connection, value)

        made = self.told(uuid, properties, AttributeValue(write=write))
        self._guarded.append(made)
        return made

    def told(
        self,
        uuid: str,
        properties: Characteristic.Properties,
        value: AttributeValue[bytes] | None = None,
        *,
        is_open: bool = False,
    ) -> Characteristic[bytes]:
        """Return one that is notified or indicated; its configuration checks what is written."""
        permissions = Characteristic.Permissions(0)
        if properties & READ:
            permissions |= Characteristic.READABLE
        if properties & _ANY_WRITE:
            permissions |= Characteristic.WRITEABLE
        characteristic: Characteristic[bytes] = Characteristic(uuid, properties, permissions, value)
        allowed = sum(bit for kind, bit in _BITS if properties & kind)
        if allowed:
            configuration = self._configuration(characteristic, allowed, is_open=is_open)
            characteristic.descriptors = [configuration]
            if not is_open:
                self._guarded.append(configuration)
        return characteristic

    def _configuration(
        self, characteristic: Characteristic[bytes], allowed: int, *, is_open: bool
    ) -> Descriptor:
        async def read(connection: Connection) -> bytes:
            if not is_open:
                await self._guard.check(connection)
            return self._server.read_cccd(connection, characteristic)

        async def write(connection: Connection, value: bytes) -> None:
            if not is_open:
                await self._guard.check(connection)
            if len(value) != _CCCD_BYTES:
                raise ATT_Error(ErrorCode.INVALID_ATTRIBUTE_LENGTH)
            if int.from_bytes(value, "little") & ~allowed:
                raise ATT_Error(_VALUE_NOT_ALLOWED)
            self._server.write_cccd(connection, characteristic, value)
            self._on_subscribed(connection, characteristic)

        return Descriptor(
            gatt.GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR,
            Descriptor.READABLE | Descriptor.WRITEABLE,
            AttributeValue(read=read, write=write),
        )
