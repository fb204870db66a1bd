"""Guided sessions on one dashboard, one for each tool, and what they leave on the terminal."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from companion.cli.bookshelf import RECORDS, Bookshelf
from companion.cli.endings import ExitCode
from companion.cli.guiding import QUEUE, leave_behind, stopped_by_signals, theme_of
from companion.cli.late import Guides
from companion.cli.loading import load
from companion.cli.sounding import means_of, sounded
from companion.cli.toolshed import Toolshed
from companion.coaching.events import Event
from companion.coaching.routine import Zone
from companion.errors import CompanionError
from companion.hub import DRAIN_S, Edge
from companion.output import ending
from companion.settings.user import UserSettings
from companion.texts import text

if TYPE_CHECKING:
    from companion.ble.errors import LinkError
    from companion.tui.app import CompanionApp
    from companion.tui.setup import Setup

_LATER = ("companion.service.session_factory", RECORDS)
"""What the first picture does without, in the order in which it may be needed."""


def _nothing() -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Guided:
    """The session of one tool.

    Attributes:
        service: its session, not yet run.
        name: what the tool is called here, as no other one; empty where there is one tool.
        person: for whom it is.
        off: zones that are to be left alone for them today.
        first: what is said before it.
        edges: who else takes part in it.
        closing: what lines end with, before their last one.
    """

    service: Guides
    name: str = ""
    person: str = ""
    off: frozenset[Zone] = frozenset()
    first: tuple[Event, ...] = ()
    edges: tuple[Edge, ...] = ()
    closing: Callable[[], Iterable[str]] = _nothing


async def guide_on_screen(
    guided: Sequence[Guided],
    settings: UserSettings,
    note: str,
    setup: "Setup | None",
    *,
    painted: asyncio.Event | None = None,
) -> ExitCode:
    """Guide sessions on one dashboard, and leave the summary of each on the terminal.

    Args:
        guided: the sessions, which stay open until the person quits.
        settings: colours, signs and sounds.
        note: what the first line says of the radio, empty for the computer's own.
        setup: what can be arranged meanwhile.
        painted: set once there is a first picture.

    Raises:
        LinkError: the only tool could not be used, or not any longer.
        Exception: what the screen stumbled over, after the sessions were ended.
    """
    shelf, painted = Bookshelf(settings.routine), painted or asyncio.Event()
    app = _dashboard(guided, settings, note, (shelf, setup, painted))
    heard = heard_of(guided, settings, app.bell)
    loaded = partial(_load_the_rest, painted, guided[0].service)
    _publish_first(guided)

    def leave() -> None:
        app.leave()
        stop_all(guided)

    def tell(one: Guided, error: "LinkError") -> None:
        app.say(failed_words(one.name, error))

    async def show() -> None:
        try:
            await app.run_async()
        finally:
            stop_all(guided)

    failed: Mapping[str, LinkError] = {}
    try:
        with stopped_by_signals(leave) as received:
            async with shelf:
                failed = await run_together(guided, tell, show, heard, obeys=loaded)
    finally:
        _leave_results(guided, failed, ascii_only=settings.ascii)
    _raise_on(app.crash or (None if len(guided) > 1 else failed.get(guided[0].name)))
    return status_of(received, failed)


def _publish_first(guided: Sequence[Guided]) -> None:
    for one in guided:
        for event in one.first:
            one.service.hub.publish(event)


async def _load_the_rest(painted: asyncio.Event, guide: Guides) -> None:
    """Load what the first picture did without, beside the search for the tool."""
    await painted.wait()
    await guide.until_searching()
    for module in _LATER:
        await asyncio.to_thread(load, module)


def _raise_on(error: Exception | None) -> None:
    if error is not None:
        raise error


async def run_together(
    guided: Sequence[Guided],
    tell: "Callable[[Guided, LinkError], None]",
    *others: Edge,
    obeys: Edge | None = None,
) -> "dict[str, LinkError]":
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
        except CompanionError as error:
            failed[one.name] = failure = _of_link(error)
            tell(one, failure)

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


def _of_link(error: CompanionError) -> "LinkError":
    """Return an error of the link; any other goes on."""
    from companion.ble.errors import LinkError  # noqa: PLC0415 -- there is no link before a picture

    if not isinstance(error, LinkError):
        raise error
    return error


def failed_words(name: str, error: "LinkError") -> str:
    """Return what is said of a session that failed.

    Args:
        name: what its tool is called; empty where there is one tool.
        error: why.
    """
    return text("several.failed", name=name, reason=error) if name else str(error)


def stop_all(guided: Sequence[Guided]) -> None:
    """End all of them, with a summary each."""
    for one in guided:
        one.service.request_stop()


def status_of(received: Sequence[ExitCode], failed: "Mapping[str, LinkError]") -> ExitCode:
    """Return the exit status: of the signal that ended them, else of the first that failed."""
    if received:
        return received[0]
    return ExitCode(next((error.exit_code for error in failed.values()), ExitCode.OK))


def heard_of(guided: Sequence[Guided], settings: UserSettings, ring: Callable[[], None]) -> Edge:
    """Return who makes the cues of sessions heard: one loudspeaker for them all.

    Args:
        guided: the sessions.
        settings: the person's.
        ring: rings the bell once.
    """
    services = [one.service for one in guided]
    if len(services) == 1:
        return sounded(services[0], settings, ring)
    load("companion.cli.sounding_together")
    from companion.cli.sounding_together import sounded_together  # noqa: PLC0415 -- one tool needs none of it

    return sounded_together([one.name for one in guided], services, means_of(settings, ring))


def _leave_results(
    guided: Sequence[Guided], failed: "Mapping[str, LinkError]", *, ascii_only: bool
) -> None:
    for one in guided:
        summary = one.service.summary
        lines = [text("cli.ending.not_begun")] if summary is None else ending(summary)
        if len(guided) > 1:
            error = [str(failed[one.name])] if one.name in failed else []
            lines = [f"{one.name}:", *(f"  {line}" for line in (*lines, *error))]
        elif summary is None and failed:
            lines = []
        leave_behind(lines, ascii_only=ascii_only)


def _dashboard(
    guided: Sequence[Guided],
    settings: UserSettings,
    note: str,
    beside: "tuple[Bookshelf, Setup | None, asyncio.Event]",
) -> "CompanionApp":
    load("companion.tui.app")
    from companion.tui.app import Beside, CompanionApp  # noqa: PLC0415 -- a session in lines needs no screen
    from companion.tui.several import ToolSession  # noqa: PLC0415 -- as above

    shelf, setup, painted = beside
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
            painted=painted,
        ),
    )
