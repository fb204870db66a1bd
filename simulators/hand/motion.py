"""Motion on an even time grid: where the tool is, how it is turned, how hard it presses."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from simulators.hand.curves import Floats

GRID_HZ: Final = 250
"""Points per second of the grid; a hand's motion and its tremor lie below 15 Hz."""

UPRIGHT: Final = np.array([0.0, 0.0, 1.0])
"""Up in the face frame of a person who sits or stands."""


def up_when_reclined(degrees: float) -> Floats:
    """Return up in the face frame of a person who leans back: 0 upright, 90 lying on the back."""
    angle = np.radians(degrees)
    return np.array([0.0, np.sin(angle), np.cos(angle)])


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """A hand's doing, sampled at ``GRID_HZ`` from time 0.

    Attributes:
        points: the working surface in the face frame, metres, (n, 3).
        rotations: from the IMU frame to the face frame, (n, 3, 3).
        force_n: force of the skin on the tool, newtons, (n,).
        shares: how that force spreads over the tool's force channels, (n, channels), 1 in sum;
            no columns for a tool without channels.
        slip: share of the gliding that a wheel does not follow, 0 to 1, (n,).
        up: unit vector against gravity in the face frame: (0, 0, 1) for a person who is upright,
            (0, 1, 0) for one who lies on the back.
        repeats: whether the motion starts again after its end.
    """

    points: Floats
    rotations: Floats
    force_n: Floats
    shares: Floats
    slip: Floats
    up: Floats
    repeats: bool = False
