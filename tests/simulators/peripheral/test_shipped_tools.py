"""Every tool that is shipped can be found, bonded and streamed from, as it says that it is."""

import asyncio
from pathlib import Path

import pytest
from bleak import BleakClient, BleakScanner

from protocols.massage_tool import (
    ALERT_LEVEL,
    CONTROL_POINT,
    FORCE,
    MASSAGE_TOOL_SERVICE,
    ROTATIONAL_SPEED,
    TELEMETRY,
    TOOL_FEATURE,
    Features,
    RawTelemetry,
    Result,
    Start,
    decode_answer,
)
from simulators.bleak_backend import Adapter
from simulators.firmware import Firmware
from simulators.peripheral import Peripheral, controller_address
from simulators.radio import Air, connect_host
from simulators.tool_data import ToolData, load_tool
from tests.simulators.firmware.scripted import Raw, ScriptedBody
from tests.simulators.peripheral.raw import play

NAMES = sorted(path.stem for path in Path(__file__).parents[3].glob("config/tools/*.toml"))


def _services(client: BleakClient) -> set[str]:
    there = {each.uuid for each in client.services.characteristics.values()}
    return there & {ALERT_LEVEL, FORCE, ROTATIONAL_SPEED}


def _declared(tool: ToolData) -> set[str]:
    measures = "industrial_measurement" in tool.services
    has = tool.feature
    return {
        uuid
        for uuid, is_there in (
            (ALERT_LEVEL, "immediate_alert" in tool.services),
            (FORCE, measures and has.force_channels > 0),
            (ROTATIONAL_SPEED, measures and Features.GYROSCOPE in has.features),
        )
        if is_there
    }


async def _streams(client: BleakClient) -> None:
    answers: asyncio.Queue[bytes] = asyncio.Queue()
    frames: asyncio.Queue[bytes] = asyncio.Queue()
    await client.start_notify(CONTROL_POINT, lambda _c, value: answers.put_nowait(bytes(value)))
    await client.start_notify(TELEMETRY, lambda _c, value: frames.put_nowait(bytes(value)))
    await client.write_gatt_char(CONTROL_POINT, bytes(Start(50)), response=True)
    answer = decode_answer(await asyncio.wait_for(answers.get(), 5))
    assert answer.result is Result.SUCCESS
    numbers = [
        RawTelemetry.from_bytes(await asyncio.wait_for(frames.get(), 1)).first_sample
        for _ in range(5)
    ]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("name", NAMES)
def test_it_is_found_bonded_and_streams(name: str) -> None:
    async def main() -> None:
        tool, air = load_tool(name), Air()
        reading = Raw(force=(0,) * tool.feature.force_channels)
        firmware = Firmware(tool, ScriptedBody(lambda _us: reading), channels=tool.channels)
        host = connect_host(air.add_controller("tool", address=controller_address(tool)))
        computer = connect_host(air.add_controller("computer"))
        async with Peripheral(firmware, host) as peripheral:

            async def typed(_address: str) -> int:
                return await peripheral.shown_passkey()

            has_display = Features.DISPLAY in tool.feature.features
            async with Adapter(computer, passkey=typed if has_display else None) as adapter:
                found = await BleakScanner.find_device_by_filter(
                    lambda _device, data: MASSAGE_TOOL_SERVICE in data.service_uuids,
                    backend=adapter.scanner_backend,
                    timeout=5,
                )
                assert found is not None
                assert found.name == tool.name
                backend = adapter.client_backend
                async with BleakClient(found, backend=backend, pair=True) as client:
                    assert await client.read_gatt_char(TOOL_FEATURE) == bytes(tool.feature)
                    assert _services(client) == _declared(tool)
                    await _streams(client)
                async with BleakClient(tool.address, backend=backend) as client:
                    assert await client.read_gatt_char(TOOL_FEATURE) == bytes(tool.feature)

    play(main)
