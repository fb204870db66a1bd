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
    "m": Command.MUTE,
    "+": Command.SCALE_UP,
    "-": Command.SCALE_DOWN,
    "a": Command.ACKNOWLEDGE,
    "s": Command.STOP,
    "x": Command.UNWELL,
    "q": Command.QUIT,
}


ASKS: Final = "?"
"""Asks how the session stands; what a screen shows is not all told in lines by itself."""


async def obey_keyboard(
    events: AsyncIterator[Event],
    command: Callable[[Command], None],
    tell: Callable[[float], None] | None = None,
) -> None:
    """Take commands from the terminal until the session is over.

    Args:
        events: a subscription to the session, to know when that is.
        command: where commands go.
        tell: says how the session stands, at a time of the tool's clock.
    """
    newest_s = 0.0

    def heed(line: str) -> None:
        meant = KEYS.get(line)
        if meant is not None:
            command(meant)
        if tell is not None and (line == ASKS or meant is Command.MUTE):
            tell(newest_s)

    async with asyncio.TaskGroup() as tasks:
        typing = tasks.create_task(_obey(heed))
        async for event in events:
            newest_s = max(newest_s, event.device_s)
        typing.cancel()


async def _obey(heed: Callable[[str], None]) -> None:
    keyboard = Keyboard()
    while (line := await keyboard.line()) is not None:
        heed(line.lower())
