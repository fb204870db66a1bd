"""A whole tool from a scenario: its mishaps happen, and its truth tells them in its own time."""

import asyncio
from pathlib import Path

import pytest
from bleak import BleakClient, BleakScanner

from simulators.data_files import DataFileError
from simulators.defaults import in_hand, strokes
from simulators.mishaps import CannotStageError
from simulators.radio import Air, connect_host
from simulators.scenario import CountedFrom, Lie, Mishap, MishapKind, load_scenario
from simulators.simulated_tool import SimulatedTool
from simulators.testing import ToolOnAir, in_virtual_time, simulated_tool
from simulators.tool_data import load_tool

NAME = "Aurora roller"


def scenario_file(folder: Path, mishap: str) -> str:
    """Write a scenario of one mishap that counts from the switch-on; return its path."""
    path = folder / "mine.toml"
    path.write_text(f'title = "Mine"\n[[mishap]]\ncounted_from = "switch_on"\n{mishap}\n')
    return str(path)


async def reach(name: str = NAME) -> BleakClient:
    device = await BleakScanner.find_device_by_name(name)
    assert device is not None
    client = BleakClient(device)
    await client.connect()
    return client


def charge(tool: ToolOnAir) -> int:
    return tool.peripheral.firmware.battery_percent


def test_what_has_not_happened_is_not_told() -> None:
    tool = in_hand("small-roller", "weak-link", strokes(), 1)
    assert tool.truth()["mishaps"] == []
    with pytest.raises(LookupError, match="on no air"):
        _ = tool.radio


def test_what_is_no_scenario_is_refused() -> None:
    with pytest.raises(DataFileError, match="did you mean weak-link"):
        in_hand("small-roller", "weak-lnik", strokes(), 1)


@in_virtual_time
async def test_a_scenarios_mishaps_happen_to_a_tool_for_tests() -> None:
    async with simulated_tool("small-roller", "second-central") as tool:
        await asyncio.sleep(1.0)
        assert await BleakScanner.find_device_by_name(NAME, timeout=5.0) is None
        client = await reach()
        (rival,) = tool.simulated.truth()["mishaps"]
        assert rival["kind"] == "second_central"
        assert rival["start_s"] == 0.0
        assert rival["end_s"] == pytest.approx(12.0, abs=0.1)
        await client.disconnect()


@in_virtual_time
async def test_mishaps_can_be_added_to_a_scenarios() -> None:
    twice = Mishap(kind=MishapKind.BUTTON, at_s=3.0, counted_from=CountedFrom.SWITCH_ON, presses=2)
    data, careful = load_tool("small-roller"), load_scenario("careful")
    tool = SimulatedTool(strokes(), data, careful, 1, mishaps=[twice])
    async with tool.on_air(Air()):
        await asyncio.sleep(5.0)
        (told,) = tool.truth()["mishaps"]
        assert (told["kind"], told["presses"]) == ("button", 2)
        assert told["start_s"] == told["end_s"] == pytest.approx(3.0, abs=0.001)


def spell(
    kind: MishapKind, at_s: float, lasting_s: float, *, loss: float = 0.5, lie: Lie | None = None
) -> Mishap:
    return Mishap(
        kind=kind,
        at_s=at_s,
        counted_from=CountedFrom.SWITCH_ON,
        lasting_s=lasting_s,
        loss=loss,
        lie=lie,
    )


