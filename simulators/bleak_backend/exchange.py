"""The operations on one connection, in order and each to its end."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from bleak.exc import BleakError
from bumble.device import Connection

from simulators.bleak_backend.errors import bleak_errors, disconnection_reason

T = TypeVar("T")


class Exchange:
    """Runs operations on one bumble connection.

    ATT allows one request at a time (Core Vol 3 F 3.3.2), so operations take turns. One
    that has begun goes on to its end even when its caller is cancelled: the next caller must
    never be given the answer to the request before. When the peer drops, every caller gets a
    `BleakError` at once; bumble's own cancellation of pending requests stays inside.

    Args:
        connection: the bumble connection to work on.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.dropped: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()
        connection.on(connection.EVENT_DISCONNECTION, self._on_disconnection)

    @property
    def is_dropped(self) -> bool:
        """Whether the connection is over."""
        return self.dropped.done()

    async def run(
        self, doing: str, operation: Callable[[], Awaitable[T]], *, in_turn: bool = True
    ) -> T:
        """Run one operation.

        Args:
            doing: what it does, to begin the sentence of an error with.
            operation: makes the awaitable, when its turn has come.
            in_turn: False for what is no ATT request and need not wait for those.

        Raises:
            BleakError: the connection is or was lost, or the operation failed.
        """
        if self.is_dropped:
            raise BleakError(f"{doing}: not connected")
        begun = asyncio.Event()
        task = asyncio.create_task(self._perform(operation, begun, in_turn=in_turn))
        self._tasks.add(task)
        task.add_done_callback(self._retire)
        ends: set[asyncio.Future[Any]] = {task, self.dropped}
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not begun.is_set():
                task.cancel()
        if not task.done() or task.cancelled():
            raise BleakError(f"{doing}: {self._loss()}")
        with bleak_errors(doing):
            return task.result()

    async def _perform(
        self, operation: Callable[[], Awaitable[T]], begun: asyncio.Event, *, in_turn: bool
    ) -> T:
        if not in_turn:
            begun.set()
            return await operation()
        async with self._turn:
            begun.set()
            return await operation()

    def _retire(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()

    def _on_disconnection(self, reason: int) -> None:
        if not self.dropped.done():
            self.dropped.set_result(reason)

    def _loss(self) -> str:
        if self.dropped.done():
            return f"the connection was lost, {disconnection_reason(self.dropped.result())}"
        return "it was broken off"
