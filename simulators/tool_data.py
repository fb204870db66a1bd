"""A simulated tool's data sheet: what it tells a host, and what its parts are really like."""

import math
from dataclasses import dataclass
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from protocols.errors import EncodeError
from protocols.massage_tool.feature import Features, ToolFeature, ToolKind
from simulators.data_files import (
    DataFileError,
    NotNegative,
    Positive,
    Table,
    parse,
    read_file,
)

_KINDS: Final = {"other": ToolKind.OTHER, "gua_sha": ToolKind.GUA_SHA, "roller": ToolKind.ROLLER}
_MICRO_G_MPS2: Final = 9.80665e-6
_UNIT_TOLERANCE: Final = 0.01

Axis = tuple[float, float, float]


class ToolFileError(DataFileError):
    """A tool file that cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensors:
    """What the parts of a tool are really like, whatever its Feature declares.

    Attributes:
        contact_area_m2: the working surface that touches the skin.
        supported_mass_kg: what hangs on the force sensor.
        press_axis: unit vector from the handle into the skin, in the IMU frame.
        tip_axis: unit vector along the tool from handle to tip, in the IMU frame.
        imu_behind_m: the IMU's distance from the working surface, towards the handle.
        force_noise_n: standard deviation of one force reading.
        force_offset_n: what the unloaded sensor reads before any tare.
        force_lag_s: time constant of the force sensor's first-order answer.
        accel_noise_mps2: standard deviation per axis.
        accel_offset_mps2: largest offset per axis; each tool's own is drawn within it.
        gyro_noise_radps: standard deviation per axis.
        gyro_bias_radps: largest bias per axis; each tool's own is drawn within it.
        clock_drift_ppm: how much faster the tool's clock runs than true time.
    """

    contact_area_m2: float
    supported_mass_kg: float
    press_axis: Axis
    tip_axis: Axis
    imu_behind_m: float
    force_noise_n: float
    force_offset_n: float
    force_lag_s: float
    accel_noise_mps2: float
    accel_offset_mps2: float
    gyro_noise_radps: float
    gyro_bias_radps: float
    clock_drift_ppm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolData:
    """One tool, as its data file describes it.

    Attributes:
        name: the advertised name.
        feature: what it declares over the air.
        manufacturer: for Device Information, with model, serial and firmware.
        model: model number.
        serial: serial number.
        firmware: firmware revision.
        battery_percent: charge at switch-on.
        rates: the sample rates in Hz that its sensors really run at, ascending.
        address: static random identity address, as ``F0:...``.
        sensors: what its parts are really like.
    """

    name: str
    feature: ToolFeature
    manufacturer: str
    model: str
    serial: str
    firmware: str
    battery_percent: int
    rates: tuple[int, ...]
    address: str
    sensors: Sensors


def _dot(one: Axis, other: Axis) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


class _Identity(Table):
    name: Annotated[str, Field(min_length=1)]
    manufacturer: str
    model: str
    serial: str
    firmware: str
    address: Annotated[str, Field(pattern=r"^[C-F][0-9A-F](:[0-9A-F]{2}){5}$")]
    battery_percent: Annotated[int, Field(ge=0, le=100)]

    @model_validator(mode="after")
    def _fits_scan_response(self) -> Self:
        if len(self.name.encode()) > 29:  # noqa: PLR2004 - tool-profile: at most 29 bytes of UTF-8
            raise ValueError("the name is longer than 29 bytes of UTF-8")
        return self


_Vector = Annotated[tuple[float, float, float], Field(strict=False)]
_Word = Annotated[int, Field(ge=0, le=0xFFFF)]
_Features = Literal[
    "accelerometer",
    "gyroscope",
    "wheel",
    "haptic_motor",
    "on_tool_limit",
    "resend_buffer",
    "display",
    "own_touch_verdict",
    "on_tool_limit_freed_of_gravity",
]


class _Declared(Table):
    kind: Literal["other", "gua_sha", "roller"]
    features: tuple[_Features, ...] = Field(strict=False)
    force_channels: Annotated[int, Field(ge=0, le=8)]
    wheel_axis: Literal["tip", "across"] = "tip"
    force_resolution_mn: NotNegative = 0.0
    force_full_scale_n: NotNegative = 0.0
    acceleration_resolution_micro_g: _Word = 0
    angular_velocity_resolution_mdps: NotNegative = 0.0
    wheel_resolution_um: _Word = 0
    contact_area_mm2: _Word = 0
    supported_mass_g: NotNegative = 0.0
    axes: bool = True
    rates_hz: Annotated[
        tuple[Annotated[int, Field(ge=16, le=0xFFFF)], ...], Field(min_length=1, strict=False)
    ]
    resend_depth: Annotated[int, Field(ge=0, le=0xFFFFFFFF)] = 0


class _Real(Table):
    contact_area_mm2: Positive
    supported_mass_g: NotNegative
    press_axis: _Vector
    tip_axis: _Vector
    imu_behind_mm: NotNegative = 10.0
    force_noise_mn: NotNegative
    force_offset_mn: float = 0.0
    force_lag_ms: NotNegative = 0.0
    accel_noise_mg: NotNegative
    accel_offset_mg: NotNegative = 0.0
    gyro_noise_dps: NotNegative
    gyro_bias_dps: NotNegative = 0.0
    clock_drift_ppm: Annotated[float, Field(ge=-1000, le=1000)] = 0.0

    @model_validator(mode="after")
    def _right_angles(self) -> Self:
        for key, axis in (("press_axis", self.press_axis), ("tip_axis", self.tip_axis)):
            if abs(math.hypot(*axis) - 1) > _UNIT_TOLERANCE:
                raise ValueError(f"{key} is {math.hypot(*axis):.3g} long, a unit vector is 1")
        if abs(_dot(self.press_axis, self.tip_axis)) > _UNIT_TOLERANCE:
            raise ValueError("press_axis and tip_axis are not at right angles")
        return self


class _ToolFile(Table):
    tool: _Identity
    declared: _Declared
    real: _Real


def load_tool(name_or_path: str) -> ToolData:
    """Return a shipped tool by its name (``small-roller``), or one from a file by its path.

    Raises:
        ToolFileError: with file, key and reason.
    """
    text, file = read_file("tools", name_or_path, ToolFileError)
    return parse_tool(text, file)


def parse_tool(text: str, file: str) -> ToolData:
    """Return the tool that a TOML text describes.

    Raises:
        ToolFileError: with ``file``, the key and the reason.
    """
    content = parse(text, file, _ToolFile, ToolFileError)
    feature = _feature(content.declared, content.real)
    try:
        bytes(feature)
    except EncodeError as error:
        raise ToolFileError(file, "declared", error.reason) from error
    identity = content.tool
    return ToolData(
        name=identity.name,
        feature=feature,
        manufacturer=identity.manufacturer,
        model=identity.model,
        serial=identity.serial,
        firmware=identity.firmware,
        battery_percent=identity.battery_percent,
        rates=tuple(sorted(content.declared.rates_hz)),
        address=identity.address,
        sensors=_sensors(content.real),
    )


def _feature(declared: _Declared, real: _Real) -> ToolFeature:
    features = Features(0)
    for name in declared.features:
        features |= Features[name.upper()]
    return ToolFeature(
        tool_kind=_KINDS[declared.kind],
        features=features,
        force_channels=declared.force_channels,
        wheel_axis=0 if declared.wheel_axis == "tip" else 1,
        force_resolution_n=declared.force_resolution_mn / 1e3 or None,
        force_full_scale_n=declared.force_full_scale_n or None,
        acceleration_resolution_mps2=declared.acceleration_resolution_micro_g * _MICRO_G_MPS2
        or None,
        angular_velocity_resolution_radps=math.radians(
            declared.angular_velocity_resolution_mdps / 1e3
        )
        or None,
        wheel_resolution_m=declared.wheel_resolution_um / 1e6 or None,
        contact_area_m2=declared.contact_area_mm2 / 1e6 or None,
        supported_mass_kg=declared.supported_mass_g / 1e3 or None,
        press_axis=real.press_axis if declared.axes else None,
        tip_axis=real.tip_axis if declared.axes else None,
        maximum_rate_hz=max(declared.rates_hz),
        resend_depth=declared.resend_depth,
    )


def _sensors(real: _Real) -> Sensors:
    return Sensors(
        contact_area_m2=real.contact_area_mm2 / 1e6,
        supported_mass_kg=real.supported_mass_g / 1e3,
        press_axis=real.press_axis,
        tip_axis=real.tip_axis,
        imu_behind_m=real.imu_behind_mm / 1e3,
        force_noise_n=real.force_noise_mn / 1e3,
        force_offset_n=real.force_offset_mn / 1e3,
        force_lag_s=real.force_lag_ms / 1e3,
        accel_noise_mps2=real.accel_noise_mg * _MICRO_G_MPS2 * 1e3,
        accel_offset_mps2=real.accel_offset_mg * _MICRO_G_MPS2 * 1e3,
        gyro_noise_radps=math.radians(real.gyro_noise_dps),
        gyro_bias_radps=math.radians(real.gyro_bias_dps),
        clock_drift_ppm=real.clock_drift_ppm,
    )
