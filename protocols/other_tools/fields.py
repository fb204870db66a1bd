"""Tools described in data: each number at its place in a characteristic's value."""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from protocols.errors import DecodeError
from protocols.other_tools.quantities import Assembler, Giving, Quantity
from protocols.other_tools.readings import Reading

_SHORT: Final = {
    "u8": "B",
    "i8": "b",
    "u16": "H",
    "i16": "h",
    "u32": "I",
    "i32": "i",
    "u64": "Q",
    "i64": "q",
    "f32": "f",
    "f64": "d",
}
_ODD: Final = {"u24": False, "i24": True}
TYPES: Final = (*_SHORT, *_ODD)
"""The types of a field: unsigned, signed and floating, with their bits."""
MOST_SAMPLES: Final = 128
"""Samples that one value holds at most; no attribute is longer than 512 bytes (Core 3 F 3.2.9)."""
_HELD: Final = 5
"""Readings for which another characteristic's newest values are still taken as present."""

Row = tuple[float | None, ...]
"""The numbers of one sample, in the order of its fields."""


def size_of(kind: str) -> int:
    """Return the bytes of a type."""
    return int(kind[1:]) // 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One number.

    Attributes:
        at: its offset in bytes, within the sample where samples repeat.
        kind: one of `TYPES`.
        big_endian: whether the most significant byte comes first.
        giving: what it means.
        not_known: the count that stands for "not known"; None for none.
        plus: added to the count before it is scaled.
    """

    at: int
    kind: str
    giving: Giving
    big_endian: bool = False
    not_known: float | None = None
    plus: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The value of one characteristic.

    Attributes:
        characteristic: UUID in lower case.
        fields: its numbers.
        header: bytes before the first sample.
        sample_bytes: bytes from one sample to the next; 0: a value is one sample.
    """

    characteristic: str
    fields: tuple[Field, ...]
    header: int = 0
    sample_bytes: int = 0

    @property
    def needed(self) -> int:
        """Bytes that one sample reaches to, counted from its start."""
        return max(field.at + size_of(field.kind) for field in self.fields)


class Decoder:
    """Values of the described characteristics to readings.

    A reading comes with each sample of the first characteristic; the newest numbers of the others
    join it for as long as they are fresh.

    Attributes:
        rejected: always 0: what cannot be read is refused.

    Args:
        layouts: the characteristics, the one that sets the pace first.
    """

    def __init__(self, layouts: Sequence[Layout]) -> None:
        self.rejected = 0
        self._layouts = {layout.characteristic: layout for layout in layouts}
        self._readers = {layout.characteristic: _reader(layout) for layout in layouts}
        self._lead = layouts[0].characteristic
        self._held: dict[str, Row] = {}
        self._ages: dict[str, int] = {}
        self._assembler = Assembler([field.giving for each in layouts for field in each.fields])

    def receive_data(self, characteristic: str, value: bytes) -> list[Reading]:
        """Read one notification; see `Codec`.

        Raises:
            DecodeError: the value is too short, or ends within a sample.
        """
        layout = self._layouts.get(characteristic)
        if layout is None:
            return []
        rows = self._readers[characteristic](value)
        if characteristic != self._lead:
            self._held[characteristic] = rows[-1]
            self._ages[characteristic] = 0
            return []
        if len(self._layouts) == 1:
            return list(map(self._assembler.reading, rows))
        return [self._reading(row) for row in rows]

    def _reading(self, row: Row) -> Reading:
        numbers = list(row)
        for characteristic, layout in self._layouts.items():
            if characteristic == self._lead:
                continue
            age = self._ages.get(characteristic, _HELD)
            held = self._held.get(characteristic) if age < _HELD else None
            numbers.extend(held or (None,) * len(layout.fields))
            self._ages[characteristic] = age + 1
        return self._assembler.reading(numbers)


def _reader(layout: Layout) -> Callable[[bytes], list[Row]]:
    """Return what reads the samples of a value; one `struct` for all fields where that can be."""
    unpack = _at_once(layout)
    rows = _one_by_one if unpack is None else unpack
    header, needed = layout.header, layout.needed

    def read(value: bytes) -> list[Row]:
        body = len(value) - header
        if body < needed:
            whole = header + needed
            raise DecodeError(len(value), f"the value ends after {len(value)} bytes, not {whole}")
        stride = layout.sample_bytes or body
        count, surplus = divmod(body, stride)
        if surplus or count > MOST_SAMPLES:
            raise DecodeError(len(value), f"{body} bytes hold no whole samples of {stride} bytes")
        return rows(layout, value, stride)

    return read


def _at_once(layout: Layout) -> Callable[[Layout, bytes, int], list[Row]] | None:
    """Return what unpacks all fields of a sample together; None where they do not lie so."""
    ordered = sorted(layout.fields, key=lambda field: field.at)
    is_plain = all(field.kind in _SHORT and not field.plus for field in ordered)
    if not is_plain or len({field.big_endian for field in ordered}) > 1:
        return None
    letters, end = "", 0
    for field in ordered:
        if field.at < end:
            return None
        letters += f"{field.at - end}x{_SHORT[field.kind]}"
        end = field.at + size_of(field.kind)
    whole = struct.Struct((">" if ordered[0].big_endian else "<") + letters)
    places = [ordered.index(field) for field in layout.fields]
    unknown = [(ordered.index(f), f.not_known) for f in ordered if f.not_known is not None]

    def rows(layout: Layout, value: bytes, stride: int) -> list[Row]:
        starts = range(layout.header, len(value), stride)
        found: list[Row] = [whole.unpack_from(value, start) for start in starts]
        for place, count in unknown:
            found = [_without(row, place) if row[place] == count else row for row in found]
        if places == sorted(places):
            return found
        return [tuple([row[place] for place in places]) for row in found]

    return rows


def _without(row: Row, place: int) -> Row:
    return (*row[:place], None, *row[place + 1 :])


def _one_by_one(layout: Layout, value: bytes, stride: int) -> list[Row]:
    return [
        tuple([_number(field, value, start + field.at) for field in layout.fields])
        for start in range(layout.header, len(value), stride)
    ]


def _number(field: Field, value: bytes, place: int) -> float | None:
    letter = _SHORT.get(field.kind)
    count: float
    if letter is None:
        order: Literal["big", "little"] = "big" if field.big_endian else "little"
        part = value[place : place + size_of(field.kind)]
        count = int.from_bytes(part, order, signed=_ODD[field.kind])
    else:
        (count,) = struct.unpack_from((">" if field.big_endian else "<") + letter, value, place)
    if count == field.not_known:
        return None
    return count if field.giving.quantity is Quantity.TIME else count + field.plus
