"""Active and passive scans, and BlueZ's filters."""

import asyncio
from typing import Any

import pytest
from bleak import BleakScanner
from bleak.assigned_numbers import AdvertisementDataType
from bleak.backends.scanner import AdvertisementData
from bumble.core import UUID

from simulators.bleak_backend import Adapter
from tests.simulators.radio.central import tool_and_adapter
from tests.simulators.radio.world import ADDRESS, NAME, SERVICE, Run

SERVICE_OCTETS = bytes(UUID(SERVICE))


async def heard(
    adapter: Adapter,
    **arguments: Any,  # noqa: ANN401  # any of bleak's
) -> list[AdvertisementData]:
    async with BleakScanner(backend=adapter.scanner_backend, **arguments) as scanner:
        await asyncio.sleep(1.0)
        return [data for _, data in scanner.discovered_devices_and_advertisement_data.values()]


def test_a_passive_scan_hears_no_scan_response(run: Run) -> None:
    async def main() -> None:
        async with tool_and_adapter() as (_, _, _, adapter):
            (passive,) = await heard(adapter, scanning_mode="passive")
            (active,) = await heard(adapter)
            assert (passive.local_name, active.local_name) == (None, NAME)
            assert passive.service_uuids == active.service_uuids == [SERVICE]

    run(main())


def test_a_scan_is_passive_again_when_the_active_listener_has_left(run: Run) -> None:
    async def main() -> None:
        async with tool_and_adapter() as (_, _, _, adapter):
            passive = BleakScanner(scanning_mode="passive", backend=adapter.scanner_backend)
            async with passive:
                assert adapter.device.scanning_is_passive
                async with BleakScanner(backend=adapter.scanner_backend):
                    assert not adapter.device.scanning_is_passive
                assert adapter.device.is_scanning
                assert adapter.device.scanning_is_passive
            assert not adapter.device.is_scanning

    run(main())


FILTERS: list[tuple[dict[str, Any], bool]] = [
    ({"RSSI": -70}, True),
    ({"RSSI": -40}, False),
    ({"UUIDs": [SERVICE.upper()]}, True),
    ({"UUIDs": ["180f"]}, False),
    ({"Pattern": "a tool"}, True),
    ({"Pattern": ADDRESS[:8]}, True),
    ({"Pattern": "another"}, False),
    ({"Pathloss": 10}, True),
    ({"DuplicateData": True, "Transport": "le"}, True),
]


@pytest.mark.parametrize(("filters", "is_heard"), FILTERS)
def test_filters_of_an_active_scan_count(
    run: Run, filters: dict[str, Any], *, is_heard: bool
) -> None:
    async def main() -> None:
        async with tool_and_adapter() as (_, _, _, adapter):
            seen = await heard(adapter, bluez={"filters": filters})
            assert (len(seen) == 1) is is_heard

    run(main())


@pytest.mark.parametrize(
    ("pattern", "is_heard"),
    [
        ((0, AdvertisementDataType.COMPLETE_LIST_SERVICE_UUID128, SERVICE_OCTETS), True),
        ((2, AdvertisementDataType.COMPLETE_LIST_SERVICE_UUID128, SERVICE_OCTETS[2:5]), True),
        ((1, AdvertisementDataType.COMPLETE_LIST_SERVICE_UUID128, SERVICE_OCTETS), False),
        ((0, AdvertisementDataType.FLAGS, SERVICE_OCTETS), False),
        ((0, AdvertisementDataType.FLAGS, b"\x06"), True),
    ],
)
def test_patterns_of_a_passive_scan_count(
    run: Run, pattern: tuple[int, AdvertisementDataType, bytes], *, is_heard: bool
) -> None:
    async def main() -> None:
        async with tool_and_adapter() as (_, _, _, adapter):
            seen = await heard(adapter, scanning_mode="passive", bluez={"or_patterns": [pattern]})
            assert (len(seen) == 1) is is_heard

    run(main())


def test_arguments_of_other_platforms_are_borne_with(run: Run) -> None:
    async def main() -> None:
        async with tool_and_adapter() as (_, _, _, adapter):
            seen = await heard(
                adapter, cb={"use_bdaddr": True}, bluez={"adapter": "hci0"}, other="thing"
            )
            assert len(seen) == 1

    run(main())
