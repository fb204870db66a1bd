"""A fresh air for each test, and no fault left unseen."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from tests.simulators.peripheral.world import World


@pytest.fixture
async def world(caplog: pytest.LogCaptureFixture) -> AsyncIterator[World]:
    """The air; whatever the loop's exception handler or an error log sees fails the test."""
    faults: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, what: faults.append(what))
    yield World()
    await asyncio.sleep(0)
    faults.extend(
        record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR
    )
    assert faults == []
