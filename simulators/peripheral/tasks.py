"""Work that nobody waits for: kept, watched, and ended with the tool."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from typing import Any, Final

from bumble import hci
from bumble.core import ConnectionError as LinkError
from bumble.core import UnreachableError

_HCI_S: Final = 2.0
"""How long the controller may take for what it is told at the end."""


class Tasks:
    """Tasks that live no longer than the tool; one that fails is reported to the loop."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Start work."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._on_done)
        return task

    async def end(self) -> None:
        """Cancel whatever still runs, and wait for it."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _on_done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            asyncio.get_running_loop().call_exception_handler(
                {"message": "a task of the simulated tool failed", "exception": error}
            )


@contextlib.asynccontextmanager
async def bounded() -> AsyncIterator[None]:
    """Bear with a controller that refuses, or that no longer answers."""
    with contextlib.suppress(hci.HCI_Error, LinkError, UnreachableError, TimeoutError):
        async with asyncio.timeout(_HCI_S):
            yield
