"""A ring of the newest pressure samples, read by cursor."""

from collections.abc import Sequence
from itertools import islice

from companion.sensing.copied import Copied
from companion.sensing.ring import Ring
from companion.sensing.types import Level, PlainPoint, Point


class Trace(Copied):
    """The newest points of the pressure trace; older ones fall out.

    Args:
        capacity: points kept (6000 are one minute at 100 Hz).
    """

    def __init__(self, capacity: int = 6000) -> None:
        self._points: Ring[PlainPoint] = Ring(maxlen=capacity)
        self._added = 0

    def add(self, device_s: float, pressure_kpa: float | None, level: Level) -> None:
        """Append one sample."""
        self._points.append((device_s, pressure_kpa, level))
        self._added += 1

    def extend(self, points: Sequence[PlainPoint]) -> None:
        """Append some samples: time in s, pressure, level."""
        self._points += points
        self._added += len(points)

    def since(self, cursor: int) -> tuple[list[Point], int]:
        """Return the points added after a cursor, and the cursor to ask with next.

        Args:
            cursor: 0 at first, then what the previous call returned. Points that have fallen
                out of the ring in between are left out.
        """
        points, cursor = self.plain_since(cursor)
        return [Point(*point) for point in points], cursor

    def plain_since(self, cursor: int) -> tuple[list[PlainPoint], int]:
        """Return the same as ``since``, without names."""
        fresh = min(self._added - cursor, len(self._points))
        points = list(islice(reversed(self._points), fresh))
        points.reverse()
        return points, self._added
