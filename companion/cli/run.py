"""``companion run``: a session with a tool within Bluetooth reach."""

import asyncio
from argparse import Namespace
from contextlib import AsyncExitStack
from dataclasses import replace

from companion.ble.errors import LinkError
from companion.cli.acquaintance import radio_of
from companion.cli.admitting import Doorkeeper
from companion.cli.calibration_words import recall_of
from companion.cli.captures import capture_of
from companion.cli.chosen import chosen_notice, chosen_settings, use_up_choice
from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.guiding import (
    QUEUE,
    Shown,
    guide_in_lines,
    leave_behind,
    shown_as,
)
from companion.cli.house import housed
from companion.cli.keeping import kept
from companion.cli.keyboard import Keyboard, TerminalAnswers
from companion.cli.last_known import Figures
from companion.cli.loading import load
from companion.cli.on_screen import Guided, guide_on_screen
from companion.cli.person import today
from companion.cli.persons import Prepared, keep_session, prepared
from companion.cli.planned import SessionDeclined, planned_settings
from companion.cli.radio import opened_radio, radio_note
from companion.cli.resuming import resumed
from companion.cli.routine_notices import own_limits, routine_notices
from companion.cli.scale import keep_scale, scale_of
from companion.cli.session_keys import obey_keyboard
from companion.cli.settings import settled
from companion.cli.setup_desk import desk_of
from companion.cli.sounding import heard_in_lines
from companion.cli.status import status
from companion.cli.terminal import can_ask, has_keyboard, is_terminal
from companion.cli.wanted import wanted_tool
from companion.cli.wiring import service_for
from companion.coaching.person import Care, Person
from companion.coaching.product import Product, with_product
from companion.coaching.routine import Routine, Zone
from companion.hub import Edge
from companion.log import open_log
from companion.service import Service, ServiceOptions
from companion.settings.care import load_person_rules
from companion.settings.routines import load_routine
from companion.settings.user import UserSettings
from companion.texts import text


def execute(arguments: Namespace) -> ExitCode:
    """Guide one session.

    Raises:
        CompanionError: the settings or the routine cannot be used, there is to be no session for
            this person now, or the tool cannot be reached.
    """
    if len(arguments.tool or ()) > 1 or len(arguments.person or ()) > 1:
        load("companion.cli.several")
        from companion.cli.several import run_several  # noqa: PLC0415 -- one tool needs none of it

        return run_several(arguments)
    arguments.tool, arguments.person = only(arguments.tool), only(arguments.person)
    held = settled(arguments)
    settings, choice = chosen_settings(held, planned_settings(held, arguments.person))
    shown = shown_as(arguments)
    open_log(settings.log_level, verbose=arguments.verbose and shown is not Shown.SCREEN)
    asking = can_ask() and shown is not Shown.JSON
    try:
        ready = prepared(load_routine(settings.routine), arguments.person, asking=asking)
    except SessionDeclined:
        print(text("programme.declined"))
        return ExitCode.OK
    ready = resumed(ready, arguments, asking=asking)
    ready = replace(
        ready,
        routine=own_limits(settings).routine(with_product_of(ready, arguments.product)),
        notices=(*chosen_notice(choice), *ready.notices),
        choice=choice,
    )
    if shown is not Shown.SCREEN and not arguments.oiled and not has_keyboard():
        refuse_unasked(ready.routine)
    percent = scale_of(ready.person, held)
    options = ServiceOptions(oiled=arguments.oiled, scale_percent=percent)
    return asyncio.run(_run(arguments, settings, ready, shown, options))


def only(values: list[str] | None) -> str | None:
    """Return the one value of a flag that may be given more than once; None where it was not."""
    return values[0] if values else None


def with_product_of(ready: Prepared, name: str | None) -> Routine:
    """Return a routine as it is done with what is put on the skin; None for nothing said."""
    rules, person = load_person_rules(), ready.person
    care = None if person is None else Care(rules, person, today())
    return with_product(ready.routine, None if name is None else Product(name), rules, care)


