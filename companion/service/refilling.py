"""Asks the tool again for the samples that did not come, for the record and the final count."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final, NamedTuple

from companion.ble.errors import LinkError, LinkFault
from companion.ble.missing import Hole, Missing
from companion.ble.stream import Stream
from companion.ble.tool import Refused
from companion.service.haptics import Asks
from protocols.massage_tool import Features, Resend, Resending, Result, ToolFeature

log = logging.getLogger(__name__)

STALLED_S: Final = 3.0
"""A resend of which nothing came for so long has ended: live frames go first, and a weak link may
hold them up for a second or two."""

ATTEMPTS: Final = 3
"""How often the same stretch is asked for before it is given up."""

PAUSE_S: Final = 0.25
"""Pause before asking again after a refusal, or while a link comes back."""

_NUMBERS: Final = 1 << 32


class Refilled(NamedTuple):
    """What came of the samples that were missing: how many came, how many are gone for good."""

    came: int
    gone: int


class Refiller:
    """Asks for one hole after the other, as long as there is one and the tool keeps samples.

    Args:
        link: whom to ask.
        tell: called whenever no sample is missing any more that could still come.
    """

    def __init__(self, link: Asks, tell: Callable[[Refilled], None]) -> None:
        self._link = link
        self._tell = tell
        self._keeps = False
        self._missing = Missing()
        self._told = Refilled(0, 0)
        self._news = asyncio.Event()
        self._came = asyncio.Event()

    def know(self, feature: ToolFeature, stream: Stream) -> None:
        """The tool said what it has; its telemetry says what is missing."""
        self._keeps = bool(feature.features & Features.RESEND_BUFFER)
        self._missing = stream.missing

    def lost(self) -> None:
        """Samples are missing, or have gone for good with their run."""
        self._news.set()

    def came(self) -> None:
        """Samples that were asked for came."""
        self._came.set()

    async def run(self) -> None:
        """Ask for what is missing, until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            if not self._keeps:
                self._missing.give_up_all()
            while (hole := self._missing.oldest) is not None:
                await self._fill(hole)
            self._report()

    async def _fill(self, hole: Hole) -> None:
        """Ask for a stretch until it has come, or will not."""
        for attempt in range(ATTEMPTS):
            if attempt:
                await asyncio.sleep(PAUSE_S)
            await self._link.until_up()
            rest = self._missing.oldest
            if rest is None or rest.first >= hole.end:
                return
            try:
                follows = await self._ask(rest)
            except LinkError as error:
                if error.fault is LinkFault.DROPPED:
                    await asyncio.sleep(PAUSE_S)
                    return
                log.info("samples are not sent again: %s", error.detail)
                if isinstance(error, Refused) and error.result != Result.BUSY:
                    break
            else:
                await self._await(rest, follows)
        self._missing.give_up(hole.first, hole.end)

    async def _ask(self, hole: Hole) -> Hole:
        """Return what of a stretch the tool says that it sends."""
        answer = await self._link.request(Resend(hole.first % _NUMBERS, hole.count))
        if not isinstance(answer, Resending):
            return hole.part(hole.end, hole.end)
        first = min(hole.end, hole.first + (answer.first_sample - hole.first) % _NUMBERS)
        return hole.part(first, first + answer.count)

    async def _await(self, asked: Hole, follows: Hole) -> None:
        """Give up what does not follow, and wait for the rest for as long as some of it comes."""
        self._missing.give_up(asked.first, follows.first)
        self._missing.give_up(follows.end, asked.end)
        while self._missing.still(follows):
            self._came.clear()
            try:
                async with asyncio.timeout(STALLED_S):
                    await self._came.wait()
            except TimeoutError:
                return

    def _report(self) -> None:
        now = Refilled(self._missing.came, self._missing.gone)
        before, self._told = self._told, now
        if now != before:
            self._tell(Refilled(now.came - before.came, now.gone - before.gone))
