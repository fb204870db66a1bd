"""A central made of bumble alone, for the tests of the radio."""

import asyncio

from bumble import hci
from bumble.device import (
    Advertisement,
    Connection,
    ConnectionParametersPreferences,
    Device,
)

from simulators.radio import Air, RadioController, connect_host
from tests.simulators.radio.world import ADDRESS, Tool

CENTRAL = "C0:00:00:00:00:99"


def preferences(interval_ms: float) -> dict[hci.Phy, ConnectionParametersPreferences]:
    return {
        hci.Phy.LE_1M: ConnectionParametersPreferences(
            connection_interval_min=interval_ms,
            connection_interval_max=interval_ms,
            max_latency=0,
            supervision_timeout=4000,
        )
    }


PREFERENCES = preferences(30.0)


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
