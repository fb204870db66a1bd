"""Specific force and angular velocity of a frame, completed where a sensor is slower."""

from collections.abc import Sequence
from math import isnan
from operator import eq
from typing import NamedTuple, cast

from companion.sensing.attitude import Attitude, Quaternion, Rows, up
from companion.sensing.tool import Axis
from protocols.telemetry import Vector

HOLD_US = 100_000
"""How long the last known vector stands for one that is not known (engineering choice: half of
what counts as a gap)."""
STILL_US = 150_000
"""How long specific force and angular velocity may both stand at the same values before no attitude
is told from them: a frozen sensor is called so only after a second, and a hand turns on meanwhile
(engineering choice: longer than between two readings of any sensor that gives an attitude)."""
LIVELY_FRAMES = 10
"""Frames that moved before a standstill can be told from a signal that never had any noise, such as
a made one (engineering choice)."""
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
        self.sent: Rows | None = None
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


def _rows(values: Sequence[Vector]) -> Rows | None:
    """Return vectors as an array; None where a component is not known, or no number."""
    rows = Rows.of(values)
    return None if isnan(rows.square) else rows


class Standstill:
    """Tells from which sample on both vectors have stood at the same values for too long.

    A gyroscope at exact nought is a dead band, and a signal that has never moved was made so.
    """

    def __init__(self) -> None:
        self._last: tuple[Axis | None, Axis | None] = (None, None)
        self._since_us = 0
        self._moves = 0

    def restart(self) -> None:
        """Begin anew after a gap: what was still stays so until it moves."""
        self._last = (None, None)

    def is_sure(
        self,
        accels: Sequence[Axis | None],
        gyros: Sequence[Axis | None],
        first_us: int,
        interval_us: int,
    ) -> list[bool] | None:
        """Return of each sample whether it can be built on; None where all of them can.

        Args:
            accels: specific force.
            gyros: angular velocity.
            first_us: time of the first.
            interval_us: time between them.
        """
        last_us = first_us + (len(accels) - 1) * interval_us
        if not any(map(eq, accels, (self._last[0], *accels))):
            self._last, self._since_us = (accels[-1], gyros[-1]), last_us
            self._moves += 1
            return None
        sure = []
        for index, values in enumerate(zip(accels, gyros, strict=True)):
            t_us = first_us + index * interval_us
            if values != self._last or not any(values[1] or ()):
                self._last, self._since_us = values, t_us
            sure.append(t_us - self._since_us < STILL_US)
        return None if self._moves < LIVELY_FRAMES or all(sure) else sure


class Imu:
    """Turns the vectors of a frame into specific force and attitude per sample.

    Attributes:
        sent: specific force and angular velocity of the newest frame as rows, where all of them
            were sent as numbers; else None.
    """

    def __init__(self) -> None:
        self.sent: tuple[Rows, Rows] | None = None
        self._accel = HeldVector()
        self._gyro = HeldVector()
        self._still = Standstill()
        self._attitude = Attitude()

    def restart(self) -> None:
        """Begin anew after a gap."""
        self._accel.restart()
        self._gyro.restart()
        self._still.restart()
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
        sure = self._still.is_sure(accels, gyros, first_us, interval_us)
        if None not in accels and None not in gyros:
            known = cast("Sequence[Axis]", accels), cast("Sequence[Axis]", gyros)
            levelled = self._attitude.update(*known, interval_us, missing=missing, rows=self.sent)
            if sure is None:
                return Inertial(accels, gyros, *levelled)
            told = zip(levelled.attitudes, sure, strict=True)
            self._attitude.restart()
            return Inertial(accels, gyros, [a if ok else None for a, ok in told], levelled.accels)
        self._attitude.restart()
        return Inertial(accels, gyros, [None] * len(accels), accels)
