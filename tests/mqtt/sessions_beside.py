"""Sessions of a simulated tool in real time, one after the other, with a stop-watch beside."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

from companion.ble.adapter import Adapter
from companion.cli.plans import plan_of
from companion.coaching.events import Command, SessionStarted
from companion.service import Service, ServiceOptions
from companion.settings.care import load_care
from companion.settings.routines import load_routine
from simulators.bleak_backend import Adapter as Radio
from simulators.radio import Air, connect_host
from simulators.scenario import load_scenario
from simulators.simulated_tool import SimulatedTool
from simulators.tool_data import load_tool
from tests.benchmarks.bench_stack import Desk, watched

LATE_EVERY_S = 0.005

Houses = Callable[[Service], AbstractAsyncContextManager[object]]


@dataclass
class Beside:
    """What was measured.

    Attributes:
        desks: what each session saw.
        late_s: how late the event loop came back.
        begun: a session has begun.
    """

    desks: list[Desk] = field(default_factory=list)
    late_s: list[float] = field(default_factory=list)
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    def words(self) -> str:
        """Return the figures in a line."""
        costs_s = [cost for desk in self.desks for cost in desk.costs_s]
        costs = statistics.quantiles(costs_s, n=100)
        return (
            f"{len(costs_s)} notifications, added median {costs[49] * 1e3:.2f} ms, "
            f"p99 {costs[98] * 1e3:.2f} ms; event loop late {self.late_words()}"
        )

    def late_words(self) -> str:
        """Return how late the event loop came back."""
        late = statistics.quantiles(self.late_s, n=100)
        return f"p99 {late[98] * 1e3:.2f} ms, longest {max(self.late_s) * 1e3:.0f} ms"


@asynccontextmanager
async def sessions(house: Houses, *, still: bool = False) -> AsyncIterator[Beside]:
    """Let a heavy hand do the five minutes again and again until the block is left.

    Args:
        house: what keeps a session, and publishes it.
        still: let the hand do nothing instead, and pause.
    """
    beside = Beside()
    works = [
        asyncio.create_task(_again(beside, house, still=still)),
        asyncio.create_task(watch(beside)),
    ]
    try:
        yield beside
    finally:
        for work in works:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)


async def _again(beside: Beside, house: Houses, *, still: bool) -> None:
    routine, sheet, seed = load_routine("five-minutes"), load_tool("small-roller"), 0
    while True:
        seed += 1
        air = Air()
        tool = SimulatedTool(plan_of(routine), sheet, load_scenario("heavy-hand"), seed)
        if still:
            tool.performance.hold_still()
        computer = connect_host(air.add_controller("computer"))
        async with tool.on_air(air), Radio(computer) as radio:
            desks: dict[str, Desk] = {}
            adapter = Adapter(radio.name, watched(radio, sheet, desks), radio.scanner_backend)
            service = Service(adapter, routine, load_care(), ServiceOptions(seed=seed, oiled=True))
            desks[sheet.address] = Desk(service)
            beside.desks.append(desks[sheet.address])
            events = service.hub.subscribe("beside", 4096)

            async def note(
                events: AsyncIterator[object] = events, service: Service = service
            ) -> None:
                async for event in events:
                    if isinstance(event, SessionStarted):
                        beside.begun.set()
                    if isinstance(event, SessionStarted) and still:
                        service.command(Command.PAUSE)

            async with house(service):
                await service.run(note)


async def watch(beside: Beside) -> None:
    """Note how late the event loop comes back, until cancelled."""
    while True:
        due_s = time.perf_counter() + LATE_EVERY_S
        await asyncio.sleep(LATE_EVERY_S)
        beside.late_s.append(time.perf_counter() - due_s)
