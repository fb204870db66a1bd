"""The samples of one frame by the column."""

from collections.abc import Sequence

from companion.sensing.blocks import Blocks
from companion.sensing.tool import Axis

MAXIMUM_TRAVEL_M = 1.0
"""Travel within one sample that no hand makes: such a count is not known."""


class Columns:
    """The samples of one frame for the blocks, handed on as far as they are known.

    Attributes:
        forces: contact force in newtons, filled while the frame is gone through.
        travels: travel in metres.
    """

    def __init__(
        self,
        forces: list[float | None],
        travels: Sequence[float | None],
        accels: Sequence[Axis | None],
        gyros: Sequence[Axis | None],
    ) -> None:
        self.forces = forces
        self.travels = travels
        self._accels = accels
        self._gyros = gyros
        self._given = 0

    def give(self, blocks: Blocks) -> None:
        """Hand on what has come since the last time."""
        part = slice(self._given, len(self.forces))
        self._given = part.stop
        blocks.add(self.forces[part], self.travels[part], self._accels[part], self._gyros[part])


def believable(travels: Sequence[float | None]) -> Sequence[float | None]:
    """Return the travel of each sample, None where no hand makes it."""
    most_m = MAXIMUM_TRAVEL_M
    return [
        None if travel_m is None or not -most_m < travel_m < most_m else travel_m
        for travel_m in travels
    ]
