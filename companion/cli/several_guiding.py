"""Several guided sessions on one terminal: one dashboard, or lines that name their tool."""

import asyncio
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from companion.ble.errors import LinkError
from companion.cli.bookshelf import Bookshelf
from companion.cli.endings import ExitCode
from companion.cli.guiding import (
    QUEUE,
    Shown,
    leave_behind,
    print_session,
    printable,
    stopped_by_signals,
    theme_of,
)
from companion.cli.keyboard import Keyboard
from companion.cli.loading import load
from companion.cli.session_keys import KEYS
from companion.cli.sounding import means_of, ring_terminal
from companion.cli.sounding_together import sounded_together
from companion.cli.terminal import has_keyboard
from companion.cli.toolshed import Toolshed
from companion.coaching.events import Command, Event
from companion.coaching.routine import Zone
from companion.output import JsonLines, Lines, PlainLines, ending
from companion.service import Service
from companion.service.service import DRAIN_S, Edge
from companion.settings.user import UserSettings
from companion.texts import text

if TYPE_CHECKING:
    from companion.tui.app import CompanionApp
    from companion.tui.setup import Setup

_FOR_ALL = frozenset({Command.STOP, Command.UNWELL, Command.QUIT})
"""Keys that need no tool's number: to end is never wrong."""


def _nothing() -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Guided:
    """The session of one tool of several.

    Attributes:
        name: what the tool is called here, as no other one.
        service: its session, not yet run.
        person: for whom it is.
        off: zones that are to be left alone for them today.
        first: what is said before it.
        edges: who else takes part in it.
        closing: what lines end with, before their last one.
    """

    name: str
    service: Service
    person: str = ""
    off: frozenset[Zone] = frozenset()
    first: tuple[Event, ...] = ()
    edges: tuple[Edge, ...] = ()
    closing: Callable[[], Iterable[str]] = _nothing


async def guide_several_on_screen(
    guided: Sequence[Guided], settings: UserSettings, note: str, setup: "Setup"
) -> ExitCode:
    """Guide sessions on one dashboard, and leave the summary of each on the terminal.

    Args:
        guided: the sessions, which stay open until the person quits.
        settings: colours, signs and sounds.
        note: what the first line says of the radio, empty for the computer's own.
        setup: what can be arranged meanwhile.

    Raises:
        Exception: what the screen stumbled over, after the sessions were ended.
    """
    shelf = Bookshelf(settings.routine)
    app = _dashboard(guided, settings, note, shelf, setup)
    heard = _heard(guided, settings, app.bell)
    for one in guided:
        for event in one.first:
            one.service.hub.publish(event)

    def leave() -> None:
        app.leave()
        _stop(guided)

    def tell(one: Guided, error: LinkError) -> None:
        app.say(text("several.failed", name=one.name, reason=error))

    async def show() -> None:
        try:
            await app.run_async()
        finally:
            _stop(guided)

    with stopped_by_signals(leave) as received:
        async with shelf:
            failed = await _run(guided, tell, show, heard)
    _leave_behind(guided, failed, ascii_only=settings.ascii)
    if app.crash is not None:
        raise app.crash
    return _status(received, failed)


async def guide_several_in_lines(
    guided: Sequence[Guided], settings: UserSettings, shown: Shown, *, is_heard: bool = True
) -> ExitCode:
    """Guide sessions and print their events, each line with its tool.

    Args:
        guided: the sessions.
        settings: sounds.
        shown: plain or JSON.
        is_heard: somebody is there to hear them.
    """
    width = max(len(one.name) for one in guided)

    def printing(number: int, one: Guided) -> Guided:
        lines = _lines(shown, number, one.name, width)
        for event in one.first:
            print(printable(lines.line(event)), flush=True)
        events = one.service.hub.subscribe("lines", QUEUE)
        edge: Edge = lambda: print_session(events, lines, one.closing)  # noqa: E731 -- one of its kind
        return Guided(name=one.name, service=one.service, edges=(edge, *one.edges))

    def tell(one: Guided, error: LinkError) -> None:
        said = text("several.failed", name=one.name, reason=error)
        print(text("cli.failed.line", sentence=said), file=sys.stderr, flush=True)

    others: list[Edge] = []
    if is_heard and shown is not Shown.JSON:
        others.append(_heard(guided, settings, ring_terminal))
    obeys: Edge | None = None
    if has_keyboard():
        obeys = lambda: obey_lines([one.service.command for one in guided])  # noqa: E731 -- as above
    printed = [printing(number, one) for number, one in enumerate(guided, start=1)]
    with stopped_by_signals(lambda: _stop(guided)) as received:
        failed = await _run(printed, tell, *others, obeys=obeys)
    return _status(received, failed)


