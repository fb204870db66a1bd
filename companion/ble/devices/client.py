"""Another tool behind the door of the profile's: what the link asks of a tool, done its way."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Final

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic

from companion.ble.devices.reader import Reader
from companion.ble.devices.zero import Zero
from companion.ble.errors import LinkError, LinkFault
from companion.ble.tool import GATT_S, Refused, ToolClient
from protocols.massage_tool import (
    Answer,
    AnswerValues,
    Channel,
    Op,
    Request,
    Result,
    Start,
    Started,
    Stop,
    Tare,
    ToolFeature,
)
from protocols.other_tools.description import Endpoint, OtherTool, Write
from protocols.telemetry import Telemetry

log = logging.getLogger(__name__)

FIRST_S: Final = 6.0
"""Longest wait for the first sample after the start was written, as for an answer."""

SETTLE_S: Final = 0.7
"""How long a tool may take to zero itself after it was told to; documents name no time (ours)."""

FILL_S: Final = 3.0
"""Longest wait for half a second of samples: a tool that stalls is not tared."""

_WRITTEN: Final = frozenset({"write", "write-without-response"})
"""Either will do: tables of such tools often name one of them only, and take both."""

OnTelemetry = Callable[[bytes | Telemetry], None]


class OtherToolClient(ToolClient):
    """A described tool that answers as the profile's tools do, as far as it can.

    It starts and stops, is zeroed here, and refuses what it has not got. A run always begins anew:
    nothing is known of what such a tool keeps over a lost link.

    Args:
        client: a connected bleak client.
        name: the tool's name or address, for messages.
        tool: what is known of it.
    """

    def __init__(self, client: BleakClient, name: str, tool: OtherTool) -> None:
        super().__init__(client, name)
        self._tool = tool
        self._reader: Reader | None = None
        self._on_telemetry: OnTelemetry | None = None
        self._on_first: Callable[[], None] | None = None
        self._came = asyncio.Event()
        feature = tool.feature
        self._zero = Zero(
            feature.force_channels,
            tool.rate_hz,
            feature.force_resolution_n or 0.0,
            feature.force_full_scale_n,
        )

    async def read_feature(self, longest_s: float = GATT_S) -> ToolFeature:  # noqa: ARG002 - as the profile's
        """Return what the description says; the tool itself is not asked."""
        return self._tool.feature

    async def read_channels(self, feature: ToolFeature) -> tuple[Channel, ...]:  # noqa: ARG002 - as the profile's
        """Return nothing: no description tells single channels' areas and masses."""
        return ()

    async def read_gains(self, feature: ToolFeature) -> tuple[int | None, ...]:  # noqa: ARG002 - as the profile's
        """Return nothing: such a tool has no gain that could be read."""
        return ()

    async def open_control_point(self) -> None:
        """There is none."""

    async def watch_events(self, on_value: Callable[[bytes], None]) -> None:
        """There are none."""

    async def watch_telemetry(self, on_value: OnTelemetry) -> None:
        """Subscribe to what the tool notifies; it counts from the start on.

        Raises:
            LinkError: the tool lacks a characteristic, refuses, or the link dropped.
        """
        self._on_telemetry = on_value
        for endpoint in self._tool.listens:
            take = partial(self._take, endpoint.characteristic)
            await self._notify(endpoint.service, endpoint.characteristic, take)

    async def request(
        self, request: Request, on_answer: Callable[[Answer], None] | None = None
    ) -> AnswerValues | None:
        """Do what a request asks, if the tool can; requests wait for each other.

        Raises:
            Refused: it cannot, or it moved while it was to be zeroed.
            LinkError: no sample in time, ATT error, or the link dropped.
        """
        async with self._turn:
            match request:
                case Start():
                    return await self._start(on_answer)
                case Stop():
                    self._reader = None
                    await self._write_all(self._tool.stop)
                case Tare():
                    await self._tare()
                case _:
                    raise Refused(request.op, Result.OP_CODE_NOT_SUPPORTED, self.name)
            return None

    async def _start(self, on_answer: Callable[[Answer], None] | None) -> Started:
        started = Started(self._tool.rate_hz, 1, 0, 0)

        def begin() -> None:
            if on_answer is not None:
                on_answer(Answer(Op.START, Result.SUCCESS, started))

        self._on_first = begin
        self._reader = Reader(self._tool)
        await self._write_all(self._tool.start)
        await self._wait_for(lambda: self._on_first is None, FIRST_S, Op.START)
        return started

    async def _tare(self) -> None:
        """Learn the zero; the tool's own tare is told once only, as nobody sees when it is done."""
        if not self._tool.feature.force_channels:
            raise Refused(Op.TARE, Result.OP_CODE_NOT_SUPPORTED, self.name)
        if self._zero.is_known:
            await self._fill()
            if self._zero.is_loaded:
                raise Refused(Op.TARE, Result.OPERATION_FAILED, self.name)
        elif self._tool.tare:
            await self._write_all(self._tool.tare)
            await asyncio.sleep(SETTLE_S)
        await self._fill()
        if not self._zero.learn():
            raise Refused(Op.TARE, Result.OPERATION_FAILED, self.name)

    async def _fill(self) -> None:
        """Wait for half a second of new samples."""
        self._zero.forget()
        await self._wait_for(lambda: self._zero.is_full, FILL_S, Op.TARE)

    async def _wait_for(self, is_so: Callable[[], bool], seconds: float, op: Op) -> None:
        """Wait until samples have made something so."""
        try:
            async with asyncio.timeout(seconds):
                while not (is_so() or self._is_gone):
                    self._came.clear()
                    await self._came.wait()
        except TimeoutError:
            raise LinkError(LinkFault.SILENT, tool=self.name, detail=op.name.lower()) from None
        if self._is_gone:
            raise LinkError(LinkFault.DROPPED, tool=self.name)

    def drop(self) -> None:
        """The link is gone: whoever waits for samples learns it now."""
        super().drop()
        if self._reader is not None and self._reader.left_out:
            log.info("%s: %d pieces could not be read", self.name, self._reader.left_out)
        self._came.set()

    def _characteristic(
        self, service: str, characteristic: str, needed: frozenset[str]
    ) -> BleakGATTCharacteristic:
        """Find a characteristic; one that the tool lacks is the description's fault, or is not."""
        try:
            return super()._characteristic(service, characteristic, needed)
        except LinkError as error:
            if error.fault is not LinkFault.NOT_A_TOOL:
                raise
            fault = LinkFault.NOT_AS_DESCRIBED
            raise LinkError(fault, tool=self.name, detail=error.detail) from error

    async def _write_all(self, writes: tuple[Write, ...]) -> None:
        for write in writes:
            await self._write(write.to, write.value, with_response=write.with_response)

    async def _write(self, to: Endpoint, value: bytes, *, with_response: bool) -> None:
        point = self._characteristic(to.service, to.characteristic, _WRITTEN)
        await self._bounded(self._client.write_gatt_char(point, value, response=with_response))

    def _take(self, characteristic: str, value: bytes) -> None:
        reader, tell = self._reader, self._on_telemetry
        if reader is None or tell is None:
            return
        now = asyncio.get_running_loop().time()
        for telemetry in reader.receive(characteristic, value, now):
            if self._on_first is not None:
                begin, self._on_first = self._on_first, None
                begin()
            tell(self._zero.apply(telemetry))
            self._came.set()


def client_for(client: BleakClient, name: str, tool: OtherTool | None) -> ToolClient:
    """Return what talks to a tool: the profile's own where nothing else is described.

    Args:
        client: a bleak client.
        name: the tool's name or address, for messages.
        tool: what is known of it, where it does not speak the profile.
    """
    return ToolClient(client, name) if tool is None else OtherToolClient(client, name, tool)
