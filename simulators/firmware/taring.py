"""Taring: half a second of readings, taken only if the tool is in air and still."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from protocols.massage_tool import NOT_KNOWN, Features, ToolFeature
from simulators.firmware.body import Reading
from simulators.firmware.sensors import Sensors, Vector, mean_vector

DURATION_US: Final = 500_000
"""Half a second (tool-profile.md, Tool Control Point)."""

_GRAVITY_MPS2: Final = 9.80665
_LOADED_SHARE: Final = 0.05
"""Of full scale: a force beyond the hanging mass's weight by this much is a load. A choice of
this firmware: above any drift of zero, below the lightest working pressure."""
_UNSTEADY_SHARE: Final = 0.01
_UNSTEADY_N: Final = 0.03
"""Standard deviation of the force that no longer counts as still; well above sensor noise of
5 mN and a resting hand's tremor. A choice of this firmware."""
_TURNING_RADPS: Final = math.radians(10)
"""Mean turning speed that no longer counts as still; a held hand stays below 3 degrees/s."""
_SHAKING_MPS2: Final = 0.5
"""Standard deviation of the specific force that no longer counts as still."""
_ROLLED_M: Final = 0.002
"""Wheel travel that no longer counts as still."""


@dataclass(slots=True)
class Taring:
    """A tare under way.

    Attributes:
        end_us: when it is judged, the tool's continuous microseconds.
        readings: what was read so far.
    """

    end_us: int
    readings: list[Reading] = field(default_factory=list)

    def finish(self, feature: ToolFeature, sensors: Sensors) -> tuple[int, ...] | None:
        """Set the sensors' tare, or leave it as it was.

        Returns:
            The new offset of each channel in counts; None if the tool moved, was loaded, or did
            not know its force.
        """
        offsets = self._offsets(sensors)
        if offsets is None or self._is_loaded(offsets, feature, sensors):
            return None
        forces = [sensors.specific_force(reading) for reading in self.readings]
        known = [force for force in forces if force is not None]
        if self._is_moving(feature, sensors, known):
            return None
        for channel, offset in zip(sensors.channels, offsets, strict=True):
            channel.tare_counts = offset
        sensors.is_tared = True
        if known:
            sensors.rest_mps2 = mean_vector(known)
        return offsets

    def _offsets(self, sensors: Sensors) -> tuple[int, ...] | None:
        offsets = []
        for place, channel in enumerate(sensors.channels):
            raw = [reading.force[place] for reading in self.readings]
            known = [channel.calibrated(value) for value in raw if value != NOT_KNOWN]
            if 2 * len(known) < len(raw) or not known:
                return None
            offsets.append(round(statistics.fmean(known)))
        return tuple(offsets) if all(abs(offset) <= -NOT_KNOWN - 1 for offset in offsets) else None

    def _is_loaded(self, offsets: tuple[int, ...], feature: ToolFeature, sensors: Sensors) -> bool:
        if Features.OWN_TOUCH_VERDICT in feature.features and any(
            reading.touching for reading in self.readings
        ):
            return True
        weight_n = (feature.supported_mass_kg or 0.0) * _GRAVITY_MPS2
        allowed_n = weight_n + _LOADED_SHARE * (feature.force_full_scale_n or math.inf)
        return abs(sum(offsets)) * sensors.force_resolution_n > allowed_n

    def _is_moving(self, feature: ToolFeature, sensors: Sensors, forces: Sequence[Vector]) -> bool:
        return (
            self._is_force_unsteady(feature, sensors)
            or _spread(forces) > _SHAKING_MPS2
            or self._turning(feature) > _TURNING_RADPS
            or self._rolled(feature) > _ROLLED_M
        )

    def _is_force_unsteady(self, feature: ToolFeature, sensors: Sensors) -> bool:
        sums = [
            sum(reading.force) * sensors.force_resolution_n
            for reading in self.readings
            if NOT_KNOWN not in reading.force
        ]
        allowed_n = max(_UNSTEADY_N, _UNSTEADY_SHARE * (feature.force_full_scale_n or 0.0))
        return len(sums) > 1 and statistics.pstdev(sums) > allowed_n

    def _turning(self, feature: ToolFeature) -> float:
        unit = feature.angular_velocity_resolution_radps or 0.0
        speeds = [
            math.hypot(*reading.gyro) * unit
            for reading in self.readings
            if reading.gyro is not None and NOT_KNOWN not in reading.gyro
        ]
        return statistics.fmean(speeds) if speeds else 0.0

    def _rolled(self, feature: ToolFeature) -> float:
        counts = [
            reading.wheel
            for reading in self.readings
            if reading.wheel is not None and reading.wheel != NOT_KNOWN
        ]
        return abs(sum(counts)) * (feature.wheel_resolution_m or 0.0)


def _spread(vectors: Sequence[Vector]) -> float:
    if not vectors:
        return 0.0
    return math.sqrt(sum(statistics.pvariance(axis) for axis in zip(*vectors, strict=True)))
