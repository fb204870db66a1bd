"""Telemetry in blocks: about a second of it each, small on disk and exact to the last bit.

A block holds its frames as they came (clock, number, flags) and every field of their samples as a
column: counts of the sensor where the tool's units give them back exactly, else floats as they are.
"""

import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, NamedTuple, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from companion.store.columns import LARGEST, Counts, DamagedError, packed, unpacked
from protocols.massage_tool import ToolFeature
from protocols.telemetry import Sample, Telemetry, Vector

FORMAT: Final = 1
"""First byte of every block."""

Floats: TypeAlias = npt.NDArray[np.float64]
"""A column of values, NaN where one is not known."""

_HEAD: Final = struct.Struct("<BHIBB")
_CHECK: Final = struct.Struct("<I")
_ACCEL, _GYRO, _TRAVEL = 1, 2, 4

_ABSENT, _COUNTS, _FLOATS = 0, 1, 2
_IN_PART: Final = 4
"""Added to a column's kind: a mask of what is known stands before it."""


@dataclass(frozen=True, slots=True)
class Units:
    """SI units per count of a tool's sensors; None where it has no counts."""

    force_n: float | None = None
    accel_mps2: float | None = None
    gyro_radps: float | None = None
    travel_m: float | None = None

    @classmethod
    def of(cls, feature: ToolFeature) -> Self:
        """Return the units of a tool of the massage tool profile."""
        return cls(
            feature.force_resolution_n,
            feature.acceleration_resolution_mps2,
            feature.angular_velocity_resolution_radps,
            feature.wheel_resolution_m,
        )

    def of_columns(self, channels: int) -> tuple[float | None, ...]:
        """Return the unit of each column of a block."""
        return (self.force_n,) * channels + (
            *(self.accel_mps2,) * 3,
            *(self.gyro_radps,) * 3,
            self.travel_m,
        )


def block(
    frames: Sequence[Telemetry], units: Units, between: Callable[[], object] = lambda: None
) -> bytes:
    """Return frames of one layout as a block.

    Args:
        frames: at least one, within an hour; each sample of them has the same groups and channels.
        units: the tool's.
        between: called between two columns, so that another thread may get its turn.

    Raises:
        ValueError: there are none, they are too far apart, or their samples differ in layout.
    """
    if not is_of_one_layout(*frames):
        raise ValueError("a block holds samples of one layout")
    channels, groups = _layout(frames[0].samples[0])
    rows = [_fields(sample) for frame in frames for sample in frame.samples]
    columns = zip(zip(*rows, strict=True), units.of_columns(channels), strict=True)
    body = _HEAD.pack(FORMAT, len(frames), len(rows), channels, groups)
    body += _heads(frames)
    for values, unit in columns:
        between()
        body += _column(values, unit)
    return _CHECK.pack(zlib.crc32(body)) + body


class Heads(NamedTuple):
    """What stands beside the samples of a block: one value for each frame.

    Attributes:
        device_us: clock at its first sample.
        numbers: number of its first sample.
        interval_us: time between its samples.
        counts: how many samples it has.
        flags: see ``RESENT``, ``SATURATED``, ``TOUCHING`` and ``TELLS_TOUCH``.
    """

    device_us: Counts
    numbers: Counts
    interval_us: Counts
    counts: Counts
    flags: Counts


RESENT, SATURATED, TOUCHING, TELLS_TOUCH = 1, 2, 4, 8
"""Bits of a frame's flags."""


class Block(NamedTuple):
    """A block as columns.

    Attributes:
        heads: of its frames.
        forces: newtons, one column for each channel.
        accel: specific force in m/s2, three columns; None where it is not measured.
        gyro: angular velocity in rad/s, three columns; None where it is not measured.
        travel: metres since the sample before.
    """

    heads: Heads
    forces: list[Floats]
    accel: list[Floats] | None
    gyro: list[Floats] | None
    travel: Floats


def columns_of(data: bytes, units: Units) -> Block:
    """Return a block as columns, without making its frames.

    Raises:
        DamagedError: it is not a block, or not whole.
    """
    heads, channels, groups, columns = _read(data, units)
    filled = [np.where(known, values, np.nan) for values, known in columns]
    return Block(
        heads,
        filled[:channels],
        filled[channels : channels + 3] if groups & _ACCEL else None,
        filled[channels + 3 : channels + 6] if groups & _GYRO else None,
        filled[channels + 6],
    )


def frames_of(data: bytes, units: Units) -> list[Telemetry]:
    """Return the frames of a block as they were, to the last bit.

    Args:
        data: what `block` gave.
        units: the same as then.

    Raises:
        DamagedError: it is not a block, or not whole.
    """
    heads, channels, groups, columns = _read(data, units)
    lists = [_listed(values, known) for values, known in columns]
    samples = (_sample(row, channels, groups) for row in zip(*lists, strict=True))
    return list(_framed(heads, samples))


_Column: TypeAlias = tuple[Floats, npt.NDArray[np.bool_]]
"""Values, and which of them are known."""


def _read(data: bytes, units: Units) -> tuple[Heads, int, int, list[_Column]]:
    if len(data) < _CHECK.size + _HEAD.size:
        raise DamagedError("a block ends in its head")
    (check,), data = _CHECK.unpack_from(data), data[_CHECK.size :]
    if zlib.crc32(data) != check:
        raise DamagedError("a block's check sum is wrong")
    if data[0] != FORMAT:
        raise DamagedError(f"a block of format {data[0]}, this version reads {FORMAT}")
    _, count, rows, channels, groups = _HEAD.unpack_from(data)
    heads, data = _heads_of(data[_HEAD.size :], count)
    columns = []
    for unit in units.of_columns(channels):
        column, data = _column_of(data, rows, unit)
        columns.append(column)
    return heads, channels, groups, columns


