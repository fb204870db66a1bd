"""``companion scan``: the massage tools within Bluetooth reach."""

import asyncio
import sys
from argparse import Namespace

from companion.ble.scanner import Found, scan
from companion.cli.endings import ExitCode
from companion.cli.printing import json_text, table
from companion.cli.radio import opened_radio
from companion.log import open_log
from companion.texts import text


def execute(arguments: Namespace) -> ExitCode:
    """Listen for a while and print what was heard.

    Raises:
        CompanionError: the radio cannot be used.
    """
    open_log(verbose=arguments.verbose)
    return asyncio.run(_scan(arguments))


async def _scan(arguments: Namespace) -> ExitCode:
    async with opened_radio(arguments.air) as adapter:
        if not arguments.json:
            print(text("cli.radio.note", radio=adapter.name), flush=True)
        found = await scan(adapter, arguments.seconds)
    if arguments.json:
        tools = [
            {"address": tool.address, "name": tool.name, "rssi_dbm": tool.rssi_dbm}
            for tool in found
        ]
        print(json_text({"radio": adapter.name, "tools": tools}))
    elif found:
        print(table([_row(tool) for tool in found]))
    if not found:
        print(text("cli.radio.nothing", seconds=arguments.seconds), file=sys.stderr)
    return ExitCode.OK if found else ExitCode.NOT_FOUND


def _row(tool: Found) -> tuple[str, ...]:
    return (tool.address, tool.name, text("cli.radio.rssi", rssi_dbm=tool.rssi_dbm))
