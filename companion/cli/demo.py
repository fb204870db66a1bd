"""``companion demo``: simulator and service in one process, over a virtual radio."""

import asyncio
import math
import sys
from argparse import Namespace
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.guiding import QUEUE, Shown, guide_in_lines, shown_as
from companion.cli.late import Guides, LateGuide
from companion.cli.loading import load
from companion.cli.on_screen import Guided, guide_on_screen
from companion.cli.routine_notices import own_limits, routine_notices
from companion.cli.settings import settled
from companion.cli.setup_desk import desk_of
from companion.cli.sounding import heard_in_lines
from companion.coaching.events import Command, Prompt, PromptKind
from companion.coaching.routine import Routine
from companion.coaching.scaling import scaled
from companion.hub import Edge, Hub
from companion.log import open_log
from companion.settings.routines import load_routine
from companion.settings.user import UserSettings
from companion.strict_json import json_text
from companion.texts import text
from simulators.virtual_time import VirtualTimeLoop, run_virtual

if TYPE_CHECKING:
    from companion.ble.adapter import Adapter
    from companion.service import Service, ServiceOptions
    from simulators.simulated_tool import SimulatedTool

_RADIO = "companion.cli.demo_radio"
"""Loaded late: the radio's library is a third of all that there is to load. Nor is the service
loaded before it is needed."""
SCENARIO = "heavy-hand"
"""How the simulated hand works where nothing else is asked for."""
_LONGEST_SEARCH_S = 60.0
"""After this long without its tool a demonstration is over: nobody will go and charge it."""
_ANSWERS_AFTER_S = 0.5
"""So soon the simulated person says that there is oil: its hand goes on and waits for nobody."""
_NO_DATE = datetime.fromtimestamp(0, UTC)
"""Time that runs as fast as the machine does is on no calendar; so a session repeats itself."""


def execute(arguments: Namespace) -> ExitCode:
    """Guide a simulated session.

    Raises:
        UsageRefused: a speed other than 1 on a screen.
        FileRefused: a setting, the routine, the scenario or the tool cannot be used.
    """
    shown = shown_as(arguments)
    speed = _speed(arguments, shown)
    settings = settled(arguments).settings
    open_log(settings.log_level, verbose=arguments.verbose and shown is not Shown.SCREEN)
    routine = own_limits(settings).routine(load_routine(settings.routine))
    if arguments.count != 1:
        return _several(arguments, settings, routine, shown, speed)
    performed = _scaled(routine, settings.scale_percent)
    if shown is Shown.SCREEN and _is_as_shipped(arguments, settings):
        return asyncio.run(_on_screen(arguments, settings, routine, performed))
    load(_RADIO)
    session = _session(arguments, settings, routine, performed, shown=shown)
    return asyncio.run(session) if speed == 1 else run_virtual(session, speed=speed)


def _is_as_shipped(arguments: Namespace, settings: UserSettings) -> bool:
    """Say whether nothing is asked for that the simulators could refuse.

    What they could refuse is refused before a screen opens.
    """
    asked = (arguments.scenario, settings.routine)
    return asked == (SCENARIO, UserSettings().routine) and not arguments.capture


def _several(
    arguments: Namespace, settings: UserSettings, routine: Routine, shown: Shown, speed: float
) -> ExitCode:
    load("companion.cli.demo_several")
    from companion.cli.demo_several import demonstrate_several  # noqa: PLC0415 -- one tool needs none of it

    performed = _scaled(routine, settings.scale_percent)
    return demonstrate_several(arguments, settings, routine, performed, shown=shown, speed=speed)


def _scaled(routine: Routine, percent: int) -> Routine:
    """Return what the simulated hand does of a routine."""
    return replace(routine, steps=tuple(scaled(step, percent) for step in routine.steps))


def _speed(arguments: Namespace, shown: Shown) -> float:
    """Return the speed asked for; without a terminal as fast as possible, else real time."""
    if arguments.speed is not None:
        if shown is Shown.SCREEN and arguments.speed != 1:
            raise UsageRefused("cli.refused.speed_on_screen")
        return float(arguments.speed)
    return 1.0 if shown is Shown.SCREEN or sys.stdout.isatty() else math.inf


