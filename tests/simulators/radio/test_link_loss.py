"""Peers that are absent, leave, fall silent or come back."""

import asyncio

import pytest
from bleak import BleakClient, BleakScanner
from bleak.exc import BleakDeviceNotFoundError, BleakError, BleakGATTProtocolError
from bumble.hci import HCI_ErrorCode

from simulators.bleak_backend import Adapter
from simulators.radio import Air, connect_host
from tests.simulators.radio.central import adapter_on, found, tool_and_adapter
from tests.simulators.radio.world import (
    REFUSING,
    VALUE,
    Run,
    advertising_tool,
)

NOBODY = "C0:00:00:00:00:77"


def test_an_absent_peer_times_out_and_the_next_connection_works(run: Run) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        async with tool_and_adapter() as (air, _, controller, adapter):
            device = await found(adapter)
            air.put_away(controller)
            for peer, error in ((device, TimeoutError), (NOBODY, BleakDeviceNotFoundError)):
                asked_at = loop.time()
                with pytest.raises(error):
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


def test_an_operation_given_up_before_its_turn_is_never_sent(run: Run) -> None:
    async def main() -> None:
        async with (
            tool_and_adapter() as (_, tool, _, adapter),
            BleakClient(await found(adapter), backend=adapter.client_backend) as client,
        ):
            read = asyncio.create_task(client.read_gatt_char(VALUE))
            write = asyncio.create_task(client.write_gatt_char(VALUE, b"no", response=True))
            await asyncio.sleep(0.001)
            write.cancel()
            with pytest.raises(asyncio.CancelledError):
                await write
            await read
            await asyncio.sleep(1.0)
            assert tool.written == []

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


def test_a_peer_that_never_answers_gives_an_error_after_thirty_seconds(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        async with (
            tool_and_adapter() as (_, tool, _, adapter),
            BleakClient(await found(adapter), backend=adapter.client_backend) as client,
        ):
            monkeypatch.setattr(tool.device.gatt_server, "on_gatt_pdu", lambda *_: None)
            asked_at = loop.time()
            with pytest.raises(BleakError, match="did not answer"):
                await client.read_gatt_char(VALUE)
            assert loop.time() - asked_at == pytest.approx(30.0, abs=0.1)

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
