"""Distance, interference, and what they do to what is heard."""

import asyncio
import math
import statistics

import pytest
from bumble import hci
from bumble.core import AdvertisingData
from bumble.device import Device

from simulators.radio import Air, RadioController
from simulators.radio.propagation import lost_share, path_loss_db
from tests.simulators.radio.hosts import central_on, connected, lost, scan
from tests.simulators.radio.world import Run, advertising_tool


def test_path_loss_follows_itu_r_p_1238_in_a_home() -> None:
    assert path_loss_db(1.0) == pytest.approx(40.2)
    assert path_loss_db(10.0) == pytest.approx(68.2)
    assert path_loss_db(100.0) == pytest.approx(96.2)
    assert path_loss_db(0.0) == path_loss_db(0.1)


def test_a_receiver_goes_from_good_to_deaf_over_six_decibels() -> None:
    shares = [lost_share(dbm) for dbm in (-80, -89, -92, -95, -120)]
    assert shares == [0.0, 0.0, pytest.approx(0.5), 1.0, 1.0]


@pytest.mark.parametrize("distance_m", [-1.0, math.nan, math.inf])
def test_a_place_that_is_none_is_refused(run: Run, distance_m: float) -> None:
    async def main() -> None:
        air = Air()
        with pytest.raises(ValueError, match="distance"):
            air.move(air.add_controller("tool"), distance_m)

    run(main())


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan])
def test_a_share_that_is_none_is_refused(run: Run, share: float) -> None:
    async def main() -> None:
        air = Air()
        with pytest.raises(ValueError, match="share"):
            air.set_loss(air.add_controller("tool"), share)

    run(main())


def test_signals_weaken_with_distance_and_vary_from_place_to_place(run: Run) -> None:
    async def main() -> None:
        air = Air(seed=4)
        one, other = air.add_controller("one"), air.add_controller("other")
        assert air.rssi_dbm(one, other) == -50
        means = []
        for distance_m in (1.0, 10.0):
            heard = []
            for _ in range(400):
                air.move(one, distance_m)
                heard.append(air.rssi_dbm(one, other))
                assert air.rssi_dbm(other, one) == heard[-1]
            means.append(statistics.mean(heard))
            assert statistics.stdev(heard) == pytest.approx(3.0, abs=0.4)
        assert means == [pytest.approx(-40.2, abs=0.6), pytest.approx(-68.2, abs=0.6)]

    run(main())


def test_the_host_reads_the_strength_of_its_link(run: Run) -> None:
    async def main() -> None:
        air = Air()
        central, ours = await central_on(air)
        async with advertising_tool(air) as (tool, controller):
            air.move(controller, 5.0)
            connection, _ = await connected(central, tool)
            expected = air.rssi_dbm(controller, ours)
            assert -75 < expected < -45
            read = hci.HCI_Read_RSSI_Command(handle=connection.handle)
            assert (await central.send_sync_command(read)).rssi == expected
            with pytest.raises(hci.HCI_Error):
                await central.send_sync_command(hci.HCI_Read_RSSI_Command(handle=77))
            await connection.disconnect()

    run(main())


def test_a_tool_that_walks_out_of_range_is_lost_and_found_again(run: Run) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        air = Air()
        central, _ = await central_on(air)
        async with advertising_tool(air) as (tool, controller):
            connection, _ = await connected(central, tool)
            loss = lost(connection)
            air.move(controller, 3.0)
            assert await connection.gatt_client.request_mtu(100) == 100
            left_at = loop.time()
            air.move(controller, 500.0)
            reason, lost_at = await loss
            assert reason == hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR
            assert lost_at - left_at == pytest.approx(4.0, abs=1e-6)
            assert await scan(central, active=True) == []
            air.move(controller, 3.0)
            again, _ = await connected(central, tool)
            await again.disconnect()

    run(main())


async def heard_share(air: Air, central: Device, controller: RadioController, loss: float) -> float:
    air.set_loss(controller, loss)
    return len(await scan(central, active=False, seconds=60.0)) / 600


def test_interference_takes_its_share_of_advertisements(run: Run) -> None:
    async def main() -> None:
        air = Air()
        central, _ = await central_on(air)
        async with advertising_tool(air) as (_, controller):
            assert await heard_share(air, central, controller, 0.4) == pytest.approx(0.6, abs=0.05)
            assert await heard_share(air, central, controller, 0.0) == pytest.approx(1.0, abs=0.01)
            assert await heard_share(air, central, controller, 1.0) == 0.0

    run(main())


def test_a_name_in_the_scan_response_needs_two_packets_more(run: Run) -> None:
    async def main() -> None:
        air = Air()
        central, _ = await central_on(air)
        async with advertising_tool(air) as (_, controller):
            air.set_loss(controller, 0.5)
            heard = await scan(central, active=True, seconds=200.0)
        name = AdvertisingData.Type.COMPLETE_LOCAL_NAME
        named = [ad for ad in heard if ad.data.get_all(name)]
        assert len(named) / 2000 == pytest.approx(0.125, abs=0.03)

    run(main())
