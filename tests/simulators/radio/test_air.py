"""The virtual radio as bumble's host sees it."""

import asyncio
import logging

import pytest
from bumble import core, hci
from bumble.core import AdvertisingData
from bumble.device import (
    Advertisement,
    Connection,
    ConnectionParametersPreferences,
    Device,
)

from simulators.radio import Air, RadioController, connect_host, loud_bumble, quiet_bumble
from tests.simulators.radio.world import ADDRESS, NAME, Run, Tool, advertising_tool

CENTRAL = "C0:00:00:00:00:99"
PREFERENCES = {
    hci.Phy.LE_1M: ConnectionParametersPreferences(
        connection_interval_min=30.0,
        connection_interval_max=30.0,
        max_latency=0,
        supervision_timeout=4000,
    )
}


async def central_on(air: Air) -> tuple[Device, RadioController]:
    controller = air.add_controller("central")
    device = Device(name="central", address=hci.Address(CENTRAL), host=connect_host(controller))
    await device.power_on()
    return device, controller


async def connected(central: Device, tool: Tool) -> tuple[Connection, Connection]:
    ours = await central.connect_le(ADDRESS, PREFERENCES)
    await asyncio.sleep(0.1)
    return ours, tool.connections[-1]


def lost(connection: Connection) -> asyncio.Future[tuple[int, float]]:
    loop = asyncio.get_running_loop()
    future: asyncio.Future[tuple[int, float]] = loop.create_future()
    connection.on(
        connection.EVENT_DISCONNECTION, lambda reason: future.set_result((reason, loop.time()))
    )
    return future


async def scan(device: Device, *, active: bool, seconds: float = 1.0) -> list[Advertisement]:
    heard: list[Advertisement] = []
    device.on(device.EVENT_ADVERTISEMENT, heard.append)
    await device.start_scanning(active=active)
    await asyncio.sleep(seconds)
    await device.stop_scanning()
    device.remove_listener(device.EVENT_ADVERTISEMENT, heard.append)
    return heard


def test_only_an_active_scan_brings_the_scan_response(run: Run) -> None:
    async def main() -> None:
        air = Air()
        central, _ = await central_on(air)
        async with advertising_tool(air) as (_, controller):
            controller.rssi_dbm = -71
            active = (await scan(central, active=True))[-1]
            passive = (await scan(central, active=False))[-1]
        name = AdvertisingData.Type.COMPLETE_LOCAL_NAME
        services = AdvertisingData.Type.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS
        assert active.data.get_all(name) == [NAME]
        assert len(active.data.get_all(services)) == 1
        assert passive.data.get_all(name) == []
        assert (active.rssi, passive.rssi) == (-71, -71)

    run(main())


def test_advertisements_come_at_their_interval(run: Run) -> None:
    async def main() -> None:
        air = Air()
        central, _ = await central_on(air)
        async with advertising_tool(air):
            await asyncio.sleep(0.05)
            heard = await scan(central, active=True, seconds=1.0)
        assert len(heard) == 10

    run(main())


def test_a_cancelled_connection_completes_and_the_next_one_works(run: Run) -> None:
    async def main() -> None:
        air = Air()
        central, _ = await central_on(air)
        with pytest.raises(core.TimeoutError):
            await central.connect_le("C0:00:00:00:00:55", timeout=2.0)
        assert asyncio.get_running_loop().time() == pytest.approx(2.0)
        async with advertising_tool(air) as (tool, _):
            ours, _ = await connected(central, tool)
            await ours.disconnect()

    run(main())


def test_connection_parameters_out_of_range_are_refused(run: Run) -> None:
    async def main() -> None:
        air = Air()
        central, _ = await central_on(air)
        too_short = {hci.Phy.LE_1M: ConnectionParametersPreferences(supervision_timeout=50)}
        with pytest.raises(hci.HCI_Error):
            await central.connect_le(ADDRESS, too_short)
        async with advertising_tool(air) as (tool, _):
            ours, _ = await connected(central, tool)
            with pytest.raises(hci.HCI_Error):
                await ours.update_parameters(0, 0, 0, 2000)
            await ours.disconnect()

    run(main())


def test_both_sides_report_what_the_central_chose_and_every_update(run: Run) -> None:
    async def main() -> None:
        air = Air()
        central, _ = await central_on(air)
        async with advertising_tool(air) as (tool, _):
            ours, theirs = await connected(central, tool)
            for side in (ours, theirs):
                assert side.parameters.connection_interval == 30.0
                assert side.parameters.supervision_timeout == 4000
            await ours.update_parameters(15, 15, 0, 2000)
            for side in (ours, theirs):
                assert side.parameters.connection_interval == 15.0
                assert side.parameters.supervision_timeout == 2000
            await theirs.update_parameters(45, 45, 0, 3000, use_l2cap=True)
            await asyncio.sleep(0.2)
            for side in (ours, theirs):
                assert side.parameters.connection_interval == 45.0
            await ours.disconnect()

    run(main())


def test_a_tool_out_of_range_is_lost_after_exactly_the_supervision_timeout(run: Run) -> None:
    async def main() -> None:
        air = Air()
        central, _ = await central_on(air)
        async with advertising_tool(air) as (tool, controller):
            ours, theirs = await connected(central, tool)
            left_at = asyncio.get_running_loop().time()
            losses = lost(ours), lost(theirs)
            air.put_away(controller)
            for reason, lost_at in await asyncio.gather(*losses):
                assert reason == hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR
                assert lost_at - left_at == pytest.approx(4.0, abs=1e-9)
            assert await scan(central, active=True) == []
            air.bring_back(controller)
            again, _ = await connected(central, tool)
            await again.disconnect()

    run(main())


