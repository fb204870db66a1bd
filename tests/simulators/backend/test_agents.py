"""Pairing with a person: keyboards, displays, and comparing numbers."""

import asyncio

import pytest
from bleak import BleakClient
from bleak.exc import BleakError
from bumble.pairing import PairingDelegate

from simulators.bleak_backend import Adapter, Agent
from simulators.radio import Air, connect_host
from tests.simulators.radio.central import found
from tests.simulators.radio.world import ADDRESS, PRIVATE, Run, tool_on

Capability = PairingDelegate.IoCapability


class Person(PairingDelegate):
    """Someone at the tool, who looks at its display and types on its keyboard."""

    def __init__(self, capability: Capability, *, agrees: bool = True) -> None:
        super().__init__(capability)
        loop = asyncio.get_running_loop()
        self.agrees = agrees
        self.shown: asyncio.Future[int] = loop.create_future()
        self.told: asyncio.Future[int] = loop.create_future()

    async def compare_numbers(self, number: int, digits: int) -> bool:
        assert digits == 6
        self.shown.set_result(number)
        return self.agrees

    async def get_number(self) -> int | None:
        return await self.told

    async def display_number(self, number: int, digits: int) -> None:
        assert digits == 6
        if not self.shown.done():
            self.shown.set_result(number)


def is_authenticated(adapter_keys: object) -> bool:
    ltk = getattr(adapter_keys, "ltk", None)
    return bool(getattr(ltk, "authenticated", False))


async def paired(agent: Agent, person: Person) -> bool:
    """Pair, and say whether the key is an authenticated one."""
    air = Air()
    async with (
        tool_on(connect_host(air.add_controller("tool")), delegate=person) as tool,
        Adapter(connect_host(air.add_controller("adapter")), agent=agent) as adapter,
    ):
        await tool.advertise()
        async with BleakClient(await found(adapter), backend=adapter.client_backend) as client:
            await client.pair()
            assert await client.read_gatt_char(PRIVATE) == b"secret"
            ((_, keys),) = await adapter.bonds.get_all()
            return is_authenticated(keys)


@pytest.mark.parametrize("we_agree", [True, False])
@pytest.mark.parametrize("they_agree", [True, False])
def test_a_comparison_needs_both_sides_to_agree(
    run: Run, *, we_agree: bool, they_agree: bool
) -> None:
    async def main() -> None:
        person = Person(Capability.DISPLAY_OUTPUT_AND_YES_NO_INPUT, agrees=they_agree)

        async def compare(address: str, number: int) -> bool:
            assert address == ADDRESS
            assert number == await person.shown
            return we_agree

        agent = Agent(compare=compare)
        if we_agree and they_agree:
            assert await paired(agent, person)
        else:
            with pytest.raises(BleakError, match="confirm value failed"):
                await paired(agent, person)

    run(main())


def test_six_digits_that_we_show_are_entered_at_the_tool(run: Run) -> None:
    async def main() -> None:
        person = Person(Capability.KEYBOARD_INPUT_ONLY)

        async def show(address: str, number: int) -> None:
            assert address == ADDRESS
            person.told.set_result(number)

        assert await paired(Agent(show=show), person)

    run(main())


def test_six_digits_that_the_tool_shows_are_entered_here(run: Run) -> None:
    async def main() -> None:
        person = Person(Capability.DISPLAY_OUTPUT_ONLY)

        async def enter(_address: str) -> int:
            return await person.shown

        assert await paired(Agent(enter=enter), person)

    run(main())


def test_a_person_who_enters_nothing_refuses(run: Run) -> None:
    async def main() -> None:
        async def enter(_address: str) -> None:
            return None

        with pytest.raises(BleakError, match="passkey entry failed"):
            await paired(Agent(enter=enter), Person(Capability.DISPLAY_OUTPUT_ONLY))

    run(main())


def test_a_person_who_never_answers_is_waited_for_thirty_seconds(run: Run) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()

        async def enter(_address: str) -> int:
            await asyncio.Event().wait()
            raise AssertionError

        asked_at = loop.time()
        with pytest.raises(BleakError, match="did not answer"):
            await paired(Agent(enter=enter), Person(Capability.DISPLAY_OUTPUT_ONLY))
        assert 30.0 <= loop.time() - asked_at < 40.0

    run(main())


def test_a_keyboard_without_buttons_says_no_to_a_comparison(run: Run) -> None:
    async def main() -> None:
        async def enter(_address: str) -> int:
            raise AssertionError

        async def show(_address: str, _number: int) -> None:
            raise AssertionError

        person = Person(Capability.DISPLAY_OUTPUT_AND_YES_NO_INPUT)
        with pytest.raises(BleakError, match="confirm value failed"):
            await paired(Agent(enter=enter, show=show), person)

    run(main())


def test_without_an_agent_pairing_is_just_works_and_says_so_in_the_key(run: Run) -> None:
    async def main() -> None:
        person = Person(Capability.DISPLAY_OUTPUT_AND_YES_NO_INPUT)
        assert not await paired(Agent(), person)

    run(main())
