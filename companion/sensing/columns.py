"""The samples of one frame by the column."""

from collections.abc import Sequence

from companion.sensing.blocks import Blocks
from companion.sensing.imu import Inertial

MAXIMUM_TRAVEL_M = 1.0
"""Travel within one sample that no hand makes: such a count is not known."""


class Columns:
    """The samples of one frame, handed on to the blocks as far as they are known.

    Args:
        times_us: when.
        travels: travel in metres, as it was sent.
        read: what the frame tells of motion.

    Attributes:
        times_us: when.
        forces: contact force in newtons, filled while the frame is gone through.
        travels: travel in metres, None where no hand makes it.
        read: what the frame tells of motion.
    """

    def __init__(self, times_us: range, travels: Sequence[float | None], read: Inertial) -> None:
        self.times_us = times_us
        self.forces: list[float | None] = []
        self.travels = believable(travels)
        self.read = read
        self._given = 0

    def first_at(self, t_us: int, first: int) -> int:
        """Return the first sample at or after a moment, not before ``first``; else their count."""
        times_us = self.times_us
        if t_us >= times_us.stop:
            return len(times_us)
        return max(first, -((times_us.start - t_us) // times_us.step))

    def give(self, blocks: Blocks) -> None:
        """Hand on what has come since the last time."""
        given, self._given = self._given, len(self.forces)
        read, travels = self.read, self.travels
        if given == self._given:
            return
        if not given and self._given == len(travels):
            blocks.add(self.forces, travels, read.accels, read.gyros)
            return
        part = slice(given, self._given)
        blocks.add(self.forces[part], travels[part], read.accels[part], read.gyros[part])


def believable(travels: Sequence[float | None]) -> Sequence[float | None]:
    """Return the travel of each sample, None where no hand makes it."""
    for travel_m in travels:
        if not _is_believable(travel_m):
            return [one if _is_believable(one) else None for one in travels]
    return travels


def _is_believable(travel_m: float | None) -> bool:
    return travel_m is not None and -MAXIMUM_TRAVEL_M < travel_m < MAXIMUM_TRAVEL_M
