"""``companion simulate``: a simulated tool on an air that other processes can join."""

import asyncio
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.guiding import stopped_by_signals
from companion.cli.settings import settled
from companion.cli.simulation import AirFailed, Simulation, refusals, simulate_tool
from companion.log import open_log
from companion.paths import state_folder
from companion.settings.routines import load_routine
from companion.texts import text
from simulators.peripheral import Peripheral, controller_address
from simulators.radio import Air, AirServer, RadioHost, connect_host, open_air


def execute(arguments: Namespace) -> ExitCode:
    """Simulate a tool until Ctrl-C or SIGTERM.

    Raises:
        FileRefused: the routine, the scenario or the tool cannot be used.
        AirFailed: the air cannot be opened or joined, or it went away.
    """
    open_log(verbose=arguments.verbose)
    if arguments.no_tool:
        with refusals():
            return asyncio.run(_serve(arguments))
    routine = load_routine(arguments.routine or settled(arguments).settings.routine)
    simulation = simulate_tool(arguments, routine)
    with refusals():
        return asyncio.run(_simulate(arguments, simulation))


async def _serve(arguments: Namespace) -> ExitCode:
    """Open an air that tools of other processes join."""
    if arguments.join is not None:
        raise UsageRefused("cli.refused.no_tool_no_air")
    over = asyncio.Event()
    with stopped_by_signals(over.set) as received:
        async with _opened(arguments, Air()):
            await over.wait()
    return received[0]


async def _simulate(arguments: Namespace, simulation: Simulation) -> ExitCode:
    over, keys = asyncio.Event(), _bond_file(simulation)
    with stopped_by_signals(over.set) as received:
        async with _place(arguments, simulation) as host:
            host.on("flush", over.set)
            peripheral = Peripheral(
                simulation.firmware, host, keys=keys, external_power=True, bonding_s=None
            )
            async with peripheral:
                print(text("cli.simulate.on", tool=simulation.firmware.tool.name), flush=True)
                await over.wait()
                if not received:
                    raise AirFailed("cli.air.gone")
    return received[0]


def _bond_file(simulation: Simulation) -> Path:
    """Return where this tool keeps its bonds, so that they survive switching it off."""
    folder = state_folder() / "simulated"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"{simulation.firmware.tool.address.replace(':', '').lower()}.json"


@asynccontextmanager
async def _place(arguments: Namespace, simulation: Simulation) -> AsyncIterator[RadioHost]:
    """Join the air of another process, or open one and print where."""
    if arguments.join is not None:
        async with open_air(str(arguments.join)) as host:
            yield host
        return
    air = Air()
    async with _opened(arguments, air):
        address = controller_address(simulation.firmware.tool)
        yield connect_host(air.add_controller("tool", address=address))


@asynccontextmanager
async def _opened(arguments: Namespace, air: Air) -> AsyncIterator[None]:
    """Open an air and print where."""
    async with AirServer(air, port=arguments.port) as server:
        print(text("cli.simulate.open", address=server.address), flush=True)
        yield
