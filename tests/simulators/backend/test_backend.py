"""bleak programs on the virtual radio."""

import asyncio
import contextlib

import pytest
from bleak import BleakClient, BleakScanner
from bleak.exc import BleakError, BleakGATTProtocolError

from simulators.bleak_backend import Adapter
from simulators.radio import Air, connect_host
from tests.simulators.radio.central import adapter_on, found, tool_and_adapter
from tests.simulators.radio.world import (
    ADDRESS,
    ANSWERS,
    NAME,
    NOTE,
    PRIVATE,
    REFUSING,
    SERVICE,
    STREAM,
    VALUE,
    Run,
    advertising_tool,
    tool_on,
)

OTHER_SERVICE = "0000180f-0000-1000-8000-00805f9b34fb"


def test_scan_connect_pair_and_be_notified(run: Run) -> None:
    async def main() -> None:
        received: list[bytearray] = []
        async with tool_and_adapter() as (_, tool, _, adapter):
            client = BleakClient(await found(adapter), backend=adapter.client_backend)
            async with client:
                assert client.mtu_size == 247
                assert client.name == NAME
                await client.pair()
                assert await client.read_gatt_char(PRIVATE) == b"secret"
                await client.start_notify(STREAM, lambda _c, value: received.append(value))
                for number in range(5):
                    await tool.notify(STREAM, bytes([number]))
                await asyncio.sleep(0.1)
                await client.stop_notify(STREAM)
                await tool.notify(STREAM, b"too late")
                await asyncio.sleep(0.1)
            assert not client.is_connected
        assert received == [bytearray([number]) for number in range(5)]

    run(main())


def test_a_scan_is_filtered_by_service_and_says_name_and_signal(run: Run) -> None:
    async def main() -> None:
        air = Air()
        other = air.add_controller("other")
        async with (
            advertising_tool(air) as (_, controller),
            tool_on(connect_host(other), address="C0:00:00:00:00:02") as other_tool,
            adapter_on(air) as adapter,
        ):
            controller.rssi_dbm = -63
            await other_tool.advertise(service=OTHER_SERVICE, name="battery")
            scans = {
                uuid: await BleakScanner.discover(
                    2.0,
                    return_adv=True,
                    service_uuids=[uuid],
                    backend=adapter.scanner_backend,
                )
                for uuid in (SERVICE.upper(), OTHER_SERVICE)
            }
        ((device, seen),) = scans[SERVICE.upper()].values()
        assert (device.address, device.name) == (ADDRESS, NAME)
        assert (seen.rssi, seen.local_name, seen.service_uuids) == (-63, NAME, [SERVICE])
        assert [d.name for d, _ in scans[OTHER_SERVICE].values()] == ["battery"]

    run(main())


def test_two_scanners_share_the_radio(run: Run) -> None:
    async def main() -> None:
        async with tool_and_adapter() as (_, _, _, adapter):
            one = BleakScanner(backend=adapter.scanner_backend)
            async with one:
                await found(adapter)
                one.discovered_devices_and_advertisement_data.clear()
                await asyncio.sleep(0.5)
                assert list(one.discovered_devices_and_advertisement_data) == [ADDRESS]
            assert not adapter.device.is_scanning

    run(main())


def test_values_and_descriptors_are_read_and_written(run: Run) -> None:
    async def main() -> None:
        async with (
            tool_and_adapter() as (_, tool, _, adapter),
            BleakClient(await found(adapter), backend=adapter.client_backend) as client,
        ):
            assert await client.read_gatt_char(VALUE) == bytes(range(200)) * 2
            await client.write_gatt_char(VALUE, b"asked", response=True)
            await client.write_gatt_char(VALUE, b"told", response=False)
            characteristic = client.services.get_characteristic(VALUE)
            assert characteristic is not None
            assert characteristic.max_write_without_response_size == 244
            (note,) = (d for d in characteristic.descriptors if d.uuid.startswith(f"0000{NOTE:x}"))
            assert await client.read_gatt_descriptor(note) == b"a note"
            await client.write_gatt_descriptor(note, b"another")
            assert await client.read_gatt_descriptor(note) == b"another"
            with pytest.raises(BleakError, match="too many"):
                await client.write_gatt_char(VALUE, bytes(245), response=False)
            await asyncio.sleep(0.1)
            assert tool.written == [b"asked", b"told"]

    run(main())


