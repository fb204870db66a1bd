"""Faults of the accelerometer and the gyroscope: frozen, missing, saturated, implausible."""

from collections.abc import Sequence

from companion.sensing.copied import Copied
from companion.sensing.fault_book import FaultBook
from companion.sensing.types import SensingEvent
from protocols.telemetry import Vector

FROZEN = "motion_frozen"
MISSING = "motion_missing"
IMPLAUSIBLE = "motion_implausible"
SATURATED = "motion_saturated"
FROZEN_US = 1_000_000
"""The same values to the last digit for this long, after they had moved, are a frozen sensor: even
at rest the last digit of an IMU is never still (engineering choice)."""
DOUBTED_US = 300_000
"""The same values for so long tell nothing of other sensors (engineering choice, as for the
force)."""
LIVELY_CHANGES = 10
"""Changes seen before a standstill can be told from a signal that never had any noise, such as a
made one (engineering choice)."""
MISSING_US = 500_000
"""No known value for longer than this, after there had been one, is a missing sensor (engineering
choice, as for the force)."""
SANE_MPS2 = 1_000.0
"""A hundred times gravity: no part for hand tools measures more than a third of it."""
SANE_RADPS = 100.0
"""About 5700 degrees per second: parts for hand tools end at 2000 to 4000."""
LOUD_MPS2 = 15.0
"""Specific force on one axis beyond which a hand does not hold a tool (engineering choice: a part's
range ends at twice gravity or more)."""
LOUD_RADPS = 4.0
"""Angular velocity on one axis beyond which a hand does not hold a tool: the smallest range of a
part is 250 degrees per second."""
SATURATED_US = 200_000
"""Time for which the largest value stands at the same size, beyond these, at the end of a range
(engineering choice)."""
IMPLAUSIBLE_END_US = 200_000
"""Time without absurd values before the fault ends, so that one burst is one fault."""
_TELLS_NOTHING = {MISSING}
_LOUD_KINDS = frozenset({SATURATED, IMPLAUSIBLE})
_REST: Vector = (0.0, 0.0, 0.0)


class _Still(Copied):
    """How long one vector has stood at the same values."""

    def __init__(self) -> None:
        self.value: Vector | None = None
        self.since_us = 0
        self.changes = 0

    def step(self, t_us: int, value: Vector) -> bool:
        """Take the value of one sample; return whether it moved."""
        if value == self.value:
            return False
        self.value = value
        self.since_us = t_us
        self.changes += 1
        return True

    def moved(self, last_us: int, values: Sequence[Vector | None]) -> None:
        """Take values that all moved, the last one at ``last_us``."""
        self.value, self.since_us = values[-1], last_us
        self.changes += len(values)


class _End(Copied):
    """How long the largest component has stood at the same size: at the end of its range.

    Attributes:
        may_be: whether it has stood there for a sample or more.
    """

    def __init__(self, loud: float) -> None:
        self._loud = loud
        self._size = 0.0
        self._since_us = 0
        self.may_be = False

    def step(self, t_us: int, value: Vector) -> int | None:
        """Take a vector; return since when it stands at its end, None where it does not."""
        x, y, z = value
        size = max(abs(x or 0.0), abs(y or 0.0), abs(z or 0.0))
        if size != self._size:
            self._size, self._since_us = size, t_us
        self.may_be = size > self._loud and t_us > self._since_us
        is_end = self.may_be and t_us - self._since_us >= SATURATED_US
        return self._since_us if is_end else None


