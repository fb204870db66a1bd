"""The pressure low-passed without delay, as far as it is known: what over-pressure is made of."""

from bisect import bisect_right
from cmath import exp
from collections.abc import Iterable, Iterator
from math import pi, sqrt
from operator import itemgetter
from typing import TypeAlias

from companion.sensing.copied import Copied

CUTOFF_HZ = 5.0
"""Where a second-order Butterworth there and back stands at a half (docs/recordings.md)."""
LAG_US = 70_000
"""How late it is known: if all that comes after stays as it is now, that weighs
exp(-a LAG) cos(a LAG) / 2 = .002 there."""
KEPT_US = 450_000
"""How far back it is told: an event, the gap before it, and what is not known yet."""
_MOST_DUE = 64
_MILLION = 1_000_000
_time_us = itemgetter(0)
_DECAY = pi * CUTOFF_HZ * sqrt(2.0)
_POLE = complex(_DECAY, -_DECAY)

Value: TypeAlias = tuple[int, float]
"""Time in us and value."""
_Point: TypeAlias = tuple[int, float, complex]
_Shares: TypeAlias = tuple[complex, complex, complex]


class ZeroPhase(Copied):
    """A second-order Butterworth there and back, causal: what comes next is taken to stay.

    Its response to a pulse is h(u) = (a / 2) exp(-a |u|) (cos a u + sin a |u|) with
    a = sqrt(2) pi f, the transform of 1 / (1 + (F / f)^4): the real part of one complex pole that
    looks back and of the same one that looks ahead. Between two samples each has its half.
    """

    def __init__(self) -> None:
        self._interval_us = 0
        self._kept: list[_Point] = []
        self._due: list[Value] = []
        self._shares: _Shares = (1 + 0j, 0j, 0j)

    def restart(self) -> None:
        """Begin anew with the next sample, as if the input had been at its value for ever."""
        self._kept.clear()
        self._due.clear()

    def step(self, t_us: int, value: float) -> None:
        """Take one sample."""
        self._due.append((t_us, value))
        if len(self._due) > _MOST_DUE:
            self._settle()

    def run(self, samples: list[Value]) -> None:
        """Take some samples: time and value."""
        self._due += samples
        if len(self._due) > _MOST_DUE:
            self._settle()

    def late(self) -> Value:
        """Return the moment that is known now, and the value there; after at least one step."""
        self._settle()
        return self._backwards(self._kept[-1][0] - LAG_US)[-1]

    def course(self) -> list[Value]:
        """Return the newest values, in order of time: each changes yet with what comes."""
        self._settle()
        return self._backwards(self._kept[0][0])[::-1]

    def _settle(self) -> None:
        """Go through the samples that have only been noted: seldom is anybody asking."""
        kept, due = self._kept, self._due
        if not due:
            return
        if not kept:
            t_us, value = due.pop(0)
            kept.append((t_us, value, complex(value / 2)))
        kept.extend(self._forwards(kept[-1], due))
        due.clear()
        del kept[: max(0, bisect_right(kept, kept[-1][0] - KEPT_US, key=_time_us) - 1)]

    def _forwards(self, last: _Point, samples: Iterable[Value]) -> Iterator[_Point]:
        """Tell for each sample what looks back from it."""
        last_us, before, state = last
        for t_us, value in samples:
            passed_us = t_us - last_us
            left, older, newer = (
                self._shares if passed_us == self._interval_us else self._learn(passed_us)
            )
            state = left * state + older * before + newer * value
            yield t_us, value, state
            last_us, before = t_us, value

    def _backwards(self, to_us: int) -> list[Value]:
        """Return the values from the newest back to the first that is not after a moment."""
        last_us, before, _ = self._kept[-1]
        ahead = complex(before / 2)
        values = []
        for t_us, value, state in reversed(self._kept):
            passed_us = last_us - t_us
            if passed_us:
                left, older, newer = (
                    self._shares if passed_us == self._interval_us else self._learn(passed_us)
                )
                ahead = left * ahead + older * before + newer * value
            values.append((t_us, state.real + ahead.real))
            if t_us <= to_us:
                break
            last_us, before = t_us, value
        return values

    def _learn(self, passed_us: int) -> _Shares:
        """Return what is left of the state, and the shares of the sample it had and the next."""
        half = exp(-_POLE * passed_us / (2 * _MILLION))
        left = half * half
        self._interval_us = passed_us
        self._shares = (left, (half - left) / 2, (1 - half) / 2)
        return self._shares
