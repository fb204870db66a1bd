"""A simulated tool for other people's tests, in a few lines: see docs/simulators.md."""

import contextlib
import functools
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec

from simulators.bleak_backend import Adapter, Agent, installed
from simulators.defaults import DEFAULT_SCENARIO, DEFAULT_TOOL, in_hand, strokes
from simulators.performance import Performance
from simulators.peripheral import Peripheral
from simulators.plan import Plan
from simulators.radio import Air, RadioController, connect_host
from simulators.simulated_tool import SimulatedTool
from simulators.virtual_time import run_virtual

P = ParamSpec("P")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolOnAir:
    """A tool, the adapter that hears it and the air between them.

    Attributes:
        air: put more controllers on it, or take one out of range.
        adapter: the computer's side; the backend of every bleak program while the tool is on.
        peripheral: the tool, with its buttons, battery and faults.
        controller: the tool's radio, to be put out of range.
        simulated: all of it together; its ``truth()`` tells what the hand did and what went wrong.
    """

    air: Air
    adapter: Adapter
    peripheral: Peripheral
    controller: RadioController
    simulated: SimulatedTool

    @property
    def performance(self) -> Performance:
        """The hand that holds the tool, and the truth about what it does."""
        return self.simulated.performance


@contextlib.asynccontextmanager
async def virtual_adapter(
    air: Air, *, keys: Path | None = None, agent: Agent | None = None
) -> AsyncIterator[Adapter]:
    """An adapter on an air, which every bleak program of this process uses meanwhile.

    Args:
        air: where; further adapters and peripherals of your own may be there too.
        keys: file of the adapter's bonds; None keeps them in memory.
        agent: answers what a peer asks a person while pairing.
    """
    host = connect_host(air.add_controller("adapter"))
    async with Adapter(host, keys=keys, agent=agent) as adapter:
        with installed(adapter):
            yield adapter


@contextlib.asynccontextmanager
async def simulated_tool(
    tool: str = DEFAULT_TOOL,
    scenario: str = DEFAULT_SCENARIO,
    *,
    plan: Plan | None = None,
    seed: int = 1,
    agent: Agent | None = None,
) -> AsyncIterator[ToolOnAir]:
    """A simulated tool that every bleak program of this process finds, in any kind of time.

    It is on external power and accepts new bonds at any time. The hand begins when the program
    has tared the tool and lets it stream, and what the scenario lets go wrong goes wrong.

    Args:
        tool: name of a shipped tool, or path of a tool file.
        scenario: name of a shipped scenario, or path of a scenario file.
        plan: what the hand is to do; without one ten strokes on the forehead.
        seed: draws the person's variation and the sensors' offsets and noise.
        agent: answers what the tool asks a person while pairing.

    Raises:
        DataFileError: there is no such tool or scenario, or its file cannot be used.
    """
    air = Air(seed=seed)
    simulated = in_hand(tool, scenario, plan or strokes(), seed)
    async with (
        simulated.on_air(air) as peripheral,
        virtual_adapter(air, agent=agent) as adapter,
    ):
        yield ToolOnAir(
            air=air,
            adapter=adapter,
            peripheral=peripheral,
            controller=simulated.radio,
            simulated=simulated,
        )


def in_virtual_time(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Make a plain test of an asynchronous one: minutes pass in an instant, always alike."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        run_virtual(test(*args, **kwargs))

    return run
