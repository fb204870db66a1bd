"""The virtual radio as bumble's host sees it."""

import asyncio
import logging

import pytest
from bumble import core, hci
from bumble.device import (
    Connection,
    ConnectionParametersPreferences,
    Device,
)

from simulators.radio import Air, connect_host, loud_bumble, quiet_bumble
from simulators.radio.advertising import Advertisement as HeardAdvertisement
from tests.simulators.radio.hosts import PREFERENCES, central_on, connected, lost, scan
from tests.simulators.radio.world import ADDRESS, Run, advertising_tool


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


def test_time_passes_on_a_lossy_link_without_pacing(run: Run) -> None:
    async def main() -> None:
        air = Air(is_paced=False, seed=1)
        central, _ = await central_on(air)
        async with advertising_tool(air) as (tool, controller):
            ours, _ = await connected(central, tool)
            air.set_loss(controller, 0.3)
            async with asyncio.timeout(5.0):
                assert await ours.gatt_client.request_mtu(100) == 100
                await asyncio.sleep(1.0)
            air.set_loss(controller, 0.0)
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


def test_an_advertiser_that_falls_silent_at_the_last_moment_is_not_connected(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        air = Air()
        central, controller = await central_on(air)
        async with advertising_tool(air) as (_, tool):
            reasons: list[tuple[int, float]] = []
            loop = asyncio.get_running_loop()

            def watch(connection: Connection) -> None:
                tool_gone_at = loop.time()
                connection.on(
                    connection.EVENT_DISCONNECTION,
                    lambda reason: reasons.append((reason, loop.time() - tool_gone_at)),
                )

            central.on(central.EVENT_CONNECTION, watch)
            hear = controller.hear

            def hear_and_lose(pdu: HeardAdvertisement, rssi_dbm: int, *, is_answered: bool) -> None:
                air.put_away(tool)
                hear(pdu, rssi_dbm, is_answered=is_answered)

            monkeypatch.setattr(controller, "hear", hear_and_lose)
            await central.connect_le(ADDRESS, PREFERENCES)
            await asyncio.sleep(1.0)
        ((reason, after_s),) = reasons
        assert reason == hci.HCI_ErrorCode.CONNECTION_FAILED_TO_BE_ESTABLISHED_ERROR
        assert after_s == pytest.approx(6 * 0.030)

    run(main())


def test_a_connection_that_is_gone_is_refused_not_waited_for(run: Run) -> None:
    async def main() -> None:
        air = Air()
        central, _ = await central_on(air)
        for command in (
            hci.HCI_Disconnect_Command(connection_handle=77, reason=0x13),
            hci.HCI_LE_Connection_Update_Command(
                connection_handle=77,
                connection_interval_min=12,
                connection_interval_max=12,
                max_latency=0,
                supervision_timeout=100,
                min_ce_length=0,
                max_ce_length=0,
            ),
        ):
            with pytest.raises(hci.HCI_Error) as refused:
                await central.send_async_command(command)
            assert refused.value.error_code == hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR

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
