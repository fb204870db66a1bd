"""The link in virtual time: how soon samples come, and what becomes of each one.

First one tool is paired, switched off and on again and again, and carried away and back. Then
eight tools work at 100 Hz each, and drop one frame in fifty themselves.
"""

import asyncio
import random
import statistics
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace

from companion.ble.adapter import Adapter
from companion.cli.plans import plan_of
from companion.coaching.events import Event, LinkLost, SamplesResent
from companion.coaching.routine import Routine
from companion.coaching.stroke_log import StrokeNews
from companion.service import Service, ServiceOptions
from companion.settings.care import load_care
from companion.settings.routines import load_routine
from protocols.telemetry import Telemetry
from simulators.bleak_backend import Adapter as Radio
from simulators.peripheral import Peripheral
from simulators.peripheral.link import Link
from simulators.radio import Air, connect_host
from simulators.scenario import load_scenario
from simulators.simulated_tool import SimulatedTool
from simulators.tool_data import load_tool
from simulators.virtual_time import run_virtual
from tests.samples_only import SamplesOnly

_TOOLS = 8
_DROPPED_SHARE = 0.02
_SUPERVISION_S = 2.0
"""What the virtual radio's central asks for."""


def bench(*, trials: int = 15, minutes: float = 30.0) -> dict[str, float]:
    """Return how soon samples came, and what became of those of eight tools.

    Args:
        trials: how often a tool is switched on, and how often it is carried away.
        minutes: virtual minutes of the eight tools.
    """
    return run_virtual(_waits(trials)) | run_virtual(_eight(minutes * 60))


@dataclass
class _Desk(SamplesOnly):
    """A service, what it was told of its tool's samples, and what it said of the link."""

    service: Service
    came: Counter[int] = field(default_factory=Counter)
    gone: int = 0
    first: asyncio.Event = field(default_factory=asyncio.Event)
    lost_at: float | None = None

    def on_telemetry(self, telemetry: Telemetry) -> None:
        """Count each sample by its number."""
        first = telemetry.first_sample
        self.came.update(range(first, first + len(telemetry.samples)))
        if not telemetry.resent:
            self.first.set()

    def on_stroke(self, news: StrokeNews) -> None:
        """Nothing depends on it."""

    def hear(self, event: Event) -> None:
        """Take what concerns the link."""
        if isinstance(event, LinkLost):
            self.lost_at = _now()
        if isinstance(event, SamplesResent):
            self.gone += event.gone


async def _waits(trials: int) -> dict[str, float]:
    routine = _endless()
    air, chance = Air(), random.Random(1)  # noqa: S311 - when somebody comes back
    own = air.add_controller("computer")
    tool = SimulatedTool(plan_of(_worked()), load_tool("small-roller"), load_scenario("careful"), 1)
    back_s, late_s = [], []
    async with tool.on_air(air) as peripheral, Radio(connect_host(own)) as radio:
        adapter = Adapter(radio.name, radio.client_backend, radio.scanner_backend)
        async with _guided(adapter, routine) as desk:
            await desk.first.wait()
        on_s = [
            await _switched_on(peripheral, adapter, routine, chance.uniform(2, 4))
            for _ in range(trials)
        ]
        async with _guided(adapter, routine) as desk:
            await desk.first.wait()
            for _ in range(trials):
                await asyncio.sleep(chance.uniform(3, 4))
                left_at = _now()
                air.put_away(tool.radio)
                await asyncio.sleep(chance.uniform(3, 12))
                late_s.append((desk.lost_at or _now()) - left_at - _SUPERVISION_S)
                desk.first.clear()
                back_at = _now()
                air.bring_back(tool.radio)
                await desk.first.wait()
                back_s.append(_now() - back_at)
    return {
        "advertised_to_first_sample_s": statistics.median(on_s),
        "advertised_to_first_sample_longest_s": max(on_s),
        "loss_noticed_after_timeout_ms": max(late_s) * 1e3,
        "returned_to_first_sample_s": statistics.median(back_s),
        "returned_to_first_sample_longest_s": max(back_s),
    }


