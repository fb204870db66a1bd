"""The whole stack without a screen: tools, virtual radio, bleak, one service each.

In real time one tool first, then eight and twenty in the same process on the same adapter; last
one tool in virtual time, as fast as the machine goes. What the service adds is taken
from the call that bleak makes with a notification to the return of `Hub.publish` for an event that
came of it, and, where none came, to the end of that call.
"""

import asyncio
import statistics
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import Any

from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback

from companion.ble.adapter import Adapter
from companion.cli.loading import load
from companion.cli.plans import plan_of
from companion.coaching.events import Event, SamplesLost, SessionStarted, TelemetryRejected
from companion.service import Service, ServiceOptions
from companion.settings.care import load_care
from companion.settings.routines import load_routine
from protocols.massage_tool import TELEMETRY, RawTelemetry
from simulators.bleak_backend import Adapter as Radio
from simulators.radio import Air, connect_host
from simulators.scenario import load_scenario
from simulators.simulated_tool import SimulatedTool
from simulators.tool_data import ToolData, load_tool
from simulators.virtual_time import run_virtual

Measured = tuple[list["Desk"], list[float], float]
"""What each service saw, how late the loop was in seconds, and the percent of a core taken."""
Runner = Callable[[Coroutine[Any, Any, Measured]], Measured]

_TOOLS = 8
_MANY_TOOLS = 20
_LATE_EVERY_S = 0.005


def bench(*, seconds: float = 16.0, run: Runner = asyncio.run) -> dict[str, float]:
    """Return what the service adds for one, eight and twenty tools, and what was lost.

    Args:
        seconds: how long one tool works once its session has begun; many work half as long, and
            in virtual time one works ten times as long.
        run: what runs it to its end; figures mean something in real time only.
    """
    load("companion.cli.demo_radio")
    runs = {
        "one": run(_run(1, seconds)),
        "eight": run(_run(_TOOLS, seconds / 2)),
        "twenty": run(_run(_MANY_TOOLS, seconds / 2)),
    }
    figures = {"virtual_to_real_time_ratio": _virtual_ratio(seconds * 10)}
    for tools, measured in runs.items():
        figures |= {f"{tools}_{name}": value for name, value in _figures(*measured).items()}
    return figures


def _virtual_ratio(seconds: float) -> float:
    """Return how many seconds of one tool's work, at 100 Hz, one second of the machine gives."""
    began_s = time.perf_counter()
    run_virtual(_run(1, seconds, is_watched=False))
    return seconds / (time.perf_counter() - began_s)


def _figures(desks: list["Desk"], late_s: list[float], cpu_percent: float) -> dict[str, float]:
    costs_s = [cost for desk in desks for cost in desk.costs_s]
    told_s = [cost for desk in desks for cost in desk.told_s]
    return {
        "added_median_ms": statistics.median(costs_s) * 1e3,
        "added_p99_ms": _p99(costs_s) * 1e3,
        "added_longest_ms": max(costs_s) * 1e3,
        "told_p99_ms": _p99(told_s) * 1e3,
        "loop_late_p99_ms": _p99(late_s) * 1e3,
        "notifications": len(costs_s),
        "events": len(told_s),
        "samples_per_s_and_tool": min(desk.rate_hz for desk in desks),
        "samples_lost": sum(desk.lost for desk in desks),
        "cpu_percent": cpu_percent,
    }


