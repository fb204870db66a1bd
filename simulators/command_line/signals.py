"""Ending a command by Ctrl-C or SIGTERM, in order."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator
from typing import Final

from simulators.command_line.endings import ExitCode

_STATUS: Final = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}


@contextlib.contextmanager
def stopped_by_signals(stop: Callable[[], None]) -> Iterator[list[ExitCode]]:
    """Call ``stop`` at the first signal; the list then holds the status to end with."""
    received: list[ExitCode] = []
    loop = asyncio.get_running_loop()

    def take(number: signal.Signals) -> None:
        received.append(_STATUS[number])
        stop()

    before = {number: signal.getsignal(number) for number in _STATUS}
    for number in _STATUS:
        signal.signal(number, lambda n, _f: loop.call_soon_threadsafe(take, signal.Signals(n)))
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
