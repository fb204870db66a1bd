"""Dry drag: skin that sticks to the tool, stretches, and lets go, again and again.

A model of our own, as simple as a jerk needs. The skin under the tool is a spring that is pulled
along until it bears the friction at rest; it snaps back to the friction in motion, and is pulled
again. What the friction loses in that moment pushes the tool, which the fingers hold like a damped
spring. The ratio of the two frictions is that of untreated skin (medians .52 and .36 of 450
measurements: Veijgen et al., Tribol Lett 2013;49:251). All other constants are engineering
choices: no measurement of a tool on a face was found.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from simulators.hand.curves import Floats

_OILED: Final = 0.2
"""Friction up to which a film of oil carries the tool: at rest and in motion it is the same."""

_DRY: Final = 0.52
"""Friction from which the skin sticks as untreated skin does."""

_LOST_SHARE: Final = 1.0 - 0.36 / 0.52
_UNEVEN: Final = 0.25
"""Standard deviation of the logarithm of one hold to the next."""

_SKIN_N_PER_M: Final = 60.0
_RELAXES_S: Final = 0.024
"""The skin's own time to come back: it lets go 40 times a second at most."""

_HELD_KG: Final = 0.12
_HELD_N_PER_M: Final = 400.0
_HELD_DAMPING: Final = 0.4
"""Tool and fingers, the grip along the skin, and its damping ratio: a shake of 9 Hz."""

_LEAST_N: Final = 1e-4


@dataclass(frozen=True, slots=True)
class Skin:
    """What the tool glides on.

    Attributes:
        friction: coefficient at rest.
        random: draws how long each hold lasts.
    """

    friction: float
    random: np.random.Generator

    @property
    def sticks(self) -> bool:
        """Whether it is dry enough to stick at all."""
        return self.friction > _OILED


def sticking_n(way_m: Floats, load_n: Floats, skin: Skin, grid_hz: float) -> Floats:
    """Return the friction above that in smooth motion, against the way, in newtons.

    Args:
        way_m: the way made on the skin since first touch, growing.
        load_n: the force pressing on the skin.
        skin: what the tool glides on.
        grid_hz: rows per second.
    """
    lost = _LOST_SHARE * min((skin.friction - _OILED) / (_DRY - _OILED), 1.0)
    limit = max(lost, 0.0) * skin.friction * load_n
    force = np.zeros_like(way_m)
    least = max(round(_RELAXES_S * grid_hz), 1)
    row = 0
    while row < len(way_m) - 1:
        hold = float(limit[row]) * math.exp(_UNEVEN * skin.random.standard_normal())
        gone = way_m[row] + max(hold, _LEAST_N) / _SKIN_N_PER_M
        after = max(int(np.searchsorted(way_m, gone)), row + least)
        part = slice(row, after)
        force[part] = np.minimum(_SKIN_N_PER_M * (way_m[part] - way_m[row]), limit[part])
        row = after
    return force


def pushed_m(force_n: Floats, grid_hz: float) -> Floats:
    """Return how far a force pushes the held tool: mass, spring and damper, exact per row."""
    rate = math.sqrt(_HELD_N_PER_M / _HELD_KG)
    damped = rate * math.sqrt(1.0 - _HELD_DAMPING**2)
    shrink = math.exp(-_HELD_DAMPING * rate / grid_hz)
    cosine, sine = math.cos(damped / grid_hz), math.sin(damped / grid_hz) / damped
    stay, run = shrink * (cosine + _HELD_DAMPING * rate * sine), shrink * sine
    pull, slow = -shrink * rate**2 * sine, shrink * (cosine - _HELD_DAMPING * rate * sine)
    away, speed, places = 0.0, 0.0, []
    for rest in (force_n / _HELD_N_PER_M).tolist():
        places.append(away)
        away, speed = (
            rest + stay * (away - rest) + run * speed,
            pull * (away - rest) + slow * speed,
        )
    return np.array(places)
