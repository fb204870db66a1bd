"""Pairing, bonds and what becomes of them."""

import asyncio
import json
from pathlib import Path

import pytest
from bleak import BleakClient, BleakScanner
from bleak.exc import BleakError, BleakGATTProtocolError
from bumble.keys import MemoryKeyStore
from bumble.pairing import PairingDelegate

from simulators.bleak_backend import Adapter
from simulators.radio import Air, connect_host
from tests.simulators.radio.central import adapter_on, found, tool_and_adapter
from tests.simulators.radio.world import (
    ADDRESS,
    NAME,
    PRIVATE,
    PRIVATE_STREAM,
    Run,
    advertising_tool,
    tool_on,
)

NO_KEY_FILES = [
    "no json",
    "[1]",
    '{"no address": {}}',
    '{"C0:00:00:00:00:99": {"C0:00:00:00:00:01": {"ltk": 7}}}',
]


def test_a_bond_in_a_file_encrypts_the_next_connection(run: Run, tmp_path: Path) -> None:
    keys = tmp_path / "bonds.json"

    async def main() -> None:
        air = Air()
        async with advertising_tool(air) as (_, _):
            for is_bonded in (False, True):
                async with adapter_on(air, keys) as adapter:
                    client = BleakClient(await found(adapter), backend=adapter.client_backend)
                    async with client:
                        if not is_bonded:
                            await client.pair()
                        assert await client.read_gatt_char(PRIVATE) == b"secret"
                        if is_bonded:
                            await client.unpair()
                await asyncio.sleep(0.5)
        assert keys.stat().st_mode & 0o777 == 0o600
        (bonds,) = json.loads(keys.read_text()).values()
        assert bonds == {}

    run(main())


def test_connect_may_pair_at_once_and_unpair_forgets(run: Run) -> None:
    async def main() -> None:
        async with tool_and_adapter() as (_, _, _, adapter):
            device = await found(adapter)
            async with BleakClient(device, pair=True, backend=adapter.client_backend) as client:
                assert await client.read_gatt_char(PRIVATE) == b"secret"
                await client.unpair()
                assert not client.is_connected
            assert await adapter.bonds.get_all() == []
            async with BleakClient(device, backend=adapter.client_backend) as client:
                with pytest.raises(BleakGATTProtocolError):
                    await client.read_gatt_char(PRIVATE)

    run(main())


def test_a_tool_that_lost_its_bond_is_said_to_have(run: Run) -> None:
    async def main() -> None:
        air = Air()
        bonds = MemoryKeyStore()
        async with advertising_tool(air, bonds=bonds) as (_, _), adapter_on(air) as adapter:
            device = await found(adapter)
            async with BleakClient(device, pair=True, backend=adapter.client_backend):
                pass
            await bonds.delete_all()
            client = BleakClient(device, backend=adapter.client_backend)
            with pytest.raises(BleakError, match="lost its bond"):
                await client.connect()
            assert not client.is_connected
            await client.unpair()
            async with BleakClient(device, pair=True, backend=adapter.client_backend) as again:
                assert await again.read_gatt_char(PRIVATE) == b"secret"

    run(main())


def test_a_bond_that_we_forgot_is_made_anew_with_a_tool_that_remembers(run: Run) -> None:
    async def main() -> None:
        air = Air()
        bonds = MemoryKeyStore()
        async with advertising_tool(air, bonds=bonds) as (_, _):
            keys = []
            for _ in range(2):
                host = connect_host(air.add_controller("adapter"))
                async with Adapter(host, address="C0:00:00:00:00:99") as adapter:
                    client = BleakClient(await found(adapter), backend=adapter.client_backend)
                    async with client:
                        with pytest.raises(BleakGATTProtocolError) as refused:
                            await client.read_gatt_char(PRIVATE)
                        assert refused.value.code == 0x0F
                        await client.pair()
                        assert await client.read_gatt_char(PRIVATE) == b"secret"
                    ((_, bond),) = await adapter.bonds.get_all()
                    assert bond.ltk is not None
                    keys.append(bond.ltk.value)
                    async with client:
                        assert await client.read_gatt_char(PRIVATE) == b"secret"
                await asyncio.sleep(0.5)
            assert keys[0] != keys[1]

    run(main())


@pytest.mark.parametrize("does", ["hang up", "nothing"])
def test_a_tool_that_breaks_off_the_encryption_is_an_error_and_no_hang(run: Run, does: str) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        async with tool_and_adapter() as (_, tool, _, adapter):
            device = await found(adapter)
            client = BleakClient(device, pair=True, timeout=5.0, backend=adapter.client_backend)
            async with client:
                pass
            leaving: list[asyncio.Task[None]] = []

            async def break_off(*_: object) -> bytes | None:
                if does == "hang up":
                    leaving.append(loop.create_task(tool.connections[-1].disconnect()))
                await asyncio.sleep(60.0)
                return None

            tool.device.host.long_term_key_provider = break_off
            asked_at = loop.time()
            if does == "hang up":
                with pytest.raises(
                    BleakError, match="encrypting the link: the connection was lost"
                ):
                    await client.connect()
                assert loop.time() - asked_at < 2.0
            else:
                with pytest.raises(TimeoutError):
                    await client.connect()
                assert loop.time() - asked_at == pytest.approx(5.0, abs=0.5)
            assert not client.is_connected
            assert list(adapter.links) == []

    run(main())


