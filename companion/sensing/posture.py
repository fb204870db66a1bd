"""Which way along the face a stroke leads, from its rise against gravity."""

from math import cos

from companion.sensing.types import StrokeDirection

DIRECTION_M = 0.015
"""Displacement below which no direction is told (docs/sensing.md)."""
VERTICAL_SHARE = 0.6
"""Vertical share of the displacement from which a stroke is up or down (docs/sensing.md)."""
LEAST_RISE = 0.5
"""Rise per displacement towards the hairline below which up and down cannot be told from
sideways: a face reclined by 60 degrees. Which way is sideways no gyroscope knows."""


class Posture:
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


UPRIGHT = Posture(0.0)