async def obey_lines(commands: Sequence[Callable[[Command], None]]) -> None:
    """Take lines from the terminal until cancelled: a tool's number and a key.

    Without a number only what ends a session is obeyed, by all of them.

    Args:
        commands: where the commands of each tool go.
    """
    keyboard = Keyboard()
    while (line := await keyboard.line()) is not None:
        number = line[:1] if line[:1].isdigit() else ""
        meant = KEYS.get(line.removeprefix(number).strip().lower())
        if meant is None:
            continue
        if number and 1 <= int(number) <= len(commands) and meant is not Command.QUIT:
            commands[int(number) - 1](meant)
        elif not number and meant in _FOR_ALL:
            for command in commands:
                command(meant)
        else:
            print(text("several.which", most=len(commands)), file=sys.stderr, flush=True)


async def _run(
    guided: Sequence[Guided],
    tell: Callable[[Guided, LinkError], None],
    *others: Edge,
    obeys: Edge | None = None,
) -> dict[str, LinkError]:
    """Run every session to its end; one that fails ends no other.

    Args:
        guided: the sessions.
        tell: called with each that fails.
        others: what is beside them and ends by itself soon after them.
        obeys: what is ended with them.

    Returns:
        What failed, by the name of the tool.
    """
    failed: dict[str, LinkError] = {}

    async def run(one: Guided) -> None:
        try:
            await one.service.run(*one.edges)
        except LinkError as error:
            failed[one.name] = error
            tell(one, error)

    async with asyncio.TaskGroup() as tasks:
        obeying = tasks.create_task(obeys()) if obeys else None
        beside = [tasks.create_task(other()) for other in others]
        await asyncio.wait([tasks.create_task(run(one)) for one in guided])
        if obeying is not None:
            obeying.cancel()
        if beside:
            _, late = await asyncio.wait(beside, timeout=DRAIN_S)
            for task in late:
                task.cancel()
    return failed


def _lines(shown: Shown, number: int, name: str, width: int) -> Lines:
    if shown is Shown.JSON:
        return JsonLines({"tool_number": number, "tool_name": name})
    return PlainLines(f"{number} {name:<{width}}")


def _stop(guided: Sequence[Guided]) -> None:
    for one in guided:
        one.service.request_stop()


def _status(received: Sequence[ExitCode], failed: dict[str, LinkError]) -> ExitCode:
    if received:
        return received[0]
    return ExitCode(next((error.exit_code for error in failed.values()), ExitCode.OK))


def _heard(guided: Sequence[Guided], settings: UserSettings, ring: Callable[[], None]) -> Edge:
    names, services = [one.name for one in guided], [one.service for one in guided]
    return sounded_together(names, services, means_of(settings, ring))


def _leave_behind(
    guided: Sequence[Guided], failed: dict[str, LinkError], *, ascii_only: bool
) -> None:
    for one in guided:
        lines = [text("cli.ending.not_begun")]
        if one.service.summary is not None:
            lines = ending(one.service.summary)
        if one.name in failed:
            lines.append(str(failed[one.name]))
        leave_behind([f"{one.name}:", *(f"  {line}" for line in lines)], ascii_only=ascii_only)


def _dashboard(
    guided: Sequence[Guided],
    settings: UserSettings,
    note: str,
    shelf: Bookshelf,
    setup: "Setup",
) -> "CompanionApp":
    load("companion.tui.app")
    from companion.tui.app import Beside, CompanionApp  # noqa: PLC0415 -- sessions in lines need no screen
    from companion.tui.several import ToolSession  # noqa: PLC0415 -- as above

    first, *more = (
        ToolSession(
            live=one.service.live,
            events=one.service.hub.subscribe("screen", QUEUE),
            command=one.service.command,
            name=one.name,
            person=one.person,
            off=one.off,
        )
        for one in guided
    )
    return CompanionApp(
        first.live,
        first.events,
        first.command,
        theme=theme_of(settings),
        note=note,
        ascii_only=True if settings.ascii else None,
        beside=Beside(
            library=shelf,
            off=first.off,
            still=settings.reduced_motion,
            rings=False,
            workshop=Toolshed(is_open=False),
            setup=setup,
            name=first.name,
            person=first.person,
            more=tuple(more),
        ),
    )
