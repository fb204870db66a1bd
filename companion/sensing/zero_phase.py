"""The pressure low-passed without delay, a moment late: what over-pressure events are made of."""

from bisect import bisect_right
from cmath import exp
from math import cos, pi, sqrt
from math import exp as real_exp
from operator import itemgetter

CUTOFF_HZ = 5.0
"""Where a second-order Butterworth there and back stands at a half (docs/recordings.md)."""
LAG_US = 70_000
"""How late it is known: all that comes after weighs exp(-a LAG) cos(a LAG) / 2 = .002 there, and is
taken to stay as it is now."""
_MOST_DUE = 64
_MILLION = 1_000_000
_time_us = itemgetter(0)
_DECAY = pi * CUTOFF_HZ * sqrt(2.0)
_POLE = complex(_DECAY, -_DECAY)


class ZeroPhase:
    """A second-order Butterworth there and back, told a little late.

    Its response to a pulse is h(u) = (a / 2) exp(-a |u|) (cos a u + sin a |u|) with
    a = sqrt(2) pi f, the transform of 1 / (1 + (F / f)^4). The half that looks back is one complex
    pole; the half that looks ahead is summed over the samples that have come since, each weighing
    the share of h that its interval covers: the integral of h from u on is exp(-a u) cos(a u) / 2.
    """

    def __init__(self) -> None:
        self._newer: list[tuple[int, float, complex]] = []
        self._due: list[tuple[int, float]] = []
        self._interval_us = 0
        self._gain = 0j

    def restart(self) -> None:
        """Begin anew with the next sample, as if the input had been at its value for ever."""
        self._newer.clear()
        self._due.clear()

    def step(self, t_us: int, value: float) -> None:
        """Take one sample."""
        self._due.append((t_us, value))
        if len(self._due) > _MOST_DUE:
            self._settle()

    def run(self, samples: list[tuple[int, float]]) -> None:
        """Take some samples: time and value."""
        self._due += samples
        if len(self._due) > _MOST_DUE:
            self._settle()

    def late(self) -> tuple[int, float]:
        """Return the moment that is known now, and the value there; after at least one step."""
        self._settle()
        samples = iter(self._newer)
        t_us, value, state = next(samples)
        result, left = state.real, 0.5
        for later_us, value, _ in samples:
            ahead = _DECAY * (later_us - t_us) / _MILLION
            right = real_exp(-ahead) * cos(ahead) / 2
            result += value * (left - right)
            left = right
        return t_us, result + value * left

    def _settle(self) -> None:
        """Go through the samples that have only been noted: seldom is anybody asking."""
        newer, due = self._newer, self._due
        if not due:
            return
        first_us, first = due[0]
        last_us, _, state = newer[-1] if newer else (first_us, 0.0, complex(first / 2))
        interval_us, gain, add = self._interval_us, self._gain, newer.append
        for t_us, value in due:
            passed_us = t_us - last_us
            if passed_us != interval_us:
                interval_us, gain = passed_us, 1 - exp(-_POLE * passed_us / _MILLION)
            state += gain * (value / 2 - state)
            add((t_us, value, state))
            last_us = t_us
        self._interval_us, self._gain = interval_us, gain
        due.clear()
        known_us = last_us - LAG_US
        del newer[: max(0, bisect_right(newer, known_us, key=_time_us) - 1)]
