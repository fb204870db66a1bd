"""Faults of the force sensor: frozen, missing, saturated, implausible, noisy."""

from collections.abc import Sequence

from companion.sensing.blocks import MOSTLY_BLOCKS, Block, Mostly
from companion.sensing.copied import Copied
from companion.sensing.fault_book import FaultBook
from companion.sensing.types import Doubt, SensingEvent

FROZEN = "force_frozen"
MISSING = "force_missing"
SATURATED = "force_saturated"
IMPLAUSIBLE = "force_implausible"
NOISY = "force_noisy"
FROZEN_US = 1_000_000
"""The same value, not zero, for this long is a frozen sensor (recordings contract)."""
DOUBTED_US = 300_000
"""The same value, not zero, for so long tells nothing of other sensors (engineering choice)."""
MISSING_US = 500_000
"""No known value for longer than this is a missing force (engineering choice: a fault
must be found within 2 s, and a slow sensor must not be one)."""
SATURATED_END_US = 200_000
"""Time without saturation before the fault ends, so that one press is one fault."""
SANE_N = 1_000.0
"""A hundred kilograms on one channel: no hand tool measures it."""
NOISE_TIMES = 5.0
"""Times the noise while taring from which the force is full of noise (engineering choice)."""
NOISE_N = 0.03
"""Noise that is none of the hand's, at least: strokes, taps and dry skin stay under a third of it
(engineering choice, on simulated hands)."""
_CAVEATS = {
    SATURATED: Doubt.FORCE_SATURATED,
    IMPLAUSIBLE: Doubt.FORCE_IMPLAUSIBLE,
    NOISY: Doubt.FORCE_IMPLAUSIBLE,
}


