# ruff: noqa: ANN401, ARG002, FBT001  # bleak's own signatures
"""A massage tool behind bleak's backend interface, in process: it does what a test scripts."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, ClassVar

from bleak.args import SizedBuffer
from bleak.assigned_numbers import CharacteristicPropertyName
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError

from companion.ble.adapter import Adapter
from companion.ble.platform import Platform, Security
from protocols.massage_tool import (
    BATTERY_LEVEL,
    BATTERY_SERVICE,
    CONTROL_POINT,
    DEVICE_INFORMATION_SERVICE,
    MANUFACTURER_NAME,
    MASSAGE_TOOL_SERVICE,
    TELEMETRY,
    TOOL_EVENT,
    TOOL_FEATURE,
    Answer,
    AnswerValues,
    Features,
    Op,
    RawSample,
    RawTelemetry,
    Request,
    Result,
    Start,
    Started,
    Tare,
    Tared,
    ToolFeature,
    ToolKind,
    decode_request,
)

NAME = "Test roller"
ADDRESS = "C4:00:00:00:00:01"
INTERVAL_US = 10_000
PER_FRAME = 5

Misbehaviour = Callable[[], Awaitable[None]]

Table = dict[str, dict[str, list[CharacteristicPropertyName]]]
"""Properties by characteristic and service."""

TABLE: Table = {
    MASSAGE_TOOL_SERVICE: {
        TOOL_FEATURE: ["read"],
        TELEMETRY: ["notify"],
        CONTROL_POINT: ["write", "indicate"],
        TOOL_EVENT: ["indicate"],
    },
    DEVICE_INFORMATION_SERVICE: {MANUFACTURER_NAME: ["read"]},
    BATTERY_SERVICE: {BATTERY_LEVEL: ["read", "notify"]},
}


def a_feature(**changes: object) -> ToolFeature:
    """A roller with everything; ``changes`` replace fields."""
    fields: dict[str, Any] = {
        "tool_kind": ToolKind.ROLLER,
        "features": Features.HAPTIC_MOTOR
        | Features.ON_TOOL_LIMIT
        | Features.ON_TOOL_LIMIT_FREED_OF_GRAVITY,
        "force_channels": 1,
        "force_resolution_n": 0.001,
        "force_full_scale_n": 20.0,
        "contact_area_m2": 1e-4,
        "supported_mass_kg": 0.02,
        "maximum_rate_hz": 200,
        **changes,
    }
    return ToolFeature(**fields)


@dataclass
class ScriptedPlatform(Platform):
    """A platform that tells what a test has it tell.

    Attributes:
        bonded: whether there is a bond with any device.
        encrypted: whether links are encrypted.
        authenticated: whether keys were made with a passkey.
        tells: whether it tells anything.
        names: of this computer's adapters.
    """

    bonded: bool = False
    encrypted: bool = True
    authenticated: bool | None = None
    tells: bool = True
    trusted: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    names: tuple[str, ...] | None = None

    async def is_bonded(self, address: str) -> bool | None:
        return self.bonded if self.tells else None

    async def security(self, address: str) -> Security | None:
        if not self.tells:
            return None
        return Security(
            encrypted=self.encrypted, bonded=self.bonded, authenticated=self.authenticated
        )

    def expecting(self, address: str) -> AbstractContextManager[None]:
        self.expected.append(address)
        return nullcontext()

    async def trust(self, address: str) -> None:
        self.trusted.append(address)

    async def connections(self) -> int | None:
        return 0 if self.tells else None

    async def adapters(self) -> tuple[str, ...] | None:
        return self.names


@dataclass
class ScriptedTool:
    """What the tool has, how it answers, where it misbehaves, and what it was asked.

    Attributes:
        misbehaves: by step ("scan", "connect", "pair", "read:UUID", "notify:UUID", "write:op",
            "disconnect", "unpair"): what happens instead.
        silent: op codes that are never answered.
        results: op codes answered with another result.
        copies: how often each service stands in the table.
        is_hollow: whether an empty service of the same UUID stands before each.
        values: what is read in place of the usual, by UUID.
        others: other tools' addresses and signals, for the scanner only.
        asked: every request, in order.
        steps: every step the client took, in order.
        platform: what is told of bonds.
    """

    feature: bytes = field(default_factory=lambda: bytes(a_feature()))
    table: Table = field(default_factory=lambda: TABLE)
    misbehaves: dict[str, Misbehaviour] = field(default_factory=dict)
    silent: set[Op] = field(default_factory=set)
    results: dict[Op, list[Result]] = field(default_factory=dict)
    is_advertising: bool = True
    copies: int = 1
    is_hollow: bool = False
    values: dict[str, bytes] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    clients: list["ScriptedClient"] = field(default_factory=list)
    clock_us: int = 5_000_000
    booted_at: float = 0.0
    run_from: float | None = None
    platform: ScriptedPlatform = field(default_factory=ScriptedPlatform)

    def adapter(self) -> Adapter:
        """An adapter that hears and reaches this tool only."""
        client = type("BoundClient", (ScriptedClient,), {"tool": self})
        scanner = type("BoundScanner", (ScriptedScanner,), {"tool": self})
        return Adapter("scripted", client, scanner, self.platform)

    async def step(self, name: str) -> None:
        """Note a step and misbehave where the script says so."""
        self.steps.append(name)
        await asyncio.sleep(0.001)
        if name in self.misbehaves:
            await self.misbehaves[name]()

    @property
    def client(self) -> "ScriptedClient":
        """The newest client."""
        return self.clients[-1]

    def now_us(self) -> int:
        """The tool's clock, unwrapped."""
        now = asyncio.get_running_loop().time()
        return self.clock_us + round((now - self.booted_at) * 1e6)

    def restart(self, clock_us: int) -> None:
        """A power cycle: run gone, clock begins elsewhere."""
        self.run_from = None
        self.clock_us = clock_us
        self.booted_at = asyncio.get_running_loop().time()

    def answer(self, request: Request) -> Answer:
        """What the tool says to a request."""
        results = self.results.get(request.op)
        if results and (result := results.pop(0)) is not Result.SUCCESS:
            return Answer(request.op, result)
        values: AnswerValues | None = None
        match request:
            case Start():
                values = self._start()
            case Tare():
                values = Tared((0,))
            case _:
                pass
        return Answer(request.op, Result.SUCCESS, values)

    def _start(self) -> Started:
        now = asyncio.get_running_loop().time()
        if self.run_from is None:
            self.run_from = now
        first = -(-round((now - self.run_from) * 1e6) // INTERVAL_US)
        return Started(100, PER_FRAME, self.sample_us(first) % (1 << 32), first)

    def sample_us(self, number: int) -> int:
        """The tool's clock at a sample of the present run."""
        began_us = self.clock_us + round(((self.run_from or 0.0) - self.booted_at) * 1e6)
        return began_us + number * INTERVAL_US

    def frame(self, first: int) -> bytes:
        """One Telemetry value."""
        return bytes(
            RawTelemetry(
                interval_us=INTERVAL_US,
                timestamp_us=self.sample_us(first) % (1 << 32),
                first_sample=first,
                samples=(RawSample((0,), None, None, None),) * PER_FRAME,
            )
        )


class ScriptedClient(BaseBleakClient):
    """bleak's client, as the tool's script has it."""

    tool: ClassVar[ScriptedTool]

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        disconnected_callback: Callable[[], None] | None,
        timeout: float,  # bleak's own signature
        **kwargs: Any,
    ) -> None:
        super().__init__(
            address_or_ble_device,
            disconnected_callback=disconnected_callback,
            timeout=timeout,
            **kwargs,
        )
        self.tool.clients.append(self)
        self.subscribed: dict[str, NotifyCallback] = {}
        self.stream: asyncio.Task[None] | None = None
        self.was_disconnected = False
        self._connected = False

    @property
    def mtu_size(self) -> int:
        return 23

    @property
    def is_connected(self) -> bool:
        return self._connected

    async def connect(self, pair: bool, **kwargs: Any) -> None:
        await self.tool.step("connect")
        if pair:
            await self.tool.step("pair")
            self.tool.platform.bonded = True
        self.services = _collection(
            self.tool.table, self.tool.copies, is_hollow=self.tool.is_hollow
        )
        self._connected = True
        self.tool.is_advertising = False

    def drop(self) -> None:
        """The link breaks."""
        if not self._connected:
            return
        self._connected = False
        self.subscribed.clear()
        self.tool.is_advertising = True
        if self.stream is not None:
            self.stream.cancel()
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    async def disconnect(self) -> None:
        self.was_disconnected = True
        await self.tool.step("disconnect")
        self.drop()

    async def pair(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError

    async def unpair(self) -> None:
        await self.tool.step("unpair")
        self.tool.platform.bonded = False

    async def read_gatt_char(
        self,
        characteristic: BleakGATTCharacteristic,
        *,
        use_cached: bool = False,
        **kwargs: Any,
    ) -> bytearray:
        await self._step(f"read:{characteristic.uuid}")
        values = {
            TOOL_FEATURE: self.tool.feature,
            BATTERY_LEVEL: bytes([81]),
            MANUFACTURER_NAME: b"Nobody \x1b[31mat all",
            **self.tool.values,
        }
        return bytearray(values[characteristic.uuid])

    async def read_gatt_descriptor(
        self,
        descriptor: BleakGATTDescriptor,
        *,
        use_cached: bool = False,
        **kwargs: Any,
    ) -> bytearray:
        raise NotImplementedError

    async def write_gatt_char(
        self,
        characteristic: BleakGATTCharacteristic,
        data: SizedBuffer,
        response: bool,
    ) -> None:
        assert response
        assert characteristic.uuid == CONTROL_POINT
        request = decode_request(bytes(data))
        self.tool.asked.append(request)
        await self._step(f"write:{request.op.name.lower()}")
        if request.op in self.tool.silent:
            return
        answer = self.tool.answer(request)
        self.indicate(bytes(answer))
        if isinstance(answer.values, Started):
            self.stream = asyncio.create_task(self._stream(answer.values.first_sample))

    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: SizedBuffer
    ) -> None:
        raise NotImplementedError

    async def start_notify(
        self,
        characteristic: BleakGATTCharacteristic,
        callback: NotifyCallback,
        **kwargs: Any,
    ) -> None:
        await self._step(f"notify:{characteristic.uuid}")
        self.subscribed[characteristic.uuid] = callback

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        self.subscribed.pop(characteristic.uuid, None)

    def indicate(self, value: bytes) -> None:
        """Send an answer."""
        self.subscribed[CONTROL_POINT](bytearray(value))

    def notify(self, value: bytes) -> None:
        """Send telemetry."""
        self.subscribed[TELEMETRY](bytearray(value))

    async def _step(self, name: str) -> None:
        if not self._connected:
            raise BleakError("not connected")
        await self.tool.step(name)
        if not self._connected:
            raise BleakError("disconnected meanwhile")

    async def _stream(self, first: int) -> None:
        while True:
            due_us = self.tool.sample_us(first + PER_FRAME)
            await asyncio.sleep(max(0.0, (due_us - self.tool.now_us()) / 1e6))
            if TELEMETRY in self.subscribed and self.tool.run_from is not None:
                self.notify(self.tool.frame(first))
            first += PER_FRAME


