"""The pressure as it was judged live, a tenth of a second at a time: what a picture of it needs."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import floor, isfinite
from typing import ClassVar, Final, NamedTuple, TypeAlias

import numpy as np

from companion.sensing.types import Point
from companion.store.columns import Counts, DamagedError, packed, unpacked
from companion.store.entries import seen

BIN_S: Final = 0.1
"""Length of a piece; it keeps its lowest and its highest pressure."""

_COUNT_KPA: Final = 0.01
_LARGEST_KPA: Final = 1e6
_HOLE_BINS: Final = 50
"""So many pieces without a sample end a row."""
_WAITING_BINS: Final = 50
"""Pieces that wait for the session's beginning, which is on its way."""
_NUMBERS: Final = 1 << 48

Span: TypeAlias = tuple[float | None, float | None]
"""Lowest and highest pressure in kPa; None where it was not known."""


class TraceRow(NamedTuple):
    """Pieces that follow each other, and the number of the first of them."""

    place: int
    bins: int
    data: bytes


class Tracing:
    """Puts samples into pieces, and gives away those that are complete."""

    def __init__(self) -> None:
        self._bins: dict[int, Span] = {}
        self._newest = -_NUMBERS
        self._is_open = False

    def begin(self, device_s: float) -> None:
        """The session begins: what was before is nobody's."""
        first = _number(device_s)
        self._bins = {number: span for number, span in self._bins.items() if number >= first}
        self._is_open = True

    def add(self, points: Iterable[Point]) -> None:
        """Take samples, in order of time."""
        for device_s, pressure_kpa, _ in points:
            number = _number(device_s)
            if number < self._newest:
                continue
            self._newest = number
            self._bins[number] = _with(self._bins.get(number, (None, None)), pressure_kpa)
        while not self._is_open and len(self._bins) > _WAITING_BINS:
            del self._bins[next(iter(self._bins))]

    def take(self, *, is_over: bool = False) -> dict[int, Span]:
        """Return the pieces that no sample is added to any more; with ``is_over`` all of them."""
        newest = None if is_over else self._bins.pop(self._newest, None)
        taken, self._bins = self._bins, {} if newest is None else {self._newest: newest}
        return taken


@dataclass(frozen=True, slots=True)
class Traced:
    """Complete pieces of a session."""

    is_vital: ClassVar[bool] = False
    uid: str
    at: str
    bins: Mapping[int, Span]

    def write(self, connection: sqlite3.Connection) -> None:
        """Write them."""
        written(connection, seen(connection, self.uid, self.at), rows_of(self.bins))


def rows_of(bins: Mapping[int, Span]) -> Iterator[TraceRow]:
    """Yield pieces as rows; a short hole is pieces in which nothing was known."""
    numbers = sorted(bins)
    begin = 0
    for at in range(1, len(numbers) + 1):
        if at == len(numbers) or numbers[at] - numbers[at - 1] > _HOLE_BINS:
            first, last = numbers[begin], numbers[at - 1]
            spans = [bins.get(number, (None, None)) for number in range(first, last + 1)]
            yield TraceRow(first, len(spans), _packed(spans))
            begin = at


def bins_of(rows: Iterable[tuple[int, int, bytes]]) -> dict[int, Span]:
    """Return the pieces of rows, by number.

    Raises:
        DamagedError: a row cannot be read.
    """
    return {
        place + at: span
        for place, count, data in rows
        for at, span in enumerate(_unpacked(data, count))
    }


def joined(connection: sqlite3.Connection, session: int) -> None:
    """Join a session's rows, inside a transaction; what is damaged stays as it is."""
    rows = connection.execute(
        "SELECT place, bins, data FROM trace WHERE session = ? ORDER BY place", [session]
    ).fetchall()
    try:
        found = list(rows_of(bins_of(rows)))
    except DamagedError:
        return
    connection.execute("DELETE FROM trace WHERE session = ?", [session])
    written(connection, session, found)


def written(connection: sqlite3.Connection, session: int, rows: Iterable[TraceRow]) -> None:
    """Write rows, inside a transaction."""
    connection.executemany(
        "INSERT INTO trace VALUES (?, ?, ?, ?)", ((session, *row) for row in rows)
    )


def _number(device_s: float) -> int:
    return floor(device_s / BIN_S)


def _with(span: Span, pressure_kpa: float | None) -> Span:
    if pressure_kpa is None or not isfinite(pressure_kpa):
        return span
    kpa = min(max(pressure_kpa, -_LARGEST_KPA), _LARGEST_KPA)
    low, high = span
    return kpa if low is None else min(low, kpa), kpa if high is None else max(high, kpa)


def _packed(spans: list[Span]) -> bytes:
    known = np.array([high is not None for _, high in spans], dtype=np.int64)
    return packed(known) + b"".join(packed(_counts(spans, which)) for which in range(2))


def _counts(spans: list[Span], which: int) -> Counts:
    """Return the lowest or highest pressures in counts; unknown ones as the one before them."""
    counts, last = [], 0
    for span in spans:
        value = span[which]
        last = last if value is None else round(value / _COUNT_KPA)
        counts.append(last)
    return np.array(counts, dtype=np.int64)


def _unpacked(data: bytes, count: int) -> list[Span]:
    known, data = unpacked(data, count)
    lows, data = unpacked(data, count)
    highs, _ = unpacked(data, count)
    pairs = zip(known.tolist(), lows.tolist(), highs.tolist(), strict=True)
    return [
        (low * _COUNT_KPA, high * _COUNT_KPA) if is_known else (None, None)
        for is_known, low, high in pairs
    ]
