"""``companion calibrate``: a tool's force against a scale or a gauge, and its contact area."""

import asyncio
import sys
from argparse import Namespace
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from companion.ble.adapter import Adapter
from companion.ble.link import LinkOptions
from companion.cli.acquaintance import radio_of, say
from companion.cli.admitting import Doorkeeper
from companion.cli.calibration_words import found_fields, found_lines
from companion.cli.card import area_of, card
from companion.cli.clock import local_time
from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.guiding import stopped_by_signals
from companion.cli.keyboard import Keyboard
from companion.cli.pressing import Gauge, Pressing, Reference, Scale, unfitted
from companion.cli.printing import json_text
from companion.cli.radio import opened_radio
from companion.cli.terminal import can_ask
from companion.cli.tools import known_tool
from companion.cli.wanted import Wanted, wanted_tool
from companion.cli.weights import UNITS, USUAL_DIGIT, listed
from companion.errors import no_access
from companion.log import open_log
from companion.sensing.calibration import Fit, Refusal
from companion.sensing.channel_fit import Press, fit_channels
from companion.service.bench import Bench
from companion.settings.calibrations import (
    KeptArea,
    KeptCalibration,
    KeptGain,
    calibration_of,
    described_as,
    forget_calibration,
    keep_calibration,
    load_calibrations,
)
from companion.settings.tools import KnownTool, Radio, load_tools
from companion.texts import text

T = TypeVar("T")

SEARCH_S = 30.0
"""How long a tool is looked for: time to press its button."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is kept with a calibration besides its figures, and what of the tool it is of.

    Attributes:
        channel: which force channel, from 1; None for all, one after the other.
        temperature_c: of the room, as the person said; None where they did not.
        reference: what it is held against: ``scale``, or the gauge's name.
    """

    channel: int | None = None
    temperature_c: float | None = None
    reference: str = "scale"


def execute(arguments: Namespace) -> ExitCode:
    """Calibrate one tool, or measure or forget what was found of it.

    Raises:
        CompanionError: the arguments do not go together, the tool cannot be used, the loads give no
            calibration, or what was found cannot be kept.
    """
    open_log(verbose=arguments.verbose)
    if arguments.card is not None:
        return _print_card(arguments.card)
    if arguments.forget:
        return _forget(arguments)
    if arguments.area is not None:
        return _keep_area(_known(arguments), arguments)
    has_loads = arguments.loads is not None or arguments.gauge is not None
    if not has_loads and not can_ask():
        raise UsageRefused("calibration.refused.no_terminal")
    if arguments.loads is not None and arguments.gauge is not None:
        raise UsageRefused("calibration.refused.loads_and_gauge")
    return asyncio.run(_until_stopped(arguments))


def _print_card(file: Path) -> ExitCode:
    try:
        file.write_text(card(), encoding="utf-8")
    except OSError as error:
        raise no_access(str(file), error) from error
    print(text("calibration.card_written", file=file))
    return ExitCode.OK


def _known(arguments: Namespace) -> KnownTool:
    """Return the known tool that is meant: the one that is named, or the only one.

    Raises:
        UsageRefused: none is named where there are several, or there is none.
    """
    radio = None if arguments.air is None else Radio.VIRTUAL
    tools = load_tools(radio)
    if arguments.tool is None and len(tools) == 1:
        return tools[0]
    if arguments.tool is None:
        names = ", ".join(tool.name for tool in tools) or "-"
        raise UsageRefused("calibration.refused.which", names=names)
    return known_tool(arguments.tool, radio)


def _forget(arguments: Namespace) -> ExitCode:
    """Forget what was found of a known tool, or of one of another kind by its address."""
    word = arguments.tool or ""
    by_address = [kept for kept in load_calibrations() if kept.address == word.upper()]
    if by_address:
        name, identities = word, [kept.identity for kept in by_address]
    else:
        tool = _known(arguments)
        name, identities = tool.name, [tool.identity]
    was_there = [forget_calibration(*identity) for identity in identities]
    print(text("calibration.forgotten" if any(was_there) else "calibration.nothing", tool=name))
    return ExitCode.OK


