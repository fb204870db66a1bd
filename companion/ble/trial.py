"""A short stream from a known tool, for figures: what was asked, what came, and how late."""

import asyncio
import statistics
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bleak.exc import BleakError

from companion.ble.adapter import Adapter
from companion.ble.bounded import bounded
from companion.ble.errors import Stage, classify
from companion.ble.link import CONNECT_S, DISCONNECT_S
from companion.ble.ownership import owned
from companion.ble.platform import Security
from companion.ble.scanner import Found
from companion.ble.security import require_security
from companion.ble.stream import Stream
from companion.ble.tool import ToolClient
from protocols.errors import DecodeError
from protocols.massage_tool import Answer, Start, Started, Stop, ToolFeature
from protocols.massage_tool.requests import LOWEST_RATE_HZ
from protocols.telemetry import Telemetry

USUAL_RATE_HZ: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a short stream came to.

    Attributes:
        feature: what the tool says it is.
        security: what the platform tells of the link; None for nothing.
        battery_percent: the tool's battery level; None where it does not tell.
        rate_hz: samples per second that the tool granted.
        ready_s: from the beginning of the connection to the first sample; None for none.
        came: samples that came.
        missing: samples that were numbered and did not come.
        rejected: notifications that broke the protocol.
        late_median_s: how late samples came above the quickest; None for none.
        late_most_s: the latest of them; None for none.
        gains_ppm: what each force channel reports as its gain, parts per million of the nominal
            one; None where it does not tell.
    """

    feature: ToolFeature
    security: Security | None
    battery_percent: int | None
    rate_hz: float
    ready_s: float | None
    came: int
    missing: int
    rejected: int
    late_median_s: float | None
    late_most_s: float | None
    gains_ppm: tuple[int | None, ...] = ()

    @property
    def loss_percent(self) -> float | None:
        """Share of samples that did not come; None where none was sent."""
        sent = self.came + self.missing
        return 100 * self.missing / sent if sent else None


class _Arrivals:
    """Takes telemetry in, and how long each frame's last sample was on its way."""

    def __init__(self, feature: ToolFeature, began_at: float) -> None:
        self._stream = Stream(feature)
        self._began_at = began_at
        self._delays_s: list[float] = []
        self.first_s: float | None = None
        self.came = self.missing = 0

    @property
    def rejected(self) -> int:
        return self._stream.rejected

    def begin(self, answer: Answer) -> None:
        if isinstance(answer.values, Started):
            self._stream.begin(answer.values, asyncio.get_running_loop().time())

    def take(self, value: bytes | Telemetry) -> None:
        arrived_at = asyncio.get_running_loop().time()
        try:
            telemetry, missing = self._stream.receive(value, arrived_at)
        except DecodeError:
            return
        if self.first_s is None:
            self.first_s = arrived_at - self._began_at
        count = len(telemetry.samples)
        self.came += count
        self.missing += missing
        last_us = telemetry.device_us + (count - 1) * telemetry.interval_us
        self._delays_s.append(arrived_at - last_us / 1e6)

    def late_s(self) -> tuple[float, float] | None:
        """Median and most above the quickest; a few seconds of drift are a fraction of 1 ms."""
        if not self._delays_s:
            return None
        quickest = min(self._delays_s)
        return statistics.median(self._delays_s) - quickest, max(self._delays_s) - quickest


async def tried(adapter: Adapter, found: Found, seconds: float, locks: Path) -> Trial:
    """Connect to a known tool by its bond, stream for a while, and leave it as it was.

    Args:
        adapter: the radio.
        found: the tool, heard a moment ago.
        seconds: how long to stream.
        locks: folder that keeps one owner for each tool.

    Raises:
        LinkError: the tool is in use, its bond does not hold, or it did not do what it should.
    """

    def on_disconnect() -> None:
        tool.drop()

    client = adapter.client(found.device, on_disconnect, timeout_s=CONNECT_S, pair=False)
    tool = ToolClient(client, found.label)
    with owned(locks, found.address, found.label):
        began_at = asyncio.get_running_loop().time()
        try:
            try:
                async with adapter.turn:
                    await bounded(client.connect(), CONNECT_S)
            except (BleakError, OSError, EOFError, AssertionError) as error:
                raise classify(error, Stage.CONNECT, found.label) from error
            security = await require_security(adapter.platform, tool.address, tool.name)
            return await _streamed(tool, security, seconds, began_at)
        finally:
            tool.drop()
            with suppress(BleakError, OSError, EOFError, AssertionError):
                await bounded(client.disconnect(), DISCONNECT_S)


async def _streamed(
    tool: ToolClient, security: Security | None, seconds: float, began_at: float
) -> Trial:
    feature = await tool.read_feature()
    await tool.open_control_point()
    battery_percent = await tool.read_battery()
    gains_ppm = await tool.read_gains(feature)
    arrivals = _Arrivals(feature, began_at)
    await tool.watch_telemetry(arrivals.take)
    start = Start(max(LOWEST_RATE_HZ, min(USUAL_RATE_HZ, feature.maximum_rate_hz)), 0)
    started = await tool.request(start, arrivals.begin)
    await asyncio.sleep(seconds)
    await tool.request(Stop())
    median_s, most_s = arrivals.late_s() or (None, None)
    return Trial(
        feature=feature,
        security=security,
        battery_percent=battery_percent,
        rate_hz=float(started.rate_hz) if isinstance(started, Started) else float(start.rate_hz),
        ready_s=arrivals.first_s,
        came=arrivals.came,
        missing=arrivals.missing,
        rejected=arrivals.rejected,
        late_median_s=median_s,
        late_most_s=most_s,
        gains_ppm=gains_ppm,
    )
