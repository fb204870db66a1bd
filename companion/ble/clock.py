"""Device time and host time: a drift-tracking line under the arrivals of many frames.

A frame arrives after a constant path delay plus a wait that is never negative, so the true
clock relation is the line under all points (device time, arrival). Its slope is the edge of the
lower convex hull that spans the middle of the window: S. B. Moon, P. Skelly, D. Towsley,
"Estimation and removal of clock skew from network delay measurements", INFOCOM 1999. The
constant part of the path delay cannot be seen from one side and stays in the offset.
"""

from collections import deque
from itertools import islice, pairwise
from typing import Final

BUCKET_S: Final = 1.0
"""Of the frames of this span only the quickest is kept."""

WINDOW_BUCKETS: Final = 240
"""Four minutes for the slope. Frames leave at connection events, so drift shows as a sawtooth (at
100 ppm, 5 ms in 50 s): the window has to span several teeth."""

ANCHOR_BUCKETS: Final = 15
"""The line goes through the quickest of the last 15 s: whatever is wrong with the slope, 300 ppm
of it are 4.5 ms."""

TOOTH_S: Final = 0.005
LIKELY_DRIFT: Final = 100e-6
"""A slope is believed as far as its own uncertainty (one tooth over the span seen) is small
against the drift a tool is likely to have (profile, Loss: 100 ppm and more)."""

MOST_DRIFT: Final = 500e-6
"""Slopes beyond are not a crystal's; the profile speaks of 100 ppm and more."""

_US: Final = 1e-6


class ClockMap:
    """Maps the session's tool clock (microseconds) to loop time (seconds) and back."""

    def __init__(self) -> None:
        self._quickest: deque[tuple[float, float]] = deque(maxlen=WINDOW_BUCKETS)
        self._bucket: int | None = None
        self._slope = 0.0
        self._anchor: tuple[float, float] | None = None
        self._late_s = 0.0
        self._believed_span_s = 0.0

    @property
    def is_set(self) -> bool:
        """Whether a frame has been seen."""
        return self._anchor is not None

    @property
    def drift_ppm(self) -> float:
        """How much faster host time runs than tool time, in parts per million."""
        return self._slope * 1e6

    @property
    def latency_s(self) -> float:
        """How late frames arrive above the quickest path, smoothed over about a second."""
        return self._late_s

    def add(self, device_us: int, arrived_at: float) -> None:
        """Take in a frame.

        Args:
            device_us: tool clock at the frame's last sample.
            arrived_at: loop time of its arrival.
        """
        device_s = device_us * _US
        bucket = int(arrived_at / BUCKET_S)
        if bucket != self._bucket:
            self._bucket = bucket
            self._fit()
            self._quickest.append((device_s, arrived_at))
        elif self._lead(device_s, arrived_at) < self._lead(*self._quickest[-1]):
            self._quickest[-1] = (device_s, arrived_at)
        if self._anchor is None or arrived_at < self._host_s(device_s):
            self._anchor = (device_s, arrived_at)
        late = arrived_at - self._host_s(device_s)
        self._late_s += (late - self._late_s) / 20

    def host_s(self, device_us: int) -> float:
        """Return the loop time that belongs to a moment of the tool clock.

        Raises:
            ValueError: no frame has been seen yet.
        """
        if self._anchor is None:
            raise ValueError("no frame has been seen yet")
        return self._host_s(device_us * _US)

    def device_us(self, host_s: float) -> int:
        """Return the moment of the tool clock that belongs to a loop time.

        Raises:
            ValueError: no frame has been seen yet.
        """
        if self._anchor is None:
            raise ValueError("no frame has been seen yet")
        device_s, at_host_s = self._anchor
        return round((device_s + (host_s - at_host_s) / (1 + self._slope)) / _US)

    def restart(self) -> None:
        """Begin the fit anew from here: the tool restarted, its crystal is the same.

        The line stays until newer frames move it, its slope until as many have come again.
        """
        if self._quickest:
            self._believed_span_s = self._quickest[-1][0] - self._quickest[0][0]
        self._quickest.clear()
        self._bucket = None

    def forget(self) -> None:
        """Forget how the clocks stand to each other: ours stood still, as while it sleeps.

        How fast they run is kept.
        """
        self.restart()
        self._anchor = None

    def _host_s(self, device_s: float) -> float:
        if self._anchor is None:
            return device_s
        return self._anchor[1] + (device_s - self._anchor[0]) * (1 + self._slope)

    def _lead(self, device_s: float, host_s: float) -> float:
        return host_s - device_s * (1 + self._slope)

    def _fit(self) -> None:
        if not self._quickest:
            return
        points = [(device, host - device) for device, host in self._quickest]
        span_s = points[-1][0] - points[0][0]
        if span_s >= self._believed_span_s:
            self._slope = _trusted(_slope_under(points), span_s)
            self._believed_span_s = 0.0
        recent = islice(reversed(self._quickest), ANCHOR_BUCKETS)
        self._anchor = min(recent, key=lambda point: self._lead(*point))


def _trusted(slope: float, span_s: float) -> float:
    """Shrink a slope towards none, by how far its uncertainty exceeds the likely drift."""
    doubt = TOOTH_S / max(span_s, BUCKET_S)
    share = LIKELY_DRIFT**2 / (LIKELY_DRIFT**2 + doubt**2)
    return max(-MOST_DRIFT, min(MOST_DRIFT, slope * share))


def _slope_under(points: list[tuple[float, float]]) -> float:
    """Slope of the lower convex hull's edge over the middle of the points."""
    hull: list[tuple[float, float]] = []
    for point in points:
        while len(hull) > 1 and _turns_down(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    middle = (points[0][0] + points[-1][0]) / 2
    for (x0, y0), (x1, y1) in pairwise(hull):
        if x1 >= middle:
            return (y1 - y0) / (x1 - x0)
    return 0.0


def _turns_down(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    return (b[1] - a[1]) * (c[0] - a[0]) >= (c[1] - a[1]) * (b[0] - a[0])
