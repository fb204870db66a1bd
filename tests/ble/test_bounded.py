"""Waiting for a stack that may answer, hang, cancel its waiter, or fail when told to stop."""

import asyncio
from contextlib import suppress

import pytest

from companion.ble.bounded import bounded


async def _turns_cancellation_into(error: Exception) -> None:
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        raise error from None


async def test_our_own_cancellation_passes_though_the_stack_makes_an_error_of_it() -> None:
    waiting = asyncio.create_task(bounded(_turns_cancellation_into(OSError("aborted")), 10.0))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_an_error_of_the_stack_stays_one_when_nobody_cancelled() -> None:
    async def fails() -> None:
        raise OSError("refused")

    with pytest.raises(OSError, match="refused"):
        await bounded(fails(), 10.0)


async def test_a_stack_that_cancels_its_waiter_has_aborted() -> None:
    never = asyncio.get_running_loop().create_future()
    never.cancel()
    with pytest.raises(ConnectionAbortedError):
        await bounded(never, 10.0)


async def test_what_takes_too_long_is_a_timeout() -> None:
    with pytest.raises(TimeoutError):
        await bounded(asyncio.Event().wait(), 0.0)


async def test_our_own_cancellation_passes_though_the_stack_swallows_it() -> None:
    async def swallows() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()

    waiting = asyncio.create_task(bounded(swallows(), 10.0))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