async def _switched_on(
    peripheral: Peripheral, adapter: Adapter, routine: Routine, off_s: float
) -> float:
    """Return how long the first sample took once the tool advertised, the session waiting."""
    await peripheral.power_off()
    async with _guided(adapter, routine) as desk:
        await asyncio.sleep(off_s)
        await peripheral.switch_on()
        on_at = _now()
        await desk.first.wait()
        return _now() - on_at


async def _eight(seconds: float) -> dict[str, float]:
    routine, air = _endless(), Air()
    sheets = [
        replace(load_tool("small-roller"), address=f"F0:00:00:00:00:{n:02X}", name=f"tool {n}")
        for n in range(_TOOLS)
    ]
    scenario = load_scenario("careful")
    tools = [
        SimulatedTool(plan_of(_worked()), sheet, scenario, n) for n, sheet in enumerate(sheets)
    ]
    dropped = _drop_frames()
    async with AsyncExitStack() as stack:
        radio = await stack.enter_async_context(Radio(connect_host(air.add_controller("computer"))))
        adapter = Adapter(radio.name, radio.client_backend, radio.scanner_backend)
        for tool in tools:
            await stack.enter_async_context(tool.on_air(air))
        desks = [
            await stack.enter_async_context(_guided(adapter, routine, sheet.address))
            for sheet in sheets
        ]
        await asyncio.gather(*(desk.first.wait() for desk in desks))
        await asyncio.sleep(seconds)
        dropped.ends = True
        await asyncio.sleep(5.0)
        taken = [0 if (run := tool.firmware.run_look) is None else run.samples for tool in tools]
        return _told_of(desks, taken, dropped.frames)


def _told_of(desks: list[_Desk], taken: list[int], dropped: int) -> dict[str, float]:
    ends = [max(desk.came) + 1 for desk in desks]
    unaccounted = [end - len(desk.came) - desk.gone for end, desk in zip(ends, desks, strict=True)]
    return {
        "eight_samples": sum(sum(desk.came.values()) for desk in desks),
        "eight_frames_dropped": dropped,
        "eight_samples_gone": sum(desk.gone for desk in desks),
        "eight_samples_unaccounted": sum(map(abs, unaccounted)),
        "eight_samples_twice": sum(
            count - 1 for desk in desks for count in desk.came.values() if count > 1
        ),
        "eight_samples_invented": sum(
            max(0, end - most) for end, most in zip(ends, taken, strict=True)
        ),
    }


@dataclass
class _Drops:
    """Frames that the tools gave up on their own."""

    frames: int = 0
    ends: bool = False


def _drop_frames() -> _Drops:
    """Let every tool drop one live frame in fifty, by chance; they stay in its buffer."""
    drops, chance, send = _Drops(), random.Random(2), Link.send  # noqa: S311 - which frames

    def sometimes(self: Link, frame: bytes) -> None:
        if not drops.ends and chance.random() < _DROPPED_SHARE:
            drops.frames += 1
            return
        send(self, frame)

    setattr(Link, "send", sometimes)  # noqa: B010 - this process does nothing else
    return drops


def _endless() -> Routine:
    """Return a routine that outlasts any run."""
    routine = _worked()
    (step,) = routine.steps
    return replace(routine, steps=(replace(step, repetitions=None, time_limit_s=7200.0),))


def _worked() -> Routine:
    """Return what the hands do; then they rest."""
    whole = load_routine("five-minutes")
    return replace(whole, steps=tuple(step for step in whole.steps if step.id == "forehead"))


@asynccontextmanager
async def _guided(
    adapter: Adapter, routine: Routine, tool: str | None = None
) -> AsyncIterator[_Desk]:
    """Run a service for as long as the context lasts."""
    service = Service(adapter, routine, load_care(), ServiceOptions(tool=tool, seed=1, oiled=True))
    desk = _Desk(service)
    service.keep(desk)
    subscription = service.hub.subscribe("bench", 4096)

    async def listen() -> None:
        async for event in subscription:
            desk.hear(event)

    running = asyncio.create_task(service.run(listen))
    try:
        yield desk
    finally:
        service.request_stop()
        await running


def _now() -> float:
    return asyncio.get_running_loop().time()
