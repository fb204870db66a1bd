"""Services and values as they were last time."""

import asyncio

import pytest
from bleak import BleakClient

from tests.simulators.backend.liar import (
    CHARACTERISTICS,
    DESCRIPTORS,
    READ,
    SERVICES,
    VALUE_HANDLE,
    liar_and_adapter,
)
from tests.simulators.radio.central import found
from tests.simulators.radio.world import Run

DISCOVERY = {SERVICES, CHARACTERISTICS, DESCRIPTORS}


@pytest.mark.parametrize("way", ["winrt", "bluez"])
def test_cached_services_are_taken_where_that_is_asked_for(run: Run, way: str) -> None:
    async def main() -> None:
        async with liar_and_adapter({}) as (liar, adapter):
            device = await found(adapter)
            cached = BleakClient(
                device,
                winrt={"use_cached_services": way == "winrt"},
                backend=adapter.client_backend,
            )
            counts = []
            for _ in range(2):
                liar.asked.clear()
                await cached.connect(dangerous_use_bleak_cache=way == "bluez")
                counts.append(sum(request[0] in DISCOVERY for request in liar.asked))
                assert list(cached.services.characteristics) == [VALUE_HANDLE]
                assert await cached.read_gatt_char(VALUE_HANDLE) == b"value"
                await cached.disconnect()
            assert counts[0] > 0
            assert counts[1] == 0
            async with BleakClient(device, backend=adapter.client_backend):
                assert any(request[0] in DISCOVERY for request in liar.asked)

    run(main())


def test_forgetting_a_peer_forgets_its_services(run: Run) -> None:
    async def main() -> None:
        async with liar_and_adapter({}) as (liar, adapter):
            client = BleakClient(
                await found(adapter),
                winrt={"use_cached_services": True},
                backend=adapter.client_backend,
            )
            await client.connect()
            await client.unpair()
            liar.asked.clear()
            await client.connect()
            assert any(request[0] in DISCOVERY for request in liar.asked)

    run(main())


def test_a_cached_value_is_the_last_one_read_or_notified(run: Run) -> None:
    async def main() -> None:
        async with (
            liar_and_adapter({}) as (liar, adapter),
            BleakClient(await found(adapter), backend=adapter.client_backend) as client,
        ):
            assert await client.read_gatt_char(VALUE_HANDLE, use_cached=True) == b"value"
            liar.lies[READ] = b"\x0bnew"
            assert await client.read_gatt_char(VALUE_HANDLE, use_cached=True) == b"value"
            await client.start_notify(VALUE_HANDLE, lambda _c, _v: None)
            liar.send(b"\x1b" + VALUE_HANDLE.to_bytes(2, "little") + b"told")
            await asyncio.sleep(0.1)
            assert await client.read_gatt_char(VALUE_HANDLE, use_cached=True) == b"told"
            assert await client.read_gatt_char(VALUE_HANDLE) == b"new"
            assert await client.read_gatt_descriptor(5, use_cached=True) == b"new"

    run(main())
