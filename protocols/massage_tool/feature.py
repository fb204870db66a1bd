"""Tool Feature: what a tool has, 32 bytes, read once after connecting."""

import math
import struct
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Final, Self

from protocols.errors import DecodeError
from protocols.massage_tool.layout import (
    PROFILE_VERSION,
    at_least,
    counts,
    named,
    whole,
)
from protocols.telemetry import STANDARD_GRAVITY_MPS2

_LAYOUT: Final = struct.Struct("<BBHBBHHHHHHH3b3bHI")
_MOST_CHANNELS: Final = 8
_MOST_COUNTS: Final = 32767
_AXIS_SCALE: Final = 127
_AXIS_TOLERANCE: Final = 0.02
"""Rounding three components to 1/127 moves a unit vector's length by at most 0.7 %."""

_FORCES_PER_N: Final = 100_000
_FULL_SCALES_PER_N: Final = 100
_ACCELERATIONS_PER_MPS2: Final = 1_000_000 / STANDARD_GRAVITY_MPS2
_ANGULAR_VELOCITIES_PER_RADPS: Final = 10_000 * 180 / math.pi
_TRAVELS_PER_M: Final = 1_000_000
_AREAS_PER_M2: Final = 1_000_000
_MASSES_PER_KG: Final = 10_000

Axis = tuple[float, float, float]


class ToolKind(IntEnum):
    """What kind of tool it is."""

    OTHER = 0
    GUA_SHA = 1
    ROLLER = 2


class Features(IntFlag):
    """The parts a tool has."""

    ACCELEROMETER = 1 << 0
    GYROSCOPE = 1 << 1
    WHEEL = 1 << 2
    HAPTIC_MOTOR = 1 << 3
    ON_TOOL_LIMIT = 1 << 4
    RESEND_BUFFER = 1 << 5
    DISPLAY = 1 << 6
    OWN_TOUCH_VERDICT = 1 << 7
    ON_TOOL_LIMIT_FREED_OF_GRAVITY = 1 << 8


