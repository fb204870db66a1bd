"""What moves the tool along the skin, cut into legs: the wheel, or nothing that can tell."""

from enum import Enum
from typing import NamedTuple, Protocol

from companion.sensing.attitude import Quaternion, up
from companion.sensing.tool import Axis

STEP_M = 0.0001
"""Travel that counts as getting on: two counts of a common wheel (engineering choice)."""
START_M = 0.001
"""Travel that ends a rest (engineering choice: more than skin gives under a resting roller)."""
TURN_M = 0.001
"""Travel back that is a reversal (engineering choice, the same reason)."""
REST_US = 250_000
"""Time without getting on that is a rest: the shortest stroke (docs/sensing.md)."""
CARRIED_SHARE = 0.6
"""Share of the travel whose attitude must be known for its rise to be told: with less, the rest
could make an up a down (engineering choice)."""


class Signal(Enum):
    """What one sample means for the leg under way."""

    IDLE = "idle"
    """At rest: the next leg has not begun."""
    HOLD = "hold"
    """Nothing that can be told yet."""
    ADVANCE = "advance"
    """The leg goes on, up to this sample."""
    TURNED = "turned"
    """The leg ended at the newest advance, another one has begun there."""
    RESTED = "rested"
    """The leg ended at the newest advance, none has begun."""


class Path(NamedTuple):
    """Where a leg led.

    Attributes:
        net_m: signed travel, or its length where it has no sign; None where not observable.
        vertical_m: its rise against gravity; None where not known.
        is_whole: whether no part of it was lost.
        end_us: when it ended, where that was not at the newest advance.
    """

    net_m: float | None
    vertical_m: float | None
    is_whole: bool
    end_us: int | None = None


class Motion(Protocol):
    """Cuts the motion of one contact into legs."""

    def start(self) -> None:
        """Begin with a new contact."""

    def step(
        self, t_us: int, travel_m: float | None, accel: Axis | None, attitude: Quaternion | None
    ) -> Signal:
        """Take one sample."""

    def cut(self) -> Path:
        """Return the path from the last cut to the newest advance, and begin anew there."""


class UnseenMotion:
    """A tool without wheel and attitude: a contact is one leg."""

    def start(self) -> None:
        """Nothing is kept."""

    def step(
        self,
        t_us: int,  # noqa: ARG002 - the protocol's signature
        travel_m: float | None,  # noqa: ARG002 - the same
        accel: Axis | None,  # noqa: ARG002 - the same
        attitude: Quaternion | None,  # noqa: ARG002 - the same
    ) -> Signal:
        """Go on."""
        return Signal.ADVANCE

    def cut(self) -> Path:
        """Return a path of which nothing is known."""
        return Path(None, None, is_whole=False)


class WheelMotion:
    """Legs from the wheel: between rest, reversal and rest, whatever the speed."""

    def __init__(self, axis: Axis | None) -> None:
        self._axis = axis
        self._sign = 0
        self._moved_us = self._rested_us = 0
        self._x = self._mark_x = 0.0
        self._z = self._mark_z = 0.0
        self._carried = self._mark_carried = 0.0
        self._is_whole = True

    def start(self) -> None:
        """Begin with a new contact."""
        self._sign = 0
        self._moved_us = self._rested_us = 0
        self._forget_path()

    def step(
        self,
        t_us: int,
        travel_m: float | None,
        accel: Axis | None,  # noqa: ARG002 - the protocol's signature
        attitude: Quaternion | None,
    ) -> Signal:
        """Take one sample of the travel since the sample before."""
        if travel_m is None:
            self._is_whole = False
            self._mark(t_us)
            return Signal.ADVANCE
        if travel_m:
            self._x += travel_m
            if attitude is not None and self._axis is not None:
                a, (b, c, d) = self._axis, up(attitude)
                self._z += travel_m * (a[0] * b + a[1] * c + a[2] * d)
                self._carried += travel_m
        if self._sign == 0:
            return self._leave_rest(t_us)
        ahead = (self._x - self._mark_x) * self._sign
        if ahead >= STEP_M:
            self._mark(t_us)
            return Signal.ADVANCE
        if ahead <= -TURN_M:
            self._sign = -self._sign
            self._moved_us = t_us
            return Signal.TURNED
        if t_us - self._moved_us >= REST_US:
            self._sign = 0
            self._rested_us = t_us
            return Signal.RESTED
        return Signal.HOLD

    def cut(self) -> Path:
        """Return the path up to the newest advance, and begin anew there."""
        path = Path(self._mark_x, self._rise(), self._is_whole)
        self._x -= self._mark_x
        self._z -= self._mark_z
        self._carried -= self._mark_carried
        self._mark_x = self._mark_z = self._mark_carried = 0.0
        self._is_whole = True
        return path

    def _rise(self) -> float | None:
        """Return the rise up to the newest advance; where the attitude was lost, as elsewhere."""
        net, carried = self._mark_x, self._mark_carried
        if net == 0.0:
            return 0.0
        if abs(carried) < CARRIED_SHARE * abs(net):
            return None
        return self._mark_z * net / carried

    def _leave_rest(self, t_us: int) -> Signal:
        distance = abs(self._x)
        if distance >= START_M:
            self._sign = 1 if self._x > 0 else -1
            self._mark(t_us)
            return Signal.ADVANCE
        if not self._is_whole:
            if t_us - self._moved_us < REST_US:
                return Signal.HOLD
            self._rested_us = t_us
            return Signal.RESTED
        if distance >= STEP_M:
            if t_us - self._rested_us < REST_US:
                return Signal.HOLD
            self._forget_path()
        self._rested_us = t_us
        return Signal.IDLE

    def _forget_path(self) -> None:
        self._x = self._mark_x = 0.0
        self._z = self._mark_z = 0.0
        self._carried = self._mark_carried = 0.0
        self._is_whole = True

    def _mark(self, t_us: int) -> None:
        self._mark_x = self._x
        self._mark_z = self._z
        self._mark_carried = self._carried
        self._moved_us = t_us
