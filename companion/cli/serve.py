"""``companion serve``: the dashboard in a browser, on this computer alone unless it is guarded."""

import asyncio
import sys
from argparse import Namespace
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Final

from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.guiding import stopped_by_signals
from companion.cli.parser import build_parser
from companion.cli.settings import settled
from companion.log import open_log
from companion.texts import text
from companion.web.access import Access, Wish, access_of

SHOWN: Final = ("run", "demo")
"""The commands that have a dashboard for a session."""


def execute(arguments: Namespace) -> ExitCode:
    """Serve until Ctrl-C.

    Raises:
        ServeRefused: others could come in unguarded, or a file or address cannot be used.
        UsageRefused: the extra is not installed, or what is to be shown has no dashboard.
        FileRefused: the settings cannot be used.
    """
    settings = settled(arguments).settings
    open_log(settings.log_level, verbose=arguments.verbose)
    access = access_of(
        Wish(
            host=arguments.host,
            port=arguments.port,
            token_file=arguments.token_file,
            cert_file=arguments.cert_file,
            key_file=arguments.key_file,
            proxy=arguments.trusted_proxy,
            public_url=arguments.public_url,
        )
    )
    command = command_of(arguments.what)
    if not all(find_spec(name) for name in ("aiohttp", "textual_serve")):
        raise UsageRefused("web.refused.extra")
    return asyncio.run(_serve(access, command))


def command_of(words: Sequence[str]) -> tuple[str, ...]:
    """Return the program that shows a dashboard, and its arguments.

    Args:
        words: a command of ours and its arguments; none for ``run``.

    Raises:
        UsageRefused: that command has no dashboard, or is asked for lines.
        SystemExit: its arguments are wrong; the parser said so.
    """
    wanted = tuple(words) or SHOWN[:1]
    if wanted[0] not in SHOWN:
        raise UsageRefused("web.refused.command", command=wanted[0], known=", ".join(SHOWN))
    parsed = build_parser().parse_args(wanted)
    if parsed.plain or parsed.json:
        raise UsageRefused("web.refused.lines")
    return sys.executable, "-m", "companion", *wanted


async def _serve(access: Access, command: Sequence[str]) -> ExitCode:
    from companion.web.server import DashboardServer  # noqa: PLC0415 -- needs the extra

    over = asyncio.Event()
    with stopped_by_signals(over.set) as received:
        async with DashboardServer(access, command).open() as address:
            print(text("web.open", address=address), flush=True)
            await over.wait()
    return received[0] if received else ExitCode.OK
