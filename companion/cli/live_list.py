"""The tools in reach as a list that lives while a person picks one by its number."""

import asyncio
import shutil
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Final

from companion.ble.adapter import Adapter
from companion.ble.scanner import Found, Sightings, listening
from companion.cli.endings import UsageRefused
from companion.cli.keyboard import Keyboard
from companion.settings.tools import KnownTool
from companion.texts import text
from companion.tui.workshop import Acquaintance
from protocols.massage_tool import MASSAGE_TOOL_SERVICE

REDRAW_S: Final = 1.0
HINT_S: Final = 10.0
"""After so long without a tool the person is told how to make one heard."""

_UP: Final = "\x1b7\x1b[{lines}F"
_BACK: Final = "\x1b8"
_WIPE: Final = "\x1b[2K"


class LiveList:
    """Numbers tools in the order in which they were first heard, and keeps their lines current.

    Args:
        known: the tools known on this radio.
        moves: whether lines that changed are drawn anew; else each tool gets one line.
    """

    def __init__(self, known: Sequence[KnownTool], *, moves: bool) -> None:
        self._known = {tool.address: tool for tool in known}
        self._moves = moves
        self._order: list[str] = []

    def take(self, heard: Sequence[Found]) -> None:
        """Show what is heard now."""
        by_address = {found.address: found for found in heard}
        fresh = [address for address in by_address if address not in self._order]
        if self._moves and self._order:
            self._redraw(by_address)
        for address in fresh:
            self._order.append(address)
            line = self._line(len(self._order), by_address[address])
            print(f"\r{_WIPE}{line}" if self._moves else line, flush=True)
        if fresh:
            print(text("cli.pair.which"), end="", file=sys.stderr, flush=True)

    def again(self) -> None:
        """What was typed moved the lines: draw them once more below it."""
        self._order = []

    def picked(self, answer: str, heard: Sequence[Found]) -> Found | None:
        """Return the tool of a number; None where there is none."""
        if not (answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(self._order)):
            return None
        address = self._order[int(answer) - 1]
        return next((found for found in heard if found.address == address), None)

    def _redraw(self, heard: dict[str, Found]) -> None:
        lines = [self._line(place, heard[at]) for place, at in enumerate(self._order, start=1)]
        words = "".join(f"{_WIPE}{line}\n" for line in lines)
        print(_UP.format(lines=len(lines)) + words + _BACK, end="", flush=True)

    def _line(self, number: int, found: Found) -> str:
        known, state = known_as(found, self._known.values())
        line = text(
            "cli.pair.row",
            number=number,
            name=known.name if known else found.label,
            kind=text(f"cli.tools.kind.{known.kind}") if known else "-",
            state=text(f"cli.pair.state.{state}"),
            rssi_dbm=found.rssi_dbm,
        )
        return line[: shutil.get_terminal_size().columns - 1] if self._moves else line


def known_as(found: Found, tools: Iterable[KnownTool]) -> tuple[KnownTool | None, Acquaintance]:
    """Return the known tool that was heard, if it is one, and how it is known.

    Args:
        found: the tool that was heard.
        tools: those known on this radio.
    """
    known = list(tools)
    for tool in known:
        if tool.address == found.address:
            return tool, Acquaintance.KNOWN
    names = {name for tool in known for name in (tool.name, tool.advertised)}
    is_namesake = bool(found.name) and found.name in names
    return None, Acquaintance.NAMESAKE if is_namesake else Acquaintance.NEW


async def pick(
    adapter: Adapter, known: Sequence[KnownTool], keyboard: Keyboard, *, moves: bool
) -> Found:
    """Let a person pick one of the tools that are heard.

    Args:
        adapter: the radio.
        known: the tools known on it.
        keyboard: where the person types.
        moves: whether lines are drawn anew.

    Raises:
        LinkError: the radio cannot be used.
        UsageRefused: the answers ended before one was picked.
    """
    sightings, rows = Sightings(), LiveList(known, moves=moves)
    async with listening(adapter, sightings.add, MASSAGE_TOOL_SERVICE):
        showing = asyncio.create_task(_show(rows, sightings))
        try:
            while (answer := await keyboard.ask("")) is not None:
                found = rows.picked(answer, sightings.all())
                if found is not None:
                    return found
                print(text("cli.pair.no_such_number"), file=sys.stderr, flush=True)
                rows.again()
        finally:
            showing.cancel()
            with suppress(asyncio.CancelledError):
                await showing
    raise UsageRefused("cli.pair.no_answer")


async def _show(rows: LiveList, sightings: Sightings) -> None:
    loop = asyncio.get_running_loop()
    hint_at: float | None = loop.time() + HINT_S
    while True:
        heard = sightings.all()
        rows.take(heard)
        if heard:
            hint_at = None
        elif hint_at is not None and loop.time() >= hint_at:
            hint_at = None
            print(text("cli.pair.nothing_yet"), file=sys.stderr, flush=True)
        await asyncio.sleep(REDRAW_S)
