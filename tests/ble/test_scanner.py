"""Scanning and finding by service, address and name."""

import asyncio

import pytest

from companion.ble.adapter import Adapter
from companion.ble.errors import LinkError, LinkFault
from companion.ble.scanner import find, scan, survey
from companion.settings.described_tools import load_other_tools
from simulators.bleak_backend import Adapter as Radio
from simulators.plan import Plan
from simulators.radio import Air, connect_host
from simulators.scenario import load_scenario
from simulators.simulated_tool import SimulatedTool
from simulators.tool_data import load_tool
from simulators.virtual_time import run_virtual
from tests.ble.scripted_tool import ADDRESS, NAME, ScriptedTool


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
