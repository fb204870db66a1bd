"""Clients that share an adapter, a peer, or an air; and how connections end."""

import asyncio
from typing import Any

import pytest
from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDeviceNotFoundError,
    BleakError,
)
from bumble.device import Device
from bumble.hci import OwnAddressType

from simulators.bleak_backend import Adapter
from simulators.radio import Air, connect_host
from tests.simulators.radio.central import adapter_on, found, tool_and_adapter
from tests.simulators.radio.world import (
    ADDRESS,
    ANSWERS,
    NAME,
    SERVICE,
    STREAM,
    VALUE,
    Run,
    advertising_tool,
)

OTHER = "C0:00:00:00:00:02"


def test_two_clients_of_one_peer_share_its_link_and_lose_it_together(run: Run) -> None:
    async def main() -> None:
        first: list[bytes] = []
        second: list[bytes] = []
        told: list[BleakClient] = []
        async with tool_and_adapter() as (_, tool, _, adapter):
            device = await found(adapter)
            one = BleakClient(device, told.append, backend=adapter.client_backend)
            two = BleakClient(ADDRESS.lower(), told.append, backend=adapter.client_backend)
            await one.connect()
            await two.connect()
            assert len(tool.connections) == 1
            await one.start_notify(STREAM, lambda _c, value: first.append(bytes(value)))
            await two.start_notify(STREAM, lambda _c, value: second.append(bytes(value)))
            await tool.notify(STREAM, b"both")
            await asyncio.sleep(0.1)
            await one.stop_notify(STREAM)
            await tool.notify(STREAM, b"second")
            await asyncio.sleep(0.1)
            await two.stop_notify(STREAM)
            await tool.notify(STREAM, b"nobody")
            await asyncio.sleep(0.1)
            await one.disconnect()
            assert (one.is_connected, two.is_connected) == (False, False)
            assert sorted(map(id, told)) == sorted(map(id, (one, two)))
        assert (first, second) == ([b"both"], [b"both", b"second"])

    run(main())


def test_clients_that_connect_to_one_peer_at_once_get_one_link(run: Run) -> None:
    async def main() -> None:
        async with tool_and_adapter() as (_, tool, _, adapter):
            clients = [BleakClient(ADDRESS, backend=adapter.client_backend) for _ in range(3)]
            await asyncio.gather(*(client.connect() for client in clients))
            values = [await client.read_gatt_char(VALUE) for client in clients]
            assert values == [bytes(range(200)) * 2] * 3
            assert len(tool.connections) == 1

    run(main())


def test_one_client_is_connected_once_at_a_time(run: Run) -> None:
    async def main() -> None:
        async with tool_and_adapter() as (_, _, _, adapter):
            client = BleakClient(await found(adapter), backend=adapter.client_backend)
            connecting = asyncio.create_task(client.connect())
            await asyncio.sleep(0)
            with pytest.raises(BleakError, match="being connected"):
                await client.connect()
            await connecting
            assert client.is_connected

    run(main())


def test_connected_devices_are_listed_by_their_services_and_can_be_connected_to(run: Run) -> None:
    async def main() -> None:
        async with tool_and_adapter() as (_, tool, _, adapter):
            backend = await BleakAdapter.get(
                backend=adapter.adapter_backend, bluez={"adapter": "hci7"}
            )
            assert await backend.get_connected_devices([SERVICE]) == []
            client = BleakClient(await found(adapter), backend=adapter.client_backend)
            async with client:
                (device,) = await backend.get_connected_devices([SERVICE, "180f"])
                assert (device.address, device.name) == (ADDRESS, NAME)
                assert await backend.get_connected_devices(["180f"]) == []
                async with BleakClient(device, backend=adapter.client_backend) as again:
                    assert await again.read_gatt_char(VALUE)
            assert await backend.get_connected_devices([SERVICE]) == []
            assert len(tool.connections) == 1

    run(main())


