"""From what is felt to counts: each tool's own errors, and its faults."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from protocols.massage_tool import NOT_KNOWN, Features, ToolFeature
from simulators.hand.curves import Floats
from simulators.sensors.faults import FORCE, Breakage, SensorFault
from simulators.sensors.felt import Felt
from simulators.sensors.force import ForceSensor
from simulators.tool_data import Sensors, ToolData

_MOST_COUNTS: Final = 32767
_MOTION_COLUMNS: Final = 6
_BEFORE_ALL_S: Final = 1e-6


class SensorSample(NamedTuple):
    """One reading in counts, before calibration and tare; -32768 is not known.

    Attributes:
        force: one value per force channel.
        accel: specific force in the IMU frame; None where there is no accelerometer.
        gyro: angular velocity in the IMU frame; None where there is no gyroscope.
        wheel: counts since one interval before; None where there is no wheel.
        saturated: some force channel is at full scale.
        touching: the tool really touches the skin.
    """

    force: tuple[int, ...]
    accel: tuple[int, int, int] | None
    gyro: tuple[int, int, int] | None
    wheel: int | None
    saturated: bool
    touching: bool


class SensorBank:
    """One tool's sensors with their own offsets and noise; the same seed gives the same tool.

    Readings do not depend on how the calls are cut, only on the moments read.

    Attributes:
        faults: what fails when, in the seconds given to ``read``; may be changed at any time.

    Args:
        data: the tool.
        seed: draws its own offsets, scale errors and drift, and the noise.
    """

    def __init__(self, data: ToolData, seed: np.random.SeedSequence) -> None:
        fixed, noise, broken = (np.random.default_rng(child) for child in seed.spawn(3))
        self.faults: list[SensorFault] = []
        self._noise = noise
        sensors, feature = data.sensors, data.feature
        channels = feature.force_channels
        self._has_accel = Features.ACCELEROMETER in feature.features
        self._has_gyro = Features.GYROSCOPE in feature.features
        self._has_wheel = Features.WHEEL in feature.features
        self._columns = _MOTION_COLUMNS + channels
        self._motion_offsets = _own_offsets(sensors, fixed)
        self._scale = np.ones(_MOTION_COLUMNS)
        self._scale[3:] += sensors.gyro_scale * fixed.uniform(-1.0, 1.0, 3)
        self._spread = _spread(sensors, channels)
        self._per_count = _per_count(feature, channels)
        self._full_scale = _full_scale_counts(feature)
        self._top = np.array([_MOST_COUNTS] * _MOTION_COLUMNS + [self._full_scale] * channels)
        full_scale_n = self._full_scale * (feature.force_resolution_n or 1.0)
        self._force = ForceSensor(sensors, full_scale_n, channels, fixed)
        self._force_interval_s = 1.0 / sensors.force_rate_hz if sensors.force_rate_hz else 0.0
        self._wheel_m = feature.wheel_resolution_m or 1.0
        self._breakage = Breakage(
            broken,
            full_scale_n=full_scale_n,
            full_scale_counts=self._full_scale,
            wheel_m=self._wheel_m,
        )
        self._elapsed_s = 0.0

    def has(self, part: str) -> bool:
        """Return whether the tool has a force sensor, an IMU or a wheel."""
        if part == "force":
            return self._columns > _MOTION_COLUMNS
        return self._has_accel or self._has_gyro if part == "imu" else self._has_wheel

    def break_down(self, part: str, kind: str, start_s: float, *, amount: float = 0.0) -> None:
        """Let a part fail from a moment on, whatever else it did.

        Raises:
            ValueError: there is no such part, or it cannot fail so.
        """
        fault = SensorFault(part, kind, start_s, amount=amount)
        self.mend(part, start_s)
        self.faults.append(fault)

    def mend(self, part: str, end_s: float) -> None:
        """Let a part work again from a moment on; what was to come for it does not."""
        others = [fault for fault in self.faults if fault.part != part]
        own = [fault for fault in self.faults if fault.part == part and fault.start_s < end_s]
        self.faults[:] = others + [
            fault
            if fault.end_s is not None and fault.end_s <= end_s
            else replace(fault, end_s=end_s)
            for fault in own
        ]

    def read(self, felt: Felt, times_s: Floats) -> list[SensorSample]:
        """Return one reading per row but the first, which only says where the wheel stood.

        Args:
            felt: what is felt, n + 1 rows.
            times_s: when, ascending, (n + 1,); seconds of the performance.
        """
        elapsed_s = self._elapsed_s + (times_s - times_s[0])
        faults = [fault for fault in self.faults if _overlap(fault, times_s)]
        values = self._values(felt, elapsed_s[1:])
        if faults:
            self._breakage.upset(values, times_s[1:], faults)
        rows = self._counted(values, felt.travel_m)
        if faults or self._breakage.is_holding:
            self._breakage.stop(rows, times_s.tolist(), faults)
        if self._force_interval_s:
            self._blank(rows, elapsed_s)
        self._elapsed_s = float(elapsed_s[-1])
        touching = (felt.contact_n[1:] > 0).tolist()
        return [
            self._sample(row, touching=touch) for row, touch in zip(rows, touching, strict=True)
        ]

    def _values(self, felt: Felt, elapsed_s: Floats) -> Floats:
        """Return readings in SI units with all errors but those of counting."""
        values = self._noise.standard_normal((len(elapsed_s), self._columns))
        values *= self._spread
        values[:, :_MOTION_COLUMNS] += felt.motion[1:] * self._scale + self._motion_offsets
        values[:, _MOTION_COLUMNS:] += self._force.answer(felt.load_n[1:], elapsed_s)
        return values

    def _counted(self, values: Floats, travel_m: Floats) -> list[list[int]]:
        """Return rows of counts: accelerometer, gyroscope, force channels, wheel."""
        counts = np.empty((len(values), self._columns + 1))
        inner = counts[:, :-1]
        np.divide(values, self._per_count, out=inner)
        np.rint(inner, out=inner)
        np.minimum(inner, self._top, out=inner)
        np.maximum(inner, -self._top, out=inner)
        places = np.floor(travel_m / self._wheel_m)
        np.subtract(places[1:], places[:-1], out=counts[:, -1])
        rows: list[list[int]] = counts.astype(np.int64).tolist()
        return rows

    def _blank(self, rows: Sequence[list[int]], elapsed_s: Floats) -> None:
        """Leave the force out where the slow force sensor has nothing new."""
        ticks = np.floor((elapsed_s + _BEFORE_ALL_S) / self._force_interval_s)
        for row, is_new in zip(rows, np.diff(ticks).tolist(), strict=True):
            if not is_new:
                row[FORCE] = [NOT_KNOWN] * len(row[FORCE])

    def _sample(self, row: list[int], *, touching: bool) -> SensorSample:
        ax, ay, az, gx, gy, gz, *force, wheel = row
        top = self._full_scale
        return SensorSample(
            tuple(force),
            (ax, ay, az) if self._has_accel else None,
            (gx, gy, gz) if self._has_gyro else None,
            wheel if self._has_wheel else None,
            any(abs(value) >= top for value in force if value != NOT_KNOWN),
            touching,
        )


def _overlap(fault: SensorFault, times_s: Floats) -> bool:
    return bool(fault.start_s <= times_s[-1]) and (
        fault.end_s is None or bool(fault.end_s > times_s[1])
    )


def _own_offsets(sensors: Sensors, random: np.random.Generator) -> Floats:
    largest = np.repeat([sensors.accel_offset_mps2, sensors.gyro_bias_radps], 3)
    offsets: Floats = largest * random.uniform(-1.0, 1.0, _MOTION_COLUMNS)
    return offsets


def _spread(sensors: Sensors, channels: int) -> Floats:
    motion = np.repeat([sensors.accel_noise_mps2, sensors.gyro_noise_radps], 3)
    return np.concatenate([motion, np.full(channels, sensors.force_noise_n)])


def _per_count(feature: ToolFeature, channels: int) -> Floats:
    """Return SI units per count; a part that is not there gets 1, its column is left out."""
    motion = np.repeat(
        [
            feature.acceleration_resolution_mps2 or 1.0,
            feature.angular_velocity_resolution_radps or 1.0,
        ],
        3,
    )
    return np.concatenate([motion, np.full(channels, feature.force_resolution_n or 1.0)])


def _full_scale_counts(feature: ToolFeature) -> int:
    if not feature.force_full_scale_n or not feature.force_resolution_n:
        return _MOST_COUNTS
    return round(feature.force_full_scale_n / feature.force_resolution_n)
