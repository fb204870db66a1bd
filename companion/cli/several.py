"""``companion run`` with several tools: a session for each, on one radio and one dashboard."""

import asyncio
from argparse import Namespace
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from companion.ble.adapter import Adapter
from companion.ble.admission import Admission
from companion.cli.acquaintance import radio_of
from companion.cli.admitting import Doorkeeper
from companion.cli.calibration_words import recall_of
from companion.cli.captures import capture_of
from companion.cli.chosen import chosen_notice, chosen_settings
from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.guiding import Shown, shown_as
from companion.cli.house import housed
from companion.cli.keeping import kept
from companion.cli.keyboard import Keyboard, TerminalAnswers
from companion.cli.last_known import Figures
from companion.cli.on_screen import Guided, guide_on_screen
from companion.cli.person import DEFAULT_PERSON
from companion.cli.persons import Prepared, prepared
from companion.cli.planned import SessionDeclined, planned_settings
from companion.cli.radio import opened_radio, radio_note
from companion.cli.routine_notices import own_limits, routine_notices
from companion.cli.run import (
    keep_result,
    refuse_unasked,
    with_product_of,
    zones_off,
)
from companion.cli.scale import scale_of
from companion.cli.settings import settled
from companion.cli.setup_desk import desk_of
from companion.cli.several_guiding import guide_several_in_lines
from companion.cli.terminal import can_ask, has_keyboard, is_terminal
from companion.cli.wanted import wanted_tool
from companion.cli.wiring import service_for
from companion.coaching.events import Event
from companion.log import open_log
from companion.service import Service, ServiceOptions
from companion.settings.routines import load_routine
from companion.settings.user import Settled, UserSettings
from companion.texts import text

if TYPE_CHECKING:
    from companion.cli.house_room import Room

MOST_TOOLS = 8
"""As many as were measured on one adapter (docs/performance.md)."""


@dataclass(frozen=True, slots=True)
class Place:
    """One tool, and whom it is for.

    Attributes:
        words: the tool, as the person gave it.
        settings: as they hold here.
        ready: the routine made ready for the person.
        options: how the session is run, before its tool is known.
    """

    words: str
    settings: UserSettings
    ready: Prepared
    options: ServiceOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidedHere(Guided):
    """The session of one tool, which may be published and kept.

    Attributes:
        service: its session, not yet run.
    """

    service: Service


def run_several(arguments: Namespace) -> ExitCode:
    """Guide a session with each of several tools.

    Args:
        arguments: those of ``run``, with lists of tools and of persons.

    Raises:
        CompanionError: the tools and persons do not go together, a file cannot be used, or there
            is to be no session for one of the persons now.
    """
    tools = list(arguments.tool or ())
    persons = persons_of(tools, list(arguments.person or ()))
    if arguments.resume:
        raise UsageRefused("several.refused.resume")
    held = settled(Namespace(**vars(arguments) | {"tool": None}))
    shown = shown_as(arguments)
    open_log(held.settings.log_level, verbose=arguments.verbose and shown is not Shown.SCREEN)
    asking = can_ask() and shown is not Shown.JSON
    known: dict[str | None, Place] = {}
    try:
        for person in persons:
            if person not in known:
                known[person] = _place(arguments, held, person, asking=asking)
    except SessionDeclined:
        print(text("programme.declined"))
        return ExitCode.OK
    if shown is not Shown.SCREEN and not arguments.oiled and not has_keyboard():
        for place in known.values():
            refuse_unasked(place.ready.routine)
    places = [
        replace(known[person], words=tool) for tool, person in zip(tools, persons, strict=True)
    ]
    return asyncio.run(_run(arguments, places, shown))


def persons_of(tools: Sequence[str], persons: Sequence[str]) -> list[str | None]:
    """Return for whom each tool is: one person for all, or each their own in the same order.

    Raises:
        UsageRefused: too many tools, one of them twice, or as many persons as do not go with them.
    """
    if len(tools) > MOST_TOOLS:
        raise UsageRefused("several.refused.too_many", most=MOST_TOOLS)
    for place, tool in enumerate(tools):
        if tool.casefold() in {other.casefold() for other in tools[:place]}:
            raise UsageRefused("several.refused.same", tool=tool)
    if len(persons) not in {0, 1, len(tools)}:
        raise UsageRefused("several.refused.persons", tools=len(tools), persons=len(persons))
    if len(persons) == len(tools):
        return list(persons)
    return [persons[0] if persons else None] * len(tools)


def _place(arguments: Namespace, held: Settled, person: str | None, *, asking: bool) -> Place:
    settings, choice = chosen_settings(held, planned_settings(held, person))
    ready = prepared(load_routine(settings.routine), person, asking=asking)
    ready = replace(
        ready,
        routine=own_limits(settings).routine(with_product_of(ready, arguments.product)),
        notices=(*chosen_notice(choice), *ready.notices),
        choice=choice,
    )
    options = ServiceOptions(oiled=arguments.oiled, scale_percent=scale_of(ready.person, held))
    return Place("", settings, ready, options)