def _keep_area(tool: KnownTool, arguments: Namespace) -> ExitCode:
    area_m2, share = area_of(arguments.area)
    kept = calibration_of(tool.radio, tool.address)
    if kept is None or kept.feature != tool.feature:
        kept = KeptCalibration(radio=tool.radio, address=tool.address, feature=tool.feature)
    channel = None if arguments.channel is None else arguments.channel - 1
    area = KeptArea(channel=channel, area_m2=area_m2, share=share, day=_today().isoformat())
    keep_calibration(kept.with_area(area))
    print(text("calibration.area_kept", tool=tool.name, area_cm2=area_m2 * 1e4, share=100 * share))
    return ExitCode.OK


async def _until_stopped(arguments: Namespace) -> ExitCode:
    """Calibrate; at Ctrl-C the tool is left as it was, or calibrated, once it is given its gain."""
    work = asyncio.create_task(_calibrate(arguments))

    def stop() -> None:
        work.cancel()

    with stopped_by_signals(stop) as received:
        try:
            status = await work
        except asyncio.CancelledError:
            if not received:
                raise
            print(text("calibration.stopped"), file=sys.stderr)
    return received[0] if received else status


async def _calibrate(arguments: Namespace) -> ExitCode:
    radio, keyboard = radio_of(arguments.air), Keyboard(ends_lines=True)
    given = () if arguments.loads is None else listed(arguments.loads, arguments.unit)
    async with AsyncExitStack() as stack:
        adapter = await stack.enter_async_context(opened_radio(arguments.air, keeps=True))
        say(text("cli.radio.note", radio=adapter.name))
        reference: Reference = Scale(
            keyboard,
            arguments.unit,
            (arguments.digit or USUAL_DIGIT[arguments.unit]) * UNITS[arguments.unit],
            given,
            repeats=can_ask(),
        )
        if arguments.gauge is not None:
            gauge = await _gauge(stack, adapter, arguments.gauge)
            reference = Gauge(keyboard, gauge, arguments.times)
        wanted = await _wanted(adapter, radio, arguments.tool)
        bench = await stack.enter_async_context(Bench(adapter, wanted).connected())
        pressing = Pressing(bench, reference, keyboard, retries=can_ask())
        how = Circumstances(arguments.channel, arguments.temperature, arguments.gauge or "scale")
        kept = await calibrated(bench, pressing, radio, how)
    if arguments.json:
        print(json_text(found_fields(kept)))
    else:
        print("\n".join([text("calibration.done", tool=bench.name), *found_lines(kept, _today())]))
    return ExitCode.OK


async def _to_its_end(work: Coroutine[Any, Any, T]) -> T:
    """Do what must not stay half done: a stop that comes meanwhile changes nothing any more.

    Each of its steps takes bounded time.
    """
    task = asyncio.ensure_future(work)
    while not task.done():
        with suppress(asyncio.CancelledError):
            await asyncio.wait([task])
    return task.result()


async def calibrated(
    bench: Bench, pressing: Pressing, radio: Radio, how: Circumstances
) -> KeptCalibration:
    """Have a tool pressed on its loads, and keep what is found.

    Args:
        bench: the tool, connected.
        pressing: who presses it on what.
        radio: the radio it belongs to.
        how: which channel, and what is kept with it.

    Raises:
        CompanionError: the loads give no calibration, or it cannot be kept; the sentence says why.
    """
    channels = _channels(bench, how.channel)
    pressing.talk.say(text("calibration.begins", tool=bench.name, channels=len(channels)))
    fits = _fitted(bench, await _pressed(bench, pressing, channels))
    return await _to_its_end(_kept(bench, radio, fits, how))


async def _gauge(stack: AsyncExitStack, adapter: Adapter, word: str) -> Bench:
    """Connect a gauge and zero it.

    Raises:
        UsageRefused: no description of a tool with force is called so.
    """
    wanted = wanted_tool(word)
    if wanted.kind is None or not wanted.kind.feature.force_channels:
        raise UsageRefused("calibration.refused.no_gauge", gauge=word)
    options = _described(wanted)
    bench = await stack.enter_async_context(Bench(adapter, options).connected())
    say(text("calibration.gauge", gauge=bench.name))
    await bench.tare()
    return bench


