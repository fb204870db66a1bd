"""Which way along the face a stroke leads, from its rise against gravity."""

from collections import deque
from math import cos
from statistics import median

from companion.sensing.attitude import Moment, up
from companion.sensing.copied import Copied
from companion.sensing.tool import Axis
from companion.sensing.types import StrokeDirection

DIRECTION_M = 0.015
"""Displacement below which no direction is told (docs/sensing.md)."""
VERTICAL_SHARE = 0.6
"""Vertical share of the displacement from which a stroke is up or down (docs/sensing.md)."""
LEAST_RISE = 0.5
"""Rise per displacement towards the hairline below which up and down cannot be told from
sideways: a face reclined by 60 degrees. Which way is sideways no gyroscope knows."""

RECLINED_SHARE = 0.7
"""Share of the press axis that points down from which the face is not upright: it is reclined by 45
degrees. An upright face is pressed from in front and from the sides (engineering choice)."""
READ_CONTACTS = 3
"""Newest contacts whose median says so: one may be under the chin, or the tool held askew."""


class Posture(Copied):
    """How the face is held.

    Args:
        recline_rad: 0 upright, pi / 2 lying on the back; None where it is not known.
    """

    def __init__(self, recline_rad: float | None) -> None:
        rise = 0.0 if recline_rad is None else cos(recline_rad)
        self._rise = rise if rise >= LEAST_RISE else None

    def direction(self, length_m: float | None, rise_m: float | None) -> StrokeDirection:
        """Return the direction of a displacement; unknown where it cannot be told."""
        if length_m is None or rise_m is None or self._rise is None or length_m < DIRECTION_M:
            return StrokeDirection.UNKNOWN
        share = rise_m / (length_m * self._rise)
        if share > VERTICAL_SHARE:
            return StrokeDirection.UP
        return StrokeDirection.DOWN if share < -VERTICAL_SHARE else StrokeDirection.HORIZONTAL


class PostureReader(Copied):
    """Reads from how the tool lies on the skin that a face is not upright.

    It cannot say that a face is: the side of a face that lies is pressed from the side as well. So
    what it has found holds for good.

    Args:
        press_axis: from the handle into the skin, in the IMU frame.

    Attributes:
        is_reclined: whether the face is known not to be upright.
    """

    def __init__(self, press_axis: Axis) -> None:
        self._axis = press_axis
        self._down: deque[float] = deque(maxlen=READ_CONTACTS)
        self.is_reclined = False

    def touched(self, moment: Moment) -> None:
        """Take the sample with which a contact begins; its attitude, where that is known."""
        levelled, index = moment
        attitude, _ = levelled.at(index)
        if attitude is None:
            return
        (x, y, z), (a, b, c) = self._axis, up(attitude)
        self._down.append(-(x * a + y * b + z * c))
        if len(self._down) == READ_CONTACTS and median(self._down) > RECLINED_SHARE:
            self.is_reclined = True


UPRIGHT = Posture(0.0)
UNKNOWN = Posture(None)
