"""A person's tremor: small involuntary motion on everything that the hand holds."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from simulators.hand.curves import Floats, cross_matrix, plateau
from simulators.hand.motion import GRID_HZ, Motion
from simulators.hand.moves import Move, Rest

_PERIOD_S: Final = 20.0
"""After this long the tremor repeats, so that stillness can last for any time."""

_TREMOR_HZ: Final = (7.0, 11.0)
"""Physiological tremor of the hand; sizes here are root mean squares per axis, chosen by us."""

_SWAY_HZ: Final = (0.15, 0.6)
_TREMOR_M: Final = 2.0e-5
_SWAY_M: Final = 4.0e-4
_TREMOR_RAD: Final = 1.5e-4
_SWAY_RAD: Final = 1.5e-3
_SINES: Final = 3
_LETS_GO_S: Final = 0.4


@dataclass(frozen=True, slots=True, eq=False)
class Tremor:
    """Small involuntary motion: displacement (m) and turn vector (rad) over one period, (n, 3)."""

    shift: Floats
    turn: Floats

    @classmethod
    def drawn(cls, random: np.random.Generator) -> "Tremor":
        """Return one person's tremor."""
        return cls(
            _sines(random, _TREMOR_HZ, _TREMOR_M) + _sines(random, _SWAY_HZ, _SWAY_M),
            _sines(random, _TREMOR_HZ, _TREMOR_RAD) + _sines(random, _SWAY_HZ, _SWAY_RAD),
        )

    def over(self, motion: Motion, moves: Iterable[Move] = ()) -> Motion:
        """Return the motion with the tremor on it, but for when the tool is laid down."""
        turns = cross_matrix(self.turn)
        shaken = np.eye(3) + turns + turns @ turns / 2
        points, rotations = motion.points.copy(), motion.rotations.copy()
        for first in range(0, len(points), len(shaken)):
            part = slice(first, first + len(shaken))
            points[part] += self.shift[: len(points[part])]
            rotations[part] = rotations[part] @ shaken[: len(points[part])]
        for move in moves:
            if isinstance(move, Rest) and move.is_laid_down:
                self._let_go(points, rotations, move)
        return replace(motion, points=points, rotations=rotations)

    def _let_go(self, points: Floats, rotations: Floats, rest: Rest) -> None:
        """Let the tremor of a part die away, and come again."""
        rows = np.arange(math.ceil(rest.start_s * GRID_HZ), int(rest.end_s * GRID_HZ))
        held = 1.0 - plateau(
            rows / GRID_HZ, rest.start_s, rest.end_s, rise=_LETS_GO_S, fall=_LETS_GO_S
        )
        place = np.mod(rows, len(self.shift))
        turns = cross_matrix(self.turn[place] * held[:, None])
        points[rows] = rest.pose.point + self.shift[place] * held[:, None]
        rotations[rows] = rest.pose.rotation @ (np.eye(3) + turns + turns @ turns / 2)


def held_still(motion: Motion) -> Motion:
    """Return one tremor period of the tool held as at the end of a motion, in the air."""
    count = round(_PERIOD_S * GRID_HZ)
    return Motion(
        np.tile(motion.points[-1], (count, 1)),
        np.tile(motion.rotations[-1], (count, 1, 1)),
        np.zeros(count),
        np.tile(motion.shares[-1], (count, 1)),
        np.zeros(count),
        motion.up,
        repeats=True,
    )


def _sines(random: np.random.Generator, band_hz: tuple[float, float], rms: float) -> Floats:
    """Return sums of sines on three axes whose periods divide the tremor's."""
    times = np.arange(round(_PERIOD_S * GRID_HZ)) / GRID_HZ
    turns = np.round(random.uniform(*band_hz, (_SINES, 3)) * _PERIOD_S)
    phases = random.uniform(0.0, 2 * np.pi, (_SINES, 3))
    angles = 2 * np.pi * turns / _PERIOD_S * times[:, None, None] + phases
    total: Floats = rms * np.sqrt(2.0 / _SINES) * np.sin(angles).sum(axis=1)
    return total
