"""What scanners hear."""

import asyncio

from bumble import hci
from bumble.core import AdvertisingData
from bumble.device import (
    Advertisement,
    Device,
)

from simulators.radio import Air, connect_host
from tests.simulators.radio.hosts import central_on, connected, scan
from tests.simulators.radio.world import NAME, Run, advertising_tool, tool_on


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


def test_hosts_of_bluetooth_4_advertise_scan_and_connect_too(run: Run) -> None:
    async def main() -> None:
        air = Air()
        central, controller = await central_on(air)
        tool = air.add_controller("tool")
        tool.le_features &= ~hci.LeFeatureMask.LE_EXTENDED_ADVERTISING
        controller.rssi_dbm = tool.rssi_dbm = -44
        async with tool_on(connect_host(tool)) as old:
            await old.advertise()
            heard = await scan(central, active=True)
            assert len(heard) == 10
            name = AdvertisingData.Type.COMPLETE_LOCAL_NAME
            await central.start_scanning(legacy=True, active=True)
            central.once(central.EVENT_ADVERTISEMENT, heard.append)
            await asyncio.sleep(1.0)
            await central.stop_scanning(legacy=True)
            assert [(ad.rssi, ad.data.get_all(name)) for ad in (heard[0], heard[-1])] == [
                (-44, [NAME]),
                (-44, [NAME]),
            ]
            ours, _ = await connected(central, old)
            assert await ours.gatt_client.request_mtu(100) == 100
            await ours.disconnect()
            await asyncio.sleep(0.1)

    run(main())


def test_duplicates_are_filtered_on_demand(run: Run) -> None:
    async def main() -> None:
        air = Air()
        central, _ = await central_on(air)
        heard: list[Advertisement] = []
        central.on(central.EVENT_ADVERTISEMENT, heard.append)
        async with advertising_tool(air):
            await central.start_scanning(filter_duplicates=True)
            await asyncio.sleep(5.0)
        assert len(heard) == 1

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
