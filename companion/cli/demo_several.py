"""``companion demo --tools N``: N simulated tools in N hands, and one dashboard for them."""

import asyncio
import math
from argparse import Namespace
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from companion.cli.demo import options_of, person_of, truth_of
from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.guiding import Shown
from companion.cli.on_screen import Guided, guide_on_screen
from companion.cli.plans import plan_of
from companion.cli.radio import radio_note
from companion.cli.routine_notices import routine_notices
from companion.cli.setup_desk import desk_of
from companion.cli.several import MOST_TOOLS
from companion.cli.several_guiding import guide_several_in_lines
from companion.cli.simulation import DEFAULT_TOOL, refusals
from companion.cli.virtual_radio import as_adapter
from companion.cli.wiring import service_for
from companion.coaching.routine import Routine
from companion.settings.user import UserSettings
from companion.texts import text
from simulators.bleak_backend import Adapter as VirtualAdapter
from simulators.capture import capture
from simulators.radio import Air, connect_host
from simulators.scenario import load_scenario
from simulators.simulated_tool import SimulatedTool
from simulators.tool_data import ToolData, load_tool
from simulators.virtual_time import VirtualTimeLoop, run_virtual


def demonstrate_several(
    arguments: Namespace,
    settings: UserSettings,
    routine: Routine,
    performed: Routine,
    *,
    shown: Shown,
    speed: float,
) -> ExitCode:
    """Guide several simulated sessions.

    Args:
        arguments: those of ``demo``.
        settings: the person's.
        routine: what is guided.
        performed: what the hands do.
        shown: how it is shown.
        speed: how fast time goes, infinite for as fast as can be.

    Raises:
        UsageRefused: more tools than are shown at a time, or a hand cannot do the routine.
        FileRefused: there is no such scenario.
    """
    if not 1 <= arguments.count <= MOST_TOOLS:
        raise UsageRefused("several.refused.count", most=MOST_TOOLS)
    with refusals():
        plan, scenario = plan_of(performed), load_scenario(arguments.scenario)
        simulations = [
            SimulatedTool(plan, _sheet(number), scenario, arguments.seed + number)
            for number in range(arguments.count)
        ]
    sessions = _sessions(arguments, settings, routine, simulations, shown)
    is_real = speed == 1 and not math.isinf(speed)
    return asyncio.run(sessions) if is_real else run_virtual(sessions, speed=speed)


def _sheet(number: int) -> ToolData:
    """Return the demo's tool with an address and a name of its own."""
    sheet = load_tool(DEFAULT_TOOL)
    name = text("several.demo_name", name=sheet.name, letter=chr(ord("A") + number))
    return replace(sheet, address=f"F0:00:00:00:00:{number + 1:02X}", name=name)


async def _sessions(
    arguments: Namespace,
    settings: UserSettings,
    routine: Routine,
    simulations: Sequence[SimulatedTool],
    shown: Shown,
) -> ExitCode:
    air = Air(seed=arguments.seed)
    computer = connect_host(air.add_controller("computer"))
    async with AsyncExitStack() as stack:
        if arguments.capture:
            stack.enter_context(capture(computer, Path(arguments.capture)))
        virtual = await stack.enter_async_context(VirtualAdapter(computer))
        adapter = as_adapter(virtual, text("cli.radio.virtual"))
        guided = []
        for number, simulation in enumerate(simulations):
            await stack.enter_async_context(simulation.on_air(air))
            sheet = simulation.firmware.tool
            options = options_of(arguments, seed=arguments.seed + number)
            options = replace(options, scale_percent=settings.scale_percent, tool=sheet.address)
            service = service_for(adapter, settings, routine, shown, base=options)
            first = tuple(routine_notices(settings, routine))
            if number == 0 and shown is not Shown.SCREEN:
                first = (radio_note(adapter), *first)
            guided.append(
                Guided(
                    name=sheet.name,
                    service=service,
                    person=sheet.name,
                    first=first,
                    edges=(person_of(service),),
                    closing=partial(
                        truth_of, simulation, shown, tool_number=number + 1, tool_name=sheet.name
                    ),
                )
            )
        if shown is Shown.SCREEN:
            return await guide_on_screen(guided, settings, adapter.name, desk_of(arguments))
        is_heard = not isinstance(asyncio.get_running_loop(), VirtualTimeLoop)
        return await guide_several_in_lines(guided, settings, shown, is_heard=is_heard)
