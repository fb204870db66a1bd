"""``companion record``: what a tool sends, without a routine, to the store, a file or both."""

import asyncio
import sys
import tempfile
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import closing, nullcontext
from pathlib import Path

from companion import __version__
from companion.ble.link import LinkOptions
from companion.cli.acquaintance import radio_of
from companion.cli.admitting import Doorkeeper
from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.guiding import QUEUE, Shown, lines_of, stopped_by_signals
from companion.cli.keeping import Keeper, kept_in
from companion.cli.keyboard import Keyboard, TerminalAnswers
from companion.cli.person import DEFAULT_PERSON
from companion.cli.radio import opened_radio, radio_note
from companion.cli.raw import ROUTINE, RawRecording
from companion.cli.settings import settled
from companion.cli.terminal import is_terminal
from companion.cli.wanted import wanted_tool
from companion.coaching.events import Event, SessionFinished, SessionStarted
from companion.errors import no_access
from companion.hub import Hub
from companion.log import open_log
from companion.settings.user import UserSettings
from companion.store.database import open_store, store_file
from companion.store.files import write_json, write_recording
from companion.store.recorder import About
from companion.store.sessions import Sessions
from companion.store.taken import LEAST_SAMPLES, taken
from companion.strict_json import json_text
from companion.texts import text


def execute(arguments: Namespace) -> ExitCode:
    """Record until told to stop.

    Raises:
        CompanionError: the settings cannot be used, the tool cannot be reached, or a file cannot
            be written.
    """
    settings = settled(arguments).settings
    if not settings.keep_sessions and arguments.out is None:
        raise UsageRefused("store.nowhere")
    open_log(settings.log_level, verbose=arguments.verbose)
    shown = Shown.JSON if arguments.json else Shown.PLAIN
    place = tempfile.TemporaryDirectory() if not settings.keep_sessions else nullcontext()
    with place as folder:
        file = store_file() if folder is None else Path(folder) / "sessions.sqlite"
        return asyncio.run(_record(arguments, settings, shown, file))


async def _record(
    arguments: Namespace, settings: UserSettings, shown: Shown, file: Path
) -> ExitCode:
    keyboard = Keyboard() if is_terminal() else None
    answers = None if keyboard is None else TerminalAnswers(keyboard)
    async with opened_radio(arguments.air, keeps=True, answers=answers) as adapter:
        door = Doorkeeper(
            adapter, radio_of(arguments.air), settings.tool, pairs=arguments.pair, keyboard=keyboard
        )
        options = await _options(door, settings)
        hub = Hub()
        door.tell = hub.publish
        for note in (radio_note(adapter), *door.notices):
            print(lines_of(shown).line(note), flush=True)
        printing = asyncio.create_task(_print(hub.subscribe("lines", QUEUE), shown))
        about = About(
            person=arguments.person or DEFAULT_PERSON,
            routine=ROUTINE,
            routine_body=json_text({"name": ROUTINE, "steps": []}),
            software=__version__,
            source="raw",
        )
        uid = ""
        try:
            async with kept_in(file, hub, about) as recorder:
                keeps = [] if recorder is None else [Keeper(recorder)]
                uid = "" if recorder is None else recorder.uid
                raw = RawRecording(adapter, options, keeps, hub.publish)
                with stopped_by_signals(raw.stop) as received:
                    await raw.run(arguments.seconds)
        finally:
            hub.close()
            await printing
            _leave(file, uid, arguments.out, shown)
    return received[0] if received else ExitCode.OK


async def _options(door: Doorkeeper, settings: UserSettings) -> LinkOptions:
    wanted = wanted_tool(settings.tool)
    if wanted.kind is None:
        return LinkOptions(rate_hz=settings.rate_hz, admission=await door.admission())
    if wanted.motion is not None:
        raise UsageRefused("store.one_device")
    return LinkOptions(wanted=wanted.name, rate_hz=settings.rate_hz, kind=wanted.kind)


async def _print(events: AsyncIterator[Event], shown: Shown) -> None:
    lines = lines_of(shown)
    async for event in events:
        if shown is Shown.JSON or not isinstance(event, SessionStarted | SessionFinished):
            print(lines.line(event), flush=True)


def _leave(file: Path, uid: str, out: Path | None, shown: Shown) -> None:
    """Say what was recorded, and write it to a file where one was asked for.

    Raises:
        FileRefused: the file cannot be written.
    """
    with closing(open_store(file)) as connection:
        sessions = Sessions(connection)
        kept = sessions.find(uid) if uid else None
        took = None if kept is None else taken(sessions, kept)
    if kept is None or took is None or took.samples < LEAST_SAMPLES:
        print(text("store.recorded_nothing"), file=sys.stderr)
        return
    if out is not None:
        try:
            write_recording(out, took)
            write_json(out.with_name(f"{out.stem}.tool.json"), took.tool)
        except OSError as error:
            raise no_access(str(error.filename or out), error) from error
    if shown is not Shown.JSON:
        place = text("store.session_number", number=kept.number) if out is None else out
        values = {"samples": took.samples, "seconds": kept.duration_s or 0.0, "place": place}
        print(text("store.recorded", **values))
