"""Reversals of a tool that follows the skin: it turns with the skin, and turns back."""

from math import sqrt

from companion.sensing.attitude import Quaternion
from companion.sensing.copied import Copied
from companion.sensing.tool import Axis

LEAST_RAD = 0.07
"""Turn from which a way back can be told from unsteadiness: 4 degrees (engineering choice)."""
BACK_RAD = 0.015
"""Turn back that is a reversal, at least: nearly one degree (engineering choice)."""
BACK_SHARE = 0.03
"""The same as a share of the whole turn (engineering choice)."""


class Turning(Copied):
    """Follows the turn since a leg began, whatever its axis.

    Skin is curved, so a tool that glides over it turns, at any speed: at 3 cm/s by ten degrees
    per second or more, where its acceleration is lost in noise.

    Attributes:
        farthest_us: when the turn was largest.
    """

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Begin with a new contact."""
        self._from: Quaternion | None = None
        self._at_far: Quaternion | None = None
        self._far: Axis = (0.0, 0.0, 0.0)
        self._length = 0.0
        self.farthest_us = 0

    def step(self, t_us: int, attitude: Quaternion) -> bool:
        """Take an attitude; return whether it shows that the tool is on its way back."""
        if self._from is None:
            self._from = attitude
        turn = turn_between(self._from, attitude)
        length = sqrt(turn[0] * turn[0] + turn[1] * turn[1] + turn[2] * turn[2])
        if length >= self._length:
            self._length, self._far, self._at_far = length, turn, attitude
            self.farthest_us = t_us
            return False
        if self._length < LEAST_RAD:
            return False
        far = self._far
        along = (turn[0] * far[0] + turn[1] * far[1] + turn[2] * far[2]) / self._length
        return along < self._length - max(BACK_RAD, BACK_SHARE * self._length)

    @property
    def farthest_rad(self) -> float:
        """The largest turn since the leg began."""
        return self._length

    def turn(self, t_us: int, attitude: Quaternion) -> None:
        """Go on from the farthest point: a new leg has begun there."""
        self._from, self._length = self._at_far, 0.0
        self.step(t_us, attitude)


def turn_between(a: Quaternion, b: Quaternion) -> Axis:
    """Return the turn from one attitude to another in rad, in the frame whose z points up.

    Twice the vector part of the quaternion between them: right to 1 % up to 30 degrees, and
    growing with the angle up to half a turn.
    """
    w, x, y, z = a
    s, p, q, r = b
    sign = 2.0 if w * s + x * p + y * q + z * r >= 0 else -2.0
    return (
        sign * (w * p - s * x + z * q - y * r),
        sign * (w * q - s * y + x * r - z * p),
        sign * (w * r - s * z + y * p - x * q),
    )
