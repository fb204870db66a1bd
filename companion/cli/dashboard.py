"""``companion dashboard``: what can be done and what was done, and a session begun from there."""

import asyncio
from argparse import Namespace
from collections.abc import Iterator

from companion.cli.bookshelf import Bookshelf
from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.guiding import Shown, shown_as, theme_of
from companion.cli.loading import load
from companion.cli.parser import build_parser
from companion.cli.settings import settled
from companion.cli.setup_desk import SetupDesk
from companion.errors import CompanionError
from companion.settings.tools import Radio, load_tools
from companion.settings.user import falling_back
from companion.settings.watched import WatchedSettings
from companion.texts import text
from companion.tui.library import Start

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
    told = "" if load_tools(Radio.BLUETOOTH) else text("screens.told.welcome")
    while (start := asyncio.run(_choose(arguments, watched, told))) is not None:
        try:
            with falling_back(watched.good):
                status = _begin(start, arguments)
        except CompanionError as error:
            told = text("screens.told.not_begun", reason=error)
            continue
        if status is not ExitCode.OK:
            return status
        told = ""
    return ExitCode.OK


async def _choose(arguments: Namespace, watched: WatchedSettings, told: str) -> Start | None:
    load("companion.tui.dashboard")
    from companion.tui.dashboard import DashboardApp  # noqa: PLC0415 -- as late as the screen

    watched.look()
    settings = settled(arguments, watched.good).settings
    async with Bookshelf(settings.routine) as shelf:
        app = DashboardApp(
            shelf,
            theme=theme_of(settings),
            ascii_only=True if settings.ascii else None,
            still=settings.reduced_motion,
            told=told,
            setup=SetupDesk(arguments, watched),
        )
        await app.run_async()
    if app.crash is not None:
        raise app.crash
    return app.chosen


def _begin(start: Start, arguments: Namespace) -> ExitCode:
    """Guide the session as its own command would, with the same looks."""
    words = ["demo" if start.simulated else "run", "--routine", start.routine]
    words += ["--scale", str(start.scale_percent), *_looks(arguments)]
    chosen = build_parser().parse_args(words)
    return ExitCode(load(chosen.module).execute(chosen))


def _looks(arguments: Namespace) -> Iterator[str]:
    for key in _FLAGS:
        value, flag = getattr(arguments, key), key.replace("_", "-")
        if isinstance(value, bool):
            yield f"--{flag}" if value else f"--no-{flag}"
        elif value is not None:
            yield from (f"--{flag}", value)