class ForceFaults(Copied):
    """Finds what is wrong with the force, sample by sample.

    A value that is not known neither breaks nor makes a frozen run: a sensor slower than the
    stream sends it in between. A saturated sensor stands still for a good reason.

    Attributes:
        doubt: why nothing may be judged now; None where neither frozen nor missing.
        caveat: why no pressure may be called fine now, though one may be too much.
    """

    def __init__(self, channels: int) -> None:
        self.doubt: Doubt | None = None
        self.caveat: Doubt | None = None
        self._channels = channels
        self._book = FaultBook()
        self._standing = self._book.kinds
        self._noisy = Mostly()
        self._saturated_us = 0
        self._values: list[float | None] = []
        self._since: list[int] = []
        self._seen: list[int] = []
        self._check_us = 0
        self._missing_since: int | None = None
        self._absurd_us = 0
        self.restart()

    def restart(self) -> None:
        """Begin anew after silence: standing faults stay, runs that had begun are forgotten."""
        self._missing_since = None
        self._check_us = 0
        if FROZEN in self._standing:
            return
        self._values = [None] * self._channels
        self._since = [0] * self._channels
        self._seen = [0] * self._channels

    def passes(
        self, first_us: int, interval_us: int, columns: Sequence[Sequence[float | None]]
    ) -> bool:
        """Take a whole frame if nothing can be wrong with it; else it is for ``step``.

        A value that has moved within the time in which it might be frozen has nothing to show in
        any sample of the frame.

        Args:
            first_us: the time of its first sample.
            interval_us: time between samples.
            columns: the force by channel.

        Returns:
            Whether it was taken.
        """
        last_us = first_us + (len(columns[0]) - 1) * interval_us
        if self._standing or last_us - min(self._since) > DOUBTED_US:
            return False
        most_n = SANE_N / self._channels
        for column in columns:
            for force_n in column:
                if force_n is None or not -most_n < force_n < most_n:
                    return False
        self._missing_since = None
        for channel, column in enumerate(columns):
            self._seen[channel] = last_us
            back = _newest_move(self._values[channel], column)
            if back is not None:
                self._since[channel] = last_us - back * interval_us
                self._values[channel] = column[-1]
        return True

    def step(
        self, t_us: int, force_n: tuple[float | None, ...], *, known: bool, out: list[SensingEvent]
    ) -> bool:
        """Take the channels of one sample; return whether ``doubt`` changed."""
        before = self.doubt
        if known:
            self._missing_since = None
            if MISSING in self._standing:
                self._end(MISSING, t_us, out)
        elif self._missing_since is None:
            self._missing_since = t_us
        elif t_us - self._missing_since > MISSING_US and MISSING not in self._standing:
            self._find(MISSING, t_us, self._missing_since, out)
        self._look_for_absurd(t_us, force_n, out)
        has_moved = self._has_moved(t_us, force_n)
        if t_us >= self._check_us or (has_moved and FROZEN in self._standing):
            self._look_for_frozen(t_us, out)
        return self.doubt is not before

    def take(self, block: Block, noise_n: float, out: list[SensingEvent]) -> None:
        """Take one block: noise that the sensor had not while taring is a fault."""
        if block.rough_n is None:
            return
        is_noisy = self._noisy.step(shown=block.rough_n > max(NOISE_N, NOISE_TIMES * noise_n))
        if is_noisy:
            start_us = block.end_us - MOSTLY_BLOCKS * (block.end_us - block.start_us)
            self._find(NOISY, block.end_us, start_us, out)
        elif is_noisy is False and NOISY in self._standing:
            self._end(NOISY, block.end_us, out)

    def may_be_frozen(self, t_us: int) -> bool:
        """Whether a value has stood still for too long to be built on, if not yet to be a fault."""
        if t_us - min(self._since) <= DOUBTED_US:
            return False
        return any(
            value and t_us - since_us > DOUBTED_US
            for value, since_us in zip(self._values, self._since, strict=True)
        )

    @property
    def is_saturated(self) -> bool:
        """Whether the force is taken to be at its end, or was a moment ago."""
        return SATURATED in self._standing

    def saturation(self, t_us: int, *, saturated: bool, out: list[SensingEvent]) -> None:
        """Take one frame's word on saturation, at the time of its first sample."""
        if saturated:
            self._saturated_us = t_us
            self._since = [t_us] * self._channels
            if SATURATED not in self._standing:
                self._find(SATURATED, t_us, t_us, out)
        elif SATURATED in self._standing and t_us - self._saturated_us >= SATURATED_END_US:
            self._end(SATURATED, t_us, out)

    def _has_moved(self, t_us: int, force_n: tuple[float | None, ...]) -> bool:
        moved = False
        for channel, value in enumerate(force_n[: self._channels]):
            if value is None:
                continue
            self._seen[channel] = t_us
            if value != self._values[channel]:
                self._values[channel] = value
                self._since[channel] = t_us
                moved = True
        return moved

    def _look_for_frozen(self, t_us: int, out: list[SensingEvent]) -> None:
        runs = [
            (since, seen)
            for value, since, seen in zip(self._values, self._since, self._seen, strict=True)
            if value
        ]
        oldest = min((since for since, _ in runs), default=t_us)
        is_frozen = any(seen - since >= FROZEN_US for since, seen in runs)
        if is_frozen and FROZEN not in self._standing:
            self._find(FROZEN, t_us, oldest, out)
        elif not is_frozen and FROZEN in self._standing:
            self._end(FROZEN, t_us, out)
        self._check_us = max(oldest + FROZEN_US, t_us + 1)

    def _look_for_absurd(
        self, t_us: int, force_n: tuple[float | None, ...], out: list[SensingEvent]
    ) -> None:
        for value in force_n:
            if value is not None and not -SANE_N < value < SANE_N:
                self._absurd_us = t_us
                if IMPLAUSIBLE not in self._standing:
                    self._find(IMPLAUSIBLE, t_us, t_us, out)
        if IMPLAUSIBLE in self._standing and t_us - self._absurd_us >= SATURATED_END_US:
            self._end(IMPLAUSIBLE, t_us, out)

    def _find(self, kind: str, t_us: int, start_us: int, out: list[SensingEvent]) -> None:
        self._book.find(kind, t_us, start_us, out)
        self._settle()

    def _end(self, kind: str, t_us: int, out: list[SensingEvent]) -> None:
        self._book.end(kind, t_us, out)
        self._settle()

    def _settle(self) -> None:
        if FROZEN in self._standing:
            self.doubt = Doubt.FORCE_FROZEN
        else:
            self.doubt = Doubt.FORCE_MISSING if MISSING in self._standing else None
        self.caveat = next((_CAVEATS[kind] for kind in _CAVEATS if kind in self._standing), None)


def _newest_move(before: float | None, column: Sequence[float | None]) -> int | None:
    """Return how many samples ago a value moved; None where it stood still."""
    if len(column) > 1 and column[-1] != column[-2]:
        return 0
    for back in range(len(column) - 1):
        if column[-1 - back] != column[-2 - back]:
            return back
    return len(column) - 1 if column[0] != before else None
