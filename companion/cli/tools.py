"""``companion tools``: the tools this computer was paired with."""

import asyncio
from argparse import Namespace
from dataclasses import replace

from companion.ble.errors import LinkError
from companion.ble.pairing import forget_bond_at
from companion.cli.acquaintance import check_name
from companion.cli.calibration_words import found_fields, found_lines
from companion.cli.clock import local_time
from companion.cli.endings import ExitCode, UsageRefused
from companion.cli.printing import field_lines, json_text, table
from companion.cli.radio import opened_radio
from companion.log import open_log
from companion.settings.calibrations import calibration_of, forget_calibration
from companion.settings.tools import (
    KnownTool,
    Radio,
    forget_tool,
    keep_tool,
    load_tools,
    tool_fields,
    tools_file,
)
from companion.texts import text


def execute(arguments: Namespace) -> ExitCode:
    """Run one action.

    Raises:
        FileRefused: the file of known tools cannot be used or written.
        UsageRefused: no tool of that name, or a name that cannot be given.
    """
    open_log(verbose=arguments.verbose)
    match arguments.action:
        case "show":
            _show(known_tool(arguments.tool), as_json=arguments.json)
        case "rename":
            _rename(known_tool(arguments.tool), arguments.name)
        case "forget":
            _forget(known_tool(arguments.tool))
        case _:
            _list(as_json=arguments.json)
    return ExitCode.OK


def known_tool(word: str, radio: Radio | None = None) -> KnownTool:
    """Return the known tool of this name or address.

    Args:
        word: what the person says.
        radio: only those of this radio; None for all.

    Raises:
        UsageRefused: there is none, or there are two (one on each radio).
        FileRefused: the file of known tools cannot be used.
    """
    tools = load_tools(radio)
    meant = [tool for tool in tools if tool.answers_to(word)]
    if len(meant) == 1:
        return meant[0]
    names = ", ".join(tool.name for tool in meant or tools) or "-"
    raise UsageRefused("cli.tools.several" if meant else "cli.tools.nobody", tool=word, names=names)


def shown_tool(tool: KnownTool) -> dict[str, object]:
    """Return what is told of a known tool."""
    fields = tool_fields(tool)
    return {key: None if value == "" else value for key, value in fields.items()}


def _list(*, as_json: bool) -> None:
    tools = load_tools()
    if as_json:
        print(json_text({"tools": [shown_tool(tool) for tool in tools]}))
    elif tools:
        print(table([_row(tool) for tool in tools]))
    else:
        print(text("cli.tools.none"))


def _row(tool: KnownTool) -> tuple[str, ...]:
    return (
        tool.name,
        text(f"cli.tools.kind.{tool.kind}"),
        tool.address,
        text(f"cli.tools.bond.{bond_word(tool)}"),
        text("cli.tools.seen", day=tool.seen_at.astimezone().date().isoformat()),
        "" if tool.radio is Radio.BLUETOOTH else text("cli.radio.virtual"),
    )


def bond_word(tool: KnownTool) -> str:
    """Return whether there is a bond, as a key of the catalogue has it."""
    return {True: "bonded", False: "unbonded", None: "untold"}[tool.bonded]


def _show(tool: KnownTool, *, as_json: bool) -> None:
    fields = shown_tool(tool)
    kept = calibration_of(tool.radio, tool.address)
    if as_json:
        print(json_text({**fields, "calibration": None if kept is None else found_fields(kept)}))
        return
    print(field_lines({**fields, "file": str(tools_file())}))
    found = [] if kept is None else found_lines(kept, local_time().date())
    print("\n".join(found or [text("calibration.nothing", tool=tool.name)]))


def _rename(tool: KnownTool, name: str) -> None:
    check_name(name, tool.address)
    print(renamed(tool, name))


def renamed(tool: KnownTool, name: str) -> str:
    """Give a tool another name that may be given, and say so.

    Raises:
        FileRefused: the file of known tools cannot be used or written.
    """
    keep_tool(replace(tool, name=name))
    return text("cli.tools.renamed", before=tool.name, name=name)


def _forget(tool: KnownTool) -> None:
    print("\n".join(asyncio.run(forgotten(tool))))


async def forgotten(tool: KnownTool) -> tuple[str, str]:
    """Forget a tool and its bond; the bond goes first, so that a failure can be tried again.

    Returns:
        That it is forgotten, and what became of the bond, a sentence each.

    Raises:
        FileRefused: a file cannot be used or written.
    """
    is_removed = await _remove_bond(tool)
    forget_tool(tool)
    forget_calibration(tool.radio, tool.address)
    bond = "cli.tools.unbonded" if is_removed else "cli.tools.bond_stays"
    return text("cli.tools.forgotten", name=tool.name), text(bond, name=tool.name)


async def _remove_bond(tool: KnownTool) -> bool:
    if tool.radio is Radio.VIRTUAL:
        # The simulators are loaded only where they are needed.
        from companion.cli.virtual_radio import forget_virtual_bond  # noqa: PLC0415 -- as above

        return await forget_virtual_bond(tool.address)
    try:
        async with opened_radio(None) as adapter:
            return await forget_bond_at(adapter, tool.address)
    except LinkError:
        return False
