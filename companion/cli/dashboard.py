"""``companion dashboard``: what can be done and what was done, and a session begun from there."""

import asyncio
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace

from companion.cli.bookshelf import Bookshelf
from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.guiding import Shown, shown_as, theme_of
from companion.cli.loading import load
from companion.cli.parser import build_parser
from companion.cli.settings import settled
from companion.cli.setup_desk import SetupDesk
from companion.cli.toolshed import Toolshed
from companion.errors import CompanionError
from companion.settings.tools import Radio, load_tools
from companion.settings.user import falling_back
from companion.settings.watched import WatchedSettings
from companion.texts import text
from companion.tui.library import Again, Opening, Start

_HISTORY = "history"
_FLAGS = ("theme", "ascii", "reduced_motion")


def execute(arguments: Namespace) -> ExitCode:
    """Show the dashboard until the person leaves; a session begun there comes back to it.

    Raises:
        UsageRefused: there is no terminal to show it on.
        CompanionError: the settings cannot be used.
    """
    if shown_as(Namespace(json=False, plain=False)) is not Shown.SCREEN:
        raise UsageRefused("screens.refused.no_terminal")
    settled(arguments)
    watched = WatchedSettings()
    radio = Radio.BLUETOOTH if arguments.air is None else Radio.VIRTUAL
    opening = Opening(welcomes=not load_tools(radio))
    while (chosen := asyncio.run(_choose(arguments, watched, opening))) is not None:
        is_again = isinstance(chosen, Again)
        opening = Opening(shows=_HISTORY if is_again else "")
        try:
            with falling_back(watched.good):
                status = _begin(chosen, arguments)
        except CompanionError as error:
            key = "replay.said.not_shown" if is_again else "screens.told.not_begun"
            opening = replace(opening, told=text(key, reason=error))
            continue
        if status is not ExitCode.OK:
            return status
    return ExitCode.OK


async def _choose(
    arguments: Namespace, watched: WatchedSettings, opening: Opening
) -> Start | Again | None:
    load("companion.tui.dashboard")
    from companion.tui.dashboard import DashboardApp  # noqa: PLC0415 -- as late as the screen

    watched.look()
    settings = settled(arguments, watched.good).settings
    async with Bookshelf(settings.routine) as shelf, Toolshed(arguments.air) as shed:
        app = DashboardApp(
            shelf,
            theme=theme_of(settings),
            ascii_only=True if settings.ascii else None,
            still=settings.reduced_motion,
            opening=opening,
            workshop=shed,
            setup=SetupDesk(arguments, watched),
        )
        await app.run_async()
    if app.crash is not None:
        raise app.crash
    return app.chosen


def _begin(start: Start | Again, arguments: Namespace) -> ExitCode:
    """Guide or replay a session as its own command would, with the same looks."""
    if isinstance(start, Again):
        words = ["replay", str(start.number)]
    else:
        words = ["demo" if start.simulated else "run", "--routine", start.routine]
        if arguments.air is not None and not start.simulated:
            words += ["--air", str(arguments.air)]
        words += ["--scale", str(start.scale_percent)]
    chosen = build_parser().parse_args([*words, *_looks(arguments)])
    return ExitCode(load(chosen.module).execute(chosen))


def _looks(arguments: Namespace) -> Iterator[str]:
    for key in _FLAGS:
        value, flag = getattr(arguments, key), key.replace("_", "-")
        if isinstance(value, bool):
            yield f"--{flag}" if value else f"--no-{flag}"
        elif value is not None:
            yield from (f"--{flag}", value)