def test_two_adapters_on_one_air_have_links_of_their_own(run: Run) -> None:
    async def main() -> None:
        air = Air()
        async with (
            advertising_tool(air) as (tool, _),
            advertising_tool(air, address=OTHER) as (other, _),
            adapter_on(air) as left,
            adapter_on(air) as right,
        ):
            ours = BleakClient(await found(left), backend=left.client_backend)
            theirs = BleakClient(await found(right, OTHER), backend=right.client_backend)
            async with ours, theirs:
                late = BleakClient(ADDRESS, timeout=2.0, backend=right.client_backend)
                with pytest.raises(TimeoutError):
                    await late.connect()
            assert [len(t.connections) for t in (tool, other)] == [1, 1]

    run(main())


def test_the_callback_comes_once_before_disconnect_returns_and_finds_all_gone(run: Run) -> None:
    async def main() -> None:
        told: list[tuple[bool, int]] = []
        async with tool_and_adapter() as (_, _, _, adapter):
            client = BleakClient(
                await found(adapter),
                lambda c: told.append((c.is_connected, c.mtu_size)),
                backend=adapter.client_backend,
            )
            for count in (1, 2):
                await client.connect()
                await asyncio.gather(client.disconnect(), client.disconnect())
                assert told == [(False, 23)] * count
                with pytest.raises(BleakError, match="not been performed"):
                    _ = client.services
            await client.disconnect()
            assert len(told) == 2

    run(main())


def test_a_callback_that_fails_is_reported_to_the_loop_and_hinders_nobody(
    run: Run, loop_errors: list[dict[str, Any]]
) -> None:
    async def main() -> None:
        problems: list[str] = []
        asyncio.get_running_loop().set_exception_handler(
            lambda _loop, context: problems.append(str(context.get("exception")))
        )
        received: list[bytearray] = []

        def fail_notified(_c: object, value: bytearray) -> None:
            received.append(value)
            raise ValueError("notified")

        def fail_disconnected(_client: BleakClient) -> None:
            raise ValueError("disconnected")

        async with tool_and_adapter() as (_, tool, _, adapter):
            client = BleakClient(
                await found(adapter), fail_disconnected, backend=adapter.client_backend
            )
            await client.connect()
            await client.start_notify(ANSWERS, fail_notified)
            for value in (b"one", b"two"):
                await tool.indicate(ANSWERS, value)
            await client.disconnect()
            assert not client.is_connected
        assert received == [b"one", b"two"]
        assert problems == ["notified", "notified", "disconnected"]

    run(main())
    loop_errors.clear()


