"""Motion of a tool without wheel, from gravity-free acceleration between zero velocities."""

from math import sqrt

from companion.sensing.attitude import Moment, free_acceleration
from companion.sensing.copied import Copied
from companion.sensing.motion import Motion, Path, Signal, UnseenMotion, WheelMotion
from companion.sensing.tool import Axis, Tool
from companion.sensing.turning import BACK_RAD, Turning

LEAK_US = 1_000_000
"""Time constant with which the velocity forgets: longer than half a stroke, shorter than the
time in which half a degree of tilt error makes 10 cm/s (engineering choice)."""
MOVING_MPS = 0.08
"""Speed from which a reversal can be told from drift: at 3 to 5 cm/s acceleration alone is at
the noise floor (docs/sensing.md)."""
TURN_SHARE = 0.6
"""Share of the leg's top speed that the way back must reach: the leak alone leaves less."""
TURN_US = 50_000
"""Time it must hold."""
DRIFT_MPS2 = 0.05
"""Change of the acceleration error within a leg that must be expected: .3 degree of tilt."""
DRIFT_SHARE = 0.2
"""Twice the share of (drift x time squared) that is left after both ends are set to rest."""
RISE_DOUBTS = 3.0
"""Times what drift can have made that a way must be long before its rise is told: then drift
turns it by 20 degrees at most, too little to make up of down, or of sideways one of both."""
LOOSE_MPS2 = 100.0
"""Above this an acceleration is a knock, not a stroke, and the leg's path is not known."""
_MILLION = 1_000_000
_Place = tuple[float, Axis, Axis]
"""Seconds on the way, velocity and place."""


def displacement(time: float, velocity: Axis, place: Axis) -> tuple[float, float | None] | None:
    """Return length and rise in m of a way that began and ended at rest.

    The error of the acceleration is taken as constant in between. What its drift may still have
    made of the way is compared with it: a way that is not longer is not observable, and None;
    the rise of one that is not several times as long is None.

    Args:
        time: seconds on the way.
        velocity: m/s at its end, integrated from rest.
        place: m at its end, integrated from there.
    """
    x, y, z = (p - v * time / 2 for p, v in zip(place, velocity, strict=True))
    length = sqrt(x * x + y * y + z * z)
    if length <= DRIFT_SHARE * DRIFT_MPS2 * time * time:
        return None
    return length, told_rise(length, z, time)


def told_rise(length_m: float, rise_m: float, time_s: float) -> float | None:
    """Return the rise of a way, None where drift may have made too much of it."""
    doubt = DRIFT_SHARE * DRIFT_MPS2 * time_s * time_s
    return rise_m if length_m > RISE_DOUBTS * doubt else None


def slowest_told_mps(length_m: float) -> float:
    """Return the mean speed below which a stroke of this length is told no direction.

    It lasts length / speed, and drift makes of its way what ``displacement`` says.
    """
    return sqrt(RISE_DOUBTS * DRIFT_SHARE * DRIFT_MPS2 * length_m)


