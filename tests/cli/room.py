"""A room for commands that pair: tools that remember their bonds, a radio, and who types."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from companion.ble.adapter import Adapter
from companion.ble.agent import Answers
from companion.cli.virtual_radio import agent_of, as_adapter, kept_keys
from simulators.bleak_backend import Adapter as Radio
from simulators.defaults import in_hand, strokes
from simulators.peripheral import Peripheral
from simulators.radio import Air, connect_host
from simulators.simulated_tool import SimulatedTool
from simulators.virtual_time import run_virtual

AIR = ("--air", "127.0.0.1:1")
ROLLER, DISPLAY = "small-roller", "passkey-roller"
Line = str | Callable[[], Awaitable[str]]


@dataclass
class Room:
    """Stands in for the air at the other end of a socket; each command opens it anew.

    Attributes:
        folder: where the tools keep their bonds.
        tools: which are switched on when a command comes in.
        bonding_s: for how long after that they accept new bonds; None for ever.
        names: what tools call themselves instead, by their file's name.
        on: the tools while a command runs.
        meanwhile: what happens there while a command runs.
        thinks_s: how long whoever types takes for a line.
    """

    folder: Path
    tools: Sequence[str] = (ROLLER,)
    bonding_s: float | None = None
    names: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    on: dict[str, Peripheral] = field(default_factory=dict)
    simulated: dict[str, SimulatedTool] = field(default_factory=dict)
    meanwhile: Callable[["Room"], Awaitable[None]] | None = None
    typed: list[Line] = field(default_factory=list)
    air: Air | None = None
    thinks_s: float = 2.0

    @asynccontextmanager
    async def opened(
        self,
        _air: object,
        *,
        keeps: bool = False,
        answers: Answers | None = None,
        hci: str | None = None,  # noqa: ARG002 -- a virtual radio has one adapter
    ) -> AsyncIterator[Adapter]:
        """Be what `opened_radio` is."""
        async with AsyncExitStack() as stack:
            air = await self._air(stack)
            host = connect_host(air.add_controller("computer"))
            keys = kept_keys() if keeps else None
            agent = None if answers is None else agent_of(answers)
            radio = await stack.enter_async_context(Radio(host, keys=keys, agent=agent))
            if self.meanwhile is not None:
                happening = asyncio.ensure_future(self.meanwhile(self))
                stack.callback(happening.cancel)
            yield as_adapter(radio, "a room", asks=answers is not None)

    async def _air(self, stack: AsyncExitStack) -> Air:
        """The air that is there, for a second radio of one command; else a new one."""
        if self.air is None:
            self.air = air = Air(seed=1)
            stack.callback(self._close)
            for name in self.tools:
                await self._switch_on(stack, air, name)
        return self.air

    def _close(self) -> None:
        self.air = None

    async def _switch_on(self, stack: AsyncExitStack, air: Air, name: str) -> None:
        tool = in_hand(name, "careful", strokes(), 1)
        data = replace(
            tool.data,
            name=self.names.get(name, tool.data.name),
            address=self.addresses.get(name, tool.data.address),
        )
        object.__setattr__(tool, "data", data)
        object.__setattr__(tool.firmware, "tool", data)
        bonds = self.folder / f"{data.address.replace(':', '')}.json"
        self.simulated[name] = tool
        self.on[name] = await stack.enter_async_context(
            tool.on_air(air, keys=bonds, bonding_s=self.bonding_s)
        )

    async def reads(self, name: str = DISPLAY) -> str:
        """Read a tool's display."""
        return f"{await self.on[name].shown_passkey():06d}"

    async def read(self) -> bytes:
        """Be standard input: a line comes some time after it was asked for."""
        await asyncio.sleep(self.thinks_s)
        if not self.typed:
            return b""
        line = self.typed.pop(0)
        return f"{line if isinstance(line, str) else await line()}\n".encode()


def room_for(monkeypatch: pytest.MonkeyPatch, folder: Path, *, is_terminal: bool = False) -> Room:
    """Open a room, and let every command that pairs find its radio there, in virtual time."""
    room = Room(folder / "bonds")
    room.folder.mkdir()
    for module in ("pair", "run", "record", "doctor", "conform", "calibrate", "tool_visits"):
        monkeypatch.setattr(f"companion.cli.{module}.opened_radio", room.opened)
    monkeypatch.setattr("companion.cli.keyboard.typed", room.read)
    monkeypatch.setattr("companion.cli.run.is_terminal", lambda: is_terminal)
    monkeypatch.setattr(asyncio, "run", run_virtual)
    return room
