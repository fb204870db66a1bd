"""What a force sensor remembers: what it carried before, and how warm it is."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from simulators.hand.curves import Floats
from simulators.tool_data import Sensors

_RADII: Final = (0.01, 0.04, 0.16)
"""How far each element follows behind, as shares of full scale. They stand for layers that grip
differently: a small swing of the load moves the first, a large one all. Chosen, not measured."""


class Hysteresis:
    """One channel's hysteresis: Prandtl's and Ishlinskii's sum of play elements.

    An element of radius r holds its place p until the load x is r away from it, then follows at
    that distance: p = max(x - r, min(x + r, p)). The reading is x + w sum(p - x): behind a rising
    load, ahead of a falling one, and what a press leaves behind stays until the next. Over a swing
    of the whole scale the loop is as wide as the data file says: 2 w sum(r) = width.

    Args:
        full_scale_n: of the channel.
        share: width of the widest loop, as a share of full scale.
    """

    def __init__(self, full_scale_n: float, share: float) -> None:
        self._radii = [radius * full_scale_n for radius in _RADII]
        self._places = [0.0] * len(_RADII)
        self._weight = share / (2.0 * sum(_RADII))

    def follow(self, loads_n: Sequence[float]) -> list[float]:
        """Return the readings for loads in the order of time."""
        radii, places, weight = self._radii, self._places, self._weight
        readings = []
        for load in loads_n:
            behind = 0.0
            for element, radius in enumerate(radii):
                place = places[element]
                if load - place > radius:
                    place = places[element] = load - radius
                elif place - load > radius:
                    place = places[element] = load + radius
                behind += place - load
            readings.append(load + weight * behind)
        return readings


class ForceSensor:
    """All force channels of one tool: hysteresis, and a zero that moves as the hand warms it.

    The tool starts at the room's temperature and nears the hand's: dT = warms_by
    (1 - exp(-t / tau)), Newton's law of cooling with one time constant. Each channel's zero moves
    by its own coefficient, drawn within the data file's.

    Each channel reads its own gain of what it carries: 1 where the maker was right.

    Args:
        sensors: what the parts are like.
        full_scale_n: of one channel.
        channels: how many.
        random: draws the coefficients.
    """

    def __init__(
        self,
        sensors: Sensors,
        full_scale_n: float,
        channels: int,
        random: np.random.Generator,
    ) -> None:
        share = sensors.force_hysteresis
        self._hysteresis = [
            Hysteresis(full_scale_n, share) for _ in range(channels if share else 0)
        ]
        largest = sensors.force_drift_n_per_k * sensors.warms_by_k
        self._drift_n = largest * random.uniform(-1.0, 1.0, channels)
        self._warms_in_s = sensors.warms_in_s
        self._offset_n = sensors.force_offset_n
        self._gains = np.array(sensors.force_gains or (1.0,) * channels)
        self._is_drifting = bool(channels and largest)

    def answer(self, loads_n: Floats, elapsed_s: Floats) -> Floats:
        """Return what the channels read without noise.

        Args:
            loads_n: what presses on each, (n, channels).
            elapsed_s: time since the hand took the tool, (n,).
        """
        if self._hysteresis:
            columns = zip(self._hysteresis, loads_n.T.tolist(), strict=True)
            loads_n = np.array([channel.follow(loads) for channel, loads in columns]).T
        readings: Floats = loads_n * self._gains + self._offset_n
        if self._is_drifting:
            warmth = 1.0 - np.exp(-elapsed_s / self._warms_in_s)
            readings += warmth[:, None] * self._drift_n
        return readings
