"""How far a leg leads up, from the wheel's travel and the attitude."""

from collections.abc import Sequence

from companion.sensing.attitude import Moment, up
from companion.sensing.copied import Copied
from companion.sensing.tool import Axis

CARRIED_SHARE = 0.6
"""Share of the travel whose attitude must be known for its rise to be told: with less, the rest
could make an up a down (engineering choice)."""
_MOST_PARTS = 200


class Rise(Copied):
    """Adds up how far each part of the travel led up, up to a mark.

    The attitude is asked for when a leg is over, or is very long: till then the parts are kept.

    Args:
        axis: along which the wheel rolls, in the IMU frame; None where that is not known.
    """

    def __init__(self, axis: Axis | None) -> None:
        self._axis = axis
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self._parts: list[tuple[float, Moment]] = []
        self._marked: int | None = None
        self._z = self._mark_z = self._carried = self._mark_carried = 0.0

    def add(self, travel_m: float, moment: Moment) -> None:
        """Take the travel of one sample."""
        if self._axis is None:
            return
        self._parts.append((travel_m, moment))
        if len(self._parts) >= _MOST_PARTS:
            self._reckon(self._axis)

    def mark(self) -> None:
        """The leg leads on to the newest sample, at least."""
        self._marked = len(self._parts)

    def cut(self, net_m: float) -> float | None:
        """Return the rise up to the mark, and begin anew there.

        Where the attitude was lost it is taken to rise as elsewhere; None where too little is
        known.

        Args:
            net_m: the travel up to the mark.
        """
        if self._axis is not None:
            self._reckon(self._axis)
        rise_m, carried_m = self._mark_z, self._mark_carried
        self._z -= rise_m
        self._carried -= carried_m
        self._mark_z = self._mark_carried = 0.0
        if net_m == 0.0:
            return 0.0
        if abs(carried_m) < CARRIED_SHARE * abs(net_m):
            return None
        return rise_m * net_m / carried_m

    def _reckon(self, axis: Axis) -> None:
        parts, marked = self._parts, self._marked
        self._parts, self._marked = [], None
        if marked is not None:
            self._climb(parts[:marked], axis)
            self._mark_z, self._mark_carried = self._z, self._carried
        self._climb(parts[marked:], axis)

    def _climb(self, parts: Sequence[tuple[float, Moment]], axis: Axis) -> None:
        a, b, c = axis
        for travel_m, (levelled, index) in parts:
            attitude, _ = levelled.at(index)
            if attitude is not None:
                x, y, z = up(attitude)
                self._z += travel_m * (a * x + b * y + c * z)
                self._carried += travel_m
