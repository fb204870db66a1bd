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
from companion.errors import CompanionError
from companion.settings.tools import Radio, load_tools
from companion.settings.user import UserSettings
from companion.texts import text
from companion.tui.library import Again, Start

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
    settings = settled(arguments).settings
    told = "" if load_tools(Radio.BLUETOOTH) else text("screens.told.welcome")
    shows = ""
    while (chosen := asyncio.run(_choose(settings, told, shows))) is not None:
        is_again = isinstance(chosen, Again)
        shows = _HISTORY if is_again else ""
        try:
            status = _begin(chosen, arguments)
        except CompanionError as error:
            key = "replay.said.not_shown" if is_again else "screens.told.not_begun"
            told = text(key, reason=error)
            continue
        if status is not ExitCode.OK:
            return status
        told = ""
    return ExitCode.OK


async def _choose(settings: UserSettings, told: str, shows: str) -> Start | Again | None:
    load("companion.tui.dashboard")
    from companion.tui.dashboard import DashboardApp  # noqa: PLC0415 -- as late as the screen

    async with Bookshelf() as shelf:
        app = DashboardApp(
            shelf,
            theme=theme_of(settings),
            ascii_only=True if settings.ascii else None,
            still=settings.reduced_motion,
            told=told,
            shows=shows,
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
