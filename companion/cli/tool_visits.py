"""What the Tools screen does with one tool: the same steps as the commands, asked on a screen."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from companion.ble.adapter import Adapter
from companion.ble.link import LinkOptions
from companion.ble.scanner import Found, Sightings, listening
from companion.ble.tool import Identity, Refused
from companion.cli.acquaintance import Manner, acquainted, ask_name, radio_of
from companion.cli.admitting import Doorkeeper
from companion.cli.arguments import Address
from companion.cli.calibrate import Circumstances, calibrated
from companion.cli.endings import UsageRefused
from companion.cli.keyboard import TerminalAnswers
from companion.cli.last_known import keep_figures
from companion.cli.pressing import Pressing, Scale
from companion.cli.radio import opened_radio
from companion.cli.tool_looks import key_of, nearby
from companion.cli.tools import forgotten, renamed
from companion.cli.weights import UNITS, USUAL_DIGIT
from companion.live import LinkState, LinkView
from companion.service.bench import Bench
from companion.settings.tools import KnownTool, load_tools
from companion.texts import text
from companion.tui.workshop import Guest, Nearby
from protocols.massage_tool import MASSAGE_TOOL_SERVICE, Channel, Identify, Result, ToolFeature

SEARCH_S: Final = 30.0
"""How long a known tool is looked for: time to press its button."""

_UNIT: Final = "g"


class VisitedBench(Bench):
    """A tool on the bench whose battery and signal are noted, too.

    Attributes:
        rssi_dbm: its signal, when it was heard; None before that.
        battery_percent: its battery level; None before it told.
        channels: what it told of its force channels; empty for nothing.
    """

    rssi_dbm: int | None = None
    battery_percent: int | None = None
    channels: tuple[Channel, ...] = ()

    def on_found(self, found: Found) -> None:
        """The tool was heard."""
        super().on_found(found)
        self.rssi_dbm = found.rssi_dbm

    def on_tool(
        self,
        name: str,
        feature: ToolFeature,
        identity: Identity,
        channels: tuple[Channel, ...],
    ) -> None:
        """The tool said what it is."""
        super().on_tool(name, feature, identity, channels)
        self.channels = channels

    def on_battery(self, percent: int) -> None:
        """The battery level came."""
        self.battery_percent = percent


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits to tools on one radio.

    Attributes:
        air: where the virtual radio is; None for the computer's Bluetooth.
    """

    air: Address | None

    async def pair(self, guest: Guest) -> str:
        """Listen for tools, pair with the one that is picked, and keep it.

        Raises:
            CompanionError: it could not be paired, or kept.
        """
        radio = radio_of(self.air)
        known = load_tools(radio)
        answers = TerminalAnswers(guest)
        async with opened_radio(self.air, keeps=True, answers=answers) as adapter:
            found = await _picked(adapter, known, guest)
            name = next((tool.name for tool in known if tool.address == found.address), None)
            question = text("tools_screen.pair_anew", name=name or "")
            if name is not None and not await guest.agrees(question):
                return text("tools_screen.left", name=name)
            tool = await acquainted(adapter, found, radio, Manner(talk=guest))
        return text("cli.pair.known", name=tool.name)

    async def identify(self, key: str, guest: Guest) -> str:
        """Let a known tool buzz until the person has seen it.

        Raises:
            CompanionError: it could not be reached, or is not known any more.
        """
        tool = _known(key)
        async with self._connected(tool, guest) as bench:
            try:
                await bench.link.request(Identify())
            except Refused as refused:
                if refused.result != Result.OP_CODE_NOT_SUPPORTED:
                    raise
                return text("tools_screen.silent", name=tool.name)
            await bench.unless_lost(guest.ask(text("tools_screen.buzzes", name=tool.name)))
        return text("tools_screen.seen", name=tool.name)

    async def calibrate(self, key: str, guest: Guest) -> str:
        """Calibrate a known tool on a scale that the person reads, in grams.

        Raises:
            CompanionError: it could not be reached, or the loads give no calibration.
        """
        tool = _known(key)
        scale = Scale(guest, _UNIT, USUAL_DIGIT[_UNIT] * UNITS[_UNIT])
        async with self._connected(tool, guest) as bench:
            pressing = Pressing(bench, scale, guest, retries=True)
            await calibrated(bench, pressing, radio_of(self.air), Circumstances())
        return text("calibration.done", tool=tool.name)

    async def rename(self, key: str, guest: Guest) -> str:
        """Give a known tool another name.

        Raises:
            CompanionError: it is not known any more, or the name cannot be kept.
        """
        tool = _known(key)
        name = await ask_name(guest, tool.name, tool.address)
        return text("tools_screen.left", name=name) if name == tool.name else renamed(tool, name)

    async def forget(self, key: str, guest: Guest) -> str:
        """Forget a known tool and its bond, once that is confirmed.

        Raises:
            CompanionError: it is not known any more, or a file cannot be written.
        """
        tool = _known(key)
        if not await guest.agrees(text("tools_screen.forget", name=tool.name)):
            return text("tools_screen.left", name=tool.name)
        return " ".join(await forgotten(tool))

    @asynccontextmanager
    async def _connected(self, tool: KnownTool, guest: Guest) -> AsyncIterator[VisitedBench]:
        """Connect to a known tool, and note what it tells of itself."""
        radio = radio_of(self.air)
        if tool.radio is not radio:
            raise UsageRefused("tools_screen.elsewhere", name=tool.name)
        guest.say(text("tools_screen.connecting", name=tool.name))
        async with opened_radio(self.air, keeps=True) as adapter:
            door = Doorkeeper(adapter, radio, tool.address, pairs=False, keyboard=None)
            options = LinkOptions(
                admission=await door.admission(), max_search_s=SEARCH_S, reads_gains=True
            )
            async with VisitedBench(adapter, options).connected() as bench:
                keep_figures(
                    radio,
                    LinkView(
                        state=LinkState.LIVE,
                        tool=tool.name,
                        battery_percent=bench.battery_percent,
                        rssi_dbm=bench.rssi_dbm,
                    ),
                    bench.channels,
                )
                guest.feel(bench.felt_n)
                try:
                    yield bench
                finally:
                    guest.feel(None)


def _known(key: str) -> KnownTool:
    """Return a known tool as the file has it now.

    Raises:
        UsageRefused: it was forgotten meanwhile.
        FileRefused: the file cannot be used.
    """
    tool = next((tool for tool in load_tools() if key_of(tool) == key), None)
    if tool is None:
        raise UsageRefused("tools_screen.gone")
    return tool


async def _picked(adapter: Adapter, known: list[KnownTool], guest: Guest) -> Found:
    sightings = Sightings()
    loop = asyncio.get_running_loop()

    def heard() -> list[Nearby]:
        return [nearby(found, known, loop.time()) for found in sightings.all()]

    async with listening(adapter, sightings.add, MASSAGE_TOOL_SERVICE):
        key = await guest.pick(heard)
    return next(found for found in sightings.all() if found.address == key)
