"""A guided session on a terminal: how it is shown, its lines, and the signals that end it."""

import asyncio
import os
import signal
import sys
from argparse import Namespace
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from typing import TYPE_CHECKING, TextIO

from companion.cli.endings import ExitCode
from companion.cli.terminal import is_terminal
from companion.coaching.events import Event, SessionFinished
from companion.hub import Edge
from companion.output import JsonLines, Lines, PlainLines
from companion.settings.user import UserSettings
from companion.wording import plain_ascii

if TYPE_CHECKING:
    from companion.service import Service

QUEUE = 4096
"""Events that a subscriber at a terminal may leave unread."""

_LIGHT_BACKGROUNDS = {"7", "15"}


class Shown(StrEnum):
    """How a session is shown."""

    SCREEN = "screen"
    PLAIN = "plain"
    JSON = "json"


def shown_as(arguments: Namespace) -> Shown:
    """Return how to show a session: as asked for, else on a screen where there is a terminal.

    A terminal that calls itself ``dumb`` cannot move its cursor: it has lines only.
    """
    if arguments.json:
        return Shown.JSON
    is_drawn_on = is_terminal() and os.environ.get("TERM") != "dumb"
    is_screen = (is_drawn_on or in_browser()) and not arguments.plain
    return Shown.SCREEN if is_screen else Shown.PLAIN


def in_browser() -> bool:
    """Say whether the screen is a browser's: ``companion serve`` started this process."""
    return os.environ.get("TEXTUAL_DRIVER", "").endswith(":WebDriver")


def theme_of(settings: UserSettings) -> str:
    """Return the theme; ``auto`` believes COLORFGBG, which some terminals set, else dark."""
    if settings.theme != "auto":
        return settings.theme
    background = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return "light" if background in _LIGHT_BACKGROUNDS else "dark"


def lines_of(shown: Shown) -> Lines:
    """Return what makes events into lines."""
    return JsonLines() if shown is Shown.JSON else PlainLines()


async def print_session(
    events: AsyncIterator[Event], lines: Lines, closing: Callable[[], Iterable[str]]
) -> None:
    """Print each event as it comes; the end of the session is kept for the last line.

    Args:
        events: a subscription to the session.
        lines: the format.
        closing: what to print between the session's events and its end.
    """
    last: SessionFinished | None = None
    async for event in events:
        if isinstance(event, SessionFinished):
            last = event
        else:
            print(printable(lines.line(event)), flush=True)
    for line in closing():
        print(line, flush=True)
    if last is not None:
        print(printable(lines.line(last)), flush=True)


async def guide_in_lines(
    service: "Service",
    shown: Shown,
    first: Iterable[Event],
    closing: Callable[[], Iterable[str]] = tuple,
    *others: Edge,
) -> ExitCode:
    """Guide a session and print its events.

    Args:
        service: the session, not yet run.
        shown: plain or JSON.
        first: the first lines: what radio is used, and what else is to be said before.
        closing: what to print before the last line.
        others: who else takes part.
    """
    lines = lines_of(shown)
    for note in first:
        print(printable(lines.line(note)), flush=True)
    events = service.hub.subscribe("lines", QUEUE)
    with stopped_by_signals(service.request_stop) as received:
        await service.run(lambda: print_session(events, lines, closing), *others)
    return received[0] if received else ExitCode.OK


def leave_behind(lines: Iterable[str], *, ascii_only: bool = False) -> None:
    """Print lines where the screen was, unless the terminal is gone."""
    with suppress(OSError):
        for line in lines:
            print(plain_ascii(line) if ascii_only else printable(line), flush=True)


def printable(line: str) -> str:
    """Return a line as it is, or in ASCII where the output's encoding lacks a sign of it."""
    try:
        line.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return plain_ascii(line)
    return line


@contextmanager
def stopped_by_signals(stop: Callable[[], None]) -> Iterator[list[ExitCode]]:
    """Call ``stop`` at the first Ctrl-C, SIGTERM or closed terminal; a second one strikes as usual.

    Where the loop cannot take signals (Windows), Ctrl-C cancels the session instead.
    """
    received: list[ExitCode] = []
    loop = asyncio.get_running_loop()
    endings = _endings()
    streams = (sys.stdin, sys.stdout, sys.stderr)
    terminals = [stream for stream in streams if stream and stream.isatty()]

    def release() -> None:
        for number in endings:
            loop.remove_signal_handler(number)

    def end(ending: ExitCode) -> None:
        received.append(ending)
        release()
        if ending is ExitCode.HUNG_UP:
            _leave(terminals)
        stop()

    try:
        for number, ending in endings.items():
            loop.add_signal_handler(number, end, ending)
    except NotImplementedError:
        yield received
        return
    try:
        yield received
    finally:
        release()


def _endings() -> dict[int, ExitCode]:
    """Return the signals to end at; a hang-up that is ignored (nohup) stays so."""
    endings: dict[int, ExitCode] = {
        signal.SIGINT: ExitCode.INTERRUPTED,
        signal.SIGTERM: ExitCode.TERMINATED,
    }
    hang_up = getattr(signal, "SIGHUP", None)
    if hang_up is not None and signal.getsignal(hang_up) is signal.SIG_DFL:
        endings[hang_up] = ExitCode.HUNG_UP
    return endings


def _leave(streams: Iterable[TextIO]) -> None:
    """Send what is still written to a terminal that is gone to nobody, without an error.

    Nor is it looked at any more: a screen that finds it gone hangs up, and a second time that would
    strike.
    """
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in streams:
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
