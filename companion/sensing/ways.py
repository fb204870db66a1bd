"""Ways of a tool that feels no contact: between two moments in which it hardly turns."""

from collections import deque
from math import sqrt, tan
from typing import NamedTuple

from companion.sensing.attitude import Quaternion
from companion.sensing.copied import Copied
from companion.sensing.tool import Axis
from companion.sensing.turning import turn_between

SPAN_US = 50_000
"""Time over which the rate of turning is taken: tremor lies above its inverse (engineering
choice)."""
STILL_RADPS = 0.05
"""Rate below which a tool does not turn: three degrees per second, more than is left of a bias
(docs/sensing.md, ways)."""
STILL_SHARE = 0.08
"""The same as a share of the way's top rate (docs/sensing.md, ways)."""
LEAVE_TIMES = 1.5
"""Times the lower rate from which the tool turns again (docs/sensing.md, ways)."""
LEAVE_LEAST_TIMES = 2.0
"""The same for the least rate in between (docs/sensing.md, ways)."""
TOP_RADPS = 0.12
"""Top rate of a way at least (docs/sensing.md, ways): at 2 cm/s a tool that follows a cheek turns
faster."""
BRISK_RADPS = 8.0
"""Top rate of a way at most: at 20 cm/s a tool that follows a cheek turns slower (docs/sensing.md,
ways)."""
MINIMUM_US = 150_000
"""Shortest way."""
CONFIRM_US = 250_000
"""Time without turning after which a way is over, whatever follows."""
REST_US = 600_000
"""Time without turning over which a way is followed from the end of the one before: a slow way
begins long before it is seen to turn (docs/sensing.md, ways)."""
LONGEST_US = 8_000_000
"""A longer way is not followed: what drift makes of it is as long as a face (engineering
choice)."""
CLOSED_MPS2 = 0.4
"""Velocity that is left at the end of a way, per its time, from which it did not begin and end
at rest (docs/sensing.md, ways)."""
LOOSE_MPS2 = 100.0
"""Above this an acceleration is a knock, and the way is not known."""
PLACE_US = 40_000
"""Time between two places that are kept of a way."""
MOST_ARC_RAD = 3.0
"""Turn from which the arc of a way is no longer reckoned farther: nearly half round (engineering
choice)."""
MOST_HIDDEN_SHARE = 0.4
"""Share of a smooth way that lies hidden at either end at most: of more, too little is seen to
reckon from (engineering choice)."""
_MILLION = 1_000_000


class Mark(NamedTuple):
    """A moment on the way: seconds since its beginning, velocity and place from rest there."""

    t_us: int
    time: float
    v: Axis
    x: Axis
    attitude: Quaternion


class Way(NamedTuple):
    """A way from one moment of rest to the next.

    Attributes:
        start_us: when it began.
        end_us: when it ended.
        length_m: from beginning to end.
        rise_m: the vertical part of that.
        turn: the turn of the tool in rad, as a vector in the frame whose z points up.
        bend_m: how far it leads off the straight line.
    """

    start_us: int
    end_us: int
    length_m: float
    rise_m: float
    turn: Axis
    bend_m: float

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.end_us - self.start_us) / _MILLION

    @property
    def mps(self) -> float:
        """How quick it was, at the mean."""
        return self.length_m / max(self.seconds, 1e-6)

    @property
    def turn_rad(self) -> float:
        """How far the tool turned."""
        x, y, z = self.turn
        return sqrt(x * x + y * y + z * z)

    def excess_m(self, length_m: float) -> float:
        """Return how much farther it bends than the arc of a circle that turns the tool as much.

        Nought for a tool that follows the skin, at whatever place of it the sensor sits; above
        nought for one that is lifted.

        Args:
            length_m: how long it was, if that is known better than by itself.
        """
        return self.bend_m - length_m / 2 * tan(min(self.turn_rad, MOST_ARC_RAD) / 4)

    def likeness(self, other: "Way") -> float:
        """Return the cosine between the turns of two ways: -1 for there and back."""
        (a, b, c), (x, y, z) = self.turn, other.turn
        return (a * x + b * y + c * z) / max(self.turn_rad * other.turn_rad, 1e-9)


