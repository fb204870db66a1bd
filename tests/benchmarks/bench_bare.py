"""The simulator alone: one tool at 100 Hz and a plain bleak client, in virtual time."""

import asyncio
import time

from bleak import BleakClient, BleakScanner

from protocols.massage_tool import CONTROL_POINT, TELEMETRY, Start, Tare
from simulators.testing import simulated_tool
from simulators.virtual_time import run_virtual


def bench(*, seconds: float = 160.0) -> dict[str, float]:
    """Return how fast virtual time goes, and how many samples were lost meanwhile.

    Args:
        seconds: virtual seconds to stream; of the last of them a frame may still be on its way.
    """
    ratio, samples = run_virtual(_stream(seconds))
    return {
        "bare_to_real_time_ratio": ratio,
        "bare_samples_missing": max(0.0, seconds * 100 - samples - 5),
    }


async def _stream(seconds: float) -> tuple[float, float]:
    """Stream after the tare, in frames as the tool chooses; return the ratio and the samples."""
    samples = 0
    answers: asyncio.Queue[bytearray] = asyncio.Queue()

    def count(_characteristic: object, value: bytearray) -> None:
        nonlocal samples
        samples += value[1]

    async with simulated_tool() as on_air:
        address = on_air.peripheral.firmware.tool.address
        device = await BleakScanner.find_device_by_address(address)
        assert device is not None
        async with BleakClient(device, pair=True) as client:
            await client.start_notify(CONTROL_POINT, lambda _c, value: answers.put_nowait(value))
            await client.start_notify(TELEMETRY, count)
            for request in (Start(100, 0), Tare()):
                await client.write_gatt_char(CONTROL_POINT, bytes(request), response=True)
                await answers.get()
            samples, began_s = 0, time.perf_counter()
            await asyncio.sleep(seconds)
            return seconds / (time.perf_counter() - began_s), samples
