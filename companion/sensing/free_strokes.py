"""Strokes of a tool that feels no contact: motion between two moments of least speed."""

from math import sqrt
from typing import NamedTuple

from companion.sensing.copied import Copied
from companion.sensing.inertial import displacement
from companion.sensing.strokes import LATEST_US, Leg
from companion.sensing.tool import Axis

LEAK_US = 1_000_000
"""Time constant with which the velocity forgets (docs/sensing.md, free motion)."""
FALL_SHARE = 0.7
"""Share of its top below which the speed is falling towards a least one (docs/sensing.md)."""
RISE_SHARE = 0.15
"""Share of the last top by which the speed must rise again for a least one (docs/sensing.md)."""
RISE_MPS = 0.04
"""Speed by which it must rise at least (docs/sensing.md)."""
LEAVE_MPS = 0.02
"""Speed above the least one up to which a rest goes on (docs/sensing.md)."""
CONFIRM_US = 250_000
"""Time without a lower speed after which the least one is believed (docs/sensing.md)."""
MINIMUM_US = 150_000
"""Shortest stroke in free motion (docs/sensing.md)."""
MINIMUM_M = 0.02
"""Shortest displacement of a stroke in free motion (docs/sensing.md)."""
STILL_MPS2 = 0.25
"""Acceleration below which the tool may be at rest: one and a half degrees of tilt."""
STILL_US = 150_000
"""Time below it after which the velocity is taken back to zero."""
STOP_US = 50_000
"""Time constant with which that is done."""
LOOSE_MPS2 = 200.0
"""Above this an acceleration is a knock: the strokes around it are not known."""
_MILLION = 1_000_000


class Mark(NamedTuple):
    """A moment of least speed so far, and how far the leg had come by then."""

    t_us: int
    speed: float
    time: float
    v: Axis
    x: Axis


class FreeStrokes(Copied):
    """Finds strokes in free motion, causally.

    The speed comes from the acceleration, and forgets: its moments of least speed are right
    where strokes are quicker than the forgetting. A leg's displacement takes the velocity as
    zero at both its ends and the acceleration's error as constant in between.
    """

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Begin anew after a gap."""
        self._u: Axis = (0.0, 0.0, 0.0)
        self._v: Axis = (0.0, 0.0, 0.0)
        self._x: Axis = (0.0, 0.0, 0.0)
        self._time = 0.0
        self._top = 0.0
        self._last_us: int | None = None
        self._still_us = 0
        self._start_us: int | None = None
        self._least: Mark | None = None
        self._leave: Mark | None = None
        self._is_told = False
        self._is_falling = True

    def step(self, t_us: int, a: Axis | None) -> Leg | None:
        """Take one sample's acceleration; return the leg that it shows to have ended."""
        if a is None:
            self.restart()
            return None
        square = a[0] * a[0] + a[1] * a[1] + a[2] * a[2]
        if not square < LOOSE_MPS2 * LOOSE_MPS2:
            self.restart()
            return None
        last_us, self._last_us = self._last_us, t_us
        if last_us is None:
            return None
        speed = self._integrate(t_us - last_us, a, is_quiet=square < STILL_MPS2 * STILL_MPS2)
        return self._follow(t_us, speed)

    def _integrate(self, interval_us: int, a: Axis, *, is_quiet: bool) -> float:
        """Carry on velocity and place; return the speed."""
        dt = interval_us / _MILLION
        self._still_us = self._still_us + interval_us if is_quiet else 0
        leak_us = STOP_US if self._still_us > STILL_US else LEAK_US
        keep = max(0.0, 1 - interval_us / leak_us)
        (vx, vy, vz), (x, y, z), (ux, uy, uz) = self._v, self._x, self._u
        self._time += dt
        self._x = (x + vx * dt, y + vy * dt, z + vz * dt)
        self._v = (vx + a[0] * dt, vy + a[1] * dt, vz + a[2] * dt)
        ux, uy, uz = ux * keep + a[0] * dt, uy * keep + a[1] * dt, uz * keep + a[2] * dt
        self._u = (ux, uy, uz)
        return sqrt(ux * ux + uy * uy + uz * uz)

    def _follow(self, t_us: int, speed: float) -> Leg | None:
        if not self._is_falling:
            if speed > self._top:
                self._top = speed
            elif speed < FALL_SHARE * self._top:
                self._is_falling = True
                self._least = None
            return None
        least = self._least
        if least is None or speed < least.speed:
            self._least = self._leave = Mark(t_us, speed, self._time, self._v, self._x)
            return None
        if speed <= least.speed + LEAVE_MPS:
            self._leave = Mark(t_us, speed, self._time, self._v, self._x)
        has_risen = speed > least.speed + max(RISE_MPS, RISE_SHARE * self._top)
        leg = None
        if not self._is_told and (has_risen or t_us - least.t_us >= CONFIRM_US):
            self._is_told = True
            leg = self._ended(least, t_us)
        if has_risen:
            self._begin(self._leave or least, speed)
        return leg

    def _ended(self, least: Mark, t_us: int) -> Leg | None:
        """Return the leg from the least speed before to this one, where it is a stroke."""
        start_us = self._start_us
        if start_us is None or t_us - least.t_us > LATEST_US:
            return None
        if least.t_us - start_us < MINIMUM_US:
            return None
        way = displacement(least.time, least.v, least.x)
        if way is None or way[0] < MINIMUM_M:
            return None
        leg = Leg(start_us, least.t_us, is_whole=False)
        leg.net_m, leg.vertical_m = way
        return leg

    def _begin(self, least: Mark, speed: float) -> None:
        """Begin a leg at the moment of least speed, with zero velocity there."""
        self._start_us = least.t_us
        time = self._time - least.time
        moved = zip(self._x, least.x, least.v, strict=True)
        x, y, z = (now - then - v * time for now, then, v in moved)
        a, b, c = (now - then for now, then in zip(self._v, least.v, strict=True))
        self._x, self._v, self._time = (x, y, z), (a, b, c), time
        self._top = speed
        self._is_falling = False
        self._is_told = False
        self._least = None
