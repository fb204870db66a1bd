"""A described tool tried out: connected once, started, and listened to; no session."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

from bleak.exc import BleakError

from companion.ble.adapter import Adapter
from companion.ble.bounded import bounded
from companion.ble.devices.client import OtherToolClient
from companion.ble.errors import LinkError, Stage, classify
from companion.ble.scanner import Found, find
from protocols.massage_tool import Start, Stop
from protocols.other_tools.description import OtherTool
from protocols.telemetry import Telemetry

CONNECT_S: Final = 20.0
"""Longest wait for connecting and discovery."""

GOODBYE_S: Final = 2.0
"""Longest wait for the stop, and for the disconnection."""

_STACK_ERRORS: Final = (BleakError, OSError, EOFError, AssertionError)


@asynccontextmanager
async def trial(
    adapter: Adapter,
    tool: OtherTool,
    timeout_s: float,
    on_telemetry: Callable[[Telemetry], None],
    on_found: Callable[[Found], None] = lambda _found: None,
) -> AsyncIterator[asyncio.Event]:
    """Have a tool send for as long as the context lasts.

    Args:
        adapter: the radio.
        tool: what is known of the tool; the first that is heard is taken.
        timeout_s: how long to look for it.
        on_telemetry: called with its samples.
        on_found: called with the tool as it was heard, before it is connected.

    Yields:
        What is set when the link is gone.

    Raises:
        LinkError: it was not heard, cannot be connected, or does not do what is described.
    """
    found = await find(adapter, None, timeout_s, kind=tool)
    on_found(found)
    gone = asyncio.Event()

    def on_disconnect() -> None:
        gone.set()
        other.drop()

    client = adapter.client(found.device, on_disconnect, timeout_s=CONNECT_S, pair=tool.pairs)
    other = OtherToolClient(client, found.label, tool)
    try:
        try:
            await bounded(client.connect(), CONNECT_S)
        except _STACK_ERRORS as error:
            raise classify(error, Stage.CONNECT, found.label) from error
        await other.watch_telemetry(lambda value: _tell(value, on_telemetry))
        await other.request(Start(tool.rate_hz, 0))
        yield gone
        with suppress(LinkError, TimeoutError):
            async with asyncio.timeout(GOODBYE_S):
                await other.request(Stop())
    finally:
        other.drop()
        with suppress(*_STACK_ERRORS):
            await bounded(client.disconnect(), GOODBYE_S)


def _tell(value: bytes | Telemetry, on_telemetry: Callable[[Telemetry], None]) -> None:
    if isinstance(value, Telemetry):
        on_telemetry(value)