def test_a_bond_with_another_key_ends_the_connection_with_an_error(run: Run) -> None:
    async def main() -> None:
        air = Air()
        bonds = MemoryKeyStore()
        async with advertising_tool(air, bonds=bonds) as (_, _), adapter_on(air) as adapter:
            device = await found(adapter)
            async with BleakClient(device, pair=True, backend=adapter.client_backend):
                pass
            ((_, keys),) = await bonds.get_all()
            assert keys.ltk is not None
            keys.ltk.value = bytes(16)
            with pytest.raises(BleakError, match="mic failure"):
                await BleakClient(device, backend=adapter.client_backend).connect()

    run(main())


def test_a_bonded_tool_with_changing_addresses_is_known_again(run: Run) -> None:
    async def main() -> None:
        air = Air()
        async with (
            tool_on(connect_host(air.add_controller("tool")), new_address_every_s=60) as tool,
            adapter_on(air) as adapter,
        ):
            await tool.advertise()
            device = await BleakScanner.find_device_by_name(NAME, backend=adapter.scanner_backend)
            assert device is not None
            assert device.address != ADDRESS
            client = BleakClient(device, pair=True, backend=adapter.client_backend)
            assert client.address == device.address
            async with client:
                assert client.address == ADDRESS
            before = tool.device.random_address
            tool.again = None
            await asyncio.sleep(1.0)
            await tool.device.stop_advertising()
            await asyncio.sleep(100.0)
            await tool.advertise()
            assert tool.device.random_address != before
            client = BleakClient(await found(adapter), backend=adapter.client_backend)
            async with client:
                assert await client.read_gatt_char(PRIVATE) == b"secret"
                await client.unpair()
            assert await adapter.bonds.get_all() == []

    run(main())


def test_a_refused_subscription_may_be_asked_for_again(run: Run) -> None:
    async def main() -> None:
        async with (
            tool_and_adapter() as (_, _, _, adapter),
            BleakClient(await found(adapter), backend=adapter.client_backend) as client,
        ):
            with pytest.raises(BleakGATTProtocolError) as refused:
                await client.start_notify(PRIVATE_STREAM, lambda _c, _value: None)
            assert refused.value.code == 0x0F
            await client.pair()
            await client.pair()
            await client.start_notify(PRIVATE_STREAM, lambda _c, _value: None)
            cccd = client.services.get_characteristic(PRIVATE_STREAM)
            assert cccd is not None
            assert await client.read_gatt_descriptor(cccd.descriptors[0]) == b"\x01\x00"
            cached = await client.read_gatt_descriptor(cccd.descriptors[0], use_cached=True)
            assert cached == b"\x01\x00"

    run(main())


@pytest.mark.parametrize("content", NO_KEY_FILES)
def test_a_key_file_that_is_none_is_refused(run: Run, tmp_path: Path, content: str) -> None:
    keys = tmp_path / "bonds.json"
    keys.write_text(content)

    async def main() -> None:
        with pytest.raises(BleakError, match="cannot be read"):
            adapter_on(Air(), keys)

    run(main())
    assert keys.read_text() == content


class _Display(PairingDelegate):
    def __init__(self) -> None:
        super().__init__(PairingDelegate.IoCapability.DISPLAY_OUTPUT_ONLY)
        self.shown: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def display_number(self, number: int, digits: int) -> None:
        assert digits == 6
        if not self.shown.done():
            self.shown.set_result(number)


@pytest.mark.parametrize("mistake", [0, 1])
def test_a_passkey_is_asked_for_and_must_be_right(run: Run, mistake: int) -> None:
    async def main() -> None:
        air = Air()
        display = _Display()
        asked: list[str] = []

        async def ask(address: str) -> int:
            asked.append(address)
            return (await display.shown + mistake) % 1_000_000

        async with (
            tool_on(connect_host(air.add_controller("tool")), delegate=display) as tool,
            Adapter(connect_host(air.add_controller("adapter")), passkey=ask) as adapter,
        ):
            await tool.advertise()
            async with BleakClient(await found(adapter), backend=adapter.client_backend) as client:
                if mistake:
                    with pytest.raises(BleakError, match="confirm value failed"):
                        await client.pair()
                    assert client.is_connected
                else:
                    await client.pair()
                    assert await client.read_gatt_char(PRIVATE) == b"secret"
        assert asked == [ADDRESS]

    run(main())
