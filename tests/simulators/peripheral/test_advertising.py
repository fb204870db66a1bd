"""When a tool can be found, and under which address (tool-profile.md, Advertising and Link)."""

import asyncio
from itertools import pairwise

import pytest
from bleak import BleakClient
from bumble import hci
from bumble.device import Advertisement

from protocols.massage_tool import BATTERY_LEVEL, TOOL_FEATURE
from simulators.bleak_backend import Adapter
from simulators.peripheral.identity import Identity
from simulators.radio import AirError, connect_host
from tests.simulators.peripheral.raw import TOOL, RawCentral, play, raw_room

PUBLIC = "00:11:22:33:44:55"


def _gaps(heard: list[tuple[float, Advertisement]]) -> list[float]:
    times = sorted({time for time, _ in heard})
    return [later - earlier for earlier, later in pairwise(times)]


async def _is_heard(watcher: RawCentral) -> bool:
    return bool(await watcher.hears(1.1))


def test_after_switch_on_it_is_fast_for_30_s_and_then_silent() -> None:
    async def main() -> None:
        async with raw_room(external_power=False) as room:
            watcher = await room.central()
            heard = await watcher.hears(40)
            assert max(_gaps(heard)) <= 0.12
            assert 29 < heard[-1][0] - heard[0][0] <= 30.1

    play(main)


def test_on_external_power_it_goes_on_at_most_a_second_apart() -> None:
    async def main() -> None:
        async with raw_room() as room:
            watcher = await room.central()
            heard = await watcher.hears(120)
            gaps = _gaps(heard)
            assert max(gaps[:280]) <= 0.12
            assert 0.5 < min(gaps[-50:]) <= max(gaps[-50:]) <= 1.0
            room.tool.plug(is_plugged=False)
            await asyncio.sleep(0.1)
            assert not await _is_heard(watcher)
            room.tool.plug(is_plugged=True)
            assert await _is_heard(watcher)

    play(main)


def test_a_button_press_makes_it_advertise_anew() -> None:
    async def main() -> None:
        async with raw_room(external_power=False) as room:
            watcher = await room.central()
            await asyncio.sleep(60)
            assert not await _is_heard(watcher)
            room.tool.press_button()
            heard = await watcher.hears(40)
            assert 29 < heard[-1][0] - heard[0][0] <= 30.1

    play(main)


@pytest.mark.parametrize("is_lost", [True, False])
def test_after_a_connection_it_advertises_for_10_min(*, is_lost: bool) -> None:
    async def main() -> None:
        async with raw_room(external_power=False) as room:
            alice = await room.joined()
            await asyncio.sleep(100)
            await (room.tool.lose_link() if is_lost else alice.part())
            heard = await alice.hears(700)
            assert 598 < heard[-1][0] - heard[0][0] <= 600.1
            assert max(_gaps(heard)[:280]) <= 0.12
            assert max(_gaps(heard)) <= 1.0

    play(main)


def test_holding_the_button_ends_the_connection_and_30_s_follow() -> None:
    async def main() -> None:
        async with raw_room(external_power=False, bonding_s=30.0) as room:
            alice = await room.paired()
            ended = asyncio.get_running_loop().create_future()
            alice.link.on("disconnection", ended.set_result)
            await asyncio.sleep(100)
            await room.tool.hold_button()
            assert await ended == hci.HCI_REMOTE_USER_TERMINATED_CONNECTION_ERROR
            heard = await alice.hears(700)
            assert 29 < heard[-1][0] - heard[0][0] <= 30.1
            assert await room.tool._security.keystore.get_all() == []

    play(main)


def test_a_press_while_connected_leaves_the_connection() -> None:
    async def main() -> None:
        async with raw_room(external_power=False) as room:
            alice = await room.joined()
            room.tool.press_button()
            await asyncio.sleep(1)
            assert room.tool.is_connected
            watcher = await room.central("C0:00:00:00:00:02")
            assert not await _is_heard(watcher)
            await alice.part()

    play(main)


