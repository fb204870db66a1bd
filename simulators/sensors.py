"""What a tool's sensors make of a motion: first what there is to feel, then counts."""

from dataclasses import dataclass
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from protocols.massage_tool import Features, ToolFeature
from simulators.hand.curves import Floats
from simulators.hand.motion import GRID_HZ, Motion
from simulators.tool_data import Sensors, ToolData

_GRAVITY_MPS2: Final = 9.81
"""Free fall on this simulator's bench, in m/s2; Europe's values run from 9.78 to 9.83."""

_WHEEL_TURNS_FROM_N: Final = 0.002
"""Load from which the wheel is carried along by the skin."""

_MOST_COUNTS: Final = 32767
_MOTION_COLUMNS: Final = 6


class SensorSample(NamedTuple):
    """One reading in counts, before calibration and tare.

    Attributes:
        force: one value per force channel.
        accel: specific force in the IMU frame; None where there is no accelerometer.
        gyro: angular velocity in the IMU frame; None where there is no gyroscope.
        wheel: counts since one interval before; None where there is no wheel.
        saturated: some force channel is at or past full scale.
        touching: the tool really touches the skin.
    """

    force: tuple[int, ...]
    accel: tuple[int, int, int] | None
    gyro: tuple[int, int, int] | None
    wheel: int | None
    saturated: bool
    touching: bool


@dataclass(frozen=True, slots=True, eq=False)
class Felt:
    """What a tool feels on the hand's time grid, in SI units and without any noise.

    Attributes:
        motion: specific force (m/s2) and angular velocity (rad/s) in the IMU frame, (n, 6).
        load_n: what presses on the force sensor, after its lag, (n,).
        contact_n: the true contact force, (n,).
        travel_m: how far the wheel has rolled, (n,).
        repeats: whether the grid starts again after its end.
    """

    motion: Floats
    load_n: Floats
    contact_n: Floats
    travel_m: Floats
    repeats: bool = False

    @classmethod
    def from_motion(cls, motion: Motion, data: ToolData) -> Self:
        """Return what the tool feels: an upright person, gravity along the face's own down."""
        sensors = data.sensors
        imu_frame = np.swapaxes(motion.rotations, 1, 2)
        press = np.array(sensors.press_axis)
        imu_points = motion.points - motion.rotations @ press * sensors.imu_behind_m
        gravity = np.array([0.0, 0.0, _GRAVITY_MPS2])
        at_imu = _acceleration(imu_points, repeats=motion.repeats) + gravity
        at_head = _acceleration(motion.points, repeats=motion.repeats) + gravity
        weight = _rotated(imu_frame, at_head) @ press * sensors.supported_mass_kg
        rolling = _rotated(imu_frame, _rate(motion.points)) @ _rolling_axis(data)
        rolled = np.where(motion.force_n > _WHEEL_TURNS_FROM_N, rolling, 0.0)
        return cls(
            motion=np.concatenate([_rotated(imu_frame, at_imu), _turning(motion)], axis=1),
            load_n=_lagged(motion.force_n + weight, sensors.force_lag_s),
            contact_n=motion.force_n,
            travel_m=np.cumsum(rolled) / GRID_HZ,
            repeats=motion.repeats,
        )

    def at(self, times: Floats) -> Self:
        """Return what is felt at the given times; what repeats does so for ever."""
        count = len(self.load_n)
        if self.repeats:
            places = np.mod(times * GRID_HZ, count)
        else:
            places = np.clip(times * GRID_HZ, 0, count - 1)
        before = places.astype(np.intp)
        after = (before + 1) % count if self.repeats else np.minimum(before + 1, count - 1)
        share: Floats = places - before
        motion, load, contact, travel = (
            _mixed(column, before, after, share)
            for column in (self.motion, self.load_n, self.contact_n, self.travel_m)
        )
        return type(self)(motion, load, contact, travel)


