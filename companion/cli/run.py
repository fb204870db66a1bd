"""``companion run``: a session with a tool within Bluetooth reach."""

import asyncio
from argparse import Namespace
from dataclasses import replace

from companion.ble.adapter import Adapter
from companion.ble.errors import LinkError
from companion.cli.acquaintance import radio_of
from companion.cli.admitting import Doorkeeper
from companion.cli.endings import ExitCode
from companion.cli.guiding import Shown, guide_in_lines, guide_on_screen, shown_as
from companion.cli.keyboard import Keyboard, TerminalAnswers, is_terminal
from companion.cli.persons import Prepared, keep_session, prepared
from companion.cli.radio import opened_radio, radio_note
from companion.cli.routine_notices import routine_notices
from companion.cli.settings import settled
from companion.cli.wanted import wanted_tool
from companion.coaching.hints.dose import Bounds, general_bounds
from companion.coaching.routine import Routine
from companion.log import open_log
from companion.service import Service, ServiceOptions
from companion.settings.care import load_care, load_person_rules
from companion.settings.routines import load_routine
from companion.settings.user import UserSettings


def execute(arguments: Namespace) -> ExitCode:
    """Guide one session.

    Raises:
        CompanionError: the settings or the routine cannot be used, or the tool cannot be reached.
    """
    settings = settled(arguments).settings
    shown = shown_as(arguments)
    open_log(settings.log_level, verbose=arguments.verbose and shown is not Shown.SCREEN)
    ready = prepared(load_routine(settings.routine), arguments.person)
    return asyncio.run(_run(arguments, settings, ready, shown))


def service_for(
    adapter: Adapter,
    settings: UserSettings,
    routine: Routine,
    shown: Shown,
    *,
    base: ServiceOptions | None = None,
    bounds: Bounds | None = None,
) -> Service:
    """Return a session as the settings ask for, not yet run.

    Args:
        adapter: the radio.
        settings: the person's settings.
        routine: what to guide.
        shown: how it is shown.
        base: what the settings do not say.
        bounds: what holds for the person; None where nobody is known.

    Raises:
        FileRefused: the care file cannot be used.
    """
    options = replace(
        base or ServiceOptions(),
        rate_hz=settings.rate_hz,
        stay_open=shown is Shown.SCREEN,
        haptic=settings.warn_haptic,
        muted=settings.mute,
        bounds=general_bounds(load_person_rules()) if bounds is None else bounds,
    )
    return Service(adapter, routine, load_care(), options)


async def _run(
    arguments: Namespace, settings: UserSettings, ready: Prepared, shown: Shown
) -> ExitCode:
    keyboard = Keyboard() if is_terminal() else None
    asks = keyboard is not None or arguments.pair
    answers = TerminalAnswers(keyboard or Keyboard()) if asks else None
    async with opened_radio(arguments.air, keeps=True, answers=answers) as adapter:
        door = Doorkeeper(
            adapter,
            radio_of(arguments.air),
            settings.tool,
            pairs=arguments.pair,
            keyboard=keyboard,
        )
        while True:
            base = _other(settings.tool) or ServiceOptions(admission=await door.admission())
            service = service_for(
                adapter, settings, ready.routine, shown, base=base, bounds=ready.bounds
            )
            first = (*routine_notices(settings.routine, ready.routine), *ready.notices)
            first = (*first, *door.notices)
            door.tell = service.hub.publish
            note = adapter.name if arguments.air else ""
            try:
                if shown is Shown.SCREEN:
                    return await guide_on_screen(service, settings, note, first)
                return await guide_in_lines(service, shown, (radio_note(adapter), *first))
            except LinkError as error:
                if service.summary is not None or not await door.has_renewed(error):
                    raise
            finally:
                keep_session(ready.person, service.summary)


def _other(words: str) -> ServiceOptions | None:
    """Return what a tool that does not speak the profile needs: no bond, as most offer none."""
    wanted = wanted_tool(words)
    if wanted.kind is None:
        return None
    return ServiceOptions(tool=wanted.name, kind=wanted.kind, motion=wanted.motion)