def test_a_tool_that_is_off_is_silent_and_does_not_notice_its_button() -> None:
    async def main() -> None:
        async with raw_room() as room:
            watcher = await room.central()
            await room.tool.power_off()
            room.tool.press_button()
            room.tool.plug(is_plugged=True)
            await room.tool.hold_button()
            assert not await _is_heard(watcher)
            await room.tool.switch_on()
            assert await _is_heard(watcher)

    play(main)


def test_of_two_centrals_that_wait_one_is_connected() -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice, bob = await room.central(), await room.central("C0:00:00:00:00:02")
            first, second = (asyncio.ensure_future(each.join()) for each in (alice, bob))
            await asyncio.sleep(3)
            assert room.tool.is_connected
            assert len(room.tool._device.connections) == 1
            for each in (first, second):
                each.cancel()
            await asyncio.gather(first, second, return_exceptions=True)

    play(main)


async def _shown(watcher: RawCentral) -> set[str]:
    return {str(each.address) for _, each in await watcher.hears(0.5)}


def test_a_private_address_changes_and_is_found_by_its_identity() -> None:
    async def main() -> None:
        async with raw_room(address_kind="private") as room:
            host = connect_host(room.air.add_controller("computer"))
            watcher = await room.central()
            async with Adapter(host) as adapter:
                (shown,) = await _shown(watcher)
                assert hci.Address(shown).is_resolvable
                async with BleakClient(shown, backend=adapter.client_backend, pair=True) as client:
                    await client.read_gatt_char(TOOL_FEATURE)
                await asyncio.sleep(1000)
                (later,) = await _shown(watcher)
                assert later != shown
                async with BleakClient(TOOL, backend=adapter.client_backend) as client:
                    assert len(await client.read_gatt_char(TOOL_FEATURE)) == 32

    play(main)


def test_a_public_address_is_its_controllers() -> None:
    async def main() -> None:
        async with raw_room(address_kind="public", address=PUBLIC) as room:
            watcher = await room.central()
            assert await _shown(watcher) == {f"{PUBLIC}/P"}
            host = connect_host(room.air.add_controller("computer"))
            async with Adapter(host) as adapter:
                for pairs in (True, False):
                    backend = adapter.client_backend
                    async with BleakClient(PUBLIC, backend=backend, pair=pairs) as client:
                        assert len(await client.read_gatt_char(TOOL_FEATURE)) == 32

    play(main)


def test_private_addresses_repeat_themselves_and_resolve() -> None:
    first, second = (Identity(TOOL, "private") for _ in range(2))
    shown = [str(first.next_shown()) for _ in range(3)]
    assert shown == [str(second.next_shown()) for _ in range(3)]
    assert len(set(shown)) == 3


@pytest.mark.parametrize(("address", "kind"), [("00:11:22:33:44:55", "static"), (TOOL, "other")])
def test_addresses_that_cannot_be(address: str, kind: str) -> None:
    with pytest.raises(ValueError, match=r"address|static"):
        Identity(address, kind)


def test_a_public_address_needs_a_controller_that_has_one() -> None:
    identity = Identity("00:11:22:33:44:55", "public")
    with pytest.raises(AirError, match="public"):
        identity.check(hci.Address.ANY)


def test_the_battery_can_be_read_at_once_by_anyone() -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice = await room.joined()
            said = await alice.ask(4, b"\x0a" + room.handle(BATTERY_LEVEL).to_bytes(2, "little"))
            assert said == [b"\x0b\x50"]

    play(main)


def test_a_second_central_that_gets_through_is_sent_away_unheard() -> None:
    async def main() -> None:
        async with raw_room() as room:
            alice, bob = await room.paired(), await room.central("C0:00:00:00:00:02")
            await room.tool._device.start_advertising()
            await bob.join()
            ended = asyncio.get_running_loop().create_future()
            bob.link.on("disconnection", ended.set_result)
            bob.heard.clear()
            bob.say(4, b"\x0a" + room.handle(BATTERY_LEVEL).to_bytes(2, "little"))
            assert await ended == hci.HCI_REMOTE_USER_TERMINATED_CONNECTION_ERROR
            assert bob.heard == []
            feature = b"\x0a" + room.handle(TOOL_FEATURE).to_bytes(2, "little")
            assert [len(said) for said in await alice.ask(4, feature)] == [23]

    play(main)
