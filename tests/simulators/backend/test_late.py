"""Backends that join an air when the program's own event loop first needs them."""

import asyncio
import threading
from pathlib import Path

import pytest
from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.exc import BleakBluetoothNotAvailableError, BleakDeviceNotFoundError

from simulators.bleak_backend.late import LateBackends
from simulators.bleak_backend.plugin import replaced
from simulators.radio import Air, AirServer
from tests.simulators.radio.world import ADDRESS, NAME, SERVICE, VALUE, advertising_tool


def test_every_loop_of_a_program_has_an_adapter_of_its_own(tmp_path: Path) -> None:
    address: list[str] = []
    is_open, is_over = threading.Event(), threading.Event()

    async def serve() -> None:
        air = Air()
        async with advertising_tool(air), AirServer(air) as server:
            address.append(server.address)
            is_open.set()
            await asyncio.to_thread(is_over.wait)

    async def use() -> None:
        client = BleakClient(ADDRESS)
        assert client.name == ADDRESS.replace(":", "-")
        async with client:
            assert len(await client.read_gatt_char(VALUE)) == 400
            (listed,) = await (await BleakAdapter.get()).get_connected_devices([SERVICE])
            assert listed.address == ADDRESS
        assert (await BleakScanner.find_device_by_name(NAME, 3.0)) is not None
        assert client.name == NAME
        await BleakClient(ADDRESS).unpair()
        with pytest.raises(BleakDeviceNotFoundError):
            await BleakClient("C0:00:00:00:00:77").unpair()

    server = threading.Thread(target=lambda: asyncio.run(serve()))
    server.start()
    try:
        assert is_open.wait(10.0)
        with replaced(LateBackends(address[0], tmp_path / "bonds.json")):
            for _ in range(2):
                asyncio.run(use())
    finally:
        is_over.set()
        server.join()


async def test_an_air_that_opens_later_is_found_then() -> None:
    async with AirServer(Air()) as server:
        address = server.address
    with replaced(LateBackends(address)):
        for act in (BleakScanner().start, BleakClient(ADDRESS).connect):
            with pytest.raises(BleakBluetoothNotAvailableError, match="no air at"):
                await act()
        async with AirServer(Air(), port=int(address.rpartition(":")[2])):
            scanner = BleakScanner()
            await scanner.start()
        await asyncio.sleep(0.5)
        with pytest.raises(BleakBluetoothNotAvailableError, match="no air at"):
            await BleakScanner().start()