class SensorBank:
    """One tool's sensors with their own offsets and noise; the same seed gives the same tool."""

    def __init__(self, data: ToolData, seed: np.random.SeedSequence) -> None:
        fixed, noise = (np.random.default_rng(child) for child in seed.spawn(2))
        self._noise = noise
        sensors, feature = data.sensors, data.feature
        self._channels = feature.force_channels
        self._columns = _MOTION_COLUMNS + self._channels
        self._force_offset_n = sensors.force_offset_n
        self._offsets = np.concatenate([_own_offsets(sensors, fixed), np.zeros(self._channels)])
        self._spread = _spread(sensors, self._channels)
        self._per_count = _per_count(feature, self._channels)
        self._full_scale = _full_scale_counts(feature)
        self._wheel_m = feature.wheel_resolution_m if Features.WHEEL in feature.features else None
        self._has_accel = Features.ACCELEROMETER in feature.features
        self._has_gyro = Features.GYROSCOPE in feature.features

    def read(self, felt: Felt) -> list[SensorSample]:
        """Return one reading per grid row but the first, which only says where the wheel stood."""
        count = len(felt.load_n) - 1
        values = np.empty((count, self._columns))
        values[:, :_MOTION_COLUMNS] = felt.motion[1:]
        values[:, _MOTION_COLUMNS:] = self._shared(felt.load_n[1:])
        values += self._offsets + self._noise.standard_normal(values.shape) * self._spread
        counts = np.clip(np.rint(values / self._per_count), -_MOST_COUNTS, _MOST_COUNTS)
        rows = counts.astype(int).tolist()
        touching = (felt.contact_n[1:] > 0).tolist()
        wheel = self._wheel_counts(felt.travel_m)
        return [
            self._sample(row, rolled, touching=touches)
            for row, rolled, touches in zip(rows, wheel, touching, strict=True)
        ]

    def _shared(self, load_n: Floats) -> Floats:
        """Channels share the load evenly; each has the sensor's own offset."""
        share: Floats = load_n[:, None] / max(self._channels, 1) + self._force_offset_n
        return share

    def _wheel_counts(self, travel_m: Floats) -> list[int] | list[None]:
        if self._wheel_m is None:
            return [None] * (len(travel_m) - 1)
        counts: list[int] = np.diff(np.floor(travel_m / self._wheel_m)).astype(int).tolist()
        return counts

    def _sample(self, row: list[int], wheel: int | None, *, touching: bool) -> SensorSample:
        ax, ay, az, gx, gy, gz, *force = row
        return SensorSample(
            tuple(force),
            (ax, ay, az) if self._has_accel else None,
            (gx, gy, gz) if self._has_gyro else None,
            wheel,
            any(abs(value) >= self._full_scale for value in force),
            touching,
        )


def _rate(rows: Floats) -> Floats:
    rate: Floats = np.gradient(rows, 1.0 / GRID_HZ, axis=0)
    return rate


def _acceleration(points: Floats, *, repeats: bool) -> Floats:
    before, after = _neighbours(points, repeats=repeats)
    acceleration: Floats = (before - 2.0 * points + after) * GRID_HZ**2
    return acceleration


def _turning(motion: Motion) -> Floats:
    """Return the angular velocity in the IMU frame: central differences of the attitude."""
    before, after = _neighbours(motion.rotations, repeats=motion.repeats)

    def twice_sine(row: int, column: int) -> Floats:
        """Return the turn's antisymmetric part without forming its matrices."""
        part: Floats = np.einsum("nk,nk->n", before[:, :, row], after[:, :, column])
        part -= np.einsum("nk,nk->n", before[:, :, column], after[:, :, row])
        return part

    turns = np.stack([twice_sine(2, 1), twice_sine(0, 2), twice_sine(1, 0)], axis=1)
    velocity: Floats = turns / 2.0 / (2.0 / GRID_HZ)
    return velocity


def _neighbours(rows: Floats, *, repeats: bool) -> tuple[Floats, Floats]:
    """Return the rows one step before and after; where nothing repeats the ends stand still."""
    first, last = (rows[-1:], rows[:1]) if repeats else (rows[:1], rows[-1:])
    padded = np.concatenate([first, rows, last])
    return padded[:-2], padded[2:]


def _rotated(rotations: Floats, rows: Floats) -> Floats:
    rotated: Floats = (rotations @ rows[:, :, None])[:, :, 0]
    return rotated


def _rolling_axis(data: ToolData) -> Floats:
    tip, press = np.array(data.sensors.tip_axis), np.array(data.sensors.press_axis)
    axis: Floats = np.cross(press, tip) if data.feature.wheel_axis else tip
    return axis


def _lagged(values: Floats, time_constant_s: float) -> Floats:
    if time_constant_s == 0.0:
        return values
    keep = float(np.exp(-1.0 / (GRID_HZ * time_constant_s)))
    state = float(values[0])
    lagged = []
    for value in values.tolist():
        state = value + keep * (state - value)
        lagged.append(state)
    return np.array(lagged)


def _mixed(
    rows: Floats, before: NDArray[np.intp], after: NDArray[np.intp], share: Floats
) -> Floats:
    part = share[:, None] if rows.ndim > 1 else share
    mixed: Floats = rows[before] * (1.0 - part) + rows[after] * part
    return mixed


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
