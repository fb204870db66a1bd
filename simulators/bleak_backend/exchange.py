"""The operations on one connection, in order and each to its end."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final, TypeVar

from bleak.exc import BleakError
from bumble import core
from bumble.device import Connection

from simulators.bleak_backend.errors import bleak_errors, disconnection_reason

if TYPE_CHECKING:
    from simulators.bleak_backend.services import Table

T = TypeVar("T")

_DISCONNECT_S: Final = 10.0
"""Longest wait for a disconnection, as bleak's BlueZ backend has it."""


class Exchange:
    """Runs operations on one bumble connection, for every client that shares it.

    ATT allows one request at a time (Core Vol 3 F 3.3.2), so operations take turns. One
    that has begun goes on to its end even when its caller is cancelled: the next caller must
    never be given the answer to the request before. When the peer drops, every caller gets a
    `BleakError` at once; bumble's own cancellation of pending requests stays inside. After a
    request that was not answered in time nothing may follow it (Core Vol 3 F 3.3.3), so the
    connection is ended, as BlueZ does.

    Args:
        connection: the bumble connection to work on.

    Attributes:
        dropped: done when the connection is over; its result is the HCI reason, 0 if it
            ended because our own radio did.
        prepared: set when the one who made the connection has encrypted it and exchanged
            the MTU.
        table: the peer's table, when it has been read.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.dropped: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.prepared = asyncio.Event()
        self.table: Table = ()
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()
        connection.on(connection.EVENT_DISCONNECTION, self._drop)

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
        task = self._spawn(self._perform(operation, begun, in_turn=in_turn))
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

    async def until_prepared(self) -> None:
        """Wait until the connection can be used by one who did not make it.

        Raises:
            BleakError: it was lost before.
        """
        await self.run("connecting", self.prepared.wait, in_turn=False)

    async def hang_up(self) -> None:
        """End the connection; it is over afterwards whatever the radio makes of that.

        Raises:
            TimeoutError: the radio did not say within 10 s that it has ended.
        """
        if self.is_dropped:
            return
        try:
            async with asyncio.timeout(_DISCONNECT_S):
                with contextlib.suppress(BleakError):
                    await self.run("disconnecting", self.connection.disconnect, in_turn=False)
        finally:
            self._drop(0)
        await asyncio.sleep(0)

    async def _perform(
        self, operation: Callable[[], Awaitable[T]], begun: asyncio.Event, *, in_turn: bool
    ) -> T:
        if not in_turn:
            begun.set()
            return await operation()
        async with self._turn:
            begun.set()
            try:
                return await operation()
            except core.TimeoutError:
                self._spawn(self.hang_up())
                raise

    def _spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._retire)
        return task

    def _retire(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()

    def _drop(self, reason: int) -> None:
        if not self.dropped.done():
            self.dropped.set_result(reason)

    def _loss(self) -> str:
        if self.dropped.done():
            return f"the connection was lost, {disconnection_reason(self.dropped.result())}"
        return "it was broken off"
