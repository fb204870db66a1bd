"""BlueZ over D-Bus: what bleak does not tell of adapters, bonds and links."""

import asyncio
import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.errors import AuthError, InvalidAddressError

from companion.ble.platform import Security

BLUEZ: Final = "org.bluez"
ADAPTER: Final = "org.bluez.Adapter1"
DEVICE: Final = "org.bluez.Device1"
CALL_S: Final = 5.0
"""Longest wait for one answer of a daemon."""

_SOCKET: Final = Path("/run/dbus/system_bus_socket")


class Bus(Protocol):
    """The part of dbus-fast's message bus that is used here."""

    async def call(self, msg: Message) -> Message:
        """Call a method and wait for its reply."""


class BusRefused(OSError):
    """A daemon refused a call.

    Attributes:
        name: the error's D-Bus name.
    """

    def __init__(self, name: str, words: str) -> None:
        super().__init__(f"{name}: {words}" if words else name)
        self.name = name


async def opened_bus() -> MessageBus:
    """Connect to the system's message bus.

    Raises:
        OSError: there is none, or it does not let us in.
    """
    try:
        return await MessageBus(bus_type=BusType.SYSTEM).connect()
    except (AuthError, InvalidAddressError) as error:
        raise BusRefused(type(error).__name__, str(error)) from error


def has_bus() -> bool:
    """Whether the system seems to have a message bus at all."""
    return "DBUS_SYSTEM_BUS_ADDRESS" in os.environ or _SOCKET.exists()


@dataclass(frozen=True, slots=True)
class Objects:
    """BlueZ's adapters and devices, as it tells them: object path -> property -> value."""

    adapters: Mapping[str, Mapping[str, Any]]
    devices: Mapping[str, Mapping[str, Any]]

    def device(self, address: str) -> tuple[str, Mapping[str, Any]] | None:
        """Return path and properties of the device with this address; None for none."""
        wanted = address.upper()
        for path, properties in self.devices.items():
            if str(properties.get("Address", "")).upper() == wanted:
                return path, properties
        return None


async def objects(bus: Bus) -> Objects:
    """Ask BlueZ for all it has.

    Raises:
        BusRefused: it is not there, or refuses.
        TimeoutError: it does not answer.
    """
    (tree,) = await call(bus, "/", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects")
    return Objects(_of_interface(tree, ADAPTER), _of_interface(tree, DEVICE))


def _of_interface(
    tree: Mapping[str, Mapping[str, Mapping[str, Variant]]], interface: str
) -> dict[str, dict[str, Any]]:
    return {
        path: {key: variant.value for key, variant in interfaces[interface].items()}
        for path, interfaces in tree.items()
        if interface in interfaces
    }


async def call(
    bus: Bus,
    path: str,
    interface: str,
    member: str,
    signature: str = "",
    *body: object,
    destination: str = BLUEZ,
) -> list[Any]:
    """Call a method of a daemon.

    Raises:
        BusRefused: it refused.
        TimeoutError: it did not answer.
    """
    message = Message(
        destination=destination,
        path=path,
        interface=interface,
        member=member,
        signature=signature,
        body=list(body),
    )
    async with asyncio.timeout(CALL_S):
        reply = await bus.call(message)
    if reply.message_type is MessageType.ERROR:
        raise BusRefused(reply.error_name or "error", " ".join(map(str, reply.body)))
    return list(reply.body)


class Expects(Protocol):
    """Who has to know which device may be paired."""

    def expecting(self, path: str) -> AbstractContextManager[None]:
        """Only this device may be paired while the context lasts."""


@dataclass
class BlueZ:
    """What BlueZ tells.

    It tells of a bond, and of no link whether it is encrypted. With a bond it encrypts each
    link to the device before anything else is sent over it, or ends it.

    Attributes:
        bus: the system's message bus; None until it is first needed.
        agent: answers for a person; None where nobody can be asked.
        adapter: the adapter whose bonds and links count, ``hci0`` and so on; empty for all.
    """

    bus: Bus | None = None
    agent: Expects | None = None
    adapter: str = ""

    async def is_bonded(self, address: str) -> bool | None:
        """Whether there is a bond; a pairing without one counts for nothing."""
        found = (await self._objects()).device(address)
        return found is not None and _is_bonded(found[1])

    async def security(self, address: str) -> Security | None:
        """Whether there is a bond; that the link is encrypted is not told."""
        return Security(bonded=await self.is_bonded(address))

    def expecting(self, address: str) -> AbstractContextManager[None]:
        """Only this device may ask the agent."""
        if self.agent is None:
            return nullcontext()
        return self.agent.expecting(f"dev_{address.upper().replace(':', '_')}")

    async def trust(self, address: str) -> None:
        """Set the device's Trusted flag."""
        found = (await self._objects()).device(address)
        if found is not None:
            properties = ("org.freedesktop.DBus.Properties", "Set", "ssv")
            values = (DEVICE, "Trusted", Variant("b", True))
            await call(await self._opened(), found[0], *properties, *values)

    async def connections(self) -> int | None:
        """How many devices are connected."""
        devices = (await self._objects()).devices.values()
        return sum(bool(properties.get("Connected")) for properties in devices)

    async def adapters(self) -> tuple[str, ...] | None:
        """The names of the adapters that BlueZ has, ``hci0`` and so on."""
        return tuple(path.rpartition("/")[2] for path in sorted((await self._objects()).adapters))

    async def _objects(self) -> Objects:
        """Ask for all there is; each adapter has devices and bonds of its own."""
        found = await objects(await self._opened())
        if not self.adapter:
            return found
        own = f"/org/bluez/{self.adapter}/"
        devices = {path: told for path, told in found.devices.items() if path.startswith(own)}
        return Objects(found.adapters, devices)

    async def _opened(self) -> Bus:
        if self.bus is None:
            self.bus = await opened_bus()
        return self.bus


def _is_bonded(properties: Mapping[str, Any]) -> bool:
    """BlueZ before 5.65 has no Bonded: there Paired has to do."""
    return bool(properties.get("Bonded", properties.get("Paired", False)))


@contextmanager
def closing(bus: MessageBus) -> Iterator[MessageBus]:
    """Close a bus at the end of the context."""
    try:
        yield bus
    finally:
        bus.disconnect()
