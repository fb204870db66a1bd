"""Lost packets: repeated in order, late, and never lost by the link."""

import asyncio

import pytest
from bumble import core, hci
from bumble.device import Connection, Device

from simulators.radio import Air, RadioController
from tests.simulators.radio.hosts import central_on, connected, lost
from tests.simulators.radio.world import ADDRESS, STREAM, Run, Tool, advertising_tool

NOTIFICATIONS = 300


async def subscribed(connection: Connection, heard: list[tuple[int, float]]) -> None:
    loop = asyncio.get_running_loop()
    client = connection.gatt_client
    await client.discover_services()
    (stream,) = await client.discover_characteristics([core.UUID(STREAM)], None)
    await client.discover_descriptors(stream)
    await client.subscribe(stream, lambda value: heard.append((int.from_bytes(value), loop.time())))


async def delays_s(
    air: Air, central: Device, tool: Tool, controller: RadioController, *, loss: float
) -> list[float]:
    """Notify every 150 ms over a link that loses packets; return how late each came."""
    connection, _ = await connected(central, tool)
    heard: list[tuple[int, float]] = []
    await subscribed(connection, heard)
    loop = asyncio.get_running_loop()
    air.set_loss(controller, loss)
    sent: list[float] = []
    for number in range(NOTIFICATIONS):
        sent.append(loop.time())
        await tool.notify(STREAM, number.to_bytes(2))
        await asyncio.sleep(0.15)
    await asyncio.sleep(3.0)
    air.set_loss(controller, 0.0)
    await connection.disconnect()
    assert [number for number, _ in heard] == list(range(NOTIFICATIONS))
    return [at - sent[number] for number, at in heard]


def test_a_weak_link_delays_and_keeps_order_and_loses_nothing(run: Run) -> None:
    async def main() -> None:
        air = Air(seed=2)
        central, _ = await central_on(air)
        async with advertising_tool(air) as (tool, controller):
            clear = await delays_s(air, central, tool, controller, loss=0.0)
            weak = await delays_s(air, central, tool, controller, loss=0.3)
        assert max(clear) < 0.032
        late = sum(delay > 0.032 for delay in weak) / len(weak)
        # An event succeeds for the peripheral if both packets get through: 0.7 x 0.7.
        assert late == pytest.approx(1 - 0.49, abs=0.08)
        assert 0.09 < max(weak) < 1.5

    run(main())


def test_the_same_seed_loses_the_same_packets_and_another_loses_others(run: Run) -> None:
    runs: list[list[float]] = []

    async def main(seed: int) -> None:
        air = Air(seed=seed)
        central, _ = await central_on(air)
        async with advertising_tool(air) as (tool, controller):
            runs.append(await delays_s(air, central, tool, controller, loss=0.2))

    for seed in (7, 7, 8):
        run(main(seed))
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


def test_an_idle_link_with_some_loss_stays(run: Run) -> None:
    async def main() -> None:
        air = Air()
        central, _ = await central_on(air)
        async with advertising_tool(air) as (tool, controller):
            connection, _ = await connected(central, tool)
            air.set_loss(controller, 0.5)
            await asyncio.sleep(120.0)
            assert central.connections == {connection.handle: connection}
            air.set_loss(controller, 0.0)
            await connection.disconnect()

    run(main())


def test_a_link_that_gets_nothing_through_ends_at_both_sides(run: Run) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        air = Air()
        central, _ = await central_on(air)
        async with advertising_tool(air) as (tool, controller):
            ours, theirs = await connected(central, tool)
            ends = lost(ours), lost(theirs)
            air.set_loss(controller, 0.97)
            began_at = loop.time()
            for reason, at in await asyncio.gather(*ends):
                assert reason == hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR
                assert at - began_at >= 4.0
            air.set_loss(controller, 0.0)

    run(main())


def test_a_new_supervision_timeout_holds_at_once(run: Run) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        air = Air(seed=1)
        central, _ = await central_on(air)
        async with advertising_tool(air) as (tool, controller):
            ours, _ = await connected(central, tool)
            air.set_loss(controller, 0.01)
            await asyncio.sleep(0.5)
            await ours.update_parameters(30, 30, 0, 1000)
            loss = lost(ours)
            left_at = loop.time()
            air.put_away(controller)
            _, lost_at = await loss
            assert lost_at - left_at == pytest.approx(1.0, abs=0.07)
            air.bring_back(controller)

    run(main())


def test_a_connection_request_that_is_lost_fails_to_be_established(run: Run) -> None:
    async def main() -> None:
        air = Air(seed=1)
        central, _ = await central_on(air)
        reasons: list[int] = []
        async with advertising_tool(air) as (_, controller):
            air.set_loss(controller, 0.6)
            for _ in range(10):
                connection = await central.connect_le(ADDRESS)
                loss = lost(connection)
                done, _ = await asyncio.wait([loss], timeout=1.0)
                if done:
                    reasons.append(loss.result()[0])
                else:
                    await connection.disconnect()
                await asyncio.sleep(0.5)
        assert hci.HCI_ErrorCode.CONNECTION_FAILED_TO_BE_ESTABLISHED_ERROR in reasons
        assert len(reasons) < 10

    run(main())


def test_a_disconnection_on_a_dead_link_ends_here_with_the_timeout(run: Run) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        air = Air()
        central, _ = await central_on(air)
        async with advertising_tool(air) as (tool, controller):
            ours, theirs = await connected(central, tool)
            ends = lost(ours), lost(theirs)
            air.put_away(controller)
            left_at = loop.time()
            await ours.disconnect()
            assert loop.time() - left_at == pytest.approx(4.0, abs=1e-6)
            assert [end.result()[0] for end in ends] == [
                hci.HCI_ErrorCode.CONNECTION_TERMINATED_BY_LOCAL_HOST_ERROR,
                hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR,
            ]
            air.bring_back(controller)

    run(main())
