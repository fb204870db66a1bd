"""Simulated tools that do not speak the profile, met by a plain bleak program."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from bleak import BleakClient, BleakScanner
from bleak.backends.characteristic import BleakGATTCharacteristic

from protocols.massage_tool import MASSAGE_TOOL_SERVICE
from protocols.other_tools import tindeq, uart, witmotion
from simulators.bleak_backend import Adapter
from simulators.data_files import DataFileError, config_root
from simulators.defaults import in_hand, strokes
from simulators.other_tools import DRESSES
from simulators.radio import Air, connect_host
from simulators.tool_data import load_tool
from simulators.virtual_time import run_virtual

NAMES = sorted(path.stem for path in (config_root() / "tools" / "other").glob("*.toml"))


class Program:
    """A connected bleak program that keeps what it is notified of."""

    def __init__(self, client: BleakClient) -> None:
        self.client = client
        self.came: list[tuple[float, bytes]] = []

    async def listen(self, uuid: str) -> None:
        def take(_sender: BleakGATTCharacteristic, value: bytearray) -> None:
            self.came.append((asyncio.get_running_loop().time(), bytes(value)))

        await self.client.start_notify(uuid, take)

    async def write(self, uuid: str, digits: str) -> None:
        await self.client.write_gatt_char(uuid, bytes.fromhex(digits), response=True)

    async def hear(self, seconds: float) -> list[bytes]:
        self.came.clear()
        await asyncio.sleep(seconds)
        return [value for _, value in self.came]


@asynccontextmanager
async def program(name: str) -> AsyncIterator[Program]:
    """A simulated tool on an air, and a program connected to it without pairing."""
    air = Air()
    simulated = in_hand(name, "careful", strokes(), 1)
    computer = connect_host(air.add_controller("computer"))
    async with simulated.on_air(air), Adapter(computer) as adapter:
        device = await BleakScanner.find_device_by_filter(
            lambda _device, data: DRESSES[simulated.data.serves].service in data.service_uuids,
            backend=adapter.scanner_backend,
            timeout=20,
        )
        assert device is not None
        client = BleakClient(device, backend=adapter.client_backend)
        await client.connect()
        yield Program(client)
        await client.disconnect()


def test_every_dress_has_a_tool_and_every_tool_a_dress() -> None:
    assert {load_tool(name).serves for name in NAMES} == set(DRESSES)


@pytest.mark.parametrize("name", NAMES)
def test_a_tool_shows_its_own_service_and_not_the_profiles(name: str) -> None:
    async def main() -> None:
        async with program(name) as met:
            services = {service.uuid for service in met.client.services}
            assert DRESSES[load_tool(name).serves].service in services
            assert MASSAGE_TOOL_SERVICE not in services
            model = await met.client.read_gatt_char("00002a24-0000-1000-8000-00805f9b34fb")
            assert bytes(model).decode() == load_tool(name).model
            battery = await met.client.read_gatt_char("00002a19-0000-1000-8000-00805f9b34fb")
            assert list(battery) == [80]

    run_virtual(main())


def test_a_progressor_starts_zeroes_tells_its_battery_and_stops() -> None:
    async def main() -> None:
        async with program("progressor-dome") as met:
            await met.listen(tindeq.DATA)
            assert await met.hear(1.0) == []
            await met.write(tindeq.CONTROL_POINT, "65")
            values = await met.hear(1.0)
            samples = [fields for v in values for fields in struct.iter_unpack("<fI", v[2:])]
            assert {(value[0], value[1] % 8) for value in values} == {(1, 0)}
            assert len(samples) == pytest.approx(80, abs=5)
            steps = {b[1] - a[1] for a, b in pairwise(samples)}
            assert steps == {12_500}
            before_kg = sum(mass for mass, _ in samples) / len(samples)
            await met.write(tindeq.CONTROL_POINT, "64")
            await asyncio.sleep(0.2)
            values = await met.hear(0.5)
            samples = [fields for v in values for fields in struct.iter_unpack("<fI", v[2:])]
            after_kg = sum(mass for mass, _ in samples) / len(samples)
            assert abs(before_kg) > 5 * abs(after_kg)
            await met.write(tindeq.CONTROL_POINT, "6f")
            await asyncio.sleep(0.2)
            assert bytes.fromhex("00 04 93 0f 00 00") in [value for _, value in met.came]
            await met.write(tindeq.CONTROL_POINT, "66")
            await asyncio.sleep(0.2)
            assert await met.hear(1.0) == []

    run_virtual(main())


def test_a_witmotion_sends_unasked_obeys_its_rate_and_is_cut() -> None:
    async def main() -> None:
        async with program("witmotion") as met:
            await met.listen(witmotion.DATA)
            slow = b"".join(await met.hear(2.0))
            assert slow.count(b"\x55\x61") == pytest.approx(40, abs=4)
            await met.write(witmotion.COMMAND, "ff aa 69 88 b5")
            await met.write(witmotion.COMMAND, "ff aa 03 09 00")
            await asyncio.sleep(0.1)
            values = await met.hear(2.0)
            assert b"".join(values).count(b"\x55\x61") == pytest.approx(200, abs=12)
            assert any(len(value) % 20 for value in values)
            await met.client.stop_notify(witmotion.DATA)
            await asyncio.sleep(0.2)
            assert await met.hear(1.0) == []

    run_virtual(main())


@pytest.mark.parametrize("name", ["lines-csv", "lines-json", "bluefruit"])
def test_a_serial_tool_sends_pieces_of_20_bytes_at_most(name: str) -> None:
    async def main() -> None:
        async with program(name) as met:
            await met.listen(uart.TX)
            values = await met.hear(1.0)
            assert max(map(len, values)) == 20
            assert b"".join(values).isascii() is (name != "bluefruit")

    run_virtual(main())


def test_the_hand_begins_by_itself_and_presses() -> None:
    async def main() -> None:
        async with program("fields") as met:
            await met.listen("5a1e0001-6d61-4373-8147-652d66696c65")
            await met.write("5a1e0002-6d61-4373-8147-652d66696c65", "01")
            waiting, working = await met.hear(2.5), await met.hear(12.0)

            def highest(values: list[bytes]) -> int:
                layout = struct.Struct("<Ihhhhi")
                return max(int(row[1]) for v in values for row in layout.iter_unpack(v[1:]))

            assert highest(working) > highest(waiting) + 1000

    run_virtual(main())


def test_a_tool_can_be_met_again() -> None:
    async def main() -> None:
        async with program("tindeq") as met:
            await met.listen(tindeq.DATA)
            await met.write(tindeq.CONTROL_POINT, "65")
            assert await met.hear(0.5)
            await met.client.disconnect()
            await met.client.connect()
            await met.listen(tindeq.DATA)
            assert await met.hear(0.5) == []
            await met.write(tindeq.CONTROL_POINT, "65")
            assert await met.hear(0.5)

    run_virtual(main())


def test_a_name_that_there_is_not_suggests_one_of_all() -> None:
    with pytest.raises(DataFileError, match=r"did you mean tindeq\?"):
        load_tool("tindek")


def test_a_dress_that_there_is_not_is_refused(tmp_path: Path) -> None:
    text = (config_root() / "tools" / "other" / "tindeq.toml").read_text(encoding="utf-8")
    file = tmp_path / "odd.toml"
    file.write_text(text.replace('"tindeq"', '"tindek"'), encoding="utf-8")
    with pytest.raises(DataFileError, match=r"tool\.serves"):
        load_tool(str(file))