@dataclass
class Desk:
    """What one service was given and told, and how long that took."""

    service: Service
    values: list[bytes] = field(default_factory=list)
    came_s: list[float] = field(default_factory=list)
    costs_s: list[float] = field(default_factory=list)
    told_s: list[float] = field(default_factory=list)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    faults: int = 0
    _came_s: float | None = None

    def receive(self, value: bytearray, callback: NotifyCallback) -> None:
        """Hand on a notification and note how long that takes."""
        self._came_s = came_s = time.perf_counter()
        callback(value)
        self.costs_s.append(time.perf_counter() - came_s)
        self._came_s = None
        self.came_s.append(came_s)
        self.values.append(bytes(value))

    def publish(self, publish: Callable[[Event], None], event: Event) -> None:
        """Hand on an event and note how long after its notification it is published."""
        publish(event)
        if self._came_s is not None:
            self.told_s.append(time.perf_counter() - self._came_s)
        if isinstance(event, SessionStarted):
            self.begun.set()
        self.faults += isinstance(event, SamplesLost | TelemetryRejected)

    @property
    def rate_hz(self) -> float:
        """Samples per second that came."""
        counts = [len(frame.samples) for frame in self._frames()]
        return sum(counts[1:]) / (self.came_s[-1] - self.came_s[0])

    @property
    def lost(self) -> int:
        """Numbers missing in the tool's own count, and what the service says it missed."""
        due, missing = 0, self.faults
        for frame in self._frames():
            missing += abs(frame.first_sample - due)
            due = frame.first_sample + len(frame.samples)
        return missing

    def _frames(self) -> list[RawTelemetry]:
        return [RawTelemetry.from_bytes(value, force_channels=1) for value in self.values]


async def _run(tools: int, seconds: float, *, is_watched: bool = True) -> Measured:
    """Run one service per tool for a while; watching how late the loop is costs time itself."""
    sheets = [_sheet(number) for number in range(tools)]
    routine, care = load_routine("five-minutes"), load_care()
    air = Air()
    desks: dict[str, Desk] = {}
    late_s: list[float] = []
    async with AsyncExitStack() as stack:
        radio = await stack.enter_async_context(Radio(connect_host(air.add_controller("computer"))))
        for number, sheet in enumerate(sheets):
            tool = SimulatedTool(plan_of(routine), sheet, load_scenario("heavy-hand"), number)
            await stack.enter_async_context(tool.on_air(air))
            adapter = Adapter(radio.name, watched(radio, sheet, desks), radio.scanner_backend)
            options = ServiceOptions(tool=sheet.address, seed=number, oiled=True)
            desks[sheet.address] = _desk(Service(adapter, routine, care, options))
        async with asyncio.TaskGroup() as group:
            for desk in desks.values():
                group.create_task(desk.service.run())
            await asyncio.gather(*(desk.begun.wait() for desk in desks.values()))
            watch = group.create_task(_watch_lateness(late_s)) if is_watched else None
            cpu_s = time.process_time()
            await asyncio.sleep(seconds)
            cpu_percent = 100 * (time.process_time() - cpu_s) / seconds
            if watch is not None:
                watch.cancel()
            for desk in desks.values():
                desk.service.request_stop()
    return list(desks.values()), late_s, cpu_percent


def _sheet(number: int) -> ToolData:
    """Return the small roller with an address and a name of its own."""
    return replace(
        load_tool("small-roller"), address=f"F0:00:00:00:00:{number:02X}", name=f"tool {number}"
    )


def _desk(service: Service) -> Desk:
    desk, publish = Desk(service), service.hub.publish
    setattr(service.hub, "publish", lambda event: desk.publish(publish, event))  # noqa: B010 - a stop-watch
    return desk


def watched(radio: Radio, sheet: ToolData, desks: dict[str, Desk]) -> type[BaseBleakClient]:
    """Return the radio's client with a stop-watch where it calls with a notification."""
    backend: Any = radio.client_backend

    async def start_notify(
        self: BaseBleakClient,
        characteristic: BleakGATTCharacteristic,
        callback: NotifyCallback,
        **options: Any,  # noqa: ANN401 - as bleak has it
    ) -> None:
        receive = callback
        if characteristic.uuid == TELEMETRY:
            desk = desks[sheet.address]
            receive = lambda value: desk.receive(value, callback)  # noqa: E731 - one of two
        await backend.start_notify(self, characteristic, receive, **options)

    client: type[BaseBleakClient] = type(
        "WatchedClient", (backend,), {"start_notify": start_notify}
    )
    return client


async def _watch_lateness(late_s: list[float]) -> None:
    """Note how much later than asked for the loop comes back, until cancelled."""
    while True:
        due_s = time.perf_counter() + _LATE_EVERY_S
        await asyncio.sleep(_LATE_EVERY_S)
        late_s.append(time.perf_counter() - due_s)


def _p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98]
