"""``companion pair``: a tool found, paired, looked at, named and kept."""

import asyncio
import sys
from argparse import Namespace

from companion.ble.adapter import Adapter
from companion.ble.scanner import Found, called, find, find_among
from companion.cli.acquaintance import Manner, acquainted, check_name, radio_of, say
from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.guiding import stopped_by_signals
from companion.cli.keyboard import Keyboard, TerminalAnswers
from companion.cli.live_list import pick
from companion.cli.printing import json_text
from companion.cli.radio import opened_radio
from companion.cli.tools import shown_tool
from companion.log import open_log
from companion.settings.tools import KnownTool, load_tools
from companion.texts import text

SEARCH_S = 30.0
"""How long a tool that is named is listened for: time to press its button."""


def execute(arguments: Namespace) -> ExitCode:
    """Pair with one tool.

    Raises:
        UsageRefused: the arguments do not go together, or the questions were not answered.
        LinkError: no tool could be paired.
        FileRefused: the file of known tools cannot be used or written.
    """
    if arguments.json and arguments.tool is None:
        raise UsageRefused("cli.pair.json_needs_tool")
    if arguments.name is not None:
        _check_name(arguments)
    open_log(verbose=arguments.verbose)
    return asyncio.run(_until_stopped(arguments))


def _check_name(arguments: Namespace) -> None:
    """Refuse a name that cannot be given before anything is paired."""
    word = arguments.tool or ""
    own = next((tool.address for tool in load_tools() if tool.answers_to(word)), None)
    check_name(arguments.name, own)


async def _until_stopped(arguments: Namespace) -> ExitCode:
    """Pair; at Ctrl-C the link is ended and a bond half made is removed."""
    work = asyncio.create_task(_pair(arguments))

    def stop() -> None:
        work.cancel()

    with stopped_by_signals(stop) as received:
        try:
            tool = await work
        except asyncio.CancelledError:
            if received:
                return received[0]
            raise
    if arguments.json:
        print(json_text(shown_tool(tool)))
    else:
        print(text("cli.pair.known", name=tool.name))
    return ExitCode.OK


async def _pair(arguments: Namespace) -> KnownTool:
    keyboard, radio = Keyboard(), radio_of(arguments.air)
    known = load_tools(radio)
    answers = TerminalAnswers(keyboard)
    async with opened_radio(
        arguments.air, keeps=True, answers=answers, hci=arguments.adapter
    ) as adapter:
        say(text("cli.radio.note", radio=adapter.name))
        if arguments.tool is not None:
            found = await _named(adapter, arguments.tool, known)
            return await acquainted(adapter, found, radio, Manner(name=arguments.name))
        moves = sys.stdout.isatty() and sys.stderr.isatty()
        found = await pick(adapter, known, keyboard, moves=moves)
        manner = Manner(talk=keyboard, name=arguments.name)
        return await acquainted(adapter, found, radio, manner)


async def _named(adapter: Adapter, word: str, known: list[KnownTool]) -> Found:
    """Hear the tool of this name or address; a known one by its address, if that tells it still."""
    tool = next((tool for tool in known if tool.answers_to(word)), None)
    if tool is None:
        return await find(adapter, word, SEARCH_S)
    found, _ = await find_among(adapter, called(tool.address), SEARCH_S / 3, is_one=True)
    return found or await find(adapter, tool.advertised or tool.address, SEARCH_S)