class Ways(Copied):
    """Finds ways, causally.

    Whoever strokes a face stops turning the tool where the stroke ends: skin is curved, and the
    way back turns the tool back. The rate of turning is known well at any speed, where
    acceleration is lost in noise below 5 cm/s.
    """

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Begin anew after a gap."""
        self._newest: deque[Mark] = deque()
        self._time = 0.0
        self._v = self._x = (0.0, 0.0, 0.0)
        self._last_us: int | None = None
        self._start: Mark | None = None
        self._entry: Mark | None = None
        self._least: Mark | None = None
        self._least_rate = 0.0
        self._left = self._came = (0, 0.0)
        self._before_us = 0
        self._top = 0.0
        self._is_resting = True
        self._is_told = True
        self._places: list[tuple[float, Axis]] = []

    @property
    def turning_us(self) -> int | None:
        """Since when the tool turns as on a way; None while it does not, or not as by a hand."""
        if self._is_resting or not TOP_RADPS <= self._top <= BRISK_RADPS:
            return None
        return self._left[0]

    def step(self, t_us: int, a: Axis | None, attitude: Quaternion | None) -> Way | None:
        """Take one sample's acceleration and attitude; return the way that has ended by now."""
        if a is None or attitude is None:
            self.restart()
            return None
        if not a[0] * a[0] + a[1] * a[1] + a[2] * a[2] < LOOSE_MPS2 * LOOSE_MPS2:
            self.restart()
            return None
        last_us, self._last_us = self._last_us, t_us
        if last_us is None:
            return None
        self._integrate((t_us - last_us) / _MILLION, a)
        newest = self._newest
        newest.append(Mark(t_us, self._time, self._v, self._x, attitude))
        while t_us - newest[0].t_us > SPAN_US:
            newest.popleft()
        if len(newest) < len("ab"):
            return None
        middle = newest[len(newest) // 2]
        rate = _angle(newest[0].attitude, attitude) * _MILLION / (t_us - newest[0].t_us)
        if self._is_resting:
            return self._rest(t_us, rate, middle)
        self._move(rate, middle)
        return None

    def close(self, t_us: int) -> Way | None:
        """Nothing more comes: return the way that was just over but not told yet."""
        if not self._is_resting or self._is_told or self._least is None:
            return None
        self._is_told = True
        return self._ended(self._least, t_us)

    def _integrate(self, dt: float, a: Axis) -> None:
        (vx, vy, vz), (x, y, z) = self._v, self._x
        self._time += dt
        self._x = (x + vx * dt, y + vy * dt, z + vz * dt)
        self._v = (vx + a[0] * dt, vy + a[1] * dt, vz + a[2] * dt)

    def _move(self, rate: float, mark: Mark) -> None:
        """Follow a tool that turns: its top rate, its places, until it is still again."""
        places = self._places
        if not places or (mark.time - places[-1][0]) * _MILLION >= PLACE_US:
            places.append((mark.time, mark.x))
        if rate > self._top:
            self._top = rate
        elif rate < max(STILL_RADPS, STILL_SHARE * self._top):
            self._is_resting = True
            self._is_told = not TOP_RADPS <= self._top <= BRISK_RADPS
            self._entry = self._least = mark
            self._least_rate = rate
            self._came = (mark.t_us, rate)
        if self._start is not None and mark.t_us - self._start.t_us > LONGEST_US:
            self._start = None

    def _rest(self, t_us: int, rate: float, mark: Mark) -> Way | None:
        """Follow a tool that hardly turns, until its way is over and it turns again."""
        entry, least = self._entry, self._least
        if entry is None or least is None:
            self._entry = self._least = mark
            self._least_rate = rate
            return None
        rests_us = mark.t_us - entry.t_us
        if rate < self._least_rate and rests_us <= CONFIRM_US:
            self._least, self._least_rate = mark, rate
        leaves = rate > max(LEAVE_TIMES * STILL_RADPS, LEAVE_LEAST_TIMES * self._least_rate)
        way = None
        if not self._is_told and (leaves or rests_us >= CONFIRM_US):
            self._is_told = True
            way = self._ended(self._least or mark, t_us)
        if leaves:
            self._begin(least if rests_us <= REST_US else self._newest[0])
            self._top = rate
            self._left = (mark.t_us, rate)
        return way

    def _ended(self, end: Mark, t_us: int) -> Way | None:
        """Return the way up to a moment of rest, where it began at one."""
        start = self._start
        if start is None or end.t_us - start.t_us < MINIMUM_US:
            return None
        left = sqrt(sum(v * v for v in end.v)) / end.time
        if left > CLOSED_MPS2:
            return None
        x, y, z = (p - v * end.time / 2 for p, v in zip(end.x, end.v, strict=True))
        length = sqrt(x * x + y * y + z * z)
        turn = turn_between(start.attitude, end.attitude)
        return Way(*self._bounds(t_us), length, z, turn, self._bend((x, y, z), end))

    def _bounds(self, t_us: int) -> tuple[int, int]:
        """Return when the way began and ended: a little outside of where the turning is seen."""
        (left_us, left_rate), (came_us, came_rate) = self._left, self._came
        seen_us = came_us - left_us
        start_us = left_us - seen_us * _hidden(left_rate / self._top)
        end_us = min(came_us + seen_us * _hidden(came_rate / self._top), t_us)
        start_us = max(start_us, self._before_us)
        self._before_us = round(end_us)
        return round(start_us), self._before_us

    def _bend(self, net: Axis, end: Mark) -> float:
        """Return how far the way leads off the straight line at most."""
        square = max(sum(part * part for part in net), 1e-12)
        farthest = 0.0
        for time, place in self._places:
            if time > end.time:
                break
            back = time * time / (2 * end.time)
            x, y, z = (p - v * back for p, v in zip(place, end.v, strict=True))
            share = (x * net[0] + y * net[1] + z * net[2]) / square
            x, y, z = x - share * net[0], y - share * net[1], z - share * net[2]
            farthest = max(farthest, x * x + y * y + z * z)
        return sqrt(farthest)

    def _begin(self, mark: Mark) -> None:
        """Begin a way at a moment of rest, with zero velocity there."""
        time = self._time - mark.time
        self._newest = deque(_since(one, mark) for one in self._newest)
        moved = zip(self._x, mark.x, mark.v, strict=True)
        x, y, z = (now - then - v * time for now, then, v in moved)
        a, b, c = (now - then for now, then in zip(self._v, mark.v, strict=True))
        self._x, self._v, self._time = (x, y, z), (a, b, c), time
        self._start = _since(mark, mark)
        self._is_resting = False
        self._places = []


def _hidden(share: float) -> float:
    """Return how much of a smooth way lies before it has a share of its top rate, per the rest.

    A minimum-jerk way has the rate 16 u^2 (1 - u)^2 of its top at the share u of its time (Flash
    and Hogan, J Neurosci 1985;5:1688).
    """
    u = (1 - sqrt(max(0.0, 1 - sqrt(min(share, 1.0))))) / 2
    return u / (1 - 2 * min(u, MOST_HIDDEN_SHARE))


def _since(mark: Mark, begin: Mark) -> Mark:
    """Return a mark as seen by a way that began at another, at rest there."""
    time = mark.time - begin.time
    moved = zip(mark.x, begin.x, begin.v, strict=True)
    x, y, z = (now - then - v * time for now, then, v in moved)
    a, b, c = (now - then for now, then in zip(mark.v, begin.v, strict=True))
    return Mark(mark.t_us, time, (a, b, c), (x, y, z), mark.attitude)


def _angle(a: Quaternion, b: Quaternion) -> float:
    """Return the angle between two attitudes that are close, in rad."""
    alike = abs(a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3])
    return 2 * sqrt(max(0.0, 2 * (1 - alike)))
