"""One tool from two devices: the force of one with the motion of the other, on the host's time."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from protocols.massage_tool.feature import Features, ToolFeature
from protocols.telemetry import Sample, Telemetry, Vector

REACH_S: Final = 0.1
"""Motion that is further away than this is not known; a hand turns a tool by little in between."""

WAIT_S: Final = 0.05
"""How long a force waits for the motion that belongs to it: a warning waits no longer."""

MOST_MOTIONS: Final = 1024
MOST_FRAMES: Final = 64
"""What is kept at most; the oldest goes first."""

_MOTION: Final = Features.ACCELEROMETER | Features.GYROSCOPE
_US: Final = 1e-6


class Moment(NamedTuple):
    """One sample of the motion.

    Attributes:
        host_s: when it was taken, in seconds of the host.
        accel: specific force in m/s2; None without an accelerometer.
        gyro: angular velocity in rad/s; None without a gyroscope.
    """

    host_s: float
    accel: Vector | None
    gyro: Vector | None


class Merger:
    """Frames of the force device and of the motion device in, frames of one tool out.

    The force device sets the pace, the clock and the numbers. Each of its samples gets the motion
    between the two nearest ones. A frame waits until the motion has come as far as it goes, at most
    `WAIT_S`; what is missing then is taken from the nearest motion within `REACH_S`, or not known.

    Attributes:
        without_motion: samples that were given no motion.
    """

    def __init__(self) -> None:
        self.without_motion = 0
        self._motions: deque[Moment] = deque(maxlen=MOST_MOTIONS)
        self._waiting: deque[tuple[Telemetry, float]] = deque(maxlen=MOST_FRAMES)

    def take_force(self, telemetry: Telemetry, first_host_s: float) -> None:
        """Take a frame of the force device.

        Args:
            telemetry: as it came.
            first_host_s: when its first sample was taken, in seconds of the host.
        """
        self._waiting.append((telemetry, first_host_s))

    def take_motion(self, telemetry: Telemetry, first_host_s: float) -> None:
        """Take a frame of the motion device; what lies before the newest motion is left out.

        Args:
            telemetry: as it came.
            first_host_s: when its first sample was taken, in seconds of the host.
        """
        newest_s = self._motions[-1].host_s if self._motions else float("-inf")
        for number, sample in enumerate(telemetry.samples):
            host_s = first_host_s + number * telemetry.interval_us * _US
            if host_s > newest_s:
                self._motions.append(Moment(host_s, sample.accel_mps2, sample.gyro_radps))

    def drop_force(self) -> None:
        """Forget the frames that wait: their link is gone."""
        self._waiting.clear()

    def ready(self, now_s: float) -> list[Telemetry]:
        """Return the frames that need not wait any longer, in their order.

        Args:
            now_s: the host's time.
        """
        frames = []
        newest_s = self._motions[-1].host_s if self._motions else float("-inf")
        while self._waiting:
            telemetry, first_s = self._waiting[0]
            last_s = first_s + (len(telemetry.samples) - 1) * telemetry.interval_us * _US
            if newest_s < last_s and now_s < last_s + WAIT_S:
                break
            self._waiting.popleft()
            frames.append(self._joined(telemetry, first_s))
        return frames

    @property
    def due_s(self) -> float | None:
        """When `ready` has something at the latest, in seconds of the host; None for nothing."""
        if not self._waiting:
            return None
        telemetry, first_s = self._waiting[0]
        return first_s + (len(telemetry.samples) - 1) * telemetry.interval_us * _US + WAIT_S

    def _joined(self, telemetry: Telemetry, first_s: float) -> Telemetry:
        step_s = telemetry.interval_us * _US
        samples = [
            self._with_motion(sample, first_s + number * step_s)
            for number, sample in enumerate(telemetry.samples)
        ]
        return replace(telemetry, samples=tuple(samples))

    def _with_motion(self, sample: Sample, host_s: float) -> Sample:
        motions = self._motions
        while len(motions) > 1 and motions[1].host_s <= host_s - REACH_S:
            motions.popleft()
        before, after = _around(motions, host_s)
        near = [each for each in (before, after) if each and abs(each.host_s - host_s) <= REACH_S]
        if not near:
            self.without_motion += 1
            newest = motions[-1] if motions else Moment(host_s, None, None)
            return sample._replace(
                accel_mps2=_forgotten(newest.accel), gyro_radps=_forgotten(newest.gyro)
            )
        if len(near) == 1 or near[0].host_s == near[1].host_s:
            return sample._replace(accel_mps2=near[0].accel, gyro_radps=near[0].gyro)
        share = (host_s - near[0].host_s) / (near[1].host_s - near[0].host_s)
        return sample._replace(
            accel_mps2=_between(near[0].accel, near[1].accel, share),
            gyro_radps=_between(near[0].gyro, near[1].gyro, share),
        )


def merged_feature(force: ToolFeature, motion: ToolFeature) -> ToolFeature:
    """Return what is known of a tool of two devices: force of the one, motion of the other.

    The axes are those of the motion device's frame, as they are for every tool; where its
    description has none, those that the force device's has for it.
    """
    return replace(
        force,
        features=force.features & ~_MOTION | motion.features & _MOTION,
        press_axis=motion.press_axis or force.press_axis,
        tip_axis=motion.tip_axis or force.tip_axis,
        acceleration_resolution_mps2=motion.acceleration_resolution_mps2,
        angular_velocity_resolution_radps=motion.angular_velocity_resolution_radps,
    )


def _around(motions: Sequence[Moment], host_s: float) -> Iterator[Moment | None]:
    """Yield the newest motion until a moment, and the oldest after it."""
    before: Moment | None = None
    for motion in motions:
        if motion.host_s > host_s:
            yield before
            yield motion
            return
        before = motion
    yield before
    yield None


def _between(one: Vector | None, other: Vector | None, share: float) -> Vector | None:
    if one is None or other is None:
        return None
    x, y, z = (
        None if a is None or b is None else a + share * (b - a)
        for a, b in zip(one, other, strict=True)
    )
    return (x, y, z)


def _forgotten(vector: Vector | None) -> Vector | None:
    """Return a vector of which nothing is known any more; none where there never was one."""
    return None if vector is None else (None, None, None)
