"""Specific force and angular velocity of a frame, completed where a sensor is slower."""

from collections.abc import Sequence
from operator import eq
from typing import NamedTuple, cast

from companion.sensing.attitude import Attitude, Levelled, Quaternion, are_short, up
from companion.sensing.copied import Copied
from companion.sensing.motion_faults import LOUD_MPS2, LOUD_RADPS
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
        levelled: rotations into a frame whose z axis points up, and specific force without the
            accelerometer's own offset, as far as that is known; reckoned when they are asked for.
    """

    accels: Sequence[Axis | None]
    gyros: Sequence[Axis | None]
    levelled: Levelled

    @property
    def attitudes(self) -> Sequence[Quaternion | None]:
        """The rotation of each sample into a frame whose z axis points up."""
        return self.levelled.attitudes

    def ups(self, first_us: int, interval_us: int) -> list[tuple[float, Axis | None]]:
        """Return the time of each sample in s, and the direction up in the sensor frame."""
        return [
            ((first_us + index * interval_us) / _MILLION, None if told is None else up(told))
            for index, told in enumerate(self.levelled.attitudes)
        ]


class HeldVector(Copied):
    """Fills in a vector that is not known with the last one, for a short while."""

    def __init__(self) -> None:
        self._last: Axis | None = None
        self._last_us = 0

    def restart(self) -> None:
        """Forget the last vector."""
        self._last = None

    def keep(self, last: Axis, last_us: int) -> None:
        """Take the last vector of a frame in which all of them are known."""
        self._last, self._last_us = last, last_us

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


class Standstill(Copied):
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

    def has_moved(self, accel: Axis) -> bool:
        """Return whether a specific force is another than the last one."""
        return accel != self._last[0]

    def moved(self, last: tuple[Axis | None, Axis | None], last_us: int) -> None:
        """Take the end of a frame in which each specific force was another than the one before."""
        self._last, self._since_us = last, last_us
        self._moves += 1

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
        if not any(map(eq, accels, (self._last[0], *accels))):
            self.moved((accels[-1], gyros[-1]), first_us + (len(accels) - 1) * interval_us)
            return None
        sure = []
        for index, values in enumerate(zip(accels, gyros, strict=True)):
            t_us = first_us + index * interval_us
            if values != self._last or not any(values[1] or ()):
                self._last, self._since_us = values, t_us
            sure.append(t_us - self._since_us < STILL_US)
        return None if self._moves < LIVELY_FRAMES or all(sure) else sure


class Imu(Copied):
    """Turns the vectors of a frame into specific force and attitude per sample.

    Attributes:
        are_lively: whether all vectors of the newest frame were sent, none is loud, and each is
            another than the one before it.
    """

    def __init__(self) -> None:
        self.are_lively = False
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
        self.are_lively = _lively(sent_accels, sent_gyros)
        if self.are_lively:
            sent = cast("Sequence[Axis]", sent_accels), cast("Sequence[Axis]", sent_gyros)
            return self._read_lively(*sent, first_us, interval_us, missing)
        accels = self._accel.fill(sent_accels, first_us, interval_us)
        gyros = self._gyro.fill(sent_gyros, first_us, interval_us)
        sure = self._still.is_sure(accels, gyros, first_us, interval_us)
        if None not in accels and None not in gyros:
            known = cast("Sequence[Axis]", accels), cast("Sequence[Axis]", gyros)
            levelled = self._attitude.update(*known, interval_us, missing=missing)
            return self._told(*known, levelled, sure)
        self._attitude.restart()
        return Inertial(accels, gyros, Levelled([None] * len(accels), accels))

    def _read_lively(
        self,
        accels: Sequence[Axis],
        gyros: Sequence[Axis],
        first_us: int,
        interval_us: int,
        missing: int,
    ) -> Inertial:
        """Read a frame in which nothing is missing, still or loud: most of them."""
        last_us = first_us + (len(accels) - 1) * interval_us
        self._accel.keep(accels[-1], last_us)
        self._gyro.keep(gyros[-1], last_us)
        levelled = self._attitude.update(accels, gyros, interval_us, missing=missing, is_sane=True)
        if self._still.has_moved(accels[0]):
            self._still.moved((accels[-1], gyros[-1]), last_us)
            return Inertial(accels, gyros, levelled)
        sure = self._still.is_sure(accels, gyros, first_us, interval_us)
        return self._told(accels, gyros, levelled, sure)

    def _told(
        self,
        accels: Sequence[Axis],
        gyros: Sequence[Axis],
        levelled: Levelled,
        sure: list[bool] | None,
    ) -> Inertial:
        """Leave out the attitudes that are not to be built on."""
        if sure is None:
            return Inertial(accels, gyros, levelled)
        told = zip(levelled.attitudes, sure, strict=True)
        self._attitude.restart()
        known = Levelled([a if ok else None for a, ok in told], levelled.accels)
        return Inertial(accels, gyros, known)


def _lively(accels: Sequence[Vector | None], gyros: Sequence[Vector | None]) -> bool:
    """Return whether all vectors are known, such as most hands make, and none is the one before."""
    try:
        is_gentle = are_short(accels, LOUD_MPS2) and are_short(gyros, LOUD_RADPS)
    except TypeError:
        return False
    return is_gentle and _all_move(accels) and _all_move(gyros)


def _all_move(vectors: Sequence[Vector | None]) -> bool:
    """Return whether each vector is another than the one before it."""
    last = None
    for vector in vectors:
        if vector == last:
            return False
        last = vector
    return True
