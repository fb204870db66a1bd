import asyncio
import logging
import math
from collections.abc import Coroutine, Iterator
from typing import Any

import pytest

from simulators.virtual_time import run_virtual
from tests.simulators.radio.world import Run


@pytest.fixture
def run(caplog: pytest.LogCaptureFixture) -> Iterator[Run]:
    """Run a test's coroutine in virtual time; nothing may go wrong behind its back."""
    problems: list[str] = []

    async def watched(main: Coroutine[Any, Any, None]) -> None:
        asyncio.get_running_loop().set_exception_handler(
            lambda _loop, context: problems.append(repr(context))
        )
        await main

    def run_watched(main: Coroutine[Any, Any, None], *, speed: float = math.inf) -> None:
        run_virtual(watched(main), speed=speed)

    with caplog.at_level(logging.WARNING):
        yield run_watched
    assert problems == []
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []
