"""A tool recorded without a routine: connected, zeroed, streamed, and nothing judged."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from companion.ble.adapter import Adapter
from companion.ble.errors import LinkError
from companion.ble.link import Link, LinkOptions
from companion.ble.scanner import Found
from companion.ble.stream import Stream
from companion.ble.tool import Identity
from companion.coaching.events import (
    Event,
    LinkLost,
    LinkUp,
    Notice,
    SamplesLost,
    SessionFinished,
    SessionOutcome,
    SessionStarted,
    Summary,
    ToolTared,
)
from companion.live import LinkState
from companion.service.options import Keeps
from companion.service.taring import Tarer
from companion.texts import text
from protocols.errors import DecodeError
from protocols.massage_tool import Channel, Started, ToolFeature
from protocols.telemetry import Telemetry

ROUTINE: Final = "recording"
"""What a recording is called where a session has its routine."""


class RawRecording:
    """Records one tool until it is stopped; hears its link and its taring.

    Args:
        adapter: the radio.
        options: how to look for the tool.
        keeps: who keeps its samples.
        publish: takes every event.

    Attributes:
        samples: how many were recorded.
        duration_s: from the first of them to the last.
    """

    def __init__(
        self,
        adapter: Adapter,
        options: LinkOptions,
        keeps: Sequence[Keeps],
        publish: Callable[[Event], None],
    ) -> None:
        self.samples = 0
        self.duration_s = 0.0
        self._link = Link(adapter, self, options)
        self._tarer = Tarer(self._link, self)
        self._keeps = keeps
        self._publish = publish
        self._address = self._tool = ""
        self._stream: Stream | None = None
        self._began_s: float | None = None
        self._has_run = False
        self._begun = asyncio.Event()
        self._stopped = asyncio.Event()
        self._failure: LinkError | None = None

    async def run(self, seconds: float | None) -> None:
        """Record for so long, or until `stop`.

        Raises:
            LinkError: the tool could not be used, or not any longer; what came is kept.
        """
        works = [asyncio.ensure_future(work) for work in (self._keep_link(), self._tarer.run())]
        try:
            await self._until_over(seconds)
            self._end()
            await self._link.farewell()
        finally:
            for work in works:
                work.cancel()
            await asyncio.wait(works)
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """End it."""
        self._begun.set()
        self._stopped.set()

    async def _until_over(self, seconds: float | None) -> None:
        await self._begun.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopped.wait()

    async def _keep_link(self) -> None:
        try:
            await self._link.run()
        except LinkError as error:
            self._failure = error
            self.stop()

    @property
    def _device_s(self) -> float:
        stream = self._stream
        return 0.0 if stream is None else stream.device_s(asyncio.get_running_loop().time())

    def _begin(self) -> None:
        if self._began_s is not None:
            return
        self._began_s = self._device_s
        self._publish(
            SessionStarted(
                device_s=self._began_s,
                routine=ROUTINE,
                title=text("store.recording"),
                tool=self._tool,
                started_at=datetime.now(UTC).isoformat(timespec="seconds"),
                steps=0,
            )
        )
        self._begun.set()

    def _end(self) -> None:
        if self._began_s is None:
            return
        is_whole = self._failure is None
        outcome = SessionOutcome.STOPPED if is_whole else SessionOutcome.INTERRUPTED
        summary = Summary(
            routine=ROUTINE,
            outcome=outcome,
            duration_s=self.duration_s,
            steps=(),
            alerts=(),
            gaps_s=0.0,
            samples=self.samples,
            advice=(),
            began_s=self._began_s,
        )
        self._publish(SessionFinished(device_s=self._device_s, outcome=outcome, summary=summary))

    def on_link_state(self, state: LinkState) -> None:
        """The connection moved on."""

    def on_found(self, found: Found) -> None:
        """The tool was heard."""
        self._address = found.address

    def on_tool(
        self,
        name: str,
        feature: ToolFeature,
        identity: Identity,
        channels: tuple[Channel, ...],
    ) -> None:
        """The first connection told what the tool is."""
        self._tool, self._stream = name, Stream(feature)
        for keeps in self._keeps:
            keeps.on_tool(self._address, name, feature, identity, channels)

    def on_run(self, started: Started) -> None:
        """A run begins or resumes; one that does not resume has lost the zero."""
        if self._stream is None:
            return
        run = self._stream.begin(started, asyncio.get_running_loop().time())
        self._publish(
            LinkUp(
                device_s=run.device_s,
                tool=self._tool,
                rate_hz=float(started.rate_hz),
                resumed=run.resumed,
                gap_s=run.gap_s,
            )
        )
        if not run.resumed or not self._has_run:
            self._tarer.ask()
        self._has_run = True

    def on_telemetry(self, value: bytes | Telemetry) -> None:
        """A Telemetry notification came; one that breaks the protocol is left out."""
        if self._stream is None:
            return
        try:
            telemetry, missing = self._stream.receive(value, asyncio.get_running_loop().time())
        except DecodeError:
            return
        for keeps in self._keeps:
            keeps.on_telemetry(telemetry)
        if self._began_s is None or telemetry.resent:
            return
        self.samples += len(telemetry.samples)
        end_us = telemetry.device_us + len(telemetry.samples) * telemetry.interval_us
        self.duration_s = max(self.duration_s, end_us / 1e6 - self._began_s)
        if missing:
            self._publish(SamplesLost(device_s=telemetry.device_us / 1e6, count=missing))

    def on_tool_event(self, value: bytes) -> None:
        """A Tool Event indication came."""

    def on_battery(self, percent: int) -> None:
        """The battery level was read."""

    def on_link_up(self, rate_hz: int) -> None:
        """Everything is prepared."""

    def on_link_lost(self) -> None:
        """The connection ended without our asking."""
        if self._stream is not None:
            self._stream.pause()
        reason = text("link.lost.vanished")
        self._publish(LinkLost(device_s=self._device_s, tool=self._tool, reason=reason))

    def on_trouble(self, error: LinkError) -> None:
        """An attempt failed; another follows."""
        self._publish(Notice(device_s=self._device_s, key=error.key, values=error.values))

    def on_tared(self) -> None:
        """The tool has its zero."""
        self._publish(ToolTared(device_s=self._device_s, done=True, reason=""))
        self._begin()

    def on_tare_needless(self) -> None:
        """The tool has no force sensor."""
        self._begin()

    def on_tare_refused(self, attempt: int) -> None:
        """The tool moves or is loaded: say once what to do."""
        if attempt == 1:
            self._publish(Notice(device_s=self._device_s, key="link.tare.hold_still"))

    def on_tare_failed(self, error: LinkError) -> None:
        """A tare was given up; without any zero there is nothing to record."""
        self._publish(ToolTared(device_s=self._device_s, done=False, reason=str(error)))
        if self._began_s is None:
            self._failure = error
            self.stop()
