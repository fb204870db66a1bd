"""Specific force and angular velocity of a frame, completed where a sensor is slower."""

from collections.abc import Sequence
from typing import NamedTuple

from companion.sensing.attitude import Attitude, Quaternion, up
from companion.sensing.tool import Axis
from protocols.telemetry import Sample, Vector

HOLD_US = 100_000
"""How long the last known vector stands for one that is not known (engineering choice: half of
what counts as a gap)."""
_MILLION = 1_000_000


class Inertial(NamedTuple):
    """What a frame tells of motion, one each per sample; None where it is not known.

    Attributes:
        accels: specific force in m/s2.
        gyros: angular velocity in rad/s.
        attitudes: rotations into a frame whose z axis points up.
        freed: specific force without the accelerometer's own offset, as far as that is known.
    """

    accels: Sequence[Axis | None]
    gyros: Sequence[Axis | None]
    attitudes: Sequence[Quaternion | None]
    freed: Sequence[Axis | None]

    def ups(self, first_us: int, interval_us: int) -> list[tuple[float, Axis | None]]:
        """Return the time of each sample in s, and the direction up in the sensor frame."""
        return [
            ((first_us + index * interval_us) / _MILLION, None if told is None else up(told))
            for index, told in enumerate(self.attitudes)
        ]


class HeldVector:
    """Fills in a vector that is not known with the last one, for a short while."""

    def __init__(self) -> None:
        self._last: Axis | None = None
        self._last_us = 0

    def restart(self) -> None:
        """Forget the last vector."""
        self._last = None

    def fill(
        self, values: Sequence[Vector | None], first_us: int, interval_us: int
    ) -> Sequence[Axis | None]:
        """Return one vector per sample, None where none is known or young enough."""
        filled: list[Axis | None] = []
        for index, value in enumerate(values):
            t_us = first_us + index * interval_us
            if value is not None:
                x, y, z = value
                if x is not None and y is not None and z is not None:
                    self._last = (x, y, z)
                    self._last_us = t_us
            fresh = self._last is not None and t_us - self._last_us <= HOLD_US
            filled.append(self._last if fresh else None)
        return filled


class Imu:
    """Turns the vectors of a frame into specific force and attitude per sample."""

    def __init__(self) -> None:
        self._accel = HeldVector()
        self._gyro = HeldVector()
        self._attitude = Attitude()

    def restart(self) -> None:
        """Begin anew after a gap."""
        self._accel.restart()
        self._gyro.restart()
        self._attitude.restart()

    def read(
        self, samples: Sequence[Sample], first_us: int, interval_us: int, *, missing: int
    ) -> Inertial:
        """Return specific force, angular velocity and attitude.

        Args:
            samples: fresh samples, oldest first.
            first_us: time of the first.
            interval_us: time between them.
            missing: samples lost just before the first.
        """
        accels = self._accel.fill([s.accel_mps2 for s in samples], first_us, interval_us)
        gyros = self._gyro.fill([s.gyro_radps for s in samples], first_us, interval_us)
        known_accels = [value for value in accels if value is not None]
        known_gyros = [value for value in gyros if value is not None]
        if len(known_accels) == len(known_gyros) == len(samples):
            levelled = self._attitude.update(
                known_accels, known_gyros, interval_us, missing=missing
            )
            return Inertial(accels, gyros, *levelled)
        self._attitude.restart()
        return Inertial(accels, gyros, [None] * len(samples), accels)