def test_a_tool_back_in_time_keeps_its_link_and_delivers_what_waited(run: Run) -> None:
    async def main() -> None:
        air = Air()
        central, _ = await central_on(air)
        async with advertising_tool(air) as (tool, controller):
            ours, _ = await connected(central, tool)
            air.put_away(controller)
            mtu = asyncio.create_task(ours.gatt_client.request_mtu(100))
            await asyncio.sleep(3.9)
            assert not mtu.done()
            air.bring_back(controller)
            assert await mtu == 100
            await asyncio.sleep(10.0)
            assert central.connections == {ours.handle: ours}
            await ours.disconnect()

    run(main())


def test_a_vanished_controller_is_noticed_by_the_timeout_alone(run: Run) -> None:
    async def main() -> None:
        air = Air()
        central, _ = await central_on(air)
        async with advertising_tool(air) as (tool, controller):
            ours, _ = await connected(central, tool)
            left_at = asyncio.get_running_loop().time()
            loss = lost(ours)
            air.remove_controller(controller)
            reason, lost_at = await loss
            assert reason == hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR
            assert lost_at - left_at == pytest.approx(4.0, abs=1e-9)

    run(main())


def test_a_reset_controller_forgets_its_links_and_its_peer_times_out(run: Run) -> None:
    async def main() -> None:
        air = Air()
        central, _ = await central_on(air)
        async with advertising_tool(air) as (tool, controller):
            ours, _ = await connected(central, tool)
            loss = lost(ours)
            await tool.device.host.send_sync_command(hci.HCI_Reset_Command())
            air.put_away(controller)
            air.bring_back(controller)
            assert (await loss)[0] == hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR

    run(main())


@pytest.mark.parametrize(("is_paced", "shortest_s"), [(True, 0.03), (False, 0.0)])
def test_data_moves_at_connection_events_unless_pacing_is_off(
    run: Run, *, is_paced: bool, shortest_s: float
) -> None:
    async def main() -> None:
        air = Air(is_paced=is_paced)
        central, _ = await central_on(air)
        async with advertising_tool(air) as (tool, _):
            ours, _ = await connected(central, tool)
            loop = asyncio.get_running_loop()
            asked_at = loop.time()
            await ours.gatt_client.request_mtu(100)
            took_s = loop.time() - asked_at
            assert shortest_s <= took_s <= shortest_s * 2
            await ours.disconnect()

    run(main())


def test_a_public_and_a_random_address_can_both_be_connected_to(run: Run) -> None:
    public = hci.Address("00:11:22:33:44:55", hci.Address.PUBLIC_DEVICE_ADDRESS)

    async def main() -> None:
        air = Air()
        central, _ = await central_on(air)
        tool = Device(
            name="tool",
            address=hci.Address(ADDRESS),
            host=connect_host(air.add_controller("tool", address="00:11:22:33:44:55")),
        )
        await tool.power_on()
        for own, address in (
            (hci.OwnAddressType.PUBLIC, public),
            (hci.OwnAddressType.RANDOM, hci.Address(ADDRESS)),
        ):
            await tool.start_advertising(own_address_type=own)
            connection = await central.connect_le(address, PREFERENCES, timeout=5.0)
            assert connection.peer_address == address
            assert await connection.gatt_client.request_mtu(100) == 100
            await connection.disconnect()
            await asyncio.sleep(0.1)

    run(main())


def test_everyone_hears_an_advertisement_in_the_order_of_joining(run: Run) -> None:
    async def main() -> None:
        air = Air()
        order: list[int] = []
        for number in range(12):
            device = Device(
                name=f"{number}",
                address=hci.Address(f"C0:00:00:00:01:{number:02X}"),
                host=connect_host(air.add_controller(f"{number}")),
            )
            await device.power_on()
            device.on(device.EVENT_ADVERTISEMENT, lambda _ad, n=number: order.append(n))
            await device.start_scanning(active=True)
        async with advertising_tool(air):
            await asyncio.sleep(0.05)
        assert order[:12] == list(range(12))

    run(main())


def test_a_disconnection_reaches_the_other_side_with_its_reason(run: Run) -> None:
    async def main() -> None:
        air = Air()
        central, _ = await central_on(air)
        async with advertising_tool(air) as (tool, _):
            ours, theirs = await connected(central, tool)
            loss = lost(ours)
            power_off = hci.HCI_ErrorCode.REMOTE_DEVICE_TERMINATED_CONNECTION_DUE_TO_POWER_OFF_ERROR
            await theirs.disconnect(power_off)
            assert (await loss)[0] == power_off

    run(main())


def test_quiet_bumble_is_brief_until_debug_lines_are_wanted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    command = hci.HCI_LE_Rand_Command()
    quiet_bumble()
    try:
        assert str(command) == "HCI_LE_Rand_Command"
        with caplog.at_level(logging.DEBUG, "bumble"):
            assert "HCI_LE_RAND_COMMAND" in str(command)
    finally:
        loud_bumble()
    assert "HCI_LE_RAND_COMMAND" in str(command)
