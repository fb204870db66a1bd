"""The samples cut into tenths of a second, for what watches over seconds and not over samples."""

from collections import deque
from math import sqrt
from statistics import median
from typing import NamedTuple, TypeAlias

from companion.sensing.tool import Axis

BLOCK_US = 100_000
"""Length of a block, or of one sample where that is longer (engineering choice: a third of the
shortest contact)."""
MOSTLY_BLOCKS = 10
"""Blocks of which most must show something before it is believed: one second (engineering
choice)."""
MOSTLY_SHARE = 0.8
"""How many of them; as many without it end it (engineering choice: a tap or a knock makes a part
of them rough)."""
_FEWEST_ROUGH = 3
_MILLION = 1_000_000
Row: TypeAlias = tuple[float | None, float | None, Axis | None, Axis | None]
"""One sample: force in N, travel in m, specific force in m/s2, angular velocity in rad/s."""


class Block(NamedTuple):
    """A tenth of a second in a few figures; None where not known.

    Attributes:
        start_us: its first sample.
        end_us: the first sample after it.
        force_n: mean contact force.
        net_m: travel by the wheel, signed.
        path_m: the same, there and back added.
        accel_mps2: mean specific force.
        turn_rad: turn of the tool, by its gyroscope.
        rough_n: noise of the force, one standard deviation of what changes from sample to sample.
        rough_mps2: the same of the specific force, all axes together.
    """

    start_us: int
    end_us: int
    force_n: float | None
    net_m: float | None
    path_m: float | None
    accel_mps2: Axis | None
    turn_rad: Axis | None
    rough_n: float | None
    rough_mps2: float | None


class Blocks:
    """Collects samples until a block is full."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._start_us = 0
        self._end_us = 0

    def restart(self) -> None:
        """Forget a block that has begun: after silence nothing is of one piece."""
        self._rows.clear()

    def step(self, t_us: int, row: Row) -> Block | None:
        """Take one sample; return the block that ended before it, if one did."""
        rows = self._rows
        if not rows:
            self._start_us, self._end_us = t_us, t_us + BLOCK_US
        elif t_us >= self._end_us:
            block = _block(rows, self._start_us, t_us)
            self._rows = [row]
            self._start_us, self._end_us = t_us, t_us + BLOCK_US
            return block
        rows.append(row)
        return None


def _block(rows: list[Row], start_us: int, end_us: int) -> Block:
    forces = [force for force, _, _, _ in rows if force is not None]
    travels = [travel for _, travel, _, _ in rows if travel is not None]
    accels = [accel for _, _, accel, _ in rows if accel is not None]
    gyros = [gyro for _, _, _, gyro in rows if gyro is not None]
    has_wheel = len(travels) == len(rows)
    lasted_s = (end_us - start_us) / _MILLION
    return Block(
        start_us,
        end_us,
        sum(forces) / len(forces) if forces else None,
        sum(travels) if has_wheel else None,
        sum(map(abs, travels)) if has_wheel else None,
        _mean(accels),
        None if (mean := _mean(gyros)) is None else _scaled(mean, lasted_s),
        roughness(forces),
        _roughness_of(accels),
    )


def roughness(values: list[float]) -> float | None:
    """Return the noise in a few values, blind to their slope; None for fewer than four.

    From the median size of the second differences, which for white noise is .6745 sqrt(6)
    standard deviations.
    """
    if len(values) <= _FEWEST_ROUGH:
        return None
    triples = zip(values, values[1:], values[2:], strict=False)
    return median([abs(a - 2 * b + c) for a, b, c in triples]) / (0.6745 * sqrt(6.0))


def _roughness_of(vectors: list[Axis]) -> float | None:
    if len(vectors) <= _FEWEST_ROUGH:
        return None
    parts = [roughness(list(column)) or 0.0 for column in zip(*vectors, strict=True)]
    return sqrt(sum(part * part for part in parts))


def _mean(vectors: list[Axis]) -> Axis | None:
    if not vectors:
        return None
    x, y, z = map(sum, zip(*vectors, strict=True))
    return _scaled((x, y, z), 1 / len(vectors))


def _scaled(vector: Axis, factor: float) -> Axis:
    return (vector[0] * factor, vector[1] * factor, vector[2] * factor)


class Mostly:
    """Whether most of the newest blocks show something."""

    def __init__(self) -> None:
        self._shown: deque[bool] = deque(maxlen=MOSTLY_BLOCKS)

    def step(self, *, shown: bool) -> bool | None:
        """Take one block; return True where most show it, False where most do not, else None."""
        self._shown.append(shown)
        count = sum(self._shown)
        if count >= MOSTLY_SHARE * MOSTLY_BLOCKS:
            return True
        return False if len(self._shown) - count >= MOSTLY_SHARE * MOSTLY_BLOCKS else None