class InertialMotion(Copied):
    """Legs from acceleration and turning: everything else by contact.

    Where the tool went on turning with the skin after the moment at which acceleration says that it
    turned back, it did not: that was gravity which a small error of the attitude let through.

    The displacement of a leg takes the velocity as zero at both its ends and the error of the
    acceleration as constant in between. What the drift may still have made of it is compared
    with the result: a displacement that is not clearly longer is not observable.
    """

    def __init__(self) -> None:
        self._turning = Turning()
        self._mark: _Place
        self._farthest: _Place
        self.start()

    def start(self) -> None:
        """Begin with a new contact."""
        self._turning.start()
        self._turned_us: int | None = None
        self._u = (0.0, 0.0, 0.0)
        self._ahead = (0.0, 0.0, 0.0)
        self._top = 0.0
        self._back_us: int | None = None
        self._last_us: int | None = None
        self._restart_leg()

    def step(
        self,
        t_us: int,
        travel_m: float | None,  # noqa: ARG002 - the protocol's signature
        moment: Moment,
    ) -> Signal:
        """Take one sample of specific force and attitude."""
        last_us, self._last_us = self._last_us, t_us
        if last_us is None:
            return Signal.ADVANCE
        levelled, index = moment
        attitude, accel = levelled.at(index)
        if accel is None or attitude is None:
            self._is_known = False
            return Signal.ADVANCE
        self._integrate(t_us - last_us, free_acceleration(attitude, accel))
        turns_back = self._turning.step(t_us, attitude)
        signal = self._turn(t_us)
        if turns_back:
            signal = Signal.TURNED
            self._turned_us = self._turning.farthest_us
            self._mark = self._farthest
            self._top = 0.0
        elif self._turning.farthest_us == t_us:
            self._farthest = (self._time, self._v, self._x)
        if signal is Signal.TURNED:
            self._turning.turn(t_us, attitude)
        return signal

    def lost(self, t_us: int, *, is_gap: bool) -> None:  # noqa: ARG002 - the protocol's signature
        """Samples were lost; at a gap the attitude begins anew, and with it the turn."""
        if is_gap:
            self._is_known = False
            self._turning.start()
            self._mark_rad = 0.0

    def cut(self) -> Path:
        """Return the path up to the newest advance, and begin anew there with zero velocity."""
        way = displacement(*self._mark) if self._is_known else None
        length, rise = (None, None) if way is None else way
        path = Path(length, rise, is_whole=False, end_us=self._turned_us, is_blind=True)
        self._turned_us = None
        self._restart_leg()
        return path

    def _restart_leg(self) -> None:
        zero = (0.0, 0.0, 0.0)
        self._time = 0.0
        self._v = self._x = zero
        self._mark = self._farthest = (0.0, zero, zero)
        self._mark_rad = 0.0
        self._is_known = True

    def _integrate(self, interval_us: int, a: Axis) -> None:
        dt = interval_us / _MILLION
        if not all(-LOOSE_MPS2 < value < LOOSE_MPS2 for value in a):
            self._is_known = False
            return
        (vx, vy, vz), (x, y, z), (ux, uy, uz) = self._v, self._x, self._u
        keep = max(0.0, 1 - interval_us / LEAK_US)
        self._time += dt
        self._x = (x + vx * dt, y + vy * dt, z + vz * dt)
        self._v = (vx + a[0] * dt, vy + a[1] * dt, vz + a[2] * dt)
        self._u = (ux * keep + a[0] * dt, uy * keep + a[1] * dt, uz * keep + a[2] * dt)

    def _turn(self, t_us: int) -> Signal:
        ux, uy, uz = self._u
        dx, dy, dz = self._ahead
        speed = sqrt(ux * ux + uy * uy + uz * uz)
        along = ux * dx + uy * dy + uz * dz
        if speed >= MOVING_MPS and speed > self._top and (self._top == 0.0 or along > 0):
            self._top = speed
            self._ahead = (ux / speed, uy / speed, uz / speed)
            along = speed
        if self._top == 0.0 or along > 0:
            self._mark = (self._time, self._v, self._x)
            self._mark_rad = self._turning.farthest_rad
            self._back_us = None
            return Signal.ADVANCE
        if along > -max(MOVING_MPS, TURN_SHARE * self._top):
            self._back_us = None
            return Signal.HOLD
        if self._back_us is None:
            self._back_us = t_us
        if t_us - self._back_us < TURN_US:
            return Signal.HOLD
        self._back_us = None
        if self._turning.farthest_rad - self._mark_rad > BACK_RAD:
            self._top = 0.0
            return Signal.HOLD
        self._top = speed
        self._ahead = (ux / speed, uy / speed, uz / speed)
        return Signal.TURNED


def motion_of(tool: Tool) -> Motion:
    """Return what tells how a tool moves along the skin: the best that it has."""
    if tool.has_wheel:
        return WheelMotion(tool.travel_axis)
    if tool.has_accelerometer and tool.has_gyroscope:
        return InertialMotion()
    return UnseenMotion()
