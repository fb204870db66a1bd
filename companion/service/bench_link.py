"""The link to one tool on the bench: connected, streaming, listened to; once lost it is lost."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from typing import Final, Self, TypeVar

from companion.ble.adapter import Adapter
from companion.ble.errors import LinkError, LinkFault
from companion.ble.link import Link, LinkOptions
from companion.ble.scanner import Found
from companion.ble.stream import Stream
from companion.ble.tool import Identity
from companion.errors import CompanionError
from companion.live import LinkState
from companion.sensing.force import ContactForce
from companion.sensing.held import Holding
from companion.sensing.tool import Tool
from protocols.errors import DecodeError
from protocols.massage_tool import Channel, Started, ToolFeature
from protocols.telemetry import Telemetry

T = TypeVar("T")

LOOK_S: Final = 0.1
"""How long samples are waited for before the link is looked at again."""


class BenchLost(CompanionError):
    """The link was lost before the calibration was whole."""


class BenchLink:
    """Listens to one tool's link, from the first connection to its end.

    Args:
        adapter: the radio.
        options: how to look for the tool.

    Attributes:
        name: what to call the tool.
        address: its identity, in capitals.
        force: the weight that hangs on its sensor, from the tare on.
        holding: what it sent of late.
        link: its control point.
    """

    def __init__(self, adapter: Adapter, options: LinkOptions) -> None:
        self.name = ""
        self.address = ""
        self._feature: ToolFeature | None = None
        self._stream: Stream | None = None
        self._tool = Tool()
        self.force = ContactForce(self._tool)
        self.holding = Holding()
        self._news = asyncio.Event()
        self._up = asyncio.Event()
        self._gone = asyncio.Event()
        self.link = Link(adapter, self, options)

    @property
    def feature(self) -> ToolFeature:
        """What the tool is; to be asked while it is connected.

        Raises:
            LinkError: it is not.
        """
        if self._feature is None:
            raise LinkError(LinkFault.DROPPED, tool=self.name)
        return self._feature

    @property
    def tool(self) -> Tool:
        """What sensing must know of it, as it describes itself."""
        return self._tool

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Self]:
        """Have the tool connected and streaming; a link that is lost is not taken up again.

        However it ends, the tool's run, limit and motor are off as far as it still answers.

        Raises:
            LinkError: it could not be reached or used.
        """
        run = asyncio.create_task(self.link.run())
        try:
            up = asyncio.create_task(self._up.wait())
            await asyncio.wait({run, up}, return_when=asyncio.FIRST_COMPLETED)
            up.cancel()
            if run.done():
                run.result()
            try:
                yield self
            finally:
                # In a task of its own: one that was cancelled may not wait for the stack any more.
                await asyncio.wait([asyncio.create_task(self.link.farewell())])
        finally:
            run.cancel()
            with suppress(asyncio.CancelledError, LinkError):
                await run

    async def unless_lost(self, work: Awaitable[T]) -> T:
        """Wait for something, such as a person's answer, as long as the link stands.

        Raises:
            BenchLost: the link was lost meanwhile.
        """
        gone = asyncio.ensure_future(self._gone.wait())
        task = asyncio.ensure_future(work)
        try:
            await asyncio.wait({gone, task}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise self._lost()
            return task.result()
        finally:
            for each in (gone, task):
                each.cancel()
            await asyncio.gather(gone, task, return_exceptions=True)

    async def wait(self) -> None:
        """Wait for telemetry, but not for long; make sure that the link still stands."""
        self._news.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_S):
                await self._news.wait()
        if self._gone.is_set():
            raise self._lost()

    def _lost(self) -> CompanionError:
        return BenchLost("calibration.refused.link_lost", tool=self.name)

    def on_link_state(self, state: LinkState) -> None:
        """The connection moved on."""

    def on_found(self, found: Found) -> None:
        """The tool was heard."""
        self.address = found.address.upper()

    def on_tool(
        self,
        name: str,
        feature: ToolFeature,
        identity: Identity,  # noqa: ARG002 -- who made it does not matter here
        channels: tuple[Channel, ...],
    ) -> None:
        """The tool said what it is."""
        self.name = name
        self._feature = feature
        self._stream = Stream(feature)
        self._tool = Tool.from_feature(feature, channels)
        self.force = ContactForce(self._tool)

    def on_run(self, started: Started) -> None:
        """A run begins."""
        if self._stream is not None:
            self._stream.begin(started, _now())

    def on_telemetry(self, value: bytes | Telemetry) -> None:
        """Telemetry came; what breaks the protocol is left out."""
        if self._stream is None:
            return
        try:
            frame = self._stream.receive(value, _now())
        except DecodeError:
            return
        if not frame.telemetry.resent:
            self.holding.take(frame.telemetry)
            self._news.set()

    def on_tool_event(self, value: bytes) -> None:
        """A Tool Event came."""

    def on_battery(self, percent: int) -> None:
        """The battery level came."""

    def on_link_up(self, rate_hz: int) -> None:  # noqa: ARG002 -- any rate will do
        """Everything is prepared."""
        self._up.set()

    def on_link_lost(self) -> None:
        """The connection ended: what was found so far is not to be trusted."""
        self._gone.set()

    def on_trouble(self, error: LinkError) -> None:
        """An attempt failed; another follows."""


def _now() -> float:
    return asyncio.get_running_loop().time()