class MotionFaults(Copied):
    """Finds what is wrong with the IMU, sample by sample.

    Attributes:
        lost_accel: whether the accelerometer gives no values, after it has.
        is_loud: whether the newest values are such as few hands make, and worth a look.
        hides_weight: whether the newest specific force may be another than what is told: a quick
            hand is loud, and yet what hangs on the sensor follows from what it does.
    """

    def __init__(self) -> None:
        self.lost_accel = False
        self._accel = _Still()
        self._gyro = _Still()
        self._book = FaultBook()
        self._standing = self._book.kinds
        self._accel_us: int | None = None
        self._gyro_us: int | None = None
        self._absurd_us = self._end_us = 0
        self.is_loud = self.hides_weight = False
        self._accel_end = _End(LOUD_MPS2)
        self._gyro_end = _End(LOUD_RADPS)

    @property
    def stands(self) -> bool:
        """Whether the motion sensor cannot be believed: no attitude follows from it."""
        return bool(self._standing)

    @property
    def spoils_accel(self) -> bool:
        """Whether the specific force is not known, or cannot be believed."""
        return self.lost_accel or not self._standing <= _TELLS_NOTHING

    def may_be_frozen(self, t_us: int) -> bool:
        """Whether both have stood still for too long to be built on, if not yet to be a fault."""
        accel, gyro = self._accel, self._gyro
        is_still = t_us - max(accel.since_us, gyro.since_us) > DOUBTED_US
        return is_still and accel.changes + gyro.changes > LIVELY_CHANGES

    def restart(self) -> None:
        """Begin anew after silence: standing faults stay, what had begun is forgotten."""
        self._accel_us = self._gyro_us = None
        if FROZEN not in self._standing:
            self._accel = _Still()
            self._gyro = _Still()

    def passes(
        self, last_us: int, accels: Sequence[Vector | None], gyros: Sequence[Vector | None]
    ) -> bool:
        """Take a whole frame if nothing can be wrong with it; else it is for ``step``.

        Args:
            last_us: the time of its last sample.
            accels: specific force, all sent, none loud, and each another than the one before it.
            gyros: angular velocity, likewise.

        Returns:
            Whether it was taken.
        """
        accel, gyro = self._accel, self._gyro
        if self._standing or self.is_loud or accels[0] == accel.value or gyros[0] == gyro.value:
            return False
        accel.moved(last_us, accels)
        gyro.moved(last_us, gyros)
        self._accel_us = self._gyro_us = last_us
        return True

    def step(
        self, t_us: int, accel: Vector | None, gyro: Vector | None, out: list[SensingEvent]
    ) -> None:
        """Take the vectors of one sample, None where not known."""
        has_moved = is_loud = False
        if accel is not None and None not in accel:
            self._accel_us = t_us
            has_moved = self._accel.step(t_us, accel)
            is_loud = _is_beyond(accel, LOUD_MPS2)
        if gyro is not None and None not in gyro:
            self._gyro_us = t_us
            has_moved = self._gyro.step(t_us, gyro) or has_moved
            is_loud = is_loud or _is_beyond(gyro, LOUD_RADPS)
        if self._accel_us != t_us or self._gyro_us != t_us or MISSING in self._standing:
            self._look_for_missing(t_us, out)
        if t_us not in (self._accel_us, self._gyro_us):
            return
        if is_loud or self.is_loud:
            self._take_loud(t_us, accel, gyro, out)
        elif not has_moved or FROZEN in self._standing:
            self._look_for_frozen(t_us, out)

    def _look_for_missing(self, t_us: int, out: list[SensingEvent]) -> None:
        known = [at_us for at_us in (self._accel_us, self._gyro_us) if at_us is not None]
        oldest_us = min(known, default=t_us)
        if oldest_us == t_us:
            self.lost_accel = False
            self._book.end(MISSING, t_us, out)
        elif t_us - oldest_us > MISSING_US:
            accel_us = self._accel_us
            self.lost_accel = accel_us is not None and t_us - accel_us > MISSING_US
            self._book.find(MISSING, t_us, oldest_us, out)

    def _look_for_frozen(self, t_us: int, out: list[SensingEvent]) -> None:
        accel, gyro = self._accel, self._gyro
        since_us = max(accel.since_us, gyro.since_us)
        is_frozen = t_us - since_us >= FROZEN_US
        if FROZEN in self._standing:
            if not is_frozen:
                self._book.end(FROZEN, t_us, out)
        elif is_frozen and accel.changes + gyro.changes > LIVELY_CHANGES:
            is_dead_band = gyro.value is not None and not any(gyro.value)
            if not is_dead_band:
                self._book.find(FROZEN, t_us, since_us, out)

    def _take_loud(
        self, t_us: int, accel: Vector | None, gyro: Vector | None, out: list[SensingEvent]
    ) -> None:
        """Take values that no hand makes, or the first ones after them."""
        ends = (
            self._accel_end.step(t_us, accel or _REST),
            self._gyro_end.step(t_us, gyro or _REST),
        )
        since_us = min((end_us for end_us in ends if end_us is not None), default=None)
        if since_us is not None:
            self._end_us = t_us
            self._book.find(SATURATED, t_us, since_us, out)
        elif t_us - self._end_us >= IMPLAUSIBLE_END_US:
            self._book.end(SATURATED, t_us, out)
        if _is_beyond(accel or _REST, SANE_MPS2) or _is_beyond(gyro or _REST, SANE_RADPS):
            self._absurd_us = t_us
            self._book.find(IMPLAUSIBLE, t_us, t_us, out)
        elif t_us - self._absurd_us >= IMPLAUSIBLE_END_US:
            self._book.end(IMPLAUSIBLE, t_us, out)
        is_wrong = not self._standing.isdisjoint(_LOUD_KINDS)
        self.hides_weight = is_wrong or self._accel_end.may_be
        self.is_loud = (
            is_wrong
            or _is_beyond(accel or _REST, LOUD_MPS2)
            or _is_beyond(gyro or _REST, LOUD_RADPS)
        )


def _is_beyond(vector: Vector, most: float) -> bool:
    x, y, z = vector
    return not (
        -most < (x or 0.0) < most and -most < (y or 0.0) < most and -most < (z or 0.0) < most
    )
