"""Telemetry of any tool in SI units: what every codec of this package yields."""

from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

STANDARD_GRAVITY_MPS2: Final = 9.80665
"""One g, and the newtons of one kilogram-force (conventional value, CGPM 1901; ISO 80000-3)."""

Vector: TypeAlias = tuple[float | None, float | None, float | None]
"""Three components along the sensor's x, y and z; None where the tool does not know one."""


class Sample(NamedTuple):
    """One reading of all sensors at one moment.

    Attributes:
        force_n: force per channel in newtons, positive when pressing; empty without the group.
        accel_mps2: specific force in m/s2 in the sensor frame; None without the group.
        gyro_radps: angular velocity in rad/s in the sensor frame; None without the group.
        travel_m: wheel travel in metres since the previous sample; None when not known.
    """

    force_n: tuple[float | None, ...]
    accel_mps2: Vector | None
    gyro_radps: Vector | None
    travel_m: float | None


@dataclass(frozen=True, slots=True)
class Telemetry:
    """Equally spaced samples as one notification carried them.

    Attributes:
        device_us: tool clock in microseconds at the first sample, unwrapped.
        interval_us: microseconds between samples.
        first_sample: number of the first sample in its run, unwrapped.
        resent: whether the tool sends these samples for a second time, on request.
        saturated: whether some force sample was at or past full scale.
        touching: the tool's own touch verdict at the last sample; None where it has none.
        samples: the samples, oldest first, at least one.
    """

    device_us: int
    interval_us: int
    first_sample: int
    resent: bool
    saturated: bool
    touching: bool | None
    samples: tuple[Sample, ...]
