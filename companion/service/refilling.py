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

PIECE: Final = 65
"""Samples asked for at once, five frames of thirteen on the usual MTU: what is already on its way
to the radio goes before a live frame, and may hold it up by no more than that."""

CALM_S: Final = 0.1
"""Nothing is asked for while live frames are later than this: the link has no room for more."""

STALLED_S: Final = 3.0
"""A resend of which nothing came for so long has ended: live frames go first, and a weak link may
hold them up for a second or two."""

ATTEMPTS: Final = 3
"""How often the same stretch is asked for before its hole is given up; and after how many holes
in a row that were given up the tool is not asked any more."""

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
        self._stream: Stream | None = None
        self._missing = Missing()
        self._failures = 0
        self._told = Refilled(0, 0)
        self._news = asyncio.Event()
        self._came = asyncio.Event()

    def know(self, feature: ToolFeature, stream: Stream) -> None:
        """The tool said what it has; its telemetry says what is missing."""
        self._keeps = bool(feature.features & Features.RESEND_BUFFER)
        self._stream, self._missing = stream, stream.missing

    def lost(self) -> None:
        """Samples are missing, or have gone for good with their run."""
        self._news.set()

    def came(self) -> None:
        """Samples that were asked for came."""
        self._came.set()

    async def run(self) -> None:
        """Ask for what is missing, until cancelled: what has not come by then is gone."""
        try:
            while True:
                await self._news.wait()
                self._news.clear()
                await self._fill_all()
                self._report()
        finally:
            self._missing.give_up_all()
            self._report()

    async def _fill_all(self) -> None:
        while (hole := self._missing.oldest) is not None:
            if not self._keeps or self._failures >= ATTEMPTS:
                self._missing.give_up_all()
                return
            await self._fill(hole)

    async def _fill(self, hole: Hole) -> None:
        """Ask for the beginning of a hole until it has come, or will not: then for none of it."""
        piece = hole.part(hole.first, hole.first + PIECE)
        for attempt in range(ATTEMPTS):
            if attempt:
                await asyncio.sleep(PAUSE_S)
            await self._until_calm()
            try:
                await self._try(piece)
            except LinkError as error:
                if error.fault is LinkFault.DROPPED:
                    await asyncio.sleep(PAUSE_S)
                    return
                log.info("samples are not sent again: %s", error.detail)
                if isinstance(error, Refused) and error.result != Result.BUSY:
                    break
            if not self._missing.still(piece):
                self._failures = 0
                return
        self._failures += 1
        self._missing.give_up(hole.first, hole.end)

    async def _try(self, piece: Hole) -> None:
        """Ask for what is missing of a stretch, and wait for it."""
        rest = self._missing.oldest
        if rest is not None and rest.first < piece.end:
            await self._await(await self._ask(rest.part(rest.first, piece.end)))

    async def _until_calm(self) -> None:
        """Wait until there is a link, and it has room beside the live frames."""
        await self._link.until_up()
        while self._stream is not None and self._stream.clock.latency_s > CALM_S:  # noqa: ASYNC110 -- no event tells of it
            await asyncio.sleep(PAUSE_S)

    async def _ask(self, piece: Hole) -> Hole:
        """Return what of a stretch the tool says that it sends; the rest of it is given up."""
        answer = await self._link.request(Resend(piece.first % _NUMBERS, piece.count))
        follows = piece.part(piece.end, piece.end)
        if isinstance(answer, Resending):
            first = piece.first + (answer.first_sample - piece.first) % _NUMBERS
            first = min(first, piece.end)
            follows = piece.part(first, first + answer.count)
        self._missing.give_up(piece.first, follows.first)
        self._missing.give_up(follows.end, piece.end)
        return follows

    async def _await(self, follows: Hole) -> None:
        """Wait for samples for as long as some of them come."""
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
