"""Twenty tools at 100 Hz on one air."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest
from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic

from simulators.bleak_backend import Adapter
from simulators.radio import Air, connect_host
from tests.simulators.radio.world import STREAM, Run, Tool, advertising_tool

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

TOOLS = 20
HZ = 100
SECONDS = 3.0


async def stream(tool: Tool, count: int) -> None:
    for number in range(count):
        await tool.notify(STREAM, number.to_bytes(2) + bytes(18))
        await asyncio.sleep(1 / HZ)


def numbers_to(values: list[int]) -> Callable[[BleakGATTCharacteristic, bytearray], None]:
    return lambda _characteristic, value: values.append(int.from_bytes(value[:2]))


@pytest.mark.parametrize("loss", [0.0, 0.05])
def test_twenty_tools_at_100_hz_lose_nothing(run: Run, loss: float) -> None:
    async def main() -> None:
        air = Air()
        count = round(HZ * SECONDS)
        async with AsyncExitStack() as stack:
            enter = stack.enter_async_context
            adapter = await enter(Adapter(connect_host(air.add_controller("adapter"))))
            heard: list[list[int]] = []
            tools: list[Tool] = []
            for number in range(TOOLS):
                address = f"C0:00:00:00:00:{number:02X}"
                tool, controller = await enter(advertising_tool(air, address=address))
                client = await enter(BleakClient(address, backend=adapter.client_backend))
                values: list[int] = []
                await client.start_notify(STREAM, numbers_to(values))
                air.set_loss(controller, loss)
                heard.append(values)
                tools.append(tool)
            await asyncio.gather(*(stream(tool, count) for tool in tools))
            await asyncio.sleep(1.0)
            assert heard == [list(range(count))] * TOOLS

    run(main())
