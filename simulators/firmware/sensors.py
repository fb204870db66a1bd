"""From raw readings to what the tool sends: calibration, tare, gravity, saturation."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from protocols.massage_tool import NOT_KNOWN, Features, RawSample, ToolFeature
from simulators.firmware.body import Reading

PPM: Final = 1_000_000
_TOP: Final = 32767
_UNKNOWN: Final = (NOT_KNOWN, NOT_KNOWN, NOT_KNOWN)

Vector = tuple[float, float, float]


class Measured(NamedTuple):
    """One sample as the firmware understands it.

    Attributes:
        raw: what goes over the air.
        saturated: some channel is at or past full scale.
        touching: the tool's own verdict; False where it has none.
        sum_counts: calibrated, tared force of all channels; None when not known.
        judged_counts: the same, freed of gravity where the tool can.
    """

    raw: RawSample
    saturated: bool
    touching: bool
    sum_counts: float | None
    judged_counts: float | None


@dataclass(slots=True)
class Channel:
    """One force channel's settings: gain in parts per million, offsets in counts."""

    gain_ppm: int = PPM
    offset_counts: int = 0
    tare_counts: int = 0

    def calibrated(self, raw: int) -> float:
        """Return a raw reading freed of offset and gain, in counts."""
        return (raw - self.offset_counts) * self.gain_ppm / PPM


class Sensors:
    """The tool's sensors as its settings see them.

    Attributes:
        channels: the force channels' settings.
        rest_mps2: mean specific force while taring, m/s2; zero before the first tare, because
            the calibrated zero is the weightless one.
        is_tared: whether the zero has been set since switch-on.
    """

    def __init__(self, feature: ToolFeature) -> None:
        has = feature.features
        self._feature = feature
        self._has_accel = Features.ACCELEROMETER in has
        self._has_gyro = Features.GYROSCOPE in has
        self._has_wheel = Features.WHEEL in has
        self._has_touch = Features.OWN_TOUCH_VERDICT in has
        self.channels = [Channel() for _ in range(feature.force_channels)]
        self.rest_mps2: Vector = (0.0, 0.0, 0.0)
        self.is_tared = False
        self._full_scale = self._full_scale_counts()
        self._gravity = self._gravity_counts()
        self._last_gravity = 0.0

    @property
    def sample_bytes(self) -> int:
        """Size of one sample on the air."""
        vectors = 6 * (self._has_accel + self._has_gyro)
        return 2 * len(self.channels) + vectors + 2 * self._has_wheel

    @property
    def force_resolution_n(self) -> float:
        """Newtons per count; 1 where the tool has no force sensor."""
        return self._feature.force_resolution_n or 1.0

    def forget_tare(self) -> None:
        """Go back to the calibrated zero."""
        for channel in self.channels:
            channel.tare_counts = 0
        self.rest_mps2 = (0.0, 0.0, 0.0)
        self.is_tared = False
        self._last_gravity = 0.0

    def measure(self, reading: Reading) -> Measured:
        """Turn a raw reading into what is sent and judged."""
        tared = [
            None if raw == NOT_KNOWN else channel.calibrated(raw) - channel.tare_counts
            for channel, raw in zip(self.channels, reading.force, strict=True)
        ]
        known = [value for value in tared if value is not None]
        total = sum(known) if known and len(known) == len(tared) else None
        return Measured(
            RawSample(
                tuple([NOT_KNOWN if value is None else _clipped(value) for value in tared]),
                (reading.accel or _UNKNOWN) if self._has_accel else None,
                (reading.gyro or _UNKNOWN) if self._has_gyro else None,
                (NOT_KNOWN if reading.wheel is None else reading.wheel)
                if self._has_wheel
                else None,
            ),
            bool(self.channels) and (reading.saturated or self._is_past_full_scale(reading)),
            self._has_touch and reading.touching,
            total,
            None if total is None else total - self._hanging(reading),
        )

    def specific_force(self, reading: Reading) -> Vector | None:
        """Return a reading's specific force in m/s2; None when not known."""
        unit = self._feature.acceleration_resolution_mps2
        if not self._has_accel or unit is None:
            return None
        accel = reading.accel
        if accel is None or NOT_KNOWN in accel:
            return None
        return (accel[0] * unit, accel[1] * unit, accel[2] * unit)

    def _is_past_full_scale(self, reading: Reading) -> bool:
        top = self._full_scale
        return any(abs(raw) >= top for raw in reading.force if raw != NOT_KNOWN)

    def _full_scale_counts(self) -> float:
        full_scale, resolution = self._feature.force_full_scale_n, self._feature.force_resolution_n
        if full_scale is None or resolution is None:
            return math.inf
        return round(full_scale / resolution)

    def _gravity_counts(self) -> Vector | None:
        """Return counts that one m/s2 along each axis hangs on the sensor, if it is taken out."""
        axis, mass = self._feature.press_axis, self._feature.supported_mass_kg
        freed = Features.ON_TOOL_LIMIT_FREED_OF_GRAVITY in self._feature.features
        if not freed or axis is None or mass is None:
            return None
        scale = mass / self.force_resolution_n
        return (axis[0] * scale, axis[1] * scale, axis[2] * scale)

    def _hanging(self, reading: Reading) -> float:
        """Return the change of the supported mass's weight since the tare, in counts."""
        if self._gravity is None:
            return 0.0
        now = self.specific_force(reading)
        if now is not None:
            self._last_gravity = sum(
                scale * (f - rest)
                for scale, f, rest in zip(self._gravity, now, self.rest_mps2, strict=True)
            )
        return self._last_gravity


def mean_vector(vectors: Sequence[Vector]) -> Vector:
    """Return the mean of at least one vector."""
    count = len(vectors)
    return (
        sum(vector[0] for vector in vectors) / count,
        sum(vector[1] for vector in vectors) / count,
        sum(vector[2] for vector in vectors) / count,
    )


def _clipped(value: float) -> int:
    return max(-_TOP, min(_TOP, round(value)))