def zones_off(person: Person | None) -> frozenset[Zone]:
    """Return the zones that are to be left alone for a person today."""
    if person is None:
        return frozenset()
    care = Care(load_person_rules(), person, today())
    return frozenset(zone for zone in Zone if care.blocks(zone))


def refuse_unasked(routine: Routine) -> None:
    """Refuse a routine that glides where nobody can be asked whether there is oil.

    Raises:
        UsageRefused: it does.
    """
    if any(step.slip_needed for step in routine.steps):
        raise UsageRefused("cli.refused.oil_unasked")


async def _run(
    arguments: Namespace,
    settings: UserSettings,
    ready: Prepared,
    shown: Shown,
    options: ServiceOptions,
) -> ExitCode:
    keyboard = Keyboard() if is_terminal() else None
    asks = keyboard is not None or arguments.pair
    answers = TerminalAnswers(keyboard or Keyboard()) if asks else None
    captured = capture_of(arguments)
    async with opened_radio(
        arguments.air, keeps=True, answers=answers, hci=settings.adapter, **captured
    ) as adapter:
        radio = radio_of(arguments.air)
        door = Doorkeeper(adapter, radio, settings.tool, pairs=arguments.pair, keyboard=keyboard)
        while True:
            known = replace(options, calibration=recall_of(radio))
            base = await _base(known, door, settings.tool)
            service = service_for(
                adapter, settings, ready.routine, shown, base=base, bounds=ready.bounds
            )
            door.tell = service.hub.publish
            figures = Figures(service, radio)
            notices = routine_notices(settings, ready.routine)
            told = (*notices, *ready.notices, *door.notices)
            try:
                async with AsyncExitStack() as stack:
                    await _followed(stack, service, settings, ready)
                    if shown is Shown.SCREEN:
                        note = adapter.name if arguments.air else ""
                        desk, off = desk_of(arguments, ready.person), zones_off(ready.person)
                        guided = Guided(service=service, off=off, first=told)
                        return await guide_on_screen([guided], settings, note, desk)
                    told = (radio_note(adapter), *told)
                    others = (
                        *_keyboard(service),
                        *heard_in_lines(service, settings, is_json=shown is Shown.JSON),
                    )
                    return await guide_in_lines(service, shown, told, tuple, *others)
            except LinkError as error:
                if service.summary is not None or not await door.has_renewed(error):
                    raise
            finally:
                figures.keep()
                keep_result(ready, service, shown, settings)


async def _followed(
    stack: AsyncExitStack, service: Service, settings: UserSettings, ready: Prepared
) -> None:
    """Have a session published and kept, as the settings ask for; the store ends first."""
    room = None
    if settings.mqtt.url:
        (room,) = await stack.enter_async_context(housed(settings.mqtt, service))
    if settings.keep_sessions:
        await stack.enter_async_context(
            kept(service, ready, room, days=settings.keep_telemetry_days)
        )


async def _base(options: ServiceOptions, door: Doorkeeper, words: str) -> ServiceOptions:
    """Return the options with the tool that is wanted; most of other kinds offer no bond."""
    wanted = wanted_tool(words)
    if wanted.kind is None:
        return replace(options, admission=await door.admission())
    return replace(options, tool=wanted.name, kind=wanted.kind, motion=wanted.motion)


def keep_result(ready: Prepared, service: Service, shown: Shown, settings: UserSettings) -> None:
    """Keep what a session came to, and say how the programme stands."""
    words = keep_session(ready.person, service.summary)
    keep_scale(ready.person, service.summary)
    if service.summary is not None:
        use_up_choice(ready.choice)
    if shown is not Shown.JSON:
        leave_behind(words, ascii_only=settings.ascii)


def _keyboard(service: Service) -> list[Edge]:
    if not has_keyboard():
        return []
    events, live = service.hub.subscribe("keyboard", QUEUE), service.live

    def tell(device_s: float) -> None:
        now = status(live.view(), live.link(), muted=live.muted, device_s=device_s)
        service.hub.publish(now)

    return [lambda: obey_keyboard(events, service.command, tell)]
