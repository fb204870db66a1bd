"""One tool from two devices: two links, one listener, their samples on the host's time."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from companion.ble.adapter import Adapter
from companion.ble.errors import LinkError
from companion.ble.link import Link, LinkOptions, Listener
from companion.ble.scanner import Found
from companion.ble.stream import Stream
from companion.ble.tool import Identity
from companion.live import LinkState
from protocols.errors import DecodeError
from protocols.massage_tool import AnswerValues, Channel, Request, Started, ToolFeature
from protocols.other_tools.description import OtherTool
from protocols.other_tools.merging import Merger, merged_feature
from protocols.telemetry import Telemetry


class JoinedLink:
    """Keeps a force device and a motion device connected, and passes them on as one tool.

    The motion device is connected first: without it the force could not be freed of gravity when
    it is zeroed. When it is lost later, the force goes on without motion until it is back.

    Args:
        adapter: the radio.
        listener: who is told; of the force device's link, with the motion's samples in its own.
        options: how to look for the force device; its kind must be described.
        motion: what is known of the motion device.
    """

    def __init__(
        self, adapter: Adapter, listener: Listener, options: LinkOptions, motion: OtherTool
    ) -> None:
        merger = Merger()
        self._force_side = _ForceSide(listener, merger, motion.feature)
        self._force = Link(adapter, self._force_side, options)
        side = _MotionSide(listener, merger, self._force_side.flush)
        self._motion = Link(adapter, side, replace(options, wanted=None, kind=motion))

    async def run(self) -> None:
        """Connect both and stay connected; ends only by an error or by being cancelled.

        Raises:
            LinkError: nothing more can be done without a person.
        """
        tasks = [asyncio.ensure_future(self._motion.run()), asyncio.ensure_future(self._late())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            self._force_side.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def reported_ppm(self) -> tuple[int | None, ...]:
        """The gains that the force device reported."""
        return self._force.reported_ppm

    async def until_up(self) -> None:
        """Wait until the force device can be asked."""
        await self._force.until_up()

    async def request(self, request: Request) -> AnswerValues | None:
        """Ask the force device.

        Raises:
            Refused: its result was not success.
            LinkError: there is no link, or it failed on the way.
        """
        return await self._force.request(request)

    async def farewell(self) -> None:
        """Stop both, as far as they still answer."""
        await self._force.farewell()
        await self._motion.farewell()

    async def _late(self) -> None:
        await self._motion.until_up()
        await self._force.run()


class _ForceSide:
    """Listens to the force device: passes everything on, its samples with motion."""

    def __init__(self, listener: Listener, merger: Merger, motion: ToolFeature) -> None:
        self._listener = listener
        self._merger = merger
        self._motion = motion
        self._stream: Stream | None = None
        self._timer: asyncio.TimerHandle | None = None

    def on_link_state(self, state: LinkState) -> None:
        self._listener.on_link_state(state)

    def on_found(self, found: Found) -> None:
        self._listener.on_found(found)

    def on_tool(
        self, name: str, feature: ToolFeature, identity: Identity, channels: tuple[Channel, ...]
    ) -> None:
        self._stream = Stream(feature)
        self._listener.on_tool(name, merged_feature(feature, self._motion), identity, channels)

    def on_run(self, started: Started) -> None:
        if self._stream is not None:
            self._stream.begin(started, _now())
        self._listener.on_run(started)

    def on_telemetry(self, value: bytes | Telemetry) -> None:
        first_s = None if self._stream is None else _first_host_s(self._stream, value)
        if first_s is None or isinstance(value, bytes):
            self._listener.on_telemetry(value)
            return
        self._merger.take_force(value, first_s)
        self.flush()

    def on_tool_event(self, value: bytes) -> None:
        self._listener.on_tool_event(value)

    def on_battery(self, percent: int) -> None:
        self._listener.on_battery(percent)

    def on_link_up(self, rate_hz: int) -> None:
        self._listener.on_link_up(rate_hz)

    def on_link_lost(self) -> None:
        self._merger.drop_force()
        if self._stream is not None:
            self._stream.pause()
        self._listener.on_link_lost()

    def on_trouble(self, error: LinkError) -> None:
        self._listener.on_trouble(error)

    def flush(self) -> None:
        """Pass on what need not wait any longer, and come again when the next is due."""
        self.close()
        for telemetry in self._merger.ready(_now()):
            self._listener.on_telemetry(telemetry)
        due_s = self._merger.due_s
        if due_s is not None:
            self._timer = asyncio.get_running_loop().call_at(due_s, self.flush)

    def close(self) -> None:
        """Come no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class _MotionSide:
    """Listens to the motion device: only its samples and its troubles are passed on."""

    def __init__(self, listener: Listener, merger: Merger, flush: Callable[[], None]) -> None:
        self._listener = listener
        self._merger = merger
        self._flush = flush
        self._stream: Stream | None = None

    def on_link_state(self, state: LinkState) -> None: ...

    def on_found(self, found: Found) -> None: ...

    def on_tool(
        self,
        name: str,  # noqa: ARG002 -- the force device names the tool
        feature: ToolFeature,
        identity: Identity,  # noqa: ARG002 -- as above
        channels: tuple[Channel, ...],  # noqa: ARG002 -- as above
    ) -> None:
        self._stream = Stream(feature)

    def on_run(self, started: Started) -> None:
        if self._stream is not None:
            self._stream.begin(started, _now())

    def on_telemetry(self, value: bytes | Telemetry) -> None:
        first_s = None if self._stream is None else _first_host_s(self._stream, value)
        if first_s is not None and isinstance(value, Telemetry):
            self._merger.take_motion(value, first_s)
            self._flush()

    def on_tool_event(self, value: bytes) -> None: ...

    def on_battery(self, percent: int) -> None: ...

    def on_link_up(self, rate_hz: int) -> None: ...

    def on_link_lost(self) -> None:
        if self._stream is not None:
            self._stream.pause()

    def on_trouble(self, error: LinkError) -> None:
        self._listener.on_trouble(error)


def _first_host_s(stream: Stream, value: bytes | Telemetry) -> float | None:
    """Return when a frame's first sample was taken, by the device's own clock map."""
    try:
        telemetry = stream.receive(value, _now()).telemetry
    except DecodeError:
        return None
    return stream.clock.host_s(telemetry.device_us)


def _now() -> float:
    return asyncio.get_running_loop().time()