def _listed(values: Floats, known: npt.NDArray[np.bool_]) -> list[float | None]:
    listed: list[float | None] = values.tolist()
    for place in np.flatnonzero(~known).tolist():
        listed[place] = None
    return listed


def is_whole(data: bytes) -> bool:
    """Return whether a block is as it was written, by its check sum."""
    if len(data) < _CHECK.size + _HEAD.size:
        return False
    return bool(zlib.crc32(data[_CHECK.size :]) == _CHECK.unpack_from(data)[0])


def is_of_one_layout(*frames: Telemetry) -> bool:
    """Return whether frames may share a block."""
    return len({_layout(sample) for frame in frames for sample in frame.samples}) == 1


def _layout(sample: Sample) -> tuple[int, int]:
    groups = _ACCEL * (sample.accel_mps2 is not None) | _GYRO * (sample.gyro_radps is not None)
    return len(sample.force_n), groups


def _fields(sample: Sample) -> tuple[float | None, ...]:
    nothing = (None, None, None)
    vectors = chain(sample.accel_mps2 or nothing, sample.gyro_radps or nothing)
    return (*sample.force_n, *vectors, sample.travel_m)


def _sample(row: Sequence[float | None], channels: int, groups: int) -> Sample:
    accel, gyro = tuple(row[channels : channels + 3]), tuple(row[channels + 3 : channels + 6])
    return Sample(
        tuple(row[:channels]),
        _vector(accel) if groups & _ACCEL else None,
        _vector(gyro) if groups & _GYRO else None,
        row[channels + 6],
    )


def _vector(fields: tuple[float | None, ...]) -> Vector:
    x, y, z = fields
    return (x, y, z)


def _heads(frames: Sequence[Telemetry]) -> bytes:
    """Return what stands beside the samples: six columns of a value for each frame."""
    first = frames[0]
    start = struct.pack("<qq", first.device_us, first.first_sample)
    table = [
        (
            frame.device_us - first.device_us,
            frame.first_sample - first.first_sample,
            frame.interval_us,
            len(frame.samples),
            frame.resent | frame.saturated << 1 | _touching(frame.touching) << 2,
        )
        for frame in frames
    ]
    columns = np.array(table, dtype=np.int64).T
    return start + b"".join(map(packed, columns))


def _touching(verdict: bool | None) -> int:  # noqa: FBT001 - a field of telemetry
    return 0 if verdict is None else 2 | verdict


def _heads_of(data: bytes, count: int) -> tuple[Heads, bytes]:
    device_us, number = struct.unpack_from("<qq", data)
    data = data[16:]
    columns = []
    for _ in range(5):
        column, data = unpacked(data, count)
        columns.append(column)
    deltas, numbers, *others = columns
    return Heads(device_us + deltas, number + numbers, *others), data


def _framed(heads: Heads, samples: Iterator[Sample]) -> Iterator[Telemetry]:
    lists = (column.tolist() for column in heads)
    for device_us, number, interval_us, count, flags in zip(*lists, strict=True):
        yield Telemetry(
            device_us=device_us,
            interval_us=interval_us,
            first_sample=number,
            resent=bool(flags & RESENT),
            saturated=bool(flags & SATURATED),
            touching=bool(flags & TOUCHING) if flags & TELLS_TOUCH else None,
            samples=tuple(next(samples) for _ in range(count)),
        )


def _column(values: Sequence[float | None], unit: float | None) -> bytes:
    known = [value is not None for value in values]
    if not any(known):
        return bytes([_ABSENT])
    filled, last = [], next(value for value in values if value is not None)
    for value in values:
        last = last if value is None else value
        filled.append(last)
    mask = b"" if all(known) else np.packbits(known).tobytes()
    counts = _counts(filled, unit)
    if counts is None:
        body = np.array(filled, dtype="<f8").tobytes()
        return bytes([_FLOATS | (_IN_PART if mask else 0)]) + mask + body
    return bytes([_COUNTS | (_IN_PART if mask else 0)]) + mask + packed(counts)


def _counts(values: Sequence[float], unit: float | None) -> Counts | None:
    """Return values in counts; None where counts would not give them back to the last bit."""
    if not unit:
        return None
    array = np.array(values)
    with np.errstate(over="ignore"):
        counts = np.rint(array / unit)
    exact = np.all(np.abs(counts) < LARGEST) and np.array_equal(counts * unit, array)
    return counts.astype(np.int64) if exact else None


def _column_of(data: bytes, rows: int, unit: float | None) -> tuple[_Column, bytes]:
    if not data:
        raise DamagedError("a block has fewer columns than it should")
    kind, data = data[0], data[1:]
    if kind == _ABSENT:
        return (np.zeros(rows), np.zeros(rows, dtype=bool)), data
    known = np.ones(rows, dtype=bool)
    if kind & _IN_PART:
        size = (rows + 7) // 8
        known = np.unpackbits(np.frombuffer(data[:size], np.uint8), count=rows).astype(bool)
        data = data[size:]
    values, data = _values(data, rows, unit, kind & ~_IN_PART)
    return (values, known), data


def _values(data: bytes, rows: int, unit: float | None, kind: int) -> tuple[Floats, bytes]:
    if kind == _FLOATS:
        size = 8 * rows
        return np.frombuffer(data[:size], "<f8").astype(np.float64), data[size:]
    if unit is None:
        raise DamagedError("a block holds counts, and their unit is not known")
    counts, data = unpacked(data, rows)
    return counts.astype(np.float64) * unit, data