async def _on_screen(
    arguments: Namespace, settings: UserSettings, routine: Routine, performed: Routine
) -> ExitCode:
    """Show the dashboard first; tool, hand and radio are loaded once there is a picture of it."""
    painted = asyncio.Event()
    async with AsyncExitStack() as stack:

        async def opened() -> "Adapter":
            await asyncio.to_thread(load, _RADIO)
            from companion.cli.demo_radio import on_air, simulated  # noqa: PLC0415 -- as above

            simulation = await asyncio.to_thread(simulated, arguments, performed)
            return await stack.enter_async_context(on_air(arguments, simulation))

        def made(hub: Hub) -> "Service":
            from companion.ble.adapter import Adapter  # noqa: PLC0415 -- see _RADIO

            adapter = Adapter(name=text("cli.radio.virtual"), opening=opened)
            return _service(adapter, arguments, settings, routine, Shown.SCREEN, hub=hub)

        guide = LateGuide(
            made, painted, routine, percent=settings.scale_percent, is_muted=settings.mute
        )
        radio = text("cli.radio.virtual")
        return await _shown_on(radio, arguments, settings, routine, guide, painted=painted)


async def _session(
    arguments: Namespace,
    settings: UserSettings,
    routine: Routine,
    performed: Routine,
    *,
    shown: Shown,
) -> ExitCode:
    """Bring everything up before anything is shown."""
    from companion.cli.demo_radio import on_air, simulated  # noqa: PLC0415 -- see execute
    from companion.cli.radio import radio_note  # noqa: PLC0415 -- see _RADIO

    simulation = simulated(arguments, performed)
    async with on_air(arguments, simulation) as adapter:
        if shown is Shown.SCREEN:
            service = _service(adapter, arguments, settings, routine, shown)
            return await _shown_on(adapter.name, arguments, settings, routine, service)
        service = _service(adapter, arguments, settings, routine, shown)
        first = (radio_note(adapter), *routine_notices(settings, routine))
        others = (person_of(service), *_heard(service, settings, shown))
        return await guide_in_lines(
            service, shown, first, lambda: truth_of(simulation, shown), *others
        )


async def _shown_on(
    radio: str,
    arguments: Namespace,
    settings: UserSettings,
    routine: Routine,
    service: Guides,
    *,
    painted: asyncio.Event | None = None,
) -> ExitCode:
    """Guide on the dashboard."""
    guided = Guided(
        service=service,
        first=tuple(routine_notices(settings, routine)),
        edges=(person_of(service),),
    )
    return await guide_on_screen([guided], settings, radio, desk_of(arguments), painted=painted)


def _service(
    adapter: "Adapter",
    arguments: Namespace,
    settings: UserSettings,
    routine: Routine,
    shown: Shown,
    *,
    hub: Hub | None = None,
) -> "Service":
    from companion.cli.wiring import service_for  # noqa: PLC0415 -- see _RADIO

    options = replace(options_of(arguments), scale_percent=settings.scale_percent)
    return service_for(adapter, settings, routine, shown, base=options, hub=hub)


def _heard(service: Guides, settings: UserSettings, shown: Shown) -> list[Edge]:
    """Return who makes the cues heard: nobody in virtual time, which no ear can follow."""
    is_real = not isinstance(asyncio.get_running_loop(), VirtualTimeLoop)
    return heard_in_lines(service, settings, is_json=shown is Shown.JSON) if is_real else []


def person_of(service: Guides) -> Edge:
    """Return the simulated person, who says yes when asked for oil, a moment later."""
    events = service.hub.subscribe("simulated person", QUEUE)

    async def answer() -> None:
        async for event in events:
            if isinstance(event, Prompt) and event.kind is PromptKind.SLIP:
                await asyncio.sleep(_ANSWERS_AFTER_S)
                service.command(Command.CONFIRM)

    return answer


def options_of(arguments: Namespace, *, seed: int | None = None) -> "ServiceOptions":
    """Return how a simulated session is run; ``seed`` is in place of the arguments'."""
    from companion.service import ServiceOptions  # noqa: PLC0415 -- see _RADIO

    loop = asyncio.get_running_loop()
    is_unpaced = isinstance(loop, VirtualTimeLoop) and loop.is_unpaced
    return ServiceOptions(
        seed=arguments.seed if seed is None else seed,
        oiled=arguments.oiled,
        max_search_s=_LONGEST_SEARCH_S,
        started_at=_NO_DATE if is_unpaced else None,
    )


def truth_of(simulation: "SimulatedTool", shown: Shown, **whose: object) -> Iterable[str]:
    """Yield what the simulated hand really did, for programs that compare.

    Args:
        simulation: tool and hand.
        shown: nothing is said but to programs.
        whose: more fields of the line, where there are several tools.
    """
    if shown is Shown.JSON and simulation.performance.finished_us is not None:
        yield json_text({"event": "simulation_truth"} | whose | simulation.truth())
