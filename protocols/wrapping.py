"""Counters that wrap: the tool's microsecond clock and its sample numbers."""


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
        self._newest: int | None = None

    def unwrap(self, value: int) -> int:
        """Return the continued number of a reading; the first reading stands for itself."""
        if self._newest is None:
            self._newest = value
            return value
        half = self._range >> 1
        step = (value - self._newest + half) % self._range - half
        unwrapped = self._newest + step
        self._newest = max(self._newest, unwrapped)
        return unwrapped

    def restart(self, value: int) -> None:
        """Let the count go on from a reading that stands for itself."""
        self._newest = value
