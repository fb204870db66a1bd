"""What the dashboard's screens show of this computer: read when asked for, beside the session."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Self, TypeVar

from companion.cli.loading import load
from companion.tui.library import Past, PastWhole, Shelved, Trends

if TYPE_CHECKING:
    from companion.cli.records import Records

RECORDS = "companion.cli.records"
"""Loaded when it is first asked: a picture is drawn without the store and its libraries."""

Found = TypeVar("Found")


class Bookshelf:
    """Sessions, programme and routines, as they are kept.

    Everything is read in a thread of its own, one thing at a time, so that a running session
    does not wait for the disk.

    Args:
        foremost: the routine that is listed first, where there is one of this name.
    """

    def __init__(self, foremost: str = "") -> None:
        self._foremost = foremost
        self._records: Records | None = None
        self._lock = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        async with self._lock:
            if self._records is not None:
                self._records.close()

    async def count(self) -> int:
        """Return how many sessions there are."""
        return await self._read(lambda records: records.count())

    async def page(self, first: int, most: int) -> Sequence[Past]:
        """Return some sessions, the newest first."""
        return await self._read(lambda records: records.page(first, most))

    async def whole(self, number: int) -> PastWhole:
        """Return one session."""
        return await self._read(lambda records: records.whole(number))

    async def trends(self) -> Trends:
        """Return the zones over the last weeks."""
        return await self._read(lambda records: records.trends())

    async def programme(self) -> Sequence[str]:
        """Return how the usual person's programme stands."""
        return await self._read(lambda records: records.programme())

    async def routines(self) -> Sequence[Shelved]:
        """Return every routine that has a name."""
        return await self._read(lambda records: records.routines(self._foremost))

    async def _read(self, read: "Callable[[Records], Found]") -> Found:
        async with self._lock:
            return await asyncio.to_thread(self._asked, read)

    def _asked(self, read: "Callable[[Records], Found]") -> Found:
        if self._records is None:
            load(RECORDS)
            from companion.cli.records import Records  # noqa: PLC0415 -- as above

            self._records = Records()
        return self._records.answer(read)
