"""Where the pressure was going at any moment of a session of the past."""

from array import array
from bisect import bisect_right

from companion.coaching.trend import Trend, TrendWatch


class Trends:
    """The trend by time, each change of it once; seconds of the tool clock.

    Attributes:
        watch: follows the samples as they are taken in.
    """

    def __init__(self) -> None:
        self.watch = TrendWatch()
        self._at_s = array("d")
        self._kept: list[Trend | None] = []

    def keep(self, at_s: float) -> None:
        """Keep what holds from the end of a frame on."""
        trend = self.watch.trend
        if not self._kept or trend is not self._kept[-1]:
            self._at_s.append(at_s)
            self._kept.append(trend)

    def at(self, at_s: float) -> Trend | None:
        """Return the trend at a moment; None where it was not known."""
        at = bisect_right(self._at_s, at_s) - 1
        return None if at < 0 else self._kept[at]
