"""``companion replay``: a session of the past on the screens of a live one, or line by line."""

import asyncio
import math
import sys
import time
from argparse import Namespace
from collections.abc import Iterator

from companion.cli.analyze_report import report_lines
from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.guiding import (
    Shown,
    leave_behind,
    lines_of,
    shown_as,
    stopped_by_signals,
    theme_of,
)
from companion.cli.loading import load
from companion.cli.replay_source import Found, caption, found
from companion.cli.settings import settled
from companion.coaching.events import Event, Notice, Summary
from companion.output import ending
from companion.recordings import analyse
from companion.recordings.playback import Playback
from companion.recordings.tape import Tape
from companion.settings.user import UserSettings
from companion.texts import text


def execute(arguments: Namespace) -> ExitCode:
    """Show what is asked for. Nothing is kept, sent or connected.

    Raises:
        FileRefused: the recording breaks its contract, or the store cannot be used.
        UsageRefused: there is no such session, or such a speed on a screen.
    """
    shown = shown_as(arguments)
    speed = _speed(arguments, shown)
    settings = settled(arguments).settings
    what = found(arguments)
    for warning in what.warnings:
        print(text("cli.failed.line", sentence=warning), file=sys.stderr)
    if shown is Shown.SCREEN:
        return asyncio.run(_on_screen(what, speed, settings, rings=arguments.bell))
    _in_lines(what, speed, shown)
    return ExitCode.OK


def _speed(arguments: Namespace, shown: Shown) -> float:
    """Return the speed asked for; without a terminal as fast as possible, else real time."""
    if arguments.speed is None:
        return 1.0 if shown is Shown.SCREEN or sys.stdout.isatty() else math.inf
    speed = float(arguments.speed.replace("max", "inf"))
    if shown is Shown.SCREEN and math.isinf(speed):
        raise UsageRefused("replay.refused.max_on_screen")
    return speed


async def _on_screen(what: Found, speed: float, settings: UserSettings, *, rings: bool) -> ExitCode:
    load("companion.tui.replay")
    from companion.tui.replay import Looks, ReplayApp  # noqa: PLC0415 -- lines need no screen

    playback = Playback(Tape(what.source), speed)
    looks = Looks(
        theme=theme_of(settings),
        note=caption(what),
        ascii_only=True if settings.ascii else None,
        still=settings.reduced_motion,
        rings=rings,
    )
    app = ReplayApp(playback, looks)
    with stopped_by_signals(app.exit) as received:
        await app.run_async()
    if app.crash is not None:
        raise app.crash
    progress = playback.progress()
    lines = [text("replay.said.over", what=what.name)]
    lines += _ending(what, playback.summary, is_whole=progress.is_at_end)
    leave_behind(lines, ascii_only=settings.ascii)
    return received[0] if received else ExitCode.OK


def _in_lines(what: Found, speed: float, shown: Shown) -> None:
    lines, tape = lines_of(shown), Tape(what.source)
    while tape.fill() and not what.source.tells_ahead:
        pass
    began_s = what.source.begin_s
    at_s, summary = began_s, None
    print(lines.line(_notice("begins", what, began_s)), flush=True)
    for event in tape.events(-math.inf, math.inf):
        if event.device_s > at_s:
            time.sleep((event.device_s - at_s) / speed)
            at_s = event.device_s
        summary = getattr(event, "summary", summary)
        print(lines.line(event), flush=True)
    print(lines.line(_notice("ends", what, at_s)), flush=True)
    if shown is Shown.PLAIN:
        leave_behind(_ending(what, summary, is_whole=True))


def _notice(key: str, what: Found, device_s: float) -> Event:
    return Notice(device_s=device_s, key=f"replay.event.{key}", values={"what": what.name})


def _ending(what: Found, summary: Summary | None, *, is_whole: bool) -> Iterator[str]:
    """Yield what the session came to; of a recording without a routine, what analyze says."""
    if summary is not None:
        yield from ending(summary)
    elif is_whole and what.without_end:
        yield what.without_end
    elif is_whole and what.unjudged is not None:
        recording, options = what.unjudged.recording, what.unjudged.options
        area_m2 = None if options.tool is None else options.tool.contact_area_m2
        yield from report_lines(what.name, analyse(recording, options), area_m2)