def test_a_radio_that_does_not_end_a_link_leaves_the_client_disconnected(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        told: list[BleakClient] = []
        async with tool_and_adapter() as (_, _, _, adapter):
            client = BleakClient(await found(adapter), told.append, backend=adapter.client_backend)
            await client.connect()

            async def never(*_: object) -> None:
                await asyncio.Event().wait()

            with monkeypatch.context() as patch:
                patch.setattr(adapter.device, "disconnect", never)
                asked_at = loop.time()
                with pytest.raises(TimeoutError):
                    await client.disconnect()
                assert loop.time() - asked_at == pytest.approx(10.0, abs=0.1)
            assert not client.is_connected
            await asyncio.sleep(0)
            assert told == [client]

    run(main())


def test_an_address_that_nobody_has_is_not_found(run: Run) -> None:
    async def main() -> None:
        async with tool_and_adapter() as (_, _, _, adapter):
            client = BleakClient(OTHER, timeout=2.0, backend=adapter.client_backend)
            with pytest.raises(BleakDeviceNotFoundError) as missing:
                await client.connect()
            assert missing.value.identifier == OTHER
            with pytest.raises(BleakDeviceNotFoundError):
                await client.unpair()

    run(main())


def test_a_peer_with_a_public_address_is_connected_to(run: Run) -> None:
    public = "00:1B:DC:00:00:05"

    async def main() -> None:
        air = Air()
        controller = air.add_controller("tool", address=public)
        peer = Device(name="public", host=connect_host(controller))
        await peer.power_on()
        await peer.start_advertising(own_address_type=OwnAddressType.PUBLIC)
        async with adapter_on(air) as adapter:
            for target in (await found(adapter, public), public):
                client = BleakClient(target, pair=True, backend=adapter.client_backend)
                async with client:
                    assert client.address == public
                await peer.start_advertising(own_address_type=OwnAddressType.PUBLIC)
            await BleakClient(public, backend=adapter.client_backend).unpair()
            assert await adapter.bonds.get_all() == []
        await peer.power_off()

    run(main())


def test_cancelling_one_caller_neither_reaches_another_nor_mixes_up_answers(run: Run) -> None:
    async def main() -> None:
        async with tool_and_adapter() as (_, tool, _, adapter):
            client = BleakClient(await found(adapter), backend=adapter.client_backend)
            await client.connect()
            reading = asyncio.create_task(client.read_gatt_char(VALUE))
            waiting = asyncio.create_task(client.read_gatt_char(VALUE))
            writing = asyncio.create_task(client.write_gatt_char(VALUE, b"kept", response=True))
            await asyncio.sleep(0.001)
            reading.cancel()
            waiting.cancel()
            done = await asyncio.gather(reading, waiting, writing, return_exceptions=True)
            assert [type(outcome) for outcome in done] == [
                asyncio.CancelledError,
                asyncio.CancelledError,
                type(None),
            ]
            assert tool.written == [b"kept"]
            assert await client.read_gatt_char(VALUE) == bytes(range(200)) * 2

    run(main())


def test_a_cancelled_subscription_may_be_asked_for_again(run: Run) -> None:
    async def main() -> None:
        async with tool_and_adapter() as (_, tool, _, adapter):
            client = BleakClient(await found(adapter), backend=adapter.client_backend)
            await client.connect()
            given_up: list[bytes] = []
            heard: list[bytes] = []
            reading = asyncio.create_task(client.read_gatt_char(VALUE))
            waiting = asyncio.create_task(
                client.start_notify(STREAM, lambda _c, value: given_up.append(bytes(value)))
            )
            await asyncio.sleep(0.001)
            waiting.cancel()
            await asyncio.wait({reading, waiting})
            await client.start_notify(STREAM, lambda _c, value: heard.append(bytes(value)))
            await tool.notify(STREAM, b"tick")
            await asyncio.sleep(0.1)
            assert (given_up, heard) == ([], [b"tick"])
            await client.disconnect()

    run(main())


def test_a_lost_link_never_cancels_the_program_itself(run: Run) -> None:
    async def main() -> None:
        task = asyncio.current_task()
        assert task is not None
        async with tool_and_adapter() as (air, _, controller, adapter):
            device = await found(adapter)
            for act in ("read_gatt_char", "pair"):
                client = BleakClient(device, backend=adapter.client_backend)
                await client.connect()
                air.put_away(controller)
                work = client.read_gatt_char(VALUE) if act == "read_gatt_char" else client.pair()
                with pytest.raises(BleakError, match="connection timeout"):
                    await work
                air.bring_back(controller)
                await asyncio.sleep(3.0)
            assert task.cancelling() == 0

    run(main())


def test_a_cancelled_connection_is_given_up_and_can_be_made_anew(run: Run) -> None:
    async def main() -> None:
        async with tool_and_adapter() as (_, tool, _, adapter):
            device = await found(adapter)
            for delay in (0.0, 0.02, 0.08, 0.15, 0.3):
                client = BleakClient(device, backend=adapter.client_backend)
                connecting = asyncio.create_task(client.connect())
                await asyncio.sleep(delay)
                connecting.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await connecting
                assert not client.is_connected
                assert list(adapter.links) == []
                await asyncio.sleep(0.5)
            async with BleakClient(device, backend=adapter.client_backend) as client:
                assert client.is_connected
            assert tool.connections

    run(main())


def test_an_adapter_that_is_off_or_gone_is_said_to_be(run: Run) -> None:
    async def main() -> None:
        host = connect_host(Air().add_controller("adapter"))
        adapter = Adapter(host)

        async def reasons() -> list[BleakBluetoothNotAvailableReason]:
            got = []
            scanner = BleakScanner(backend=adapter.scanner_backend)
            client = BleakClient(ADDRESS, backend=adapter.client_backend)
            for act in (scanner.start, client.connect):
                with pytest.raises(BleakBluetoothNotAvailableError) as unavailable:
                    await act()
                got.append(unavailable.value.reason)
            return got

        assert await reasons() == [BleakBluetoothNotAvailableReason.POWERED_OFF] * 2
        async with adapter:
            host.on_transport_lost()
            assert await reasons() == [BleakBluetoothNotAvailableReason.NO_BLUETOOTH] * 2

    run(main())
