"""What a tool can notice about its own sensors, from nothing but what they read."""

import math
from typing import Final

from protocols.massage_tool import NOT_KNOWN, FaultKind, Features, ToolFeature
from simulators.firmware.body import Reading
from simulators.firmware.sensors import Measured
from simulators.firmware.watch import Watch

STUCK_US: Final = 1_000_000
"""A force reading that is the same to the last count for so long is a converter that has stopped,
if something else moved meanwhile; one that gives nothing for so long has stopped too. No sensor of
this profile is as slow as one reading a second. A choice of this firmware."""
SILENT_US: Final = 500_000
"""An IMU that gives nothing for so long does not answer any more. A choice of this firmware."""
DRIFTED_US: Final = 5_000_000
DRIFTED_SHARE: Final = 0.03
"""Of full scale: untouched, a zero that far off for that long has drifted. A choice of this
firmware, well above noise and the inertia of what hangs on the sensor."""
_GRAVITY_MPS2: Final = 9.80665


class SelfCheck:
    """Looks at every raw reading and tells faults that stand, through the watch.

    It knows no more than the parts do: a sensor that errs plausibly is not noticed.

    Args:
        feature: the tool's parts.
        watch: tells the faults.
        force_resolution_n: newtons per count.
    """

    def __init__(self, feature: ToolFeature, watch: Watch, force_resolution_n: float) -> None:
        has = feature.features
        self._watch = watch
        self._has_force = feature.force_channels > 0
        self._has_accel = Features.ACCELEROMETER in has
        self._has_gyro = Features.GYROSCOPE in has
        self._has_touch = Features.OWN_TOUCH_VERDICT in has
        weight_n = (feature.supported_mass_kg or 0.0) * _GRAVITY_MPS2
        turned_n = 0.0 if Features.ON_TOOL_LIMIT_FREED_OF_GRAVITY in has else 2.0 * weight_n
        allowed_n = DRIFTED_SHARE * (feature.force_full_scale_n or math.inf) + turned_n
        self._allowed_counts = allowed_n / force_resolution_n
        self.restart()

    def restart(self) -> None:
        """Forget everything, as at switch-on."""
        self._standing: set[FaultKind] = set()
        self._force: tuple[int, ...] = ()
        self._force_us: int | None = None
        self._known_us: int | None = None
        self._accel: tuple[int, int, int] | None = None
        self._has_moved = False
        self._imu_us: int | None = None
        self._rest_us: int | None = None

    def look(self, device_us: int, reading: Reading, sample: Measured, *, tared: bool) -> None:
        """Judge one reading.

        Args:
            device_us: when, in the tool's continuous microseconds.
            reading: as the sensors gave it.
            sample: what the firmware made of it.
            tared: whether its zero has been set since switch-on.
        """
        if self._has_force:
            is_stuck = self._is_force_stuck(device_us, reading)
            self._tell(device_us, FaultKind.FORCE_SENSOR, stands=is_stuck)
            self._look_for_drift(device_us, sample, tared=tared)
        if self._has_accel or self._has_gyro:
            is_silent = self._is_imu_silent(device_us, reading)
            self._tell(device_us, FaultKind.IMU, stands=is_silent)

    def _tell(self, device_us: int, fault: FaultKind, *, stands: bool) -> None:
        """Tell what is new; a fault that somebody else raised is theirs to clear."""
        if stands is not (fault in self._standing):
            self._standing ^= {fault}
            self._watch.fault(device_us, fault, raised=stands)

    def _is_force_stuck(self, device_us: int, reading: Reading) -> bool:
        if self._known_us is None or NOT_KNOWN not in reading.force:
            self._known_us = device_us
        if NOT_KNOWN in reading.force:
            stands = FaultKind.FORCE_SENSOR in self._standing
            return stands or device_us - self._known_us >= STUCK_US
        if self._force_us is None or reading.force != self._force or reading.saturated:
            self._force, self._force_us, self._accel = reading.force, device_us, reading.accel
            self._has_moved = not self._has_accel
            return False
        self._has_moved = self._has_moved or reading.accel != self._accel
        return device_us - self._force_us >= STUCK_US and self._has_moved and any(self._force)

    def _is_imu_silent(self, device_us: int, reading: Reading) -> bool:
        answers = (not self._has_accel or _is_known(reading.accel)) and (
            not self._has_gyro or _is_known(reading.gyro)
        )
        if self._imu_us is None or answers:
            self._imu_us = device_us
        return device_us - self._imu_us >= SILENT_US

    def _look_for_drift(self, device_us: int, sample: Measured, *, tared: bool) -> None:
        """Compare the zero with what an untouched tool must read."""
        force = sample.judged_counts
        if not self._has_touch or not tared or force is None:
            return
        if sample.touching or abs(force) <= self._allowed_counts:
            self._rest_us = None
            if not sample.touching:
                self._tell(device_us, FaultKind.TARE_DRIFT, stands=False)
        elif self._rest_us is None:
            self._rest_us = device_us
        elif device_us - self._rest_us >= DRIFTED_US:
            self._tell(device_us, FaultKind.TARE_DRIFT, stands=True)


def _is_known(vector: tuple[int, int, int] | None) -> bool:
    return vector is not None and NOT_KNOWN not in vector
