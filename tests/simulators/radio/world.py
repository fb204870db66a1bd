"""A small tool made of bumble alone, for the tests of the radio and of the backend."""

import asyncio
import contextlib
import functools
import math
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

from bumble.att import ATT_Error
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.gatt import (
    GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR,
    Characteristic,
    CharacteristicValue,
    Descriptor,
    Service,
)
from bumble.hci import Address
from bumble.host import Host
from bumble.keys import KeyStore, MemoryKeyStore
from bumble.pairing import PairingConfig, PairingDelegate

from simulators.radio import Air, AirError, RadioController, connect_host


class Run(Protocol):
    """Runs a test's coroutine on a loop with a virtual clock."""

    def __call__(self, main: Coroutine[Any, Any, None], *, speed: float = math.inf) -> None: ...


SERVICE = "9e7d0001-1111-4222-8333-444455556666"
VALUE = "9e7d0002-1111-4222-8333-444455556666"
STREAM = "9e7d0003-1111-4222-8333-444455556666"
ANSWERS = "9e7d0004-1111-4222-8333-444455556666"
PRIVATE = "9e7d0005-1111-4222-8333-444455556666"
REFUSING = "9e7d0006-1111-4222-8333-444455556666"
NAME = "a tool with a rather long name"
ADDRESS = "C0:00:00:00:00:01"
PRIVATE_STREAM = "9e7d0007-1111-4222-8333-444455556666"
REFUSAL = 0x80
NOTE = 0x2901


@dataclass
class Tool:
    """A peripheral with one of everything; `written` holds what was written to it."""

    device: Device
    written: list[bytes] = field(default_factory=list)
    connections: list[Connection] = field(default_factory=list)
    again: Callable[[], Coroutine[Any, Any, None]] | None = None
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def on_connection(self, connection: Connection) -> None:
        self.connections.append(connection)
        connection.on(connection.EVENT_DISCONNECTION, self._on_disconnection)

    def _on_disconnection(self, _reason: int) -> None:
        task = asyncio.create_task(self._advertise_again())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _advertise_again(self) -> None:
        if self.again is not None:
            with contextlib.suppress(AirError):
                await self.again()

    def characteristic(self, uuid: str) -> Characteristic[bytes]:
        for attribute in self.device.gatt_server.attributes:
            if isinstance(attribute, Characteristic) and attribute.uuid == UUID(uuid):
                return attribute
        raise LookupError(uuid)

    async def notify(self, uuid: str, value: bytes) -> None:
        await self.device.notify_subscribers(self.characteristic(uuid), value)

    async def indicate(self, uuid: str, value: bytes) -> None:
        await self.device.indicate_subscribers(self.characteristic(uuid), value)

    async def advertise(self, *, service: str = SERVICE, name: str = NAME) -> None:
        self.again = functools.partial(self.advertise, service=service, name=name)
        await self.device.start_advertising(
            advertising_data=bytes(
                AdvertisingData(
                    [
                        (AdvertisingData.FLAGS, bytes([6])),
                        (
                            AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
                            bytes(UUID(service)),
                        ),
                    ]
                )
            ),
            scan_response_data=bytes(
                AdvertisingData([(AdvertisingData.COMPLETE_LOCAL_NAME, name.encode())])
            ),
            advertising_interval_min=100.0,
            advertising_interval_max=100.0,
        )


def _make_service(tool: Tool) -> Service:
    def refuse(_connection: Connection, _value: bytes) -> None:
        raise ATT_Error(REFUSAL)

    def keep(_connection: Connection, value: bytes) -> None:
        tool.written.append(value)

    return Service(
        SERVICE,
        [
            Characteristic(
                VALUE,
                Characteristic.READ | Characteristic.WRITE | Characteristic.WRITE_WITHOUT_RESPONSE,
                Characteristic.READABLE | Characteristic.WRITEABLE,
                CharacteristicValue(read=lambda _c: bytes(range(200)) * 2, write=keep),
                [
                    Descriptor(
                        UUID.from_16_bits(NOTE),
                        Descriptor.READABLE | Descriptor.WRITEABLE,
                        b"a note",
                    )
                ],
            ),
            Characteristic(STREAM, Characteristic.NOTIFY, Characteristic.READABLE, b""),
            Characteristic(ANSWERS, Characteristic.INDICATE, Characteristic.READABLE, b""),
            Characteristic(
                PRIVATE,
                Characteristic.READ,
                Characteristic.READABLE | Characteristic.READ_REQUIRES_ENCRYPTION,
                b"secret",
            ),
            Characteristic(
                PRIVATE_STREAM,
                Characteristic.NOTIFY,
                Characteristic.READABLE,
                b"",
                [
                    Descriptor(
                        GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR,
                        Descriptor.READABLE
                        | Descriptor.WRITEABLE
                        | Descriptor.WRITE_REQUIRES_ENCRYPTION,
                        bytes(2),
                    )
                ],
            ),
            Characteristic(
                REFUSING,
                Characteristic.WRITE,
                Characteristic.WRITEABLE,
                CharacteristicValue(write=refuse),
            ),
        ],
    )


@contextlib.asynccontextmanager
async def tool_on(
    host: Host,
    *,
    address: str = ADDRESS,
    bonds: KeyStore | None = None,
    delegate: PairingDelegate | None = None,
    new_address_every_s: int = 0,
) -> AsyncIterator[Tool]:
    """A tool on a host, switched on and not yet advertising."""
    device = Device(
        config=DeviceConfiguration(
            name=NAME,
            address=Address(address),
            irk=bytes(range(16)),
            le_privacy_enabled=new_address_every_s > 0,
            le_rpa_timeout=new_address_every_s,
        ),
        host=host,
    )
    device.keystore = bonds or MemoryKeyStore()
    device.pairing_config_factory = lambda _c: PairingConfig(
        sc=True, mitm=delegate is not None, bonding=True, delegate=delegate
    )
    tool = Tool(device)
    device.add_service(_make_service(tool))
    device.on(device.EVENT_CONNECTION, tool.on_connection)
    await device.power_on()
    try:
        yield tool
    finally:
        tool.again = None
        await device.power_off()


@contextlib.asynccontextmanager
async def advertising_tool(
    air: Air, *, address: str = ADDRESS, bonds: KeyStore | None = None
) -> AsyncIterator[tuple[Tool, RadioController]]:
    """A tool on the air that advertises."""
    controller = air.add_controller(f"tool {address}")
    async with tool_on(connect_host(controller), address=address, bonds=bonds) as tool:
        await tool.advertise()
        yield tool, controller
