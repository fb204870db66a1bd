"""A tool and a central of bumble's own, on bumble's own virtual link."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import SupportsBytes, TypeVar

import pytest
from bumble import hci
from bumble.att import ATT_Error
from bumble.controller import Controller
from bumble.core import UUID
from bumble.device import Advertisement, Connection, Device, DeviceConfiguration, Peer
from bumble.gatt_client import CharacteristicProxy
from bumble.host import Host
from bumble.link import LocalLink
from bumble.pairing import PairingConfig, PairingDelegate
from bumble.transport.common import AsyncPipeSink

from protocols.massage_tool import (
    CONTROL_POINT,
    TELEMETRY,
    TOOL_EVENT,
    Answer,
    ToolFeature,
    decode_answer,
)
from simulators.firmware import Firmware
from simulators.peripheral import Peripheral
from tests.simulators.firmware.scripted import ROLLER, ScriptedBody, ScriptedTool

TOOL_ADDRESS = hci.Address("F0:12:34:56:78:9A")
PATIENCE_S = 5.0
T = TypeVar("T")


class Central:
    """A central that writes down what it is sent."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.connection: Connection
        self.peer: Peer
        self.answers: asyncio.Queue[bytes] = asyncio.Queue()
        self.frames: asyncio.Queue[bytes] = asyncio.Queue()
        self.events: asyncio.Queue[bytes] = asyncio.Queue()
        self.reason: asyncio.Future[int]

    async def connect(self, *, mtu: int = 247) -> None:
        self.connection = await self.device.connect(TOOL_ADDRESS)
        self.reason = asyncio.get_running_loop().create_future()
        self.connection.on("disconnection", self.reason.set_result)
        self.peer = Peer(self.connection)
        if mtu > 23:
            await self.peer.request_mtu(mtu)
        await self.peer.discover_all()  # type: ignore[no-untyped-call]  # bumble leaves it untyped

    async def pair(self) -> None:
        await self.connection.pair()

    async def listen(self) -> None:
        """Switch on everything that the tool sends."""
        await self.subscribe(CONTROL_POINT, self.answers)
        await self.subscribe(TELEMETRY, self.frames)
        await self.subscribe(TOOL_EVENT, self.events)

    async def subscribe(self, uuid: str, queue: asyncio.Queue[bytes]) -> None:
        await self.characteristic(uuid).subscribe(queue.put_nowait, prefer_notify=False)

    def characteristic(self, uuid: str) -> CharacteristicProxy[bytes]:
        return self.peer.get_characteristics_by_uuid(UUID(uuid))[0]

    async def read(self, uuid: str) -> bytes:
        return bytes(await self.characteristic(uuid).read_value())

    async def write(self, uuid: str, value: bytes) -> None:
        await self.characteristic(uuid).write_value(value, with_response=True)

    async def ask(self, request: SupportsBytes) -> Answer:
        await self.write(CONTROL_POINT, bytes(request))
        return decode_answer(await soon(self.answers.get()))

    async def lost(self) -> int:
        """Wait for the end of the link and return its reason."""
        return await soon(self.reason)

    async def hears(self, seconds: float) -> list[Advertisement]:
        """Scan for a while."""
        heard: list[Advertisement] = []
        self.device.on(Device.EVENT_ADVERTISEMENT, heard.append)
        await self.device.start_scanning(filter_duplicates=False)
        await asyncio.sleep(seconds)
        await self.device.stop_scanning()
        self.device.remove_listener(Device.EVENT_ADVERTISEMENT, heard.append)
        return heard


class World:
    """The air, and everybody on it."""

    def __init__(self) -> None:
        self.link = LocalLink()  # type: ignore[no-untyped-call]  # bumble leaves it untyped
        self.body = ScriptedBody()

    def host(self, name: str) -> Host:
        controller = Controller(name, link=self.link)
        return Host(controller, AsyncPipeSink(controller))

    def tool(
        self,
        feature: ToolFeature = ROLLER,
        *,
        keys: Path | None = None,
        bonding_s: float | None = None,
        clock_start_us: int = 0,
    ) -> Peripheral:
        firmware = Firmware(ScriptedTool(feature), self.body, clock_start_us=clock_start_us)
        return Peripheral(
            firmware, self.host("tool"), keys=keys, external_power=True, bonding_s=bonding_s
        )

    async def central(
        self, address: str = "C0:00:00:00:00:01", *, delegate: PairingDelegate | None = None
    ) -> Central:
        config = DeviceConfiguration(name="central", address=hci.Address(address))
        device = Device(host=self.host("central"), config=config)
        device.pairing_config_factory = lambda _connection: PairingConfig(
            sc=True, mitm=delegate is not None, bonding=True, delegate=delegate
        )
        await device.power_on()
        return Central(device)


@contextlib.asynccontextmanager
async def refused(*codes: int) -> AsyncIterator[None]:
    """Expect an ATT error."""
    with pytest.raises(ATT_Error) as error:
        yield
    assert error.value.error_code in codes, f"0x{error.value.error_code:02X}"


async def soon(awaitable: Awaitable[T]) -> T:
    """Wait, but not for ever."""
    return await asyncio.wait_for(awaitable, PATIENCE_S)
