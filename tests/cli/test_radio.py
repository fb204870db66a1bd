"""The radio a command opens: BlueZ with an agent, the virtual one with its bonds; forgetting."""

import asyncio
import sys
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from companion.__main__ import main
from companion.ble.adapter import Adapter
from companion.ble.errors import LinkError, LinkFault
from companion.ble.ownership import owned
from companion.ble.platform import Untold
from companion.cli.endings import UsageRefused
from companion.cli.radio import opened_radio
from companion.cli.virtual_radio import keys_file, locks_folder
from companion.errors import FileRefused
from companion.settings.tools import keep_tool, load_tools
from tests.ble.scripted_tool import ADDRESS, ScriptedTool, failing
from tests.settings.test_tools import ROLLER

if sys.platform == "linux":
    from companion.ble.bluez import BlueZ
    from tests.ble.fake_bus import FakeBus

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="BlueZ is Linux's")


@on_linux
@pytest.mark.parametrize("pairs", [True, False])
def test_bluez_has_an_agent_of_ours_where_bonds_matter(
    monkeypatch: pytest.MonkeyPatch, *, pairs: bool
) -> None:
    buses: list[FakeBus] = []

    async def open_bus() -> FakeBus:
        buses.append(FakeBus())
        return buses[-1]

    monkeypatch.setattr("companion.ble.bluez.has_bus", lambda: True)
    monkeypatch.setattr("companion.ble.bluez.opened_bus", open_bus)

    async def run() -> None:
        async with opened_radio(None, keeps=pairs) as adapter:
            assert isinstance(adapter.platform, BlueZ)
            assert (adapter.platform.agent is not None) is pairs
            assert all(bus.is_open for bus in buses)
        assert len(buses) == 1 + pairs
        assert not any(bus.is_open for bus in buses)

    asyncio.run(run())
    called = [member for bus in buses for member, _ in bus.called]
    agent = ["RegisterAgent", "RequestDefaultAgent", "UnregisterAgent"]
    assert called == (agent if pairs else [])


@on_linux
def test_a_bluez_that_is_not_there_is_left_to_the_scan_to_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def refuse() -> FakeBus:
        raise OSError("no bus")

    monkeypatch.setattr("companion.ble.bluez.has_bus", lambda: True)
    monkeypatch.setattr("companion.ble.bluez.opened_bus", refuse)

    async def run() -> None:
        async with opened_radio(None, keeps=True) as adapter:
            assert isinstance(adapter.platform, BlueZ)
            with pytest.raises(OSError, match="no bus"):
                await adapter.platform.is_bonded(ADDRESS)

    asyncio.run(run())


@on_linux
def test_one_of_several_adapters_is_chosen_by_a_flag_or_by_the_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chosen: list[dict[str, Any]] = []
    monkeypatch.setattr("companion.ble.bluez.has_bus", lambda: False)
    monkeypatch.setattr("companion.ble.adapter.BleakClient", lambda *_, **how: chosen.append(how))
    monkeypatch.setenv("MASSAGE_COMPANION_ADAPTER", "hci2")

    async def run(hci: str | None) -> Adapter:
        async with opened_radio(None, hci=hci) as adapter:
            adapter.client(ADDRESS, lambda: None, timeout_s=1.0)
            return adapter

    for hci, wanted in ((None, "hci2"), ("hci1", "hci1")):
        adapter = asyncio.run(run(hci))
        assert wanted in adapter.name
        assert isinstance(adapter.platform, BlueZ)
        assert adapter.platform.adapter == wanted
        assert chosen.pop()["bluez"] == {"adapter": wanted}
    with pytest.raises(FileRefused, match="adapter"):
        asyncio.run(run("../hci0"))
    monkeypatch.setattr("companion.cli.radio.sys.platform", "darwin")
    with pytest.raises(UsageRefused, match="hci1"):
        asyncio.run(run("hci1"))


def test_elsewhere_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("companion.cli.radio.sys.platform", "darwin")

    async def run() -> None:
        async with opened_radio(None, keeps=True) as adapter:
            platform = adapter.platform
            assert isinstance(platform, Untold)
            assert await platform.is_bonded(ADDRESS) is None
            assert await platform.security(ADDRESS) is None
            assert await platform.connections() is None
            await platform.trust(ADDRESS)
            with platform.expecting(ADDRESS):
                pass

    asyncio.run(run())


@pytest.mark.parametrize("command", [["run", "--oiled"], ["pair"], ["doctor"]])
def test_the_bonds_of_the_virtual_radio_have_one_user_at_a_time(
    home: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert home.exists()
    with owned(locks_folder(), str(keys_file()), "it"):
        assert main([*command, "--air", "127.0.0.1:1"]) == 1
    said = capsys.readouterr()
    assert "The virtual radio is in use by another companion" in said.out + said.err


@pytest.mark.parametrize("trouble", ["none", "bond stays", "no radio"])
def test_a_bluetooth_tool_is_forgotten_whatever_the_system_says(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    trouble: str,
) -> None:
    tool = ScriptedTool()
    if trouble == "bond stays":
        tool.misbehaves["unpair"] = failing(NotImplementedError())

    @asynccontextmanager
    async def opened(_air: object):  # type: ignore[no-untyped-def] # noqa: ANN202 -- as opened_radio
        if trouble == "no radio":
            raise LinkError(LinkFault.NO_ADAPTER)
        yield tool.adapter()

    monkeypatch.setattr("companion.cli.tools.opened_radio", opened)
    keep_tool(ROLLER)
    keep_tool(replace(ROLLER, name="Other", address="C4:00:00:00:00:02"))
    assert main(["tools", "forget", "Bathroom"]) == 0
    said = capsys.readouterr().out
    assert ("The bond with it is removed." in said) is (trouble == "none")
    assert ("No bond was removed here" in said) is (trouble != "none")
    assert [known.name for known in load_tools()] == ["Other"]
    assert home.exists()
