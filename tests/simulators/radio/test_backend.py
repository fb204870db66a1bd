"""bleak programs on the virtual radio."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError, BleakGATTProtocolError
from bumble.hci import HCI_ErrorCode
from bumble.keys import MemoryKeyStore
from bumble.pairing import PairingDelegate

from simulators.bleak_backend import Adapter
from simulators.radio import Air, RadioController, connect_host
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
    Tool,
    advertising_tool,
    tool_on,
)

OTHER_SERVICE = "0000180f-0000-1000-8000-00805f9b34fb"


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
        async with tool_and_adapter() as (_, tool, _, adapter):
            async with BleakClient(await found(adapter), backend=adapter.client_backend) as client:
                assert await client.read_gatt_char(VALUE) == bytes(range(200)) * 2
                await client.write_gatt_char(VALUE, b"asked", response=True)
                await client.write_gatt_char(VALUE, b"told", response=False)
                characteristic = client.services.get_characteristic(VALUE)
                assert characteristic is not None
                assert characteristic.max_write_without_response_size == 244
                (note,) = (
                    d for d in characteristic.descriptors if d.uuid.startswith(f"0000{NOTE:x}")
                )
                assert await client.read_gatt_descriptor(note) == b"a note"
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


def test_an_absent_peer_times_out_and_the_next_connection_works(run: Run) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        async with tool_and_adapter() as (air, _, controller, adapter):
            device = await found(adapter)
            air.put_away(controller)
            for peer in (device, "C0:00:00:00:00:77"):
                asked_at = loop.time()
                with pytest.raises(TimeoutError):
                    await BleakClient(peer, timeout=3.0, backend=adapter.client_backend).connect()
                assert loop.time() - asked_at == pytest.approx(3.0, abs=0.1)
            assert not adapter.device.is_scanning
            air.bring_back(controller)
            async with BleakClient(device, backend=adapter.client_backend) as client:
                assert client.is_connected

    run(main())


def test_a_peer_that_leaves_during_the_connection_gives_an_error(run: Run) -> None:
    async def main() -> None:
        async with tool_and_adapter() as (air, tool, controller, adapter):
            device = await found(adapter)
            tool.device.on(tool.device.EVENT_CONNECTION, lambda _c: air.put_away(controller))
            with pytest.raises(BleakError, match="connection timeout"):
                await BleakClient(device, backend=adapter.client_backend).connect()
            air.bring_back(controller)

    run(main())


def test_link_loss_is_told_once_and_the_same_client_comes_back(run: Run) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        lost_at: list[float] = []
        lost = asyncio.Event()

        def on_lost(_client: BleakClient) -> None:
            lost_at.append(loop.time())
            lost.set()

        async with tool_and_adapter() as (air, _, controller, adapter):
            client = BleakClient(await found(adapter), on_lost, backend=adapter.client_backend)
            await client.connect()
            left_at = loop.time()
            air.put_away(controller)
            with pytest.raises(BleakError, match="connection timeout"):
                await client.read_gatt_char(VALUE)
            await lost.wait()
            assert lost_at == [pytest.approx(left_at + 2.0, abs=1e-6)]
            assert not client.is_connected
            with pytest.raises(BleakError):
                await client.read_gatt_char(VALUE)
            air.bring_back(controller)
            await client.connect()
            assert await client.read_gatt_char(VALUE) == bytes(range(200)) * 2
            await client.disconnect()
            await asyncio.sleep(0)
            assert len(lost_at) == 2

    run(main())


def test_a_peer_that_drops_in_the_middle_of_an_operation_ends_it_at_once(run: Run) -> None:
    async def main() -> None:
        async with tool_and_adapter() as (_, tool, _, adapter):
            client = BleakClient(await found(adapter), backend=adapter.client_backend)
            await client.connect()
            reads = [asyncio.create_task(client.read_gatt_char(VALUE)) for _ in range(3)]
            await asyncio.sleep(0.02)
            await tool.connections[-1].disconnect(
                HCI_ErrorCode.REMOTE_DEVICE_TERMINATED_CONNECTION_DUE_TO_POWER_OFF_ERROR
            )
            ends = await asyncio.gather(*reads, return_exceptions=True)
            assert [type(end) for end in ends] == [BleakError] * 3
            assert all("power off" in str(end) for end in ends)

    run(main())


def test_an_operation_given_up_does_not_spoil_the_next_one(run: Run) -> None:
    async def main() -> None:
        async with (
            tool_and_adapter() as (_, _, _, adapter),
            BleakClient(await found(adapter), backend=adapter.client_backend) as client,
        ):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.001):
                    await client.read_gatt_char(VALUE)
            with pytest.raises(BleakGATTProtocolError):
                await client.write_gatt_char(REFUSING, b"x", response=True)
            assert await client.read_gatt_char(VALUE) == bytes(range(200)) * 2

    run(main())


def test_a_bond_in_a_file_encrypts_the_next_connection(run: Run, tmp_path: Path) -> None:
    keys = tmp_path / "bonds.json"

    async def main() -> None:
        air = Air()
        async with advertising_tool(air) as (_, _):
            for is_bonded in (False, True):
                async with adapter_on(air, keys) as adapter:
                    client = BleakClient(await found(adapter), backend=adapter.client_backend)
                    async with client:
                        if not is_bonded:
                            await client.pair()
                        assert await client.read_gatt_char(PRIVATE) == b"secret"
                await asyncio.sleep(0.5)
        assert keys.stat().st_mode & 0o777 == 0o600

    run(main())


def test_connect_may_pair_at_once_and_unpair_forgets(run: Run) -> None:
    async def main() -> None:
        async with tool_and_adapter() as (_, _, _, adapter):
            device = await found(adapter)
            async with BleakClient(device, pair=True, backend=adapter.client_backend) as client:
                assert await client.read_gatt_char(PRIVATE) == b"secret"
                await client.unpair()
                assert not client.is_connected
            assert await adapter.bonds.get_all() == []
            async with BleakClient(device, backend=adapter.client_backend) as client:
                with pytest.raises(BleakGATTProtocolError):
                    await client.read_gatt_char(PRIVATE)

    run(main())


def test_a_tool_that_lost_its_bond_is_said_to_have(run: Run) -> None:
    async def main() -> None:
        air = Air()
        bonds = MemoryKeyStore()
        async with advertising_tool(air, bonds=bonds) as (_, _), adapter_on(air) as adapter:
            device = await found(adapter)
            async with BleakClient(device, pair=True, backend=adapter.client_backend):
                pass
            await bonds.delete_all()
            client = BleakClient(device, backend=adapter.client_backend)
            with pytest.raises(BleakError, match="lost its bond"):
                await client.connect()
            assert not client.is_connected
            await client.unpair()
            async with BleakClient(device, pair=True, backend=adapter.client_backend) as again:
                assert await again.read_gatt_char(PRIVATE) == b"secret"

    run(main())


def test_a_bond_with_another_key_ends_the_connection_with_an_error(run: Run) -> None:
    async def main() -> None:
        air = Air()
        bonds = MemoryKeyStore()
        async with advertising_tool(air, bonds=bonds) as (_, _), adapter_on(air) as adapter:
            device = await found(adapter)
            async with BleakClient(device, pair=True, backend=adapter.client_backend):
                pass
            ((_, keys),) = await bonds.get_all()
            assert keys.ltk is not None
            keys.ltk.value = bytes(16)
            with pytest.raises(BleakError, match="mic failure"):
                await BleakClient(device, backend=adapter.client_backend).connect()

    run(main())


def test_a_bonded_tool_with_changing_addresses_is_known_again(run: Run) -> None:
    async def main() -> None:
        air = Air()
        async with (
            tool_on(connect_host(air.add_controller("tool")), new_address_every_s=60) as tool,
            adapter_on(air) as adapter,
        ):
            await tool.advertise()
            device = await BleakScanner.find_device_by_name(NAME, backend=adapter.scanner_backend)
            assert device is not None
            assert device.address != ADDRESS
            async with BleakClient(device, pair=True, backend=adapter.client_backend):
                pass
            before = tool.device.random_address
            tool.again = None
            await asyncio.sleep(1.0)
            await tool.device.stop_advertising()
            await asyncio.sleep(100.0)
            await tool.advertise()
            assert tool.device.random_address != before
            client = BleakClient(await found(adapter), backend=adapter.client_backend)
            async with client:
                assert await client.read_gatt_char(PRIVATE) == b"secret"
                await client.unpair()
            assert await adapter.bonds.get_all() == []

    run(main())


def test_a_scan_that_cannot_start_and_a_connection_without_a_radio_are_bleak_errors(
    run: Run,
) -> None:
    async def main() -> None:
        air = Air()
        host = connect_host(air.add_controller("adapter"))
        async with advertising_tool(air) as (_, controller), Adapter(host) as adapter:
            device = await found(adapter)
            air.put_away(controller)
            client = BleakClient(device, backend=adapter.client_backend)
            connecting = asyncio.create_task(client.connect())
            await asyncio.sleep(1.0)
            host.on_transport_lost()
            with pytest.raises(BleakError, match="gone"):
                await connecting
            scanner = BleakScanner(backend=adapter.scanner_backend)
            for _ in range(2):
                with pytest.raises(BleakError, match="closed"):
                    await scanner.start()

    run(main())


class _Display(PairingDelegate):
    def __init__(self) -> None:
        super().__init__(PairingDelegate.IoCapability.DISPLAY_OUTPUT_ONLY)
        self.shown: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def display_number(self, number: int, digits: int) -> None:
        assert digits == 6
        if not self.shown.done():
            self.shown.set_result(number)


@pytest.mark.parametrize("mistake", [0, 1])
def test_a_passkey_is_asked_for_and_must_be_right(run: Run, mistake: int) -> None:
    async def main() -> None:
        air = Air()
        display = _Display()
        asked: list[str] = []

        async def ask(address: str) -> int:
            asked.append(address)
            return (await display.shown + mistake) % 1_000_000

        async with (
            tool_on(connect_host(air.add_controller("tool")), delegate=display) as tool,
            Adapter(connect_host(air.add_controller("adapter")), passkey=ask) as adapter,
        ):
            await tool.advertise()
            async with BleakClient(await found(adapter), backend=adapter.client_backend) as client:
                if mistake:
                    with pytest.raises(BleakError, match="confirm value failed"):
                        await client.pair()
                    assert client.is_connected
                else:
                    await client.pair()
                    assert await client.read_gatt_char(PRIVATE) == b"secret"
        assert asked == [ADDRESS]

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


def test_the_adapter_ends_its_connections_when_it_closes(run: Run) -> None:
    async def main() -> None:
        air = Air()
        async with advertising_tool(air) as (tool, _):
            async with adapter_on(air) as adapter:
                client = BleakClient(await found(adapter), backend=adapter.client_backend)
                await client.connect()
            await asyncio.sleep(0.1)
            assert not client.is_connected
            assert tool.device.connections == {}

    run(main())