async def _run(arguments: Namespace, places: Sequence[Place], shown: Shown) -> ExitCode:
    keyboard = Keyboard() if is_terminal() else None
    asks = keyboard is not None or arguments.pair
    settings = places[0].settings
    async with opened_radio(
        arguments.air,
        keeps=True,
        answers=TerminalAnswers(keyboard or Keyboard()) if asks else None,
        hci=settings.adapter,
        **capture_of(arguments),
    ) as adapter:
        guided = await _guided(arguments, adapter, keyboard, places, shown)
        figures = [Figures(one.service, radio_of(arguments.air)) for one in guided]
        note = adapter.name if arguments.air else ""
        try:
            async with AsyncExitStack() as stack:
                await _followed(stack, guided, places)
                if shown is Shown.SCREEN:
                    return await guide_on_screen(guided, settings, note, desk_of(arguments))
                return await guide_several_in_lines(guided, settings, shown)
        finally:
            for one, place, told in zip(guided, places, figures, strict=True):
                told.keep()
                keep_result(place.ready, one.service, shown, place.settings)


async def _followed(
    stack: AsyncExitStack, guided: Sequence[GuidedHere], places: Sequence[Place]
) -> None:
    """Have sessions published and kept, as the settings ask for; the stores end first."""
    rooms: Sequence[Room | None] = [None] * len(guided)
    mqtt = places[0].settings.mqtt
    if mqtt.url:
        services = [one.service for one in guided]
        rooms = await stack.enter_async_context(housed(mqtt, *services))
    for number, (one, place, room) in enumerate(zip(guided, places, rooms, strict=True)):
        if place.settings.keep_sessions:
            # What is too old goes once.
            days = 0 if number else place.settings.keep_telemetry_days
            await stack.enter_async_context(kept(one.service, place.ready, room, days=days))


async def _guided(
    arguments: Namespace,
    adapter: Adapter,
    keyboard: Keyboard | None,
    places: Sequence[Place],
    shown: Shown,
) -> list[GuidedHere]:
    """Return the sessions, each with the one tool that it may use.

    Raises:
        CompanionError: one of the tools is not known and was not paired, or two are the same.
    """
    radio, guided = radio_of(arguments.air), list[GuidedHere]()
    taken: set[str] = set()
    for number, place in enumerate(places):
        door = Doorkeeper(adapter, radio, place.words, pairs=arguments.pair, keyboard=keyboard)
        name, base = await _base(place, door, taken)
        base = replace(base, calibration=recall_of(radio))
        service = service_for(
            adapter,
            place.settings,
            place.ready.routine,
            shown,
            base=base,
            bounds=place.ready.bounds,
        )
        door.tell = service.hub.publish
        told: tuple[Event, ...] = (*_first(place), *door.notices)
        if number == 0 and shown is not Shown.SCREEN:
            told = (radio_note(adapter), *told)
        person = place.ready.person
        guided.append(
            GuidedHere(
                name=name,
                service=service,
                person=DEFAULT_PERSON if person is None else person.name,
                off=zones_off(person),
                first=told,
            )
        )
    return guided


def _first(place: Place) -> tuple[Event, ...]:
    return (*routine_notices(place.settings, place.ready.routine), *place.ready.notices)


async def _base(place: Place, door: Doorkeeper, taken: set[str]) -> tuple[str, ServiceOptions]:
    """Return what a tool is called, and the options with it; it is taken from then on."""
    wanted = wanted_tool(place.words)
    if wanted.kind is not None:
        key = wanted.name or wanted.kind.name
        if key.casefold() in taken:
            raise UsageRefused("several.refused.same", tool=place.words)
        taken.add(key.casefold())
        options = replace(place.options, tool=wanted.name, kind=wanted.kind, motion=wanted.motion)
        return place.words, options
    admission = one_tool(await door.admission(), taken, place.words)
    ((address, tool),) = admission.tools.items()
    taken.add(address)
    return tool.name, replace(place.options, admission=admission)


def one_tool(admission: Admission, taken: set[str], words: str) -> Admission:
    """Return the admission of the one tool that is meant and that no other session has.

    Args:
        admission: the tools that the words may mean.
        taken: the addresses of those that others have.
        words: as the person gave them.

    Raises:
        UsageRefused: another session has it, or the words mean several.
    """
    free = {address: tool for address, tool in admission.tools.items() if address not in taken}
    if not free:
        raise UsageRefused("several.refused.same", tool=words)
    if len(free) > 1:
        names = ", ".join(sorted(tool.name for tool in free.values()))
        raise UsageRefused("several.refused.which_tool", tool=words, names=names)
    return replace(admission, tools=free)
