"""``companion scan``: the tools within Bluetooth reach, and what kind each is."""

import asyncio
import sys
from argparse import Namespace

from companion.ble.scanner import Found, survey
from companion.cli.endings import ExitCode
from companion.cli.printing import json_text, table
from companion.cli.radio import opened_radio
from companion.log import open_log
from companion.settings.described_tools import usable_other_tools
from companion.texts import text
from protocols.other_tools.description import OtherTool
from protocols.registry import Protocol


def execute(arguments: Namespace) -> ExitCode:
    """Listen for a while and print what was heard.

    Raises:
        CompanionError: the radio cannot be used.
    """
    open_log(verbose=arguments.verbose)
    return asyncio.run(_scan(arguments))


async def _scan(arguments: Namespace) -> ExitCode:
    async with opened_radio(arguments.air, hci=arguments.adapter) as adapter:
        if not arguments.json:
            print(text("cli.radio.note", radio=adapter.name), flush=True)
        found = await survey(adapter, arguments.seconds, usable_other_tools())
    if arguments.json:
        tools = [
            {
                "address": tool.address,
                "name": tool.name,
                "rssi_dbm": tool.rssi_dbm,
                "kind": Protocol.MASSAGE_TOOL.value if kind is None else kind.name,
            }
            for tool, kind in found
        ]
        print(json_text({"radio": adapter.name, "tools": tools}))
    elif found:
        print(table([_row(tool, kind) for tool, kind in found]))
    if not found:
        print(text("cli.radio.nothing", seconds=arguments.seconds), file=sys.stderr)
    return ExitCode.OK if found else ExitCode.NOT_FOUND


def _row(tool: Found, kind: OtherTool | None) -> tuple[str, ...]:
    what = text("other_tools.of_profile") if kind is None else f"{kind.name}: {kind.title}"
    return (tool.address, tool.name, text("cli.radio.rssi", rssi_dbm=tool.rssi_dbm), what)
