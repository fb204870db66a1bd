"""BlueZ over a bus that a test answers: bonds, trust, and an agent that is asked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from dbus_fast import Message, MessageType

from companion.ble import bluez
from companion.ble.bluez import BlueZ, BusRefused, objects, opened_bus
from companion.ble.bluez_agent import Agent, registered
from companion.ble.errors import LinkError, LinkFault
from companion.ble.platform import Security
from companion.ble.security import require_bond, require_security
from simulators.virtual_time import run_virtual
from tests.ble.fake_bus import ADDRESS, DEVICE, HCI, FakeBus, plain


def a_bus(**device: object) -> FakeBus:
    """A bus with an adapter and one device."""
    return FakeBus(
        adapters={HCI: plain(Powered=True)},
        devices={DEVICE: plain(Address=ADDRESS, **device)},
    )


@dataclass
class Person:
    """Someone at this computer."""

    entered: int | None = 123456
    agrees: bool = True
    shown: list[int] = field(default_factory=list)
    thinks_s: float = 5.0

    async def enter(self) -> int | None:
        await asyncio.sleep(self.thinks_s)
        return self.entered

    async def compare(self, number: int) -> bool:
        self.shown.append(number)
        return self.agrees

    async def show(self, number: int) -> None:
        self.shown.append(number)


@pytest.mark.parametrize(
    ("device", "is_bonded"),
    [
        ({"Paired": True, "Bonded": True}, True),
        ({"Paired": True, "Bonded": False}, False),
        ({"Paired": True}, True),
        ({"Paired": False}, False),
        ({}, False),
    ],
)
def test_a_bond_is_what_counts_and_where_it_is_not_told_a_pairing(
    device: dict[str, bool], *, is_bonded: bool
) -> None:
    async def main() -> None:
        platform = BlueZ(a_bus(**device))
        assert await platform.is_bonded(ADDRESS.lower()) is is_bonded
        assert await platform.security(ADDRESS) == Security(bonded=is_bonded)
        assert not await platform.is_bonded("C4:00:00:00:00:02")

    run_virtual(main())


def test_without_a_bond_no_link_is_good_enough() -> None:
    async def main() -> None:
        platform = BlueZ(a_bus(Paired=True, Bonded=False))
        for require in (require_bond, require_security):
            with pytest.raises(LinkError) as caught:
                await require(platform, ADDRESS, "it")
            assert caught.value.fault is LinkFault.BOND_GONE

    run_virtual(main())


def test_each_adapter_has_bonds_and_links_of_its_own() -> None:
    async def main() -> None:
        bus = a_bus(Bonded=True, Connected=True)
        own = HCI.rpartition("/")[2]
        assert await BlueZ(bus, adapter=own).is_bonded(ADDRESS)
        assert await BlueZ(bus, adapter=own).connections() == 1
        assert not await BlueZ(bus, adapter=f"{own}1").is_bonded(ADDRESS)
        assert await BlueZ(bus, adapter=f"{own}1").connections() == 0
        assert await BlueZ(bus, adapter="hci9").adapters() == ("hci0",)

    run_virtual(main())


@pytest.mark.parametrize("trouble", ["silent", "refuses"])
def test_a_daemon_that_does_not_tell_is_not_taken_for_a_yes(trouble: str) -> None:
    async def main() -> None:
        bus = a_bus(Bonded=True)
        if trouble == "silent":
            bus.silent.add("GetManagedObjects")
        else:
            bus.errors["GetManagedObjects"] = "org.freedesktop.DBus.Error.ServiceUnknown"
        with pytest.raises(LinkError):
            await require_bond(BlueZ(bus), ADDRESS, "it")
        with pytest.raises(LinkError):
            await require_security(BlueZ(bus), ADDRESS, "it")

    run_virtual(asyncio.wait_for(main(), 30.0))


def test_a_chosen_device_is_trusted_and_connections_are_counted() -> None:
    async def main() -> None:
        bus = a_bus(Connected=True)
        bus.devices[f"{HCI}/dev_2"] = plain(Address="C4:00:00:00:00:02", Connected=False)
        platform = BlueZ(bus)
        await platform.trust(ADDRESS)
        member, (interface, name, value) = bus.called[-1]
        assert (member, interface, name) == ("Set", "org.bluez.Device1", "Trusted")
        assert value.value is True
        assert await platform.connections() == 1
        assert isinstance(platform.expecting(ADDRESS), nullcontext)

    run_virtual(main())


def test_adapters_and_devices_are_told_with_plain_values() -> None:
    tree = run_virtual(objects(a_bus(Connected=True)))
    assert tree.adapters == {HCI: {"Powered": True}}
    assert tree.device(ADDRESS) == (DEVICE, {"Address": ADDRESS, "Connected": True})
    assert tree.device("none") is None


def test_no_bus_is_an_error_of_the_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    with pytest.raises(OSError, match=r"."):
        asyncio.run(opened_bus())
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "nonsense")
    with pytest.raises(BusRefused):
        asyncio.run(opened_bus())
    assert bluez.has_bus()


@asynccontextmanager
async def agent(person: Person | None, *, expects: bool = True) -> AsyncIterator[FakeBus]:
    """An agent at a bus, while the device is being paired."""
    bus = FakeBus()
    async with registered(bus, person) as registered_agent:
        platform = BlueZ(bus, registered_agent)
        with platform.expecting(ADDRESS) if expects else nullcontext():
            yield bus


def is_rejected(reply: Message) -> bool:
    return (
        reply.message_type is MessageType.ERROR and reply.error_name == "org.bluez.Error.Rejected"
    )


@pytest.mark.parametrize(
    ("person", "capability"), [(Person(), "KeyboardDisplay"), (None, "NoInputNoOutput")]
)
def test_the_agent_is_the_default_one_while_it_is_needed(
    person: Person | None, capability: str
) -> None:
    async def main() -> None:
        async with agent(person) as bus:
            assert bus.called == [
                ("RegisterAgent", ["/massage_companion/agent", capability]),
                ("RequestDefaultAgent", ["/massage_companion/agent"]),
            ]
        assert bus.called[-1] == ("UnregisterAgent", ["/massage_companion/agent"])
        assert not bus.handlers

    run_virtual(main())


def test_a_person_enters_compares_and_is_shown() -> None:
    async def main() -> None:
        person = Person()
        async with agent(person) as bus:
            reply = await bus.ask("RequestPasskey", DEVICE)
            assert (reply.message_type, reply.body) == (MessageType.METHOD_RETURN, [123456])
            assert reply.signature == "u"
            assert reply.reply_serial == 77
            for member, body in (
                ("RequestConfirmation", [DEVICE, 42]),
                ("DisplayPasskey", [DEVICE, 7, 3]),
                ("RequestAuthorization", [DEVICE]),
                ("AuthorizeService", [DEVICE, "180f"]),
            ):
                signature = {1: "o", 2: "ou", 3: "ouq"}[len(body)]
                signature = "os" if member == "AuthorizeService" else signature
                reply = await bus.ask(member, *body, signature=signature)
                assert reply.message_type is MessageType.METHOD_RETURN
            assert person.shown == [42, 7]

    run_virtual(main())


@pytest.mark.parametrize("who", ["refuses", "nobody"])
def test_a_question_that_gets_no_yes_is_rejected(who: str) -> None:
    async def main() -> None:
        person = Person(entered=None, agrees=False) if who == "refuses" else None
        async with agent(person) as bus:
            assert is_rejected(await bus.ask("RequestPasskey", DEVICE))
            assert is_rejected(await bus.ask("RequestConfirmation", DEVICE, 1, signature="ou"))
            if person is None:
                assert is_rejected(await bus.ask("DisplayPasskey", DEVICE, 1, 0, signature="ouq"))
                reply = await bus.ask("RequestAuthorization", DEVICE)
                assert reply.message_type is MessageType.METHOD_RETURN

    run_virtual(main())


def test_no_other_device_is_ever_agreed_to() -> None:
    async def main() -> None:
        async with agent(Person()) as bus:
            for member in ("RequestAuthorization", "RequestPasskey"):
                assert is_rejected(await bus.ask(member, f"{HCI}/dev_C4_00_00_00_00_02"))
        async with agent(Person(), expects=False) as bus:
            assert is_rejected(await bus.ask("RequestAuthorization", DEVICE))

    run_virtual(main())


def test_questions_that_break_the_interface_are_rejected_and_others_left_alone() -> None:
    async def main() -> None:
        async with agent(Person()) as bus:
            assert is_rejected(await bus.ask("RequestConfirmation", DEVICE))
            assert is_rejected(await bus.ask("RequestPasskey", signature=""))
            reply = await bus.ask("RequestEverything", DEVICE)
            assert reply.error_name == "org.freedesktop.DBus.Error.UnknownMethod"
            with pytest.raises(LookupError):
                await bus.ask("RequestPasskey", DEVICE, path="/another/agent")

    run_virtual(main())


def test_a_question_that_is_taken_back_is_not_waited_for() -> None:
    async def main() -> None:
        person = Person(thinks_s=1000.0)
        async with agent(person) as bus:
            asked = asyncio.create_task(bus.ask("RequestPasskey", DEVICE))
            await asyncio.sleep(1.0)
            reply = await bus.ask("Cancel", signature="")
            assert reply.message_type is MessageType.METHOD_RETURN
            assert (await asked).error_name == "org.bluez.Error.Canceled"

    run_virtual(main())


def test_a_pairing_that_is_over_takes_its_question_along() -> None:
    async def main() -> None:
        bus = FakeBus()
        async with registered(bus, Person(thinks_s=1000.0)) as mine:
            assert isinstance(mine, Agent)
            with mine.expecting("dev_C4_00_00_00_00_01"):
                asked = asyncio.create_task(bus.ask("RequestPasskey", DEVICE))
                await asyncio.sleep(1.0)
            assert (await asked).error_name == "org.bluez.Error.Canceled"

    run_virtual(main())


@pytest.mark.parametrize("member", ["RegisterAgent", "RequestDefaultAgent"])
def test_a_bluez_that_takes_no_agent_is_an_error_and_nothing_stays(member: str) -> None:
    async def main() -> None:
        bus = FakeBus(errors={member: "org.freedesktop.DBus.Error.AccessDenied"})
        with pytest.raises(BusRefused, match="AccessDenied"):
            async with registered(bus, None):
                raise AssertionError
        assert not bus.handlers

    run_virtual(main())
