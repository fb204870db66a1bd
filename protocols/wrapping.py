"""Counters that wrap: the tool's microsecond clock and its sample numbers."""


def nearest(difference: int, bits: int = 32) -> int:
    """Return the difference of two readings of a wrapping counter, nearest to zero."""
    half = 1 << bits - 1
    return (difference + half) % (1 << bits) - half


class Unwrapper:
    """Turns readings of a wrapping counter into a number that goes on.

    A reading is placed nearest to the newest one, so values from shortly before (a resent
    sample) come out smaller, and a wrap comes out larger. Steps of half the range or more
    cannot be told from steps back.

    Args:
        bits: width of the counter.
    """

    def __init__(self, bits: int = 32) -> None:
        self._range = 1 << bits
        self._half = self._range >> 1
        self._newest: int | None = None

    def unwrap(self, value: int) -> int:
        """Return the continued number of a reading; the first reading stands for itself."""
        newest = self._newest
        if newest is None:
            self._newest = value
            return value
        # `nearest`, written out: this is called for each sample.
        unwrapped = newest + (value - newest + self._half) % self._range - self._half
        if unwrapped > newest:
            self._newest = unwrapped
        return unwrapped

    def restart(self, value: int) -> None:
        """Let the count go on from a reading that stands for itself."""
        self._newest = value