@in_virtual_time
async def test_of_weak_links_the_weakest_counts_and_of_lies_the_last() -> None:
    weak, lies = MishapKind.WEAK_LINK, MishapKind.FIRMWARE_LIES
    mishaps = [
        spell(weak, 1.0, 4.0, loss=0.2),
        spell(weak, 2.0, 2.0, loss=0.6),
        spell(lies, 1.0, 4.0, lie=Lie.SHORT_FRAME),
        spell(lies, 2.0, 2.0, lie=Lie.LONG_FRAME),
        spell(MishapKind.OUT_OF_RANGE, 6.0, 2.0),
        spell(MishapKind.OUT_OF_RANGE, 7.0, 2.0),
    ]
    data, careful = load_tool("small-roller"), load_scenario("careful")
    tool, air = SimulatedTool(strokes(), data, careful, 1, mishaps=mishaps), Air()
    other = air.add_controller("other")
    seen = []
    async with tool.on_air(air):
        for _ in range(9):
            await asyncio.sleep(0.5)
            seen.append((round(air.lost_share(tool.radio, other), 6), tool.firmware.lie))
            await asyncio.sleep(0.5)
    assert seen == [
        (0.0, None),
        (0.2, Lie.SHORT_FRAME),
        (0.6, Lie.LONG_FRAME),
        (0.6, Lie.LONG_FRAME),
        (0.2, Lie.SHORT_FRAME),
        (0.0, None),
        (1.0, None),
        (1.0, None),
        (1.0, None),
    ]
    starts = [each["start_s"] for each in tool.truth()["mishaps"]]
    assert starts == sorted(starts)


@pytest.mark.parametrize("seed", [1, 2])
@in_virtual_time
async def test_a_battery_dies_evenly_and_for_good(tmp_path: Path, seed: int) -> None:
    path = scenario_file(tmp_path, 'kind = "battery_dies"\nat_s = 5\nlasting_s = 40')
    async with simulated_tool("small-roller", path, seed=seed) as tool:
        client = await reach()
        full = charge(tool)
        charges: list[int] = []
        await client.start_notify("2a19", lambda _, value: charges.append(value[0]))
        await asyncio.sleep(20.0)
        assert 0.45 < charge(tool) / full < 0.75
        (told,) = tool.simulated.truth()["mishaps"]
        assert told["end_s"] is None
        await asyncio.sleep(30.0)
        assert not client.is_connected
        assert charges == list(range(full - 1, -1, -1))
        (told,) = tool.simulated.truth()["mishaps"]
        assert told["start_s"] == pytest.approx(5.0, abs=0.01)
        assert told["end_s"] == pytest.approx(45.0, abs=0.1)
        await tool.peripheral.switch_on()
        assert not tool.peripheral.is_on


@in_virtual_time
async def test_who_plugs_the_tool_in_saves_it(tmp_path: Path) -> None:
    path = scenario_file(tmp_path, 'kind = "battery_dies"\nat_s = 0\nlasting_s = 20')
    async with simulated_tool("small-roller", path) as tool:
        client = await reach()
        await asyncio.sleep(10.0)
        tool.peripheral.plug(is_plugged=True)
        left = charge(tool)
        assert 0 < left < 60
        await asyncio.sleep(30.0)
        assert client.is_connected
        assert charge(tool) == left
        await client.disconnect()


@in_virtual_time
async def test_a_tool_for_tests_is_found_and_bonded_at_any_time() -> None:
    async with simulated_tool("small-roller") as tool:
        await asyncio.sleep(3600.0)
        client = await reach()
        await client.pair()
        assert tool.peripheral.link_look is not None
        assert tool.peripheral.link_look.is_encrypted
        await client.disconnect()


@in_virtual_time
async def test_a_tool_with_a_public_address_has_it_on_its_controller() -> None:
    data = load_tool("force-only")
    assert data.address_kind == "public"
    async with simulated_tool("force-only") as tool:
        client = await reach(data.name)
        assert client.address == data.address
        assert tool.controller is tool.simulated.radio
        await client.disconnect()


@in_virtual_time
async def test_a_tool_behind_a_host_has_its_mishaps_but_those_of_the_air(tmp_path: Path) -> None:
    path = scenario_file(tmp_path, 'kind = "tool_vanishes"\nat_s = 2\nlasting_s = 4')
    tool = in_hand("small-roller", path, strokes(), 1)
    async with tool.behind(connect_host(Air().add_controller("elsewhere"))) as peripheral:
        await asyncio.sleep(3.0)
        assert not peripheral.is_on
        await asyncio.sleep(4.0)
        assert peripheral.is_on
    with pytest.raises(CannotStageError, match="weak_link needs the air itself"):
        async with in_hand("small-roller", "weak-link", strokes(), 1).behind(
            connect_host(Air().add_controller("elsewhere"))
        ):
            pass
