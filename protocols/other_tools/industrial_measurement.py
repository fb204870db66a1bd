"""The SIG's Industrial Measurement Device service: force, rotational speed and acceleration.

Source: Assigned Numbers and the GATT Specification Supplement (Force 0x2C07: i32, 0.001 N;
Rotational Speed 0x2C09: i32, 1 rpm; Acceleration 0x2C06: i32, 0.001 m/s2; Precise Acceleration 3D
0x2C1E: 3 x i16, 0.001 g; 0x7FFFFFFF is not known).
"""

import struct
from dataclasses import dataclass
from math import isfinite
from typing import Final

from protocols.errors import DecodeError, EncodeError
from protocols.massage_tool.gatt import FORCE, INDUSTRIAL_MEASUREMENT_SERVICE, ROTATIONAL_SPEED
from protocols.other_tools.readings import Reading
from protocols.telemetry import STANDARD_GRAVITY_MPS2, Sample, Vector

SERVICE: Final = INDUSTRIAL_MEASUREMENT_SERVICE
ACCELERATION: Final = "00002c06-0000-1000-8000-00805f9b34fb"
PRECISE_ACCELERATION_3D: Final = "00002c1e-0000-1000-8000-00805f9b34fb"

NOT_KNOWN: Final = 0x7FFFFFFF
_MILLI: Final = 1e-3
_I32: Final = struct.Struct("<i")
_THREE: Final = struct.Struct("<3h")
_MINUTE_S: Final = 60.0
_HELD: Final = 5
"""Readings for which the value of another characteristic is still taken as present."""


def read_force_n(value: bytes) -> float | None:
    """Read Force in newtons; None where the tool does not know it.

    Raises:
        DecodeError: the value has not 4 bytes.
    """
    return _quantity(value, _MILLI, "Force")


def read_rotational_speed_rpm(value: bytes) -> float | None:
    """Read Rotational Speed in turns per minute; None where the tool does not know it.

    Raises:
        DecodeError: the value has not 4 bytes.
    """
    return _quantity(value, 1.0, "Rotational Speed")


def read_acceleration_mps2(value: bytes) -> float | None:
    """Read Acceleration, one number without direction, in m/s2; None where it is not known.

    Raises:
        DecodeError: the value has not 4 bytes.
    """
    return _quantity(value, _MILLI, "Acceleration")


def read_acceleration_3d_mps2(value: bytes) -> Vector:
    """Read Precise Acceleration 3D in m/s2.

    Raises:
        DecodeError: the value has not 6 bytes.
    """
    if len(value) != _THREE.size:
        raise DecodeError(0, f"Precise Acceleration 3D has 6 bytes, this value {len(value)}")
    x, y, z = _THREE.unpack(value)
    unit = STANDARD_GRAVITY_MPS2 * _MILLI
    return (x * unit, y * unit, z * unit)


def write_force(force_n: float | None) -> bytes:
    """Return Force.

    Raises:
        EncodeError: it is not finite or does not fit.
    """
    return _written(force_n, _MILLI, "force")


def write_rotational_speed(speed_rpm: float | None) -> bytes:
    """Return Rotational Speed.

    Raises:
        EncodeError: it is not finite or does not fit.
    """
    return _written(speed_rpm, 1.0, "rotational speed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the service itself does not tell.

    Attributes:
        rate_hz: how often the tool notifies.
        wheel_circumference_m: way of one turn; None where what turns is no wheel on the skin.
        has_acceleration: whether Precise Acceleration 3D is there.
    """

    rate_hz: float
    wheel_circumference_m: float | None = None
    has_acceleration: bool = False


class Decoder:
    """Force notifications to readings; speed and acceleration join the force that follows them.

    Attributes:
        rejected: always 0: what cannot be read is refused.
        acceleration_mps2: the newest Acceleration, which has no direction and joins no reading.

    Args:
        settings: what the service does not tell.
    """

    def __init__(self, settings: Settings) -> None:
        self.rejected = 0
        self.acceleration_mps2: float | None = None
        self._way_m = None
        if settings.wheel_circumference_m is not None:
            self._way_m = settings.wheel_circumference_m / _MINUTE_S / settings.rate_hz
        self._has_acceleration = settings.has_acceleration
        self._speed_rpm: float | None = None
        self._accel: Vector = (None, None, None)
        self._ages = {"speed": _HELD, "accel": _HELD}

    def receive_data(self, characteristic: str, value: bytes) -> list[Reading]:
        """Read one notification; see `Codec`.

        Raises:
            DecodeError: it breaks the layout of its characteristic.
        """
        if characteristic == FORCE:
            return [self._reading(read_force_n(value))]
        if characteristic == ROTATIONAL_SPEED:
            self._speed_rpm = read_rotational_speed_rpm(value)
            self._ages["speed"] = 0
        elif characteristic == PRECISE_ACCELERATION_3D:
            self._accel = read_acceleration_3d_mps2(value)
            self._ages["accel"] = 0
        elif characteristic == ACCELERATION:
            self.acceleration_mps2 = read_acceleration_mps2(value)
        return []

    def _reading(self, force_n: float | None) -> Reading:
        speed = self._speed_rpm if self._ages["speed"] < _HELD else None
        accel = self._accel if self._ages["accel"] < _HELD else (None, None, None)
        self._ages = {name: age + 1 for name, age in self._ages.items()}
        travel_m = None if self._way_m is None or speed is None else speed * self._way_m
        vector = accel if self._has_acceleration else None
        return Reading(None, Sample((force_n,), vector, None, travel_m))


def _quantity(value: bytes, unit: float, what: str) -> float | None:
    if len(value) != _I32.size:
        raise DecodeError(0, f"{what} has 4 bytes, this value {len(value)}")
    count = int(_I32.unpack(value)[0])
    return None if count == NOT_KNOWN else count * unit


def _written(quantity: float | None, unit: float, what: str) -> bytes:
    if quantity is None:
        return _I32.pack(NOT_KNOWN)
    if not isfinite(quantity) or not -NOT_KNOWN <= (count := round(quantity / unit)) < NOT_KNOWN:
        raise EncodeError(0, f"{what} is {quantity:g}, the field does not hold it")
    return _I32.pack(count)
