"""Bytes that nobody should send."""

import asyncio
import random
from typing import Any

from bleak import BleakClient
from bumble import hci
from bumble.device import Advertisement
from bumble.transport.common import PacketParser
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.bleak_backend import Adapter
from simulators.bleak_backend.advertisement import advertisement_data
from simulators.radio import Air, connect_host
from simulators.virtual_time import run_virtual
from tests.simulators.radio.world import ADDRESS, VALUE, advertising_tool

PACKETS = 1500


class Deaf:
    """A host that reads nothing."""

    def on_packet(self, packet: bytes) -> None:
        """Let it pass."""


def hostile_packet(chance: random.Random) -> bytes:
    body = bytes(
        chance.choice((0, 1, 2, chance.randrange(256))) for _ in range(chance.randrange(40))
    )
    match chance.randrange(8):
        case 0:
            handle = chance.choice((1, 2, 0xEFF)) | chance.randrange(4) << 12
            return b"\x02" + handle.to_bytes(2, "little") + len(body).to_bytes(2, "little") + body
        case 1:
            return bytes([4, chance.randrange(256), len(body)]) + body
        case _:
            op_code = chance.choice(list(hci.HCI_Command.command_classes))
            return b"\x01" + op_code.to_bytes(2, "little") + bytes([len(body)]) + body


def test_hosts_that_send_nonsense_disturb_nobody_else() -> None:
    problems: list[dict[str, Any]] = []

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _l, c: problems.append(c))
        chance = random.Random(20)  # noqa: S311  # repeatable nonsense is what is wanted
        air = Air()
        async with (
            advertising_tool(air),
            Adapter(connect_host(air.add_controller("adapter"))) as adapter,
            BleakClient(ADDRESS, backend=adapter.client_backend) as client,
        ):
            for _ in range(3):
                controller = air.add_controller("hostile")
                controller.host = Deaf()
                parser = PacketParser(controller)
                for _ in range(PACKETS // 3):
                    parser.feed_data(hostile_packet(chance))
                    await asyncio.sleep(0.001)
            assert await client.read_gatt_char(VALUE) == bytes(range(200)) * 2

    run_virtual(main())
    assert problems == []


@settings(max_examples=200)
@given(st.binary(max_size=62), st.integers(-127, 20))
def test_any_advertising_data_is_read_as_far_as_it_makes_sense(data: bytes, rssi: int) -> None:
    seen = advertisement_data(Advertisement(hci.Address(ADDRESS), rssi=rssi, data_bytes=data))
    assert seen.rssi == rssi
    assert all(len(uuid) == 36 for uuid in (*seen.service_uuids, *seen.service_data))


def test_advertising_data_is_read_by_its_assigned_numbers() -> None:
    data = bytes.fromhex(
        "020106"  # flags
        "03030f18"  # 16 bit service: battery
        "050578563412"  # 32 bit service
        "0409416e6e"  # complete local name "Ann"
        "020af8"  # transmit power -8 dBm
        "04160f1864"  # service data of battery: 100
        "05ff59000102"  # manufacturer 0x0059
    )
    seen = advertisement_data(Advertisement(hci.Address(ADDRESS), rssi=-40, data_bytes=data))
    battery = "0000180f-0000-1000-8000-00805f9b34fb"
    assert seen.local_name == "Ann"
    assert seen.service_uuids == [battery, "12345678-0000-1000-8000-00805f9b34fb"]
    assert seen.service_data == {battery: b"\x64"}
    assert seen.manufacturer_data == {0x59: b"\x01\x02"}
    assert seen.tx_power == -8
