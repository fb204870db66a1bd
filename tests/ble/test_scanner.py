"""Scanning and finding by service, address and name."""

import asyncio

import pytest

from companion.ble.errors import LinkError, LinkFault
from companion.ble.scanner import find, scan
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