class ScriptedScanner(BaseBleakScanner):
    """bleak's scanner, as the tool's script has it."""

    tool: ClassVar[ScriptedTool]

    def __init__(
        self,
        detection_callback: Any,
        service_uuids: list[str] | None,
        scanning_mode: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._beacon: asyncio.Task[None] | None = None
        assert service_uuids == [MASSAGE_TOOL_SERVICE]

    async def start(self) -> None:
        await self.tool.step("scan")
        self._beacon = asyncio.create_task(self._advertise())

    async def stop(self) -> None:
        if self._beacon is not None:
            self._beacon.cancel()

    async def _advertise(self) -> None:
        device = BLEDevice(ADDRESS, NAME, None)
        data = AdvertisementData(NAME, {}, {}, [MASSAGE_TOOL_SERVICE], None, -61, ())
        while True:
            await asyncio.sleep(0.1)
            for address, rssi_dbm in self.tool.others.items():
                other = data._replace(rssi=rssi_dbm)
                self.call_detection_callbacks(BLEDevice(address, NAME, None), other)
            if self.tool.is_advertising:
                self.call_detection_callbacks(device, data)


def _collection(table: Table, copies: int, *, is_hollow: bool) -> BleakGATTServiceCollection:
    collection = BleakGATTServiceCollection()
    handle = 1
    hollow: Table = {uuid: {} for uuid in table if is_hollow}
    for uuid, characteristics in [*hollow.items(), *table.items()] * copies:
        service = BleakGATTService(None, handle, uuid)
        collection.add_service(service)
        handle += 1
        for characteristic, properties in characteristics.items():
            collection.add_characteristic(
                BleakGATTCharacteristic(
                    None, handle, characteristic, properties, lambda: 20, service
                )
            )
            handle += 2
    return collection


async def hang() -> None:
    """Never come back."""
    await asyncio.Event().wait()


def failing(error: Exception) -> Misbehaviour:
    """Raise an error."""

    async def fail() -> None:
        raise error

    return fail


async def cancel_the_waiter() -> None:
    """Cancel whoever waits, as bumble does when a link drops."""
    raise asyncio.CancelledError
