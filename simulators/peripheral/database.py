"""The tool's GATT database: Massage Tool, Battery, Device Information, Generic Access."""

import struct
from collections.abc import Awaitable, Callable
from typing import Final

from bumble import gatt
from bumble.att import ATT_Error, AttributeValue, ErrorCode
from bumble.device import Connection
from bumble.gatt import Characteristic, Descriptor, Service
from bumble.gatt_server import Server

from protocols.massage_tool import (
    BATTERY_LEVEL,
    BATTERY_SERVICE,
    CONTROL_POINT,
    DEVICE_INFORMATION_SERVICE,
    FIRMWARE_REVISION,
    MANUFACTURER_NAME,
    MASSAGE_TOOL_SERVICE,
    MODEL_NUMBER,
    SERIAL_NUMBER,
    TELEMETRY,
    TOOL_EVENT,
    TOOL_FEATURE,
)
from simulators.firmware import Tool
from simulators.peripheral.security import Guard

_PREFERRED: Final = struct.pack("<HHHH", 12, 24, 0, 400)
"""15 to 30 ms in 1.25 ms, latency 0, supervision timeout 4 s in 10 ms (tool-profile.md, Link)."""
_CCCD_BYTES: Final = 2
_VALUE_NOT_ALLOWED: Final = 0x13
_NOTIFY: Final = Characteristic.Properties.NOTIFY
_INDICATE: Final = Characteristic.Properties.INDICATE
_READ: Final = Characteristic.Properties.READ
_WRITE: Final = Characteristic.Properties.WRITE
_BITS: Final = ((_NOTIFY, 0x0001), (_INDICATE, 0x0002))

Write = Callable[[Connection, bytes], Awaitable[None]]
Subscribed = Callable[[Connection, Characteristic[bytes]], None]


class Database:
    """All attributes, registered with a server.

    Attributes:
        telemetry: notified.
        control_point: written, indicated.
        tool_event: indicated.
        battery_level: read, notified.

    Args:
        server: where they go.
        tool: what the maker wrote into it.
        guard: checks each access to what the profile calls encrypted.
        on_request: takes a write to the control point that may pass.
        on_subscribed: told after each accepted write to a client configuration.
        battery_percent: gives the charge.
    """

    def __init__(
        self,
        server: Server,
        tool: Tool,
        guard: Guard,
        *,
        on_request: Write,
        on_subscribed: Subscribed,
        battery_percent: Callable[[], int],
    ) -> None:
        self._server = server
        self._guard = guard
        self._on_subscribed = on_subscribed

        async def write(connection: Connection, value: bytes) -> None:
            await guard.check(connection)
            await on_request(connection, value)

        self.telemetry = self._characteristic(TELEMETRY, _NOTIFY)
        self.control_point = self._characteristic(
            CONTROL_POINT, _WRITE | _INDICATE, AttributeValue(write=write)
        )
        self.tool_event = self._characteristic(TOOL_EVENT, _INDICATE)
        self.battery_level = self._characteristic(
            BATTERY_LEVEL,
            _READ | _NOTIFY,
            AttributeValue(read=lambda _connection: bytes([battery_percent()])),
            is_open=True,
        )
        server.add_services(
            [
                _generic_access(tool.name),
                Service(
                    MASSAGE_TOOL_SERVICE,
                    [
                        self._encrypted(TOOL_FEATURE, bytes(tool.feature)),
                        self.telemetry,
                        self.control_point,
                        self.tool_event,
                    ],
                ),
                Service(BATTERY_SERVICE, [self.battery_level]),
                self._device_information(tool),
            ]
        )

    def is_subscribed(self, connection: Connection, characteristic: Characteristic[bytes]) -> bool:
        """Whether this central has switched a characteristic's notifications or indications on."""
        bits = self._server.subscribers.get(connection, {}).get(characteristic.handle)
        return bits is not None and any(bits)

    def _encrypted(self, uuid: str, value: bytes) -> Characteristic[bytes]:
        async def read(connection: Connection) -> bytes:
            await self._guard.check(connection)
            return value

        return Characteristic(uuid, _READ, Characteristic.READABLE, AttributeValue(read=read))

    def _device_information(self, tool: Tool) -> Service:
        return Service(
            DEVICE_INFORMATION_SERVICE,
            [
                _open(MANUFACTURER_NAME, tool.manufacturer.encode()),
                _open(MODEL_NUMBER, tool.model.encode()),
                self._encrypted(SERIAL_NUMBER, tool.serial.encode()),
                _open(FIRMWARE_REVISION, tool.firmware.encode()),
            ],
        )

    def _characteristic(
        self,
        uuid: str,
        properties: Characteristic.Properties,
        value: AttributeValue[bytes] | None = None,
        *,
        is_open: bool = False,
    ) -> Characteristic[bytes]:
        """Return a characteristic with a client configuration that checks what is written."""
        permissions = Characteristic.Permissions(0)
        if properties & _READ:
            permissions |= Characteristic.READABLE
        if properties & _WRITE:
            permissions |= Characteristic.WRITEABLE
        characteristic: Characteristic[bytes] = Characteristic(uuid, properties, permissions, value)
        allowed = sum(bit for kind, bit in _BITS if properties & kind)
        characteristic.descriptors = [self._configuration(characteristic, allowed, is_open=is_open)]
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


def _open(uuid: str, value: bytes) -> Characteristic[bytes]:
    return Characteristic(uuid, _READ, Characteristic.READABLE, value)


def _generic_access(name: str) -> Service:
    values = (
        (gatt.GATT_DEVICE_NAME_CHARACTERISTIC, name.encode()),
        (gatt.GATT_APPEARANCE_CHARACTERISTIC, bytes(2)),
        (gatt.GATT_PERIPHERAL_PREFERRED_CONNECTION_PARAMETERS_CHARACTERISTIC, _PREFERRED),
    )
    return Service(
        gatt.GATT_GENERIC_ACCESS_SERVICE,
        [Characteristic(uuid, _READ, Characteristic.READABLE, value) for uuid, value in values],
    )
