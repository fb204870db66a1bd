"""A system bus with a BlueZ behind it, in process: it answers what a test has it answer."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dbus_fast import Message, MessageType, Variant

HCI = "/org/bluez/hci0"
ADDRESS = "C4:00:00:00:00:01"
DEVICE = f"{HCI}/dev_C4_00_00_00_00_01"
AGENT_PATH = "/massage_companion/agent"


def plain(**properties: object) -> dict[str, Variant]:
    """Properties as BlueZ tells them."""
    signatures = {bool: "b", str: "s", int: "n"}
    return {key: Variant(signatures[type(value)], value) for key, value in properties.items()}


@dataclass
class FakeBus:
    """A message bus, and the daemon at the other end.

    Attributes:
        adapters: object path -> properties.
        devices: object path -> properties.
        errors: member -> D-Bus error that it is answered with.
        called: member and body of every call, in order.
        sent: what the agent answered.
    """

    adapters: dict[str, dict[str, Variant]] = field(default_factory=dict)
    devices: dict[str, dict[str, Variant]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    called: list[tuple[str, list[Any]]] = field(default_factory=list)
    sent: asyncio.Queue[Message] = field(default_factory=asyncio.Queue)
    handlers: list[Callable[[Message], Message | bool | None]] = field(default_factory=list)
    is_open: bool = True

    async def call(self, msg: Message) -> Message:
        """Answer a call of ours."""
        member = str(msg.member)
        self.called.append((member, list(msg.body)))
        await asyncio.sleep(0.001)
        if member in self.silent:
            await asyncio.Event().wait()
        msg.serial = len(self.called)
        if member in self.errors:
            return Message.new_error(msg, self.errors[member], "the daemon says no")
        if member == "GetManagedObjects":
            tree = {path: {"org.bluez.Adapter1": has} for path, has in self.adapters.items()}
            tree |= {path: {"org.bluez.Device1": has} for path, has in self.devices.items()}
            return Message.new_method_return(msg, "a{oa{sa{sv}}}", [tree])
        return Message.new_method_return(msg)

    def send(self, msg: Message) -> None:
        """Take an answer of the agent's."""
        self.sent.put_nowait(msg)

    def add_message_handler(self, handler: Callable[[Message], Message | bool | None]) -> None:
        self.handlers.append(handler)

    def remove_message_handler(self, handler: Callable[[Message], Message | bool | None]) -> None:
        self.handlers.remove(handler)

    def disconnect(self) -> None:
        self.is_open = False

    async def ask(
        self, member: str, *body: object, signature: str = "o", path: str = ""
    ) -> Message:
        """Ask the agent as BlueZ does; what it says, now or later."""
        message = Message(
            destination=":1.7",
            path=path or AGENT_PATH,
            interface="org.bluez.Agent1",
            member=member,
            signature=signature,
            body=list(body),
            message_type=MessageType.METHOD_CALL,
            sender=":1.3",
            serial=77,
        )
        for handler in self.handlers:
            reply = handler(message)
            if isinstance(reply, Message):
                return reply
            if reply:
                async with asyncio.timeout(100.0):
                    return await self.sent.get()
        raise LookupError(member)
