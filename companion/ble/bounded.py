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
        CancelledError: our own program asked for it, whatever the stack made of that.
    """
    try:
        async with asyncio.timeout(seconds):
            answer = await operation
    except asyncio.CancelledError:
        if _is_to_end():
            raise
        raise ConnectionAbortedError("the stack cancelled the operation") from None
    except Exception as error:
        if _is_to_end():
            raise asyncio.CancelledError from error
        raise
    if _is_to_end():
        raise asyncio.CancelledError
    return answer


def _is_to_end() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