async def _wanted(adapter: Adapter, radio: Radio, word: str | None) -> LinkOptions:
    """Return how to look for the tool; of the profile only a known one."""
    wanted = wanted_tool(word or "")
    if wanted.kind is not None:
        return _described(wanted)
    names = [tool.name for tool in load_tools(radio)]
    if word is None and len(names) > 1:
        raise UsageRefused("calibration.refused.which", names=", ".join(names))
    door = Doorkeeper(adapter, radio, word or "", pairs=False, keyboard=None)
    admission = await door.admission()
    return LinkOptions(admission=admission, max_search_s=SEARCH_S, reads_gains=True)


def _described(wanted: Wanted) -> LinkOptions:
    return LinkOptions(
        wanted=wanted.name, kind=wanted.kind, max_search_s=SEARCH_S, reads_gains=True
    )


def _channels(bench: Bench, wanted: int | None) -> tuple[int, ...]:
    """Return the force channels to calibrate, from 0.

    Raises:
        UsageRefused: the tool has no force, or no such channel.
    """
    tool = bench.tool
    if not tool.has_force:
        raise UsageRefused("calibration.refused.no_force", tool=bench.name)
    if wanted is None:
        return tuple(range(tool.force_channels))
    if wanted > tool.force_channels:
        count = tool.force_channels
        raise UsageRefused("calibration.refused.no_channel", channel=wanted, count=count)
    return (wanted - 1,)


async def _pressed(
    bench: Bench, pressing: Pressing, channels: tuple[int, ...]
) -> dict[int, list[Press]]:
    """Have each channel pressed on its loads, from one zero."""
    presses: dict[int, list[Press]] = {}
    empty = await pressing.zeroed()
    for channel in channels:
        if len(channels) > 1:
            pressing.talk.say(
                text("calibration.on_channel", channel=channel + 1, count=len(channels))
            )
            await bench.lifted()
        presses[channel] = await pressing.loads(empty)
    return presses


def _fitted(bench: Bench, presses: dict[int, list[Press]]) -> dict[int, Fit]:
    """Return each channel's calibration.

    Raises:
        Unfitted: one has none; the sentence says why.
    """
    fits: dict[int, Fit] = {}
    for channel, found in fit_channels(dict(presses), bench.tool.full_scale_n).items():
        if isinstance(found, Refusal):
            one_of = channel if bench.tool.force_channels > 1 else None
            raise unfitted(found, bench.name, one_of)
        fits[channel] = found
    return fits


async def _kept(
    bench: Bench, radio: Radio, fits: dict[int, Fit], how: Circumstances
) -> KeptCalibration:
    """Give the tool its gains where it takes them, and keep what was found.

    Each channel is kept as soon as its tool has it, so that a link that breaks in between leaves
    no gain in the tool that nobody knows of.
    """
    feature = described_as(bench.feature)
    kept = calibration_of(radio, bench.address)
    if kept is None or kept.feature != feature:
        kept = KeptCalibration(radio=radio, address=bench.address, feature=feature)
    for channel, fit in fits.items():
        in_tool_ppm = await bench.set_gain(channel, fit.gain)
        is_in_tool = in_tool_ppm is not None
        gain = KeptGain(
            channel=channel,
            factor=1.0 if is_in_tool else fit.gain,
            reported_ppm=in_tool_ppm if is_in_tool else await bench.gain_ppm(channel),
            uncertainty=fit.uncertainty,
            residual_n=fit.residual_n,
            loads=fit.loads,
            heaviest_n=fit.heaviest_n,
            day=_today().isoformat(),
            temperature_c=how.temperature_c,
            reference=how.reference,
        )
        kept = kept.with_gain(gain)
        keep_calibration(kept)
    return kept


def _today() -> date:
    return local_time().date()
