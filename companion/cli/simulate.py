"""``companion simulate``: simulated tools on an air, on a controller, or written to files."""

import asyncio
from argparse import Namespace
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.guiding import stopped_by_signals, theme_of
from companion.cli.labelled import record
from companion.cli.loading import load
from companion.cli.places import Place, own_air, place_for
from companion.cli.plans import plan_of
from companion.cli.settings import settled
from companion.cli.simulation import AirFailed, refusals, simulate_tools
from companion.cli.simulation_desk import Desk
from companion.cli.terminal import can_ask
from companion.log import open_log
from companion.paths import state_folder
from companion.settings.routines import load_routine
from companion.settings.user import UserSettings
from companion.texts import text
from companion.tui.simulated import Happening
from simulators.peripheral import Peripheral
from simulators.scale import grams_on_scale
from simulators.simulated_tool import SimulatedTool

_LOOK_S = 0.2


def execute(arguments: Namespace) -> ExitCode:
    """Simulate tools until Ctrl-C or SIGTERM, or write one recording each.

    Raises:
        UsageRefused: the arguments do not go together.
        FileRefused: the routine, the scenario or a tool cannot be used.
        AirFailed: the air or the controller cannot be opened or joined, or it went away.
    """
    open_log(verbose=arguments.verbose)
    _check(arguments)
    if arguments.no_tool:
        with refusals():
            return asyncio.run(_serve(arguments))
    settings = settled(arguments).settings
    routine = load_routine(arguments.routine or settings.routine)
    if arguments.record is not None:
        return record(arguments, plan_of(routine))
    tools = simulate_tools(arguments, routine)
    with refusals():
        return asyncio.run(_simulate(arguments, settings, tools))


def _check(arguments: Namespace) -> None:
    elsewhere = arguments.join is not None or arguments.hci is not None
    if arguments.no_tool and elsewhere:
        raise UsageRefused("cli.refused.no_tool_no_air")
    if arguments.hci is not None and arguments.tools is not None:
        raise UsageRefused("cli.simulate.one_by_hci")
    if arguments.record is not None and (elsewhere or arguments.port or arguments.no_tool):
        raise UsageRefused("cli.simulate.record_alone")
    if arguments.weigh is not None and (arguments.tools or arguments.record is not None):
        raise UsageRefused("cli.simulate.weigh_alone")
    if arguments.weigh is None and arguments.weigh_gauge is not None:
        raise UsageRefused("cli.simulate.gauge_weighs")
    if arguments.rate is not None and arguments.record is None:
        raise UsageRefused("cli.simulate.rate_of_record")


async def _serve(arguments: Namespace) -> ExitCode:
    """Open an air that tools of other processes join."""
    over = asyncio.Event()
    with stopped_by_signals(over.set) as received:
        async with own_air(arguments.port) as place:
            print(place.words, flush=True)
            await over.wait()
    return received[0]


async def _simulate(
    arguments: Namespace, settings: UserSettings, tools: list[SimulatedTool]
) -> ExitCode:
    if arguments.still:
        for tool in tools:
            tool.performance.hold_still()
    on_screen = not arguments.plain and can_ask()
    over = asyncio.Event()
    with stopped_by_signals(over.set) as received:
        async with AsyncExitStack() as stack:
            place = await stack.enter_async_context(place_for(arguments))
            place.is_strict = arguments.strict
            desk = Desk(place.words, None if on_screen else _print, place.air)
            stack.push_async_callback(desk.close)
            if not on_screen and place.air is not None:
                print(place.words, flush=True)
            for tool in tools:
                await _seat(tool, place, desk, stack, over)
            if on_screen:
                await _show(desk, settings, over)
            else:
                await over.wait()
            if not received and place.is_lost:
                raise AirFailed("cli.air.gone")
    return received[0] if received else ExitCode.OK


async def _seat(
    tool: SimulatedTool, place: Place, desk: Desk, stack: AsyncExitStack, over: asyncio.Event
) -> None:
    name = tool.data.name
    peripheral = await stack.enter_async_context(
        place.switched_on(
            tool,
            keys=_bond_file(tool),
            notice=lambda words: desk.say(name, words),
            lost=over.set,
        )
    )
    desk.seat(tool, peripheral)
    if tool.weighs:
        weighing = asyncio.create_task(_tell_scale(tool, peripheral, desk))
        stack.callback(weighing.cancel)
    telling = asyncio.create_task(_tell_passkeys(peripheral, lambda words: desk.say(name, words)))
    stack.callback(telling.cancel)
    if place.air is None:
        desk.say(name, text("cli.simulate.on_at", place=place.words))
    else:
        desk.say(name, text("cli.simulate.on"))


async def _tell_passkeys(peripheral: Peripheral, say: Callable[[str], None]) -> None:
    """Tell what the tool's display shows, each time that it shows something."""
    told = ""
    while True:
        await peripheral.shown_passkey()
        if peripheral.passkey != told:
            told = peripheral.passkey
            say(text("cli.simulate.shows", passkey=told))
        await asyncio.sleep(_LOOK_S)


async def _tell_scale(tool: SimulatedTool, peripheral: Peripheral, desk: Desk) -> None:
    """Tell what the scale shows, each time that it has come to rest on another load."""
    told, before = 0, 0
    while True:
        shown = grams_on_scale(tool, peripheral.device_us)
        if shown == before and abs(shown - told) > 1:
            told = shown
            desk.say(tool.data.name, text("cli.simulate.scale", grams=shown))
        before = shown
        await asyncio.sleep(_LOOK_S)


async def _show(desk: Desk, settings: UserSettings, over: asyncio.Event) -> None:
    """Show the screen until it is left or the simulation is over.

    Raises:
        Exception: what the screen stumbled over.
    """
    load("companion.tui.simulation")
    from companion.tui.simulation import SimulationApp  # noqa: PLC0415 -- lines need no screen

    app = SimulationApp(desk, theme=theme_of(settings), ascii_only=True if settings.ascii else None)
    leaving = asyncio.create_task(over.wait())
    leaving.add_done_callback(lambda _task: app.exit())
    try:
        await app.run_async()
    finally:
        leaving.cancel()
    if app.crash is not None:
        raise app.crash


def _print(happening: Happening) -> None:
    line = text(
        "cli.simulate.happened", at=happening.at_s, tool=happening.tool, words=happening.words
    )
    print(line, flush=True)


def _bond_file(tool: SimulatedTool) -> Path:
    """Return where this tool keeps its bonds, so that they survive switching it off."""
    folder = state_folder() / "simulated"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"{tool.data.address.replace(':', '').lower()}.json"
