"""What the Tools screen acts through: the known tools, and visits to those in reach."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Self

from companion.cli.arguments import Address
from companion.cli.loading import load
from companion.texts import text
from companion.tui.workshop import Guest, ToolLook

if TYPE_CHECKING:
    from companion.cli.tool_visits import Visits

    Work = Callable[[Visits], Coroutine[None, None, str]]


class Toolshed:
    """Known tools, read in a thread; one visit at a time, which ends with the shed at the latest.

    Args:
        air: where the virtual radio is; None for the computer's Bluetooth.
        is_open: whether visits may be made: a running session owns its tool, and the radio.
    """

    def __init__(self, air: Address | None = None, *, is_open: bool = True) -> None:
        self._air = air
        self.is_open = is_open
        self._reading = asyncio.Lock()
        self._visiting = asyncio.Lock()
        self._visits: set[asyncio.Task[str]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for visit in self._visits:
            visit.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)
        async with self._reading:
            pass

    async def tools(self) -> Sequence[ToolLook]:
        """Return the known tools, by name."""
        async with self._reading:
            return await asyncio.to_thread(_looks)

    async def pair(self, guest: Guest) -> str:
        """Listen for tools, pair with the one that is picked, and keep it."""
        return await self._visit(lambda visits: visits.pair(guest))

    async def identify(self, key: str, guest: Guest) -> str:
        """Let a known tool show which one it is."""
        return await self._visit(lambda visits: visits.identify(key, guest))

    async def calibrate(self, key: str, guest: Guest) -> str:
        """Calibrate a known tool on a scale."""
        return await self._visit(lambda visits: visits.calibrate(key, guest))

    async def rename(self, key: str, guest: Guest) -> str:
        """Give a known tool another name."""
        return await self._visit(lambda visits: visits.rename(key, guest))

    async def forget(self, key: str, guest: Guest) -> str:
        """Forget a known tool, once that is confirmed."""
        return await self._visit(lambda visits: visits.forget(key, guest))

    async def _visit(self, work: "Work") -> str:
        if not self.is_open:
            return text("tools_screen.in_session")
        visit = asyncio.create_task(self._alone(work))
        self._visits.add(visit)
        visit.add_done_callback(self._visits.discard)
        return await visit

    async def _alone(self, work: "Work") -> str:
        async with self._visiting:
            # The radio's libraries are loaded only where a tool is visited, and beside the screen.
            await asyncio.to_thread(load, "companion.cli.tool_visits")
            if self._air is not None:
                await asyncio.to_thread(load, "companion.cli.virtual_radio")
            from companion.cli.tool_visits import Visits  # noqa: PLC0415 -- as above

            return await work(Visits(self._air))


def _looks() -> list[ToolLook]:
    # As above: this room of names knows what is heard, too.
    from companion.cli.tool_looks import tool_looks  # noqa: PLC0415 -- as above

    return tool_looks()
