"""Specific force and angular velocity of a frame, completed where a sensor is slower."""

from collections.abc import Sequence
from math import isnan
from typing import NamedTuple, cast

import numpy as np

from companion.sensing.attitude import Attitude, Floats, Quaternion, up
from companion.sensing.tool import Axis
from protocols.telemetry import Vector

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
    """Fills in a vector that is not known with the last one, for a short while.

    Attributes:
        sent: the newest frame as rows, where all of it was sent; else None.
    """

    def __init__(self) -> None:
        self.sent: Floats | None = None
        self._last: Axis | None = None
        self._last_us = 0

    def restart(self) -> None:
        """Forget the last vector."""
        self._last = None

    def fill(
        self, values: Sequence[Vector | None], first_us: int, interval_us: int
    ) -> Sequence[Axis | None]:
        """Return one vector per sample, None where none is known or young enough."""
        self.sent = None if None in values else _rows(cast("Sequence[Vector]", values))
        if self.sent is not None:
            whole = cast("Sequence[Axis]", values)
            self._last = whole[-1]
            self._last_us = first_us + (len(whole) - 1) * interval_us
            return whole
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


def _rows(values: Sequence[Vector]) -> Floats | None:
    """Return vectors as an array; None where a component is not known, or no number."""
    rows = np.array(values, dtype=float)
    return None if isnan(np.vdot(rows, rows)) else rows


class Imu:
    """Turns the vectors of a frame into specific force and attitude per sample.

    Attributes:
        sent: specific force and angular velocity of the newest frame as rows, where all of them
            were sent as numbers; else None.
    """

    def __init__(self) -> None:
        self.sent: tuple[Floats, Floats] | None = None
        self._accel = HeldVector()
        self._gyro = HeldVector()
        self._attitude = Attitude()

    def restart(self) -> None:
        """Begin anew after a gap."""
        self._accel.restart()
        self._gyro.restart()
        self._attitude.restart()

    def read(
        self,
        sent_accels: Sequence[Vector | None],
        sent_gyros: Sequence[Vector | None],
        first_us: int,
        interval_us: int,
        *,
        missing: int,
    ) -> Inertial:
        """Return specific force, angular velocity and attitude.

        Args:
            sent_accels: specific force of fresh samples, oldest first.
            sent_gyros: their angular velocity.
            first_us: time of the first.
            interval_us: time between them.
            missing: samples lost just before the first.
        """
        accels = self._accel.fill(sent_accels, first_us, interval_us)
        gyros = self._gyro.fill(sent_gyros, first_us, interval_us)
        a, g = self._accel.sent, self._gyro.sent
        self.sent = None if a is None or g is None else (a, g)
        if None not in accels and None not in gyros:
            known = cast("Sequence[Axis]", accels), cast("Sequence[Axis]", gyros)
            levelled = self._attitude.update(*known, interval_us, missing=missing, rows=self.sent)
            return Inertial(accels, gyros, *levelled)
        self._attitude.restart()
        return Inertial(accels, gyros, [None] * len(accels), accels)
