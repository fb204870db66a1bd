"""Tares the tool: half a second in the air and still, asked for again while it is not."""

import asyncio
from typing import Final, Protocol

from companion.ble.errors import LinkError, LinkFault
from companion.ble.tool import Refused
from companion.service.haptics import Asks
from protocols.massage_tool import Result, Tare

ATTEMPTS: Final = 12
PAUSE_S: Final = 1.5
"""Between attempts: time to read the sentence and to lift the tool."""


class TareListener(Protocol):
    """Who is told what came of taring."""

    def on_tared(self) -> None:
        """The tool confirmed."""

    def on_tare_needless(self) -> None:
        """The tool has nothing to tare."""

    def on_tare_refused(self, attempt: int) -> None:
        """The tool moves or is loaded; another attempt follows."""

    def on_tare_failed(self, error: LinkError) -> None:
        """It is given up until asked for again."""


class Tarer:
    """Does one tare when asked, with bounded attempts; a lost link does not count as one.

    Args:
        link: whom to ask.
        listener: who is told.
    """

    def __init__(self, link: Asks, listener: TareListener) -> None:
        self._link = link
        self._listener = listener
        self._wish = asyncio.Event()

    def ask(self) -> None:
        """Tare as soon as there is a link."""
        self._wish.set()

    async def run(self) -> None:
        """Tare whenever asked, until cancelled."""
        while True:
            await self._wish.wait()
            self._wish.clear()
            await self._tare()

    async def _tare(self) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            await self._link.until_up()
            try:
                await self._link.request(Tare())
            except Refused as refused:
                if self._is_settled(refused):
                    return
                self._listener.on_tare_refused(attempt)
            except LinkError as error:
                if error.fault is not LinkFault.DROPPED:
                    self._listener.on_tare_failed(error)
                    return
            else:
                self._wish.clear()
                self._listener.on_tared()
                return
            await asyncio.sleep(PAUSE_S)
        self._listener.on_tare_failed(LinkError(LinkFault.TARE_REFUSED))

    def _is_settled(self, refused: Refused) -> bool:
        """Whether the refusal is the last word."""
        match refused.result:
            case Result.OPERATION_FAILED | Result.BUSY | Result.NOT_PERMITTED:
                return False
            case Result.OP_CODE_NOT_SUPPORTED:
                self._listener.on_tare_needless()
            case _:
                self._listener.on_tare_failed(refused)
        return True
