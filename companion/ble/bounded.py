"""Waiting for a Bluetooth stack, which may never answer, or cancel the one who waits."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def bounded(operation: Awaitable[T], seconds: float) -> T:
    """Wait for an operation of the stack.

    Args:
        operation: what to wait for.
        seconds: longest wait.

    Raises:
        TimeoutError: it took longer.
        ConnectionAbortedError: the stack cancelled its waiter, as some do when a link drops;
            only a cancellation asked for by our own program passes as one.
    """
    try:
        async with asyncio.timeout(seconds):
            return await operation
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        raise ConnectionAbortedError("the stack cancelled the operation") from None
