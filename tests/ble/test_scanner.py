"""Scanning and finding by service, address and name."""

import asyncio
from dataclasses import replace

import pytest
from bleak.exc import BleakError

from companion.ble.adapter import Adapter
from companion.ble.errors import LinkError, LinkFault, OutOfReach
from companion.ble.scanner import find, scan, survey
from companion.settings.described_tools import load_other_tools
from simulators.bleak_backend import Adapter as Radio
from simulators.plan import Plan
from simulators.radio import Air, connect_host
from simulators.scenario import load_scenario
from simulators.simulated_tool import SimulatedTool
from simulators.tool_data import load_tool
from simulators.virtual_time import run_virtual
from tests.ble.scripted_tool import ADDRESS, NAME, ScriptedTool, failing


def test_scan_tells_name_signal_and_when() -> None:
    async def main() -> None:
        await asyncio.sleep(50.0)
        (found,) = await scan(ScriptedTool().adapter(), 3.0)
        assert (found.address, found.name, found.rssi_dbm) == (ADDRESS, NAME, -61)
        assert 0.0 <= asyncio.get_running_loop().time() - found.seen_at < 0.2

    run_virtual(main())


@pytest.mark.parametrize("wanted", [None, ADDRESS, ADDRESS.lower(), NAME, NAME.upper()])
def test_find_by_address_or_name(wanted: str | None) -> None:
    found = run_virtual(find(ScriptedTool().adapter(), wanted, 5.0))
    assert found.address == ADDRESS


def test_find_does_not_take_another_for_the_wanted() -> None:
    with pytest.raises(LinkError) as caught:
        run_virtual(find(ScriptedTool().adapter(), "C4:00:00:00:00:02", 5.0))
    assert caught.value.fault is LinkFault.NOT_FOUND


@pytest.mark.parametrize(
    ("there", "chosen", "sentence"),
    [
        (
            ("hci0", "hci1"),
            "hci9",
            "The adapter hci9 was chosen and is not there; there are: hci0, ",
        ),
        (("hci0", "hci1"), "hci1", "no Bluetooth adapter that can be used"),
        (("hci0",), "", "no Bluetooth adapter that can be used"),
        ((), "hci9", "no Bluetooth adapter that can be used"),
        (None, "hci9", "no Bluetooth adapter that can be used"),
    ],
)
def test_an_adapter_that_was_chosen_and_is_not_there_is_named_with_those_that_are(
    there: tuple[str, ...] | None, chosen: str, sentence: str
) -> None:
    tool = ScriptedTool(misbehaves={"scan": failing(BleakError("adapter not found"))})
    tool.platform.names = there
    with pytest.raises(OutOfReach) as caught:
        run_virtual(scan(replace(tool.adapter(), hci=chosen), 1.0))
    assert caught.value.fault is LinkFault.NO_ADAPTER
    assert sentence in str(caught.value)
    assert caught.value.exit_code == 3


def test_a_survey_tells_tools_of_the_profile_from_those_that_are_described() -> None:
    async def main() -> None:
        air = Air()
        own = connect_host(air.add_controller("computer"))
        tools = [
            SimulatedTool(Plan(()), load_tool(name), load_scenario("careful"), 1)
            for name in ("small-roller", "witmotion")
        ]
        async with tools[0].on_air(air), tools[1].on_air(air), Radio(own) as radio:
            adapter = Adapter(radio.name, radio.client_backend, radio.scanner_backend)
            heard = await survey(adapter, 3.0, load_other_tools())
        kinds = {found.name: kind and kind.name for found, kind in heard}
        assert kinds == {tools[0].data.name: None, tools[1].data.name: "witmotion"}

    run_virtual(main())
