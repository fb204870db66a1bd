"""An adapter on the air and what bleak finds with it, for the tests of the backend."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bleak import BleakScanner
from bleak.backends.device import BLEDevice

from simulators.bleak_backend import Adapter
from simulators.radio import Air, RadioController, connect_host
from tests.simulators.radio.world import (
    ADDRESS,
    Tool,
    advertising_tool,
)


async def found(adapter: Adapter, address: str = ADDRESS) -> BLEDevice:
    device = await BleakScanner.find_device_by_address(address, backend=adapter.scanner_backend)
    assert device is not None
    return device


def adapter_on(air: Air, keys: Path | None = None) -> Adapter:
    return Adapter(connect_host(air.add_controller("adapter")), keys=keys)


@asynccontextmanager
async def tool_and_adapter() -> AsyncIterator[tuple[Air, Tool, RadioController, Adapter]]:
    air = Air()
    async with advertising_tool(air) as (tool, controller), adapter_on(air) as adapter:
        yield air, tool, controller, adapter
