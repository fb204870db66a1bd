"""A session's samples as columns: what a file of them needs, without a frame being made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from companion.store.blocks import (
    RESENT,
    SATURATED,
    TELLS_TOUCH,
    TOUCHING,
    Block,
    Floats,
    Units,
    columns_of,
)
from companion.store.columns import Counts

Flags: TypeAlias = npt.NDArray[np.bool_]
Vector: TypeAlias = tuple[Floats, Floats, Floats]

_LOWER_BOUND_COUNTS: Final = 2
"""Of a saturated frame the readings so near its highest are only a lower bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """Samples in order of time, each once; what is not known is NaN.

    Attributes:
        t_us: session clock, strictly rising.
        forces: newtons as the tool sent them, one column for each channel.
        accel: specific force in m/s2; None where it is not measured.
        gyro: angular velocity in rad/s; None where it is not measured.
        travel: metres since the sample before; None where it is not measured.
        touching: the tool's own verdict, 0 or 1; None where it has none.
        saturated: whether the force is only a lower bound.
        ends: whether it was the last one of its frame.
        late: which samples came only when they were asked for again: the live session had not
            heard them yet when it decided on what stands after them.
    """

    t_us: Counts
    forces: tuple[Floats, ...]
    accel: Vector | None
    gyro: Vector | None
    travel: Floats | None
    touching: Floats | None
    saturated: Flags
    ends: Flags
    late: Flags

    @property
    def frame_samples(self) -> int | None:
        """How many samples most frames had; None without any."""
        sizes = np.diff(np.flatnonzero(self.ends), prepend=-1)
        return int(np.bincount(sizes).argmax()) if sizes.size else None

    def __len__(self) -> int:
        return int(self.t_us.size)


def signals_of(blocks: Iterable[bytes], units: Units) -> Signals:
    """Return the samples of a session: what came late stands in its place, none of them twice.

    Args:
        blocks: of a session, in the order in which they came.
        units: the tool's.

    Raises:
        DamagedError: a block cannot be read.
    """
    read = [columns_of(data, units) for data in blocks]
    if not read:
        return _nothing()
    t_us, flags, frames = (np.concatenate(parts) for parts in zip(*map(_spread, read), strict=True))
    kept = _in_order(t_us, flags & RESENT != 0)
    t_us, flags, frames = t_us[kept], flags[kept], frames[kept]
    channels = max(len(block.forces) for block in read)
    forces = tuple(
        _joined([_or_unknown(block.forces, at, block) for block in read])[kept]
        for at in range(channels)
    )
    ends = np.append(np.diff(frames) != 0, True)
    travel = _joined([block.travel for block in read])[kept]
    return Signals(
        t_us=t_us,
        forces=forces,
        accel=_vector([block.accel for block in read], read, kept),
        gyro=_vector([block.gyro for block in read], read, kept),
        travel=None if np.isnan(travel).all() else travel,
        touching=_touching(flags, ends),
        saturated=_saturated(forces, flags, frames, units.force_n or 0.0),
        ends=ends,
        late=flags & RESENT != 0,
    )


def _nothing() -> Signals:
    none, no_flags = np.zeros(0), np.zeros(0, dtype=bool)
    return Signals(
        t_us=np.zeros(0, dtype=np.int64),
        forces=(),
        accel=None,
        gyro=None,
        travel=None,
        touching=none,
        saturated=no_flags,
        ends=no_flags,
        late=no_flags,
    )


def _spread(block: Block) -> tuple[Counts, Counts, Counts]:
    """Return time, flags and the first sample's time of its frame for each sample of a block."""
    heads = block.heads
    total = int(heads.counts.sum())
    starts = np.repeat(np.cumsum(heads.counts) - heads.counts, heads.counts)
    first_us = np.repeat(heads.device_us, heads.counts)
    t_us = first_us + (np.arange(total) - starts) * np.repeat(heads.interval_us, heads.counts)
    return t_us, np.repeat(heads.flags, heads.counts), first_us


def _in_order(t_us: Counts, is_late: Flags) -> Counts:
    """Return the places of the samples in order of time.

    Of what was heard live only what came after all before it; of what came late only what is new.
    """
    live = ~is_late & _rising(np.where(is_late, -(2**62), t_us))
    places = np.flatnonzero(live | is_late)
    ordered = places[np.lexsort((is_late[places], t_us[places]))]
    return ordered[_rising(t_us[ordered])]


def _rising(t_us: Counts) -> Flags:
    """Return which times come after all before them."""
    latest = np.maximum.accumulate(t_us)
    return t_us > np.concatenate([[-(2**62)], latest[:-1]])


def _joined(parts: Sequence[Floats]) -> Floats:
    return np.concatenate(parts)


def _or_unknown(columns: Sequence[Floats] | None, at: int, block: Block) -> Floats:
    if columns is None or at >= len(columns):
        return np.full(block.travel.size, np.nan)
    return columns[at]


def _vector(
    parts: Sequence[list[Floats] | None], blocks: Sequence[Block], kept: Counts
) -> Vector | None:
    if all(part is None for part in parts):
        return None
    x, y, z = (
        _joined([_or_unknown(part, at, block) for part, block in zip(parts, blocks, strict=True)])[
            kept
        ]
        for at in range(3)
    )
    return x, y, z


def _touching(flags: Counts, ends: Flags) -> Floats | None:
    """Return the verdict of each sample: a frame has one, of its last sample, and from there on."""
    tells = flags & TELLS_TOUCH > 0
    if not tells.any():
        return None
    verdict = np.where(tells, (flags & TOUCHING > 0).astype(np.float64), np.nan)
    latest = np.maximum.accumulate(np.where(ends, np.arange(ends.size), 0))
    return verdict[latest]


def _saturated(
    forces: tuple[Floats, ...], flags: Counts, frames: Counts, resolution_n: float
) -> Flags:
    """Return which samples of saturated frames are among the highest of their frame."""
    told = flags & SATURATED > 0
    if not told.any() or not forces:
        return np.zeros(flags.size, dtype=bool)
    top = np.fmax.reduce(np.stack(forces))
    _, number = np.unique(frames, return_inverse=True)
    highest = np.full(int(number.max()) + 1, -np.inf)
    np.maximum.at(highest, number, np.where(np.isnan(top), -np.inf, top))
    is_high: Flags = told & (top >= highest[number] - _LOWER_BOUND_COUNTS * resolution_n)
    return is_high
