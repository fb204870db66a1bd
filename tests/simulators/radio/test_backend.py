import asyncio

import pytest
from bleak import BleakClient, BleakScanner
from bleak.exc import BleakGATTProtocolError

from simulators.bleak_backend import Adapter
from simulators.radio import Air, connect_host
from tests.simulators.radio.world import (
    ADDRESS,
    NAME,
    PRIVATE,
    SERVICE,
    STREAM,
    Run,
    advertising_tool,
)


def test_scan_connect_pair_and_be_notified(run: Run) -> None:
    async def main() -> None:
        air = Air()
        received: list[bytearray] = []
        async with (
            advertising_tool(air) as (tool, _),
            Adapter(connect_host(air.add_controller("adapter"))) as adapter,
        ):
            device = await BleakScanner.find_device_by_filter(
                lambda _d, ad: SERVICE in ad.service_uuids, backend=adapter.scanner_backend
            )
            assert device is not None
            assert (device.address, device.name) == (ADDRESS, NAME)
            async with BleakClient(device, backend=adapter.client_backend) as client:
                assert client.mtu_size == 247
                with pytest.raises(BleakGATTProtocolError) as refused:
                    await client.read_gatt_char(PRIVATE)
                assert refused.value.code == 0x0F
                await client.pair()
                assert await client.read_gatt_char(PRIVATE) == b"secret"
                await client.start_notify(STREAM, lambda _c, value: received.append(value))
                for number in range(5):
                    await tool.notify(STREAM, bytes([number]))
                await asyncio.sleep(0.1)
        assert received == [bytearray([number]) for number in range(5)]

    run(main())
