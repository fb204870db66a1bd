"""Active and passive scans, and BlueZ's filters."""

import asyncio
from typing import Any

import pytest
from bleak import BleakScanner
from bleak.assigned_numbers import AdvertisementDataType
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.uuids import normalize_uuid_str
from bumble.core import UUID
from bumble.device import Advertisement
from bumble.hci import Address

from simulators.bleak_backend import Adapter
from simulators.bleak_backend.advertisement import advertisement_data
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


def test_a_scan_that_is_cancelled_while_starting_does_not_go_on(run: Run) -> None:
    async def main() -> None:
        async with tool_and_adapter() as (_, _, _, adapter):
            for turns in range(4):
                starting = asyncio.create_task(
                    BleakScanner(backend=adapter.scanner_backend).start()
                )
                for _ in range(turns):
                    await asyncio.sleep(0)
                starting.cancel()
                await asyncio.gather(starting, return_exceptions=True)
                await asyncio.sleep(0.1)
                assert not adapter.device.is_scanning
            assert len(await heard(adapter)) == 1

    run(main())


def test_a_detection_callback_that_fails_hinders_no_other(
    run: Run, loop_errors: list[dict[str, Any]]
) -> None:
    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)

        def fail(_device: BLEDevice, _data: AdvertisementData) -> None:
            raise ValueError("detected")

        async with (
            tool_and_adapter() as (_, _, _, adapter),
            BleakScanner(fail, backend=adapter.scanner_backend),
        ):
            assert len(await heard(adapter)) == 1
        assert {str(context["exception"]) for context in loop_errors} == {"detected"}

    run(main())
    loop_errors.clear()


PARTS = {
    "nothing": (b"", {}),
    "a name": (b"\x04\x09abc", {"local_name": "abc"}),
    "a short name before the whole one": (b"\x02\x08a\x03\x09ab", {"local_name": "ab"}),
    "a name that is no UTF-8": (b"\x02\x09\xff", {"local_name": "\ufffd"}),
    "16 bit services": (b"\x05\x03\x0f\x18\x0a\x18", {"service_uuids": ["180f", "180a"]}),
    "one and a half services": (b"\x04\x02\x0f\x18\x0a", {"service_uuids": ["180f"]}),
    "32 bit services": (b"\x05\x05\x78\x56\x34\x12", {"service_uuids": ["12345678"]}),
    "a service twice": (b"\x03\x02\x0f\x18\x03\x03\x0f\x18", {"service_uuids": ["180f"]}),
    "power": (b"\x02\x0a\xf6", {"tx_power": -10}),
    "power of two octets": (b"\x03\x0a\xf6\x00", {}),
    "a maker's data": (b"\x04\xff\x34\x12M", {"manufacturer_data": {0x1234: b"M"}}),
    "half a maker": (b"\x02\xff\x34", {}),
    "service data": (b"\x04\x16\x0f\x18S", {"service_data": {"180f": b"S"}}),
    "half a service's data": (b"\x02\x16\x0f", {}),
    "128 bit service data that is too short": (b"\x03\x21\x0f\x18", {}),
    "a kind that nobody knows": (b"\x02\x77\x00", {}),
    "a part without a kind": (b"\x00\x02\x0a\x05", {"tx_power": 5}),
    "a part that ends with the packet": (b"\x1f\x09abc", {"local_name": "abc"}),
}


@pytest.mark.parametrize(("octets", "expected"), PARTS.values(), ids=PARTS.keys())
def test_an_advertisement_says_what_can_be_read_of_it(
    octets: bytes, expected: dict[str, Any]
) -> None:
    heard_part = Advertisement(
        address=Address(ADDRESS), data_bytes=octets, rssi=-60, is_connectable=True
    )
    data = advertisement_data(heard_part)
    wanted = {
        "local_name": None,
        "manufacturer_data": {},
        "service_data": {},
        "service_uuids": [],
        "tx_power": None,
        **expected,
    }
    wanted["service_uuids"] = [normalize_uuid_str(uuid) for uuid in wanted["service_uuids"]]
    wanted["service_data"] = {
        normalize_uuid_str(uuid): value for uuid, value in wanted["service_data"].items()
    }
    assert {name: getattr(data, name) for name in wanted} == wanted
    assert data.rssi == -60
