"""How much fits into a connection event, on which PHY, in which packets."""

import asyncio
from collections import Counter
from dataclasses import astuple

import pytest
from bumble import core, hci
from bumble.device import Connection, Device
from bumble.hci import Phy

from simulators.radio import Air, connect_host
from tests.simulators.radio.hosts import CENTRAL, central_on, connected, preferences
from tests.simulators.radio.world import ADDRESS, STREAM, Run, Tool, advertising_tool

LONG = 244  # with ATT and L2CAP headers, 251 octets
BURST = 40


async def subscribed(connection: Connection) -> list[float]:
    """Subscribe; return the growing list of the times at which notifications come."""
    loop = asyncio.get_running_loop()
    times: list[float] = []
    client = connection.gatt_client
    await client.request_mtu(247)
    await client.discover_services()
    (stream,) = await client.discover_characteristics([core.UUID(STREAM)], None)
    await client.discover_descriptors(stream)
    await client.subscribe(stream, lambda _value: times.append(loop.time()))
    return times


async def burst(tool: Tool, times: list[float], interval_s: float) -> list[float]:
    times.clear()
    for _ in range(BURST):
        await tool.notify(STREAM, bytes(LONG))
    await asyncio.sleep(BURST * interval_s)
    assert len(times) == BURST
    return times


def fullest_event(times: list[float], interval_s: float) -> int:
    """How many came in one interval, at the most."""
    # The last packet of an event comes less than an interval after the first.
    first = times[0]
    return max(Counter(int((at - first) / interval_s + 1e-3) for at in times).values())


@pytest.mark.parametrize(
    ("phy", "interval_s", "expected"),
    [
        # An exchange of 251 octets and an empty packet, unencrypted, with a space between
        # and one after: 80 + 150 + 2088 + 150 us on LE 1M, 44 + 150 + 1048 + 150 on LE 2M.
        (Phy.LE_1M, 0.015, 6),
        (Phy.LE_2M, 0.015, 10),
        (Phy.LE_1M, 0.0075, 3),
        (Phy.LE_2M, 0.0075, 5),
    ],
)
def test_only_as_many_packets_fit_an_event_as_air_time_allows(
    run: Run, phy: Phy, interval_s: float, expected: int
) -> None:
    async def main() -> None:
        air = Air()
        central, _ = await central_on(air)
        async with advertising_tool(air) as (tool, _):
            connection = await central.connect_le(ADDRESS, preferences(interval_s * 1000))
            times = await subscribed(connection)
            if phy == Phy.LE_2M:
                await connection.set_phy([Phy.LE_2M], [Phy.LE_2M])
                await asyncio.sleep(0.1)
            assert fullest_event(await burst(tool, times, interval_s), interval_s) == expected
            await connection.disconnect()

    run(main())


def test_a_packet_arrives_after_its_air_time(run: Run) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        air = Air()
        central, _ = await central_on(air)
        async with advertising_tool(air) as (tool, _):
            connection = await central.connect_le(ADDRESS, preferences(30))
            connected_at = loop.time()
            times = await subscribed(connection)
            await tool.notify(STREAM, bytes(LONG))
            await asyncio.sleep(0.1)
            # The central's empty packet, a space, 251 octets without integrity code.
            after_event_s = (times[0] - connected_at) % 0.030
            assert after_event_s == pytest.approx((80 + 150 + 2088) * 1e-6, abs=1e-9)
            await connection.disconnect()

    run(main())


def test_both_sides_learn_of_longer_packets(run: Run) -> None:
    async def main() -> None:
        air = Air()
        central, _ = await central_on(air)
        async with advertising_tool(air) as (tool, _):
            ours, theirs = await connected(central, tool)
            for side in (ours, theirs):
                assert astuple(side.data_length) == (251, 2120, 251, 2120)
            await ours.disconnect()

    run(main())


def test_without_the_extension_data_goes_in_pieces_of_27_octets(run: Run) -> None:
    async def main() -> None:
        air = Air()
        host = connect_host(air.add_controller("central"))
        host.suggested_max_tx_octets = 27
        host.suggested_max_tx_time = 328
        central = Device(name="central", address=hci.Address(CENTRAL), host=host)
        await central.power_on()
        pieces: list[int] = []
        async with advertising_tool(air) as (tool, controller):
            tool.device.host.suggested_max_tx_octets = 27
            await tool.device.host.reset()
            await tool.device.power_on()
            await tool.advertise()
            connection = await central.connect_le(ADDRESS, preferences(15))
            times = await subscribed(connection)
            assert controller.le_connections
            send = host.on_hci_acl_data_packet

            def count(packet: hci.HCI_AclDataPacket) -> None:
                pieces.append(packet.data_total_length)
                send(packet)

            host.on_hci_acl_data_packet = count  # type: ignore[method-assign]  # to look inside
            await tool.notify(STREAM, bytes(LONG))
            await asyncio.sleep(0.2)
            assert len(times) == 1
            assert pieces == [27] * 9 + [8]
            await connection.set_data_length(100, 2120)
            await asyncio.sleep(0.1)
            assert connection.data_length.max_tx_octets == 100
            too_much = hci.HCI_LE_Set_Data_Length_Command(
                connection_handle=connection.handle, tx_octets=252, tx_time=2120
            )
            with pytest.raises(hci.HCI_Error):
                await central.host.send_sync_command(too_much)
            await connection.disconnect()

    run(main())


@pytest.mark.parametrize("asks", ["central", "peripheral"])
def test_either_side_changes_the_phy_and_both_hear_of_it(run: Run, asks: str) -> None:
    async def main() -> None:
        air = Air()
        central, _ = await central_on(air)
        async with advertising_tool(air) as (tool, _):
            ours, theirs = await connected(central, tool)
            changes: list[tuple[str, int, int]] = []
            for name, side in (("central", ours), ("peripheral", theirs)):
                side.on(
                    side.EVENT_CONNECTION_PHY_UPDATE,
                    lambda phy, n=name: changes.append((n, phy.tx_phy, phy.rx_phy)),
                )
            side, other = (ours, theirs) if asks == "central" else (theirs, ours)
            await side.set_phy([Phy.LE_2M], [Phy.LE_1M])
            await asyncio.sleep(0.2)
            assert (await side.get_phy()).tx_phy == Phy.LE_2M
            assert (await side.get_phy()).rx_phy == Phy.LE_1M
            assert (await other.get_phy()).rx_phy == Phy.LE_2M
            asker = asks
            answerer = "peripheral" if asks == "central" else "central"
            assert sorted(changes) == sorted([(asker, 2, 1), (answerer, 1, 2)])
            await ours.disconnect()

    run(main())


def test_a_phy_that_is_not_there_is_refused(run: Run) -> None:
    async def main() -> None:
        air = Air()
        central, _ = await central_on(air)
        async with advertising_tool(air) as (tool, _):
            ours, _ = await connected(central, tool)
            with pytest.raises(hci.HCI_Error):
                await ours.set_phy([Phy.LE_CODED], [Phy.LE_CODED])
            assert (await ours.get_phy()).tx_phy == Phy.LE_1M
            await ours.disconnect()

    run(main())
