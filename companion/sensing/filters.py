"""A causal low-pass without overshoot whose rate is learnt from the samples."""

from math import cos, sqrt, tau

from companion.sensing.copied import Copied

_MILLION = 1_000_000


def smoothing(cutoff_hz: float, interval_us: int) -> float:
    """Return the gain of one of two equal poles that are together 3 dB down at the cut-off.

    A pole y += k (x - y) has |H|^2 = (1 - a)^2 / (1 - 2 a cos w + a^2) with a = 1 - k; two of
    them are 3 dB down where that is 1 / sqrt(2), a quadratic in a. From half the sample rate up
    the cut-off cannot be met, and the value at half the rate is taken.

    Args:
        cutoff_hz: frequency at which the pair is 3 dB down.
        interval_us: time between samples in microseconds, above 0.
    """
    cosine = cos(tau * min(cutoff_hz * interval_us / _MILLION, 0.5))
    power = sqrt(0.5)
    half = (1 - power * cosine) / (1 - power)
    return 1 - half + sqrt(half * half - 1)


class LowPass(Copied):
    """Two equal poles in a row: a step is followed without overshoot, so no false crossing.

    A force that holds just under a limit must not be reported because a filter rings, which is
    why this is not a Butterworth. Samples may be missing: the gain follows the time that passed.

    Attributes:
        first: what the first pole holds.
        value: the newest output, 0 before the first sample: what the second one holds.
    """

    def __init__(self, cutoff_hz: float) -> None:
        self.value = 0.0
        self._cutoff_hz = cutoff_hz
        self.first = 0.0
        self._gain = 1.0
        self._interval_us = 0

    def prime(self, value: float) -> None:
        """Start anew as if the input had been ``value`` for ever."""
        self.first = self.value = value

    def step(self, value: float, interval_us: int) -> float:
        """Take the next sample, ``interval_us`` after the one before, and return the output."""
        gain = self.gain(interval_us)
        self.first = first = self.first + gain * (value - self.first)
        self.value = result = self.value + gain * (first - self.value)
        return result

    def gain(self, interval_us: int) -> float:
        """Return the share of a step that one pole takes over, for samples so far apart."""
        return self._gain if interval_us == self._interval_us else self._learn(interval_us)

    def _learn(self, interval_us: int) -> float:
        self._interval_us = interval_us
        self._gain = smoothing(self._cutoff_hz, interval_us)
        return self._gain
