"""Programs that name no backend."""

import asyncio

import bleak
import pytest
from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.exc import BleakBluetoothNotAvailableError, BleakError

from simulators.bleak_backend import Adapter, installed
from simulators.radio import Air, connect_host
from tests.simulators.radio.central import adapter_on
from tests.simulators.radio.world import ADDRESS, NAME, SERVICE, VALUE, Run, advertising_tool

CLIENT = "get_platform_client_backend_type"
OTHER = "C0:00:00:00:00:02"


async def their_program() -> tuple[str, int]:
    """A program as it is written for a computer's own Bluetooth."""
    device = await BleakScanner.find_device_by_name(NAME)
    assert device is not None
    async with BleakClient(device) as client:
        (listed,) = await (await BleakAdapter.get()).get_connected_devices([SERVICE])
        assert listed.address == device.address
        return str(client.backend_id), len(await client.read_gatt_char(VALUE))


def test_a_program_that_names_no_backend_uses_the_virtual_radio(run: Run) -> None:
    async def main() -> None:
        air = Air()
        before = vars(bleak)[CLIENT]
        async with advertising_tool(air), adapter_on(air) as adapter:
            with installed(adapter):
                assert await their_program() == ("virtual radio", 400)
        assert vars(bleak)[CLIENT] is before

    run(main())


def test_adapters_are_chosen_by_name_and_devices_go_to_who_heard_them(run: Run) -> None:
    async def main() -> None:
        airs = Air(), Air()
        hosts = [connect_host(air.add_controller("adapter")) for air in airs]
        async with (
            advertising_tool(airs[0]),
            advertising_tool(airs[1], address=OTHER),
            Adapter(hosts[0], name="hci0") as zero,
            Adapter(hosts[1], name="hci1") as one,
        ):
            with installed(zero, one):
                (default,) = await BleakScanner.discover(1.0)
                (named,) = await BleakScanner.discover(1.0, bluez={"adapter": "hci1"})
                assert (default.address, named.address) == (ADDRESS, OTHER)
                async with BleakClient(named) as client:
                    assert client.is_connected
                    assert [len(list(adapter.links)) for adapter in (zero, one)] == [0, 1]
                chosen = BleakClient(OTHER, bluez={"adapter": "hci1"})
                async with chosen:
                    assert chosen.is_connected
                with pytest.raises(BleakBluetoothNotAvailableError, match="no adapter hci9"):
                    BleakScanner(bluez={"adapter": "hci9"})

    run(main())


def test_a_bleak_without_the_functions_is_refused_and_left_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def main() -> None:
        before = vars(bleak)[CLIENT]
        monkeypatch.delattr(bleak, "get_platform_adapter_backend_type")
        async with adapter_on(Air()) as adapter:
            with pytest.raises(BleakError, match=r"bleak 3\.1"), installed(adapter):
                raise AssertionError
        assert vars(bleak)[CLIENT] is before

    asyncio.run(main())


def test_nothing_to_install_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"), installed():
        raise AssertionError
