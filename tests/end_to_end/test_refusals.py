"""Tools that refuse, are taken, or forget us: each ends with a sentence that says what to do."""

import asyncio
from collections.abc import Coroutine

import pytest

from companion.ble.adapter import Adapter
from companion.ble.errors import LinkError, LinkFault
from companion.coaching.events import Notice, SessionStarted
from companion.service import Service, ServiceOptions
from companion.settings.care import load_care
from simulators.bleak_backend import Adapter as Radio
from simulators.radio import connect_host
from simulators.virtual_time import run_virtual
from tests.end_to_end.world import routine_of, world

PATIENCE = ServiceOptions(max_search_s=25.0, seed=2, oiled=True)


def play(main: Coroutine[object, object, None]) -> None:
    run_virtual(asyncio.wait_for(main, 900.0))


def test_a_tool_that_takes_no_new_bond_asks_for_its_button() -> None:
    async def main() -> None:
        async with world("careful", "forehead", bonding_s=30.0) as room:
            await asyncio.sleep(40.0)
            with pytest.raises(LinkError, match="Press its button") as caught:
                await room.run()
            assert caught.value.fault is LinkFault.PAIRING_REFUSED
            assert caught.value.exit_code == 1
            room.peripheral.press_button()
            await asyncio.sleep(0.5)
            again = Service(room.adapter, routine_of("forehead"), load_care(), PATIENCE)
            assert (await again.run()).outcome == "finished"

    play(main())


def test_a_second_central_is_told_that_someone_may_hold_the_tool() -> None:
    async def main() -> None:
        async with (
            world("careful", "forehead") as room,
            Radio(connect_host(room.air.add_controller("second"))) as radio,
        ):
            running = asyncio.create_task(room.run())
            await room.next(SessionStarted)
            adapter = Adapter(radio.name, radio.client_backend, radio.scanner_backend)
            second = Service(adapter, routine_of("forehead"), load_care(), PATIENCE)
            with pytest.raises(LinkError, match="no phone or other computer") as caught:
                await second.run()
            assert caught.value.fault is LinkFault.NOT_FOUND
            assert not room.all(Notice)
            assert (await running).outcome == "finished"

    play(main())


def test_a_tool_that_is_not_there_is_looked_for_and_then_named_missing() -> None:
    async def main() -> None:
        async with world("careful", "forehead", options=PATIENCE) as room:
            room.air.put_away(room.tool_radio)
            with pytest.raises(LinkError, match="Switch the tool on") as caught:
                await room.run()
            assert caught.value.exit_code == 3

    play(main())


def test_a_bonded_tool_is_reached_again_without_pairing() -> None:
    async def main() -> None:
        async with world("careful", "forehead", bonding_s=30.0) as room:
            running = asyncio.create_task(room.run())
            await room.next(SessionStarted)
            room.service.request_stop()
            await running
            await asyncio.sleep(60.0)
            again = Service(room.adapter, routine_of("forehead"), load_care(), PATIENCE)
            assert (await again.run()).outcome == "finished"

    play(main())


def test_a_tool_that_forgot_its_bond_asks_to_be_paired_anew() -> None:
    async def main() -> None:
        async with world("careful", "forehead") as room:
            running = asyncio.create_task(room.run())
            await room.next(SessionStarted)
            room.service.request_stop()
            await running
            await room.peripheral._security.keystore.delete_all()
            again = Service(room.adapter, routine_of("forehead"), load_care(), PATIENCE)
            with pytest.raises(LinkError, match="forgotten this computer") as caught:
                await again.run()
            assert caught.value.fault is LinkFault.BOND_LOST

    play(main())
