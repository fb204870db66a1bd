"""``companion run``: a session with a tool within Bluetooth reach."""

import asyncio
from argparse import Namespace
from contextlib import AsyncExitStack
from dataclasses import replace

from companion.ble.adapter import Adapter
from companion.cli.asking import can_ask
from companion.cli.endings import ExitCode
from companion.cli.guiding import (
    Shown,
    guide_in_lines,
    guide_on_screen,
    leave_behind,
    shown_as,
)
from companion.cli.house import housed
from companion.cli.keeping import kept
from companion.cli.persons import Prepared, keep_session, prepared
from companion.cli.planned import SessionDeclined, planned_settings
from companion.cli.radio import opened_radio, radio_note
from companion.cli.routine_notices import routine_notices
from companion.cli.settings import settled
from companion.coaching.hints.dose import Bounds, general_bounds
from companion.coaching.routine import Routine
from companion.log import open_log
from companion.service import Service, ServiceOptions
from companion.settings.care import load_care, load_person_rules
from companion.settings.routines import load_routine
from companion.settings.user import UserSettings
from companion.texts import text


def execute(arguments: Namespace) -> ExitCode:
    """Guide one session.

    Raises:
        CompanionError: the settings or the routine cannot be used, there is to be no session for
            this person now, or the tool cannot be reached.
    """
    settings = planned_settings(settled(arguments), arguments.person)
    shown = shown_as(arguments)
    open_log(settings.log_level, verbose=arguments.verbose and shown is not Shown.SCREEN)
    asking = can_ask() and shown is not Shown.JSON
    try:
        ready = prepared(load_routine(settings.routine), arguments.person, asking=asking)
    except SessionDeclined:
        print(text("programme.declined"))
        return ExitCode.OK
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
        tool=settings.tool or None,
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
    async with opened_radio(arguments.air) as adapter:
        service = service_for(adapter, settings, ready.routine, shown, bounds=ready.bounds)
        first = (*routine_notices(settings.routine, ready.routine), *ready.notices)
        try:
            async with AsyncExitStack() as stack:
                await _followed(stack, service, settings, ready)
                if shown is Shown.SCREEN:
                    note = adapter.name if arguments.air else ""
                    return await guide_on_screen(service, settings, note, first)
                return await guide_in_lines(service, shown, (radio_note(adapter), *first))
        finally:
            words = keep_session(ready.person, service.summary)
            if shown is not Shown.JSON:
                leave_behind(words, ascii_only=settings.ascii)


async def _followed(
    stack: AsyncExitStack, service: Service, settings: UserSettings, ready: Prepared
) -> None:
    """Have a session published and kept, as the settings ask for; the store ends first."""
    house = None
    if settings.mqtt.url:
        house = await stack.enter_async_context(housed(service, settings.mqtt))
    if settings.keep_sessions:
        await stack.enter_async_context(kept(service, ready, house))
