"""``python -m simulators serve`` and ``join``: a tool on an air that processes share."""

import asyncio
import contextlib
import socket
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

from simulators.command_line.endings import AirGone, ExitCode, Refused
from simulators.command_line.signals import stopped_by_signals
from simulators.defaults import in_hand, strokes
from simulators.peripheral import Peripheral
from simulators.plan import Plan
from simulators.radio import Air, AirError, AirServer, H4Server, open_air
from simulators.simulated_tool import SimulatedTool


def serve(arguments: Namespace) -> ExitCode:
    """Open an air, with a tool on it unless it is to be empty, until a signal comes.

    Raises:
        DataFileError: the tool or the scenario cannot be used.
        AirError: the air cannot be opened.
    """
    if arguments.socket is not None and not hasattr(socket, "AF_UNIX"):
        raise Refused("--socket: this system has no Unix sockets")
    tool = None if arguments.no_tool else _tool(arguments)
    return asyncio.run(_serve(arguments, tool))


def join(arguments: Namespace) -> ExitCode:
    """Bring a tool to an air that another process opened, until a signal comes.

    Raises:
        DataFileError: the tool or the scenario cannot be used.
        AirError: there is no such air.
        AirGone: it has been closed.
        CannotStageError: the scenario has a mishap that needs the air itself.
    """
    return asyncio.run(_join(arguments, _tool(arguments)))


async def _serve(arguments: Namespace, tool: SimulatedTool | None) -> ExitCode:
    over, air = asyncio.Event(), Air(seed=arguments.seed)
    with stopped_by_signals(over.set) as received:
        async with AirServer(air, port=arguments.port) as server, contextlib.AsyncExitStack() as on:
            if tool is not None:
                await on.enter_async_context(_told(tool.on_air(air, keys=arguments.keys)))
            if arguments.socket is not None:
                free = H4Server(air.add_controller("socket"), path=arguments.socket)
                await on.enter_async_context(free)
                print(f"a controller is at {free.address}", flush=True)
            print(f"the air is open at {server.address}", flush=True)
            await over.wait()
    return received[0]


async def _join(arguments: Namespace, tool: SimulatedTool) -> ExitCode:
    over = asyncio.Event()
    with stopped_by_signals(over.set) as received:
        try:
            async with open_air(arguments.air) as host:
                host.on("flush", over.set)
                async with _told(tool.behind(host, keys=arguments.keys)):
                    await over.wait()
        except AirError:
            # A tool cannot be switched off in order when its radio has gone.
            if not over.is_set():
                raise
    if not received:
        raise AirGone(f"the air at {arguments.air} has been closed")
    return received[0]


@contextlib.asynccontextmanager
async def _told(tool: AbstractAsyncContextManager[Peripheral]) -> AsyncIterator[None]:
    """Switch a tool on, and say so."""
    async with tool as peripheral:
        data = peripheral.firmware.tool
        print(f"{data.name} ({data.address}) is on", flush=True)
        yield


def plan_of(arguments: Namespace) -> Plan:
    """What the command line says that the hand does.

    Raises:
        Refused: its pressures are the wrong way round.
    """
    if arguments.low_kpa > arguments.high_kpa:
        raise Refused("--low-kpa is above --high-kpa")
    return strokes(
        arguments.zone,
        side=arguments.side,
        technique=arguments.technique,
        repetitions=arguments.repetitions,
        low_kpa=arguments.low_kpa,
        high_kpa=arguments.high_kpa,
    )


def _tool(arguments: Namespace) -> SimulatedTool:
    return in_hand(arguments.tool, arguments.scenario, plan_of(arguments), arguments.seed)
