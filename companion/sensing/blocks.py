"""The samples cut into tenths of a second, for what watches over seconds and not over samples."""

from collections import deque
from collections.abc import Sequence
from math import pi, sqrt
from typing import NamedTuple, TypeVar

from companion.sensing.copied import Copied
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
_MOST = MOSTLY_SHARE * MOSTLY_BLOCKS
_FEWEST_DIFFERENCES = 2
_SIGMAS = 1 / sqrt(12 / pi)
_MILLION = 1_000_000
T = TypeVar("T")


class Block(NamedTuple):
    """A tenth of a second in a few figures; None where not known.

    Attributes:
        start_us: its first sample.
        end_us: the first sample after it.
        force_n: mean contact force.
        net_m: travel by the wheel, signed; None where a part of it is not known.
        path_m: there and back added, of what is known.
        accel_mps2: mean specific force.
        turn_rad: turn of the tool, by its gyroscope.
        rough_n: noise of the force, one standard deviation of what changes from sample to sample.
        rough_mps2: the same of the sum of the specific force's components.
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


class Blocks(Copied):
    """Collects samples until a block is full; whoever feeds it looks at the clock by itself.

    Attributes:
        end_us: the moment at which the block under way is over; 0 while none is.
    """

    def __init__(self) -> None:
        self.end_us = 0
        self._start_us = 0
        self._forces: list[float | None] = []
        self._travels: list[float | None] = []
        self._accels: list[Axis | None] = []
        self._gyros: list[Axis | None] = []

    def restart(self) -> None:
        """Forget a block that has begun: after silence nothing is of one piece."""
        self.end_us = 0
        self._clear()

    def add(
        self,
        forces_n: Sequence[float | None],
        travels_m: Sequence[float | None],
        accels: Sequence[Axis | None],
        gyros: Sequence[Axis | None],
    ) -> None:
        """Add samples to the block under way: N, m, m/s2 and rad/s, None where not known."""
        self._forces += forces_n
        self._travels += travels_m
        self._accels += accels
        self._gyros += gyros

    def begin(self, t_us: int) -> Block | None:
        """Begin a block with the sample at ``t_us``; return the one that is over, if any."""
        block = self._block(t_us) if self._forces else None
        self._clear()
        self._start_us, self.end_us = t_us, t_us + BLOCK_US
        return block

    def _clear(self) -> None:
        self._forces, self._travels, self._accels, self._gyros = [], [], [], []

    def _block(self, end_us: int) -> Block:
        forces, travels = _known(self._forces), _known(self._travels)
        accels, gyros = _known(self._accels), _known(self._gyros)
        has_wheel = len(travels) == len(self._travels)
        lasted_s = (end_us - self._start_us) / _MILLION
        return Block(
            self._start_us,
            end_us,
            sum(forces) / len(forces) if forces else None,
            sum(travels) if has_wheel else None,
            sum(map(abs, travels)) if travels else None,
            _mean(accels, 1.0),
            _mean(gyros, lasted_s),
            roughness(forces),
            roughness([x + y + z for x, y, z in accels]),
        )


def _known(values: list[T | None]) -> list[T]:
    """Return what is known of some values; all of them, as they mostly are, without a look at each.

    Numbers that are no numbers are known: nothing but None is not.
    """
    if None not in values:
        return values  # type: ignore[return-value]  # a cast would be called each time
    return [value for value in values if value is not None]


def roughness(values: list[float]) -> float | None:
    """Return the noise in a few values, blind to their slope; None for fewer than four.

    From the mean size of the second differences, which for white noise is sqrt(2 / pi) sqrt(6)
    standard deviations.
    """
    count = len(values) - 2
    if count < _FEWEST_DIFFERENCES:
        return None
    total, later = 0.0, iter(values)
    a, b = next(later), next(later)
    for c in later:
        total += abs(a - b - b + c)
        a, b = b, c
    return total * _SIGMAS / count


def _mean(vectors: list[Axis], factor: float) -> Axis | None:
    """Return the mean of some vectors, times a factor."""
    if not vectors:
        return None
    share = factor / len(vectors)
    a = b = c = 0.0
    for x, y, z in vectors:
        a += x
        b += y
        c += z
    return (a * share, b * share, c * share)


class Mostly(Copied):
    """Whether most of the newest blocks show something."""

    def __init__(self) -> None:
        self._shown: deque[bool] = deque(maxlen=MOSTLY_BLOCKS)

    def step(self, *, shown: bool) -> bool | None:
        """Take one block; return True where most show it, False where most do not, else None."""
        self._shown.append(shown)
        count = self._shown.count(True)
        if count >= _MOST:
            return True
        return False if len(self._shown) - count >= _MOST else None
