"""Keys of a session in lines: one letter and Enter, where somebody sits at a terminal."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final

from companion.cli.keyboard import Keyboard
from companion.coaching.events import Command, Event

KEYS: Final = {
    "": Command.CONFIRM,
    "y": Command.CONFIRM,
    "p": Command.PAUSE,
    "n": Command.SKIP,
    "b": Command.BACK,
    "r": Command.REPEAT,
    "t": Command.TARE,
    "+": Command.SCALE_UP,
    "-": Command.SCALE_DOWN,
    "a": Command.ACKNOWLEDGE,
    "s": Command.STOP,
    "x": Command.UNWELL,
    "q": Command.QUIT,
}


async def obey_keyboard(events: AsyncIterator[Event], command: Callable[[Command], None]) -> None:
    """Take commands from the terminal until the session is over.

    Args:
        events: a subscription to the session, to know when that is.
        command: where commands go.
    """
    async with asyncio.TaskGroup() as tasks:
        typing = tasks.create_task(_obey(command))
        async for _ in events:
            pass
        typing.cancel()


async def _obey(command: Callable[[Command], None]) -> None:
    keyboard = Keyboard()
    while (line := await keyboard.line()) is not None:
        meant = KEYS.get(line.lower())
        if meant is not None:
            command(meant)