def test_indications_arrive(run: Run) -> None:
    async def main() -> None:
        received: list[bytearray] = []
        async with (
            tool_and_adapter() as (_, tool, _, adapter),
            BleakClient(await found(adapter), backend=adapter.client_backend) as client,
        ):
            await client.start_notify(ANSWERS, lambda _c, value: received.append(value))
            await tool.indicate(ANSWERS, b"one")
            await tool.indicate(ANSWERS, b"two")
            with pytest.raises(BleakError, match="already"):
                await client.start_notify(ANSWERS, lambda _c, _value: None)
            with pytest.raises(BleakError, match="neither notifies nor indicates"):
                await client.start_notify(VALUE, lambda _c, _value: None)
        assert received == [bytearray(b"one"), bytearray(b"two")]

    run(main())


def test_att_errors_keep_their_code(run: Run) -> None:
    async def main() -> None:
        async with (
            tool_and_adapter() as (_, _, _, adapter),
            BleakClient(await found(adapter), backend=adapter.client_backend) as client,
        ):
            with pytest.raises(BleakGATTProtocolError) as refused:
                await client.write_gatt_char(REFUSING, b"x", response=True)
            assert refused.value.code == 0x80
            with pytest.raises(BleakGATTProtocolError) as refused:
                await client.read_gatt_char(PRIVATE)
            assert refused.value.code == 0x0F

    run(main())


def test_only_the_wanted_services_are_looked_into(run: Run) -> None:
    async def main() -> None:
        async with tool_and_adapter() as (_, _, _, adapter):
            client = BleakClient(
                await found(adapter), services=[SERVICE], backend=adapter.client_backend
            )
            async with client:
                assert [service.uuid for service in client.services] == [SERVICE]

    run(main())


def test_a_peer_without_a_name_goes_by_its_address(run: Run) -> None:
    async def main() -> None:
        async with tool_and_adapter() as (_, _, _, adapter):
            client = BleakClient(ADDRESS, backend=adapter.client_backend)
            assert client.name == "C0-00-00-00-00-01"
            assert client.mtu_size == 23
            with pytest.raises(BleakError, match="not connected"):
                await client.pair()

    run(main())


def test_a_client_connects_once_at_a_time(run: Run) -> None:
    async def main() -> None:
        async with (
            tool_and_adapter() as (_, _, _, adapter),
            BleakClient(await found(adapter), backend=adapter.client_backend) as client,
        ):
            with pytest.raises(BleakError, match="connected already"):
                await client.connect()
            assert client.is_connected

    run(main())


def test_eight_tools_stream_at_once_and_none_is_lost(run: Run) -> None:
    addresses = [f"C0:00:00:00:02:{number:02X}" for number in range(8)]
    received: dict[str, list[bytearray]] = {address: [] for address in addresses}

    async def follow(adapter: Adapter, address: str, done: asyncio.Event) -> None:
        device = await found(adapter, address)
        async with BleakClient(device, pair=True, backend=adapter.client_backend) as client:
            await client.start_notify(STREAM, lambda _c, value: received[address].append(value))
            await done.wait()

    async def main() -> None:
        air = Air()
        done = asyncio.Event()
        async with contextlib.AsyncExitStack() as stack:
            tools = [
                (await stack.enter_async_context(advertising_tool(air, address=address)))[0]
                for address in addresses
            ]
            adapter = await stack.enter_async_context(adapter_on(air))
            async with asyncio.TaskGroup() as group:
                for address in addresses:
                    group.create_task(follow(adapter, address, done))
                await asyncio.sleep(30.0)
                for number in range(100):
                    for tool in tools:
                        await tool.notify(STREAM, bytes([number]))
                    await asyncio.sleep(0.01)
                await asyncio.sleep(0.1)
                done.set()
        expected = [bytearray([number]) for number in range(100)]
        assert received == dict.fromkeys(addresses, expected)

    run(main())
