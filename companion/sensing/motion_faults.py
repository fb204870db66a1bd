"""Faults of the accelerometer and the gyroscope: frozen, missing, implausible."""

from companion.sensing.types import FaultEnded, FaultFound, SensingEvent
from protocols.telemetry import Vector

FROZEN = "motion_frozen"
MISSING = "motion_missing"
IMPLAUSIBLE = "motion_implausible"
FROZEN_US = 1_000_000
"""The same values to the last digit for this long, after they had moved, are a frozen sensor: even
at rest the last digit of an IMU is never still (engineering choice)."""
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
IMPLAUSIBLE_END_US = 200_000
"""Time without absurd values before the fault ends, so that one burst is one fault."""
_MILLION = 1_000_000


class _Still:
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


class MotionFaults:
    """Finds what is wrong with the IMU, sample by sample. Its faults mute nothing."""

    def __init__(self) -> None:
        self._accel = _Still()
        self._gyro = _Still()
        self._standing: set[str] = set()
        self._known_us: int | None = None
        self._absurd_us = 0

    @property
    def is_frozen(self) -> bool:
        """Whether the values stand still: no attitude follows from them."""
        return FROZEN in self._standing

    def restart(self) -> None:
        """Begin anew after silence: standing faults stay, what had begun is forgotten."""
        self._known_us = None
        if FROZEN not in self._standing:
            self._accel = _Still()
            self._gyro = _Still()

    def step(
        self, t_us: int, accel: Vector | None, gyro: Vector | None, out: list[SensingEvent]
    ) -> None:
        """Take the vectors of one sample, None where not known."""
        has_accel = accel is not None and None not in accel
        has_gyro = gyro is not None and None not in gyro
        if not has_accel and not has_gyro:
            self._miss(t_us, out)
            return
        self._known_us = t_us
        if MISSING in self._standing:
            self._end(MISSING, t_us, out)
        has_moved = is_absurd = False
        if accel is not None and has_accel:
            has_moved = self._accel.step(t_us, accel)
            is_absurd = _is_beyond(accel, SANE_MPS2)
        if gyro is not None and has_gyro:
            has_moved = self._gyro.step(t_us, gyro) or has_moved
            is_absurd = is_absurd or _is_beyond(gyro, SANE_RADPS)
        if not has_moved or FROZEN in self._standing:
            self._look_for_frozen(t_us, out)
        if is_absurd or IMPLAUSIBLE in self._standing:
            self._take_absurd(t_us, out, is_absurd=is_absurd)

    def _miss(self, t_us: int, out: list[SensingEvent]) -> None:
        known_us = self._known_us
        if known_us is not None and t_us - known_us > MISSING_US and MISSING not in self._standing:
            self._find(MISSING, t_us, known_us, out)

    def _look_for_frozen(self, t_us: int, out: list[SensingEvent]) -> None:
        accel, gyro = self._accel, self._gyro
        since_us = max(accel.since_us, gyro.since_us)
        is_frozen = t_us - since_us >= FROZEN_US
        if FROZEN in self._standing:
            if not is_frozen:
                self._end(FROZEN, t_us, out)
        elif is_frozen and accel.changes + gyro.changes > LIVELY_CHANGES:
            is_dead_band = gyro.value is not None and not any(gyro.value)
            if not is_dead_band:
                self._find(FROZEN, t_us, since_us, out)

    def _take_absurd(self, t_us: int, out: list[SensingEvent], *, is_absurd: bool) -> None:
        if is_absurd:
            self._absurd_us = t_us
            if IMPLAUSIBLE not in self._standing:
                self._find(IMPLAUSIBLE, t_us, t_us, out)
        elif t_us - self._absurd_us >= IMPLAUSIBLE_END_US:
            self._end(IMPLAUSIBLE, t_us, out)

    def _find(self, kind: str, t_us: int, start_us: int, out: list[SensingEvent]) -> None:
        self._standing.add(kind)
        out.append(FaultFound(device_s=t_us / _MILLION, kind=kind, start_s=start_us / _MILLION))

    def _end(self, kind: str, t_us: int, out: list[SensingEvent]) -> None:
        self._standing.remove(kind)
        out.append(FaultEnded(device_s=t_us / _MILLION, kind=kind))


def _is_beyond(vector: Vector, most: float) -> bool:
    x, y, z = vector
    return not (
        -most < (x or 0.0) < most and -most < (y or 0.0) < most and -most < (z or 0.0) < most
    )