_KNOWN_FEATURES: Final = (1 << len(Features)) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolFeature:
    """The Tool Feature in SI units; None where the tool has no such part or does not know.

    Attributes:
        profile_version: 1; a newer one is read as far as version 1 goes.
        tool_kind: the kind, or its bare number where this version has no name for it.
        features: the parts; bits this version does not know are left out.
        force_channels: 0 to 8.
        wheel_axis: the wheel counts positive along 0 the tip axis, 1 press axis x tip axis.
        force_resolution_n: newtons per count.
        force_full_scale_n: newtons; raw readings at or past it are saturated.
        acceleration_resolution_mps2: m/s2 per count.
        angular_velocity_resolution_radps: rad/s per count.
        wheel_resolution_m: metres of travel per count.
        contact_area_m2: the whole working surface.
        supported_mass_kg: the mass that hangs on the force sensor.
        press_axis: unit vector from the handle into the skin, in the IMU frame.
        tip_axis: unit vector along the tool from handle to tip, in the IMU frame.
        maximum_rate_hz: the fastest stream.
        resend_depth: samples kept for resending.
    """

    profile_version: int = PROFILE_VERSION
    tool_kind: ToolKind | int
    features: Features
    force_channels: int
    wheel_axis: int = 0
    force_resolution_n: float | None = None
    force_full_scale_n: float | None = None
    acceleration_resolution_mps2: float | None = None
    angular_velocity_resolution_radps: float | None = None
    wheel_resolution_m: float | None = None
    contact_area_m2: float | None = None
    supported_mass_kg: float | None = None
    press_axis: Axis | None = None
    tip_axis: Axis | None = None
    maximum_rate_hz: int
    resend_depth: int = 0

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read a Tool Feature; bytes after the 32nd are left alone.

        Raises:
            DecodeError: the value is shorter than 32 bytes, or a field is out of range.
        """
        at_least(data, _LAYOUT.size, "Tool Feature")
        (version, kind, features, channels, wheel_axis, force, full_scale, *rest) = (
            _LAYOUT.unpack_from(data)
        )
        acceleration, angular_velocity, wheel, area, mass = rest[:5]
        rate, depth = rest[11:]
        _check_identity(version, channels, wheel_axis)
        _check_scales(force, full_scale, rate)
        return cls(
            profile_version=version,
            tool_kind=named(ToolKind, kind),
            features=Features(features & _KNOWN_FEATURES),
            force_channels=channels,
            wheel_axis=wheel_axis,
            force_resolution_n=_quantity(force, _FORCES_PER_N),
            force_full_scale_n=_quantity(full_scale, _FULL_SCALES_PER_N),
            acceleration_resolution_mps2=_quantity(acceleration, _ACCELERATIONS_PER_MPS2),
            angular_velocity_resolution_radps=_quantity(
                angular_velocity, _ANGULAR_VELOCITIES_PER_RADPS
            ),
            wheel_resolution_m=_quantity(wheel, _TRAVELS_PER_M),
            contact_area_m2=_quantity(area, _AREAS_PER_M2),
            supported_mass_kg=_quantity(mass, _MASSES_PER_KG),
            press_axis=_axis(rest[5:8], 20, "press axis"),
            tip_axis=_axis(rest[8:11], 23, "tip axis"),
            maximum_rate_hz=rate,
            resend_depth=depth,
        )

    def __bytes__(self) -> bytes:
        force_counts = counts(
            self.force_resolution_n, _FORCES_PER_N, offset=6, top=0xFFFF, what="force resolution"
        )
        return _LAYOUT.pack(
            whole(self.profile_version, offset=0, low=1, high=0xFF, what="profile version"),
            whole(self.tool_kind, offset=1, high=0xFF, what="tool kind"),
            self.features,
            whole(self.force_channels, offset=4, high=_MOST_CHANNELS, what="force channels"),
            whole(self.wheel_axis, offset=5, high=1, what="wheel axis"),
            force_counts,
            self._full_scale_field(force_counts),
            *self._sensor_fields(),
            *_axis_field(self.press_axis),
            *_axis_field(self.tip_axis),
            whole(self.maximum_rate_hz, offset=26, low=1, high=0xFFFF, what="maximum rate"),
            whole(self.resend_depth, offset=28, high=0xFFFFFFFF, what="resend depth"),
        )

    def _full_scale_field(self, force_counts: int) -> int:
        top = min(0xFFFF, _MOST_COUNTS * force_counts * _FULL_SCALES_PER_N // _FORCES_PER_N)
        return counts(
            self.force_full_scale_n, _FULL_SCALES_PER_N, offset=8, top=top, what="force full scale"
        )

    def _sensor_fields(self) -> list[int]:
        fields = (
            (self.acceleration_resolution_mps2, _ACCELERATIONS_PER_MPS2, "acceleration resolution"),
            (
                self.angular_velocity_resolution_radps,
                _ANGULAR_VELOCITIES_PER_RADPS,
                "angular velocity resolution",
            ),
            (self.wheel_resolution_m, _TRAVELS_PER_M, "wheel resolution"),
            (self.contact_area_m2, _AREAS_PER_M2, "contact area"),
            (self.supported_mass_kg, _MASSES_PER_KG, "supported mass"),
        )
        return [
            counts(value, per_unit, offset=10 + 2 * place, top=0xFFFF, what=what)
            for place, (value, per_unit, what) in enumerate(fields)
        ]


def _quantity(field: int, per_unit: float) -> float | None:
    return field / per_unit if field else None


def _check_identity(version: int, channels: int, wheel_axis: int) -> None:
    if version == 0:
        raise DecodeError(0, "profile version is 0, the first is 1")
    if channels > _MOST_CHANNELS:
        raise DecodeError(4, f"{channels} force channels, at most {_MOST_CHANNELS}")
    if wheel_axis > 1 and version == PROFILE_VERSION:
        raise DecodeError(5, f"wheel axis is {wheel_axis}, known are 0 and 1")


def _check_scales(force: int, full_scale: int, rate: int) -> None:
    if force and full_scale * _FORCES_PER_N > _MOST_COUNTS * force * _FULL_SCALES_PER_N:
        raise DecodeError(8, f"force full scale is more than {_MOST_COUNTS} counts")
    if rate == 0:
        raise DecodeError(26, "maximum rate is 0 Hz")


def _axis(field: list[int], offset: int, what: str) -> Axis | None:
    if not any(field):
        return None
    length = math.hypot(*field) / _AXIS_SCALE
    if abs(length - 1) > _AXIS_TOLERANCE:
        raise DecodeError(offset, f"{what} has length {length:.2f}, a unit vector has 1")
    return (field[0] / _AXIS_SCALE, field[1] / _AXIS_SCALE, field[2] / _AXIS_SCALE)


def _axis_field(axis: Axis | None) -> tuple[int, ...]:
    if axis is None:
        return (0, 0, 0)
    return tuple(max(-128, min(127, round(part * _AXIS_SCALE))) for part in axis)
