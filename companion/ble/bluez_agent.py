"""Our own BlueZ agent: without one pairing fails there, and reads of protected values hang.

The interface is org.bluez.Agent1 (BlueZ, doc/org.bluez.Agent.rst). The agent has to be the
default one and be there before a connection is made: until then the adapter makes no bonds.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, Final, Protocol, TypeAlias

from dbus_fast import Message, MessageType

from companion.ble.agent import Answers
from companion.ble.bluez import Bus, call

log = logging.getLogger(__name__)

PATH: Final = "/massage_companion/agent"
INTERFACE: Final = "org.bluez.Agent1"
AGENTS: Final = "org.bluez.AgentManager1"
AGENTS_PATH: Final = "/org/bluez"
REJECTED: Final = "org.bluez.Error.Rejected"
UNKNOWN: Final = "org.freedesktop.DBus.Error.UnknownMethod"


class AgentBus(Bus, Protocol):
    """What the agent needs of a message bus."""

    def send(self, msg: Message) -> object:
        """Send a message."""

    def add_message_handler(self, handler: Callable[[Message], Message | bool | None]) -> None:
        """Give a handler every message that comes."""

    def remove_message_handler(self, handler: Callable[[Message], Message | bool | None]) -> None:
        """Give it none any more."""


Reply: TypeAlias = tuple[str, list[Any]]
"""Signature and body of an answer."""


class Rejected(Exception):
    """The agent says no."""


class Agent:
    """Answers BlueZ's questions about the device that is being paired, and refuses any other.

    Args:
        bus: a connection of its own on the system's message bus.
        answers: the person; None where there is nobody: then only Just Works is agreed to.
    """

    def __init__(self, bus: AgentBus, answers: Answers | None) -> None:
        self._bus = bus
        self._answers = answers
        self._expected: str | None = None
        self._asked: asyncio.Task[None] | None = None

    @property
    def capability(self) -> str:
        """What BlueZ tells the peer that a person here can do."""
        return "NoInputNoOutput" if self._answers is None else "KeyboardDisplay"

    @contextmanager
    def expecting(self, path: str) -> Iterator[None]:
        """Answer for the device whose object path ends so."""
        self._expected = path
        try:
            yield
        finally:
            self._expected = None
            self.cancel()

    def take(self, message: Message) -> Message | bool | None:
        """Take a message of the bus; those for others are left alone."""
        is_call = message.message_type is MessageType.METHOD_CALL
        if not is_call or message.path != PATH or message.interface != INTERFACE:
            return None
        match message.member:
            case "Cancel" | "Release":
                self.cancel()
                return Message.new_method_return(message)
            case member if member in _QUESTIONS:
                self._asked = asyncio.get_running_loop().create_task(self._answer(message))
                return True
            case _:
                return Message.new_error(message, UNKNOWN, "no such method")

    def cancel(self) -> None:
        """Whatever was asked is not asked any more."""
        if self._asked is not None:
            self._asked.cancel()

    async def _answer(self, message: Message) -> None:
        reply = Message.new_error(message, REJECTED, "not asked for here")
        try:
            path = str(message.body[0])
            if self._expected is not None and path.endswith(f"/{self._expected}"):
                question = _QUESTIONS[str(message.member)]
                signature, body = await question(self._answers, *message.body[1:])
                reply = Message.new_method_return(message, signature, body)
        except Rejected:
            reply = Message.new_error(message, REJECTED, "the person said no")
        except (IndexError, TypeError, ValueError) as error:
            log.info("a question of BlueZ could not be understood: %s", error)
        except asyncio.CancelledError:
            reply = Message.new_error(message, "org.bluez.Error.Canceled", "not asked any more")
        self._bus.send(reply)


async def _passkey(answers: Answers | None) -> Reply:
    entered = None if answers is None else await answers.enter()
    if entered is None:
        raise Rejected
    return "u", [entered]


async def _confirm(answers: Answers | None, number: int) -> Reply:
    if answers is None or not await answers.compare(number):
        raise Rejected
    return "", []


async def _display(answers: Answers | None, number: int, _entered: int = 0) -> Reply:
    if answers is None:
        raise Rejected
    await answers.show(number)
    return "", []


async def _agree(_answers: Answers | None, *_service: object) -> Reply:
    """Just Works, asked for by the stack itself: the person has chosen this device."""
    return "", []


_QUESTIONS: Final[dict[str, Callable[..., Awaitable[Reply]]]] = {
    "RequestPasskey": _passkey,
    "RequestConfirmation": _confirm,
    "DisplayPasskey": _display,
    "RequestAuthorization": _agree,
    "AuthorizeService": _agree,
}


@asynccontextmanager
async def registered(bus: AgentBus, answers: Answers | None) -> AsyncIterator[Agent]:
    """Be BlueZ's default agent while the context lasts.

    Args:
        bus: a connection of its own on the system's message bus.
        answers: the person; None where there is nobody.

    Raises:
        OSError: BlueZ is not there, refuses, or does not answer.
    """
    agent = Agent(bus, answers)
    bus.add_message_handler(agent.take)
    try:
        await call(bus, AGENTS_PATH, AGENTS, "RegisterAgent", "os", PATH, agent.capability)
        await call(bus, AGENTS_PATH, AGENTS, "RequestDefaultAgent", "o", PATH)
        yield agent
    finally:
        agent.cancel()
        with suppress(OSError):
            await call(bus, AGENTS_PATH, AGENTS, "UnregisterAgent", "o", PATH)
        bus.remove_message_handler(agent.take)
