"""The tables of a tool file, as a person writes them."""

import math
from typing import Annotated, Final, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from simulators.anatomy import zone_names
from simulators.data_files import NotNegative, Positive, Table, did_you_mean
from simulators.tool_data.sheet import Axis

_UNIT_TOLERANCE: Final = 0.01
_SHARE_TOLERANCE: Final = 0.001


def _dot(one: Axis, other: Axis) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


class Identity(Table):
    """Who the tool is."""

    name: Annotated[str, Field(min_length=1)]
    manufacturer: str
    model: str
    serial: str
    firmware: str
    address_kind: Literal["static", "public", "private"] = "static"
    address: Annotated[str, Field(pattern=r"^[0-9A-F]{2}(:[0-9A-F]{2}){5}$")]
    battery_percent: Annotated[int, Field(ge=0, le=100)]
    serves: Literal[
        "massage_tool",
        "tindeq",
        "witmotion",
        "industrial_measurement",
        "bluefruit",
        "lines_csv",
        "lines_json",
        "fields",
    ] = "massage_tool"
    services: tuple[Literal["immediate_alert", "industrial_measurement"], ...] = Field(
        default=(), strict=False
    )

    @model_validator(mode="after")
    def _fits_scan_response(self) -> Self:
        if len(self.name.encode()) > 29:  # noqa: PLR2004 - tool-profile: at most 29 bytes of UTF-8
            raise ValueError("the name is longer than 29 bytes of UTF-8")
        return self

    @field_validator("address")
    @classmethod
    def _fits_its_kind(cls, value: str, info: ValidationInfo) -> str:
        # Core Vol 6 B 1.3.2.1: the two highest bits of a static random address are 1.
        if info.data.get("address_kind") != "public" and value[0] not in "CDEF":
            raise ValueError("a static random address begins with C, D, E or F")
        return value


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


class DeclaredChannel(Table):
    """What `read channel` says of one force channel; 0 is not known."""

    contact_area_mm2: _Word = 0
    supported_mass_g: Annotated[float, Field(ge=0, le=6553.5)] = 0.0


class Declared(Table):
    """What the tool tells a host: Tool Feature, channels, rates."""

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
    channel: tuple[DeclaredChannel, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _every_channel_or_none(self) -> Self:
        if self.channel and len(self.channel) != self.force_channels:
            raise ValueError(
                f"has {len(self.channel)} channel tables for {self.force_channels} force channels"
            )
        return self


class RealEdge(Table):
    """One working edge."""

    name: Annotated[str, Field(min_length=1)]
    area_mm2: Positive
    shares: tuple[Annotated[float, Field(ge=0, le=1)], ...] = Field(default=(), strict=False)
    zones: tuple[str, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.shares and abs(sum(self.shares) - 1) > _SHARE_TOLERANCE:
            raise ValueError(f"shares add up to {sum(self.shares):.4g}, not to 1")
        for zone in self.zones:
            if zone not in zone_names():
                raise ValueError(f"no such zone{did_you_mean(zone, zone_names())}")
        return self


class Real(Table):
    """What the tool's parts are like."""

    contact_area_mm2: Positive
    supported_mass_g: NotNegative
    press_axis: _Vector
    tip_axis: _Vector
    imu_behind_mm: NotNegative = 10.0
    force_noise_mn: NotNegative
    force_gain: tuple[Annotated[float, Field(gt=0, le=10)], ...] = Field(default=(), strict=False)
    force_offset_mn: float = 0.0
    force_lag_ms: NotNegative = 0.0
    force_hysteresis_percent: Annotated[float, Field(ge=0, le=20)] = 0.0
    force_drift_mn_per_k: NotNegative = 0.0
    force_rate_hz: Annotated[int, Field(ge=0, le=0xFFFF)] = 0
    warms_by_k: Annotated[float, Field(ge=0, le=40)] = 8.0
    warms_in_s: Positive = 150.0
    accel_noise_mg: NotNegative
    accel_offset_mg: NotNegative = 0.0
    gyro_noise_dps: NotNegative
    gyro_bias_dps: NotNegative = 0.0
    gyro_scale_percent: Annotated[float, Field(ge=0, le=10)] = 0.0
    clock_drift_ppm: Annotated[float, Field(ge=-1000, le=1000)] = 0.0
    edge: tuple[RealEdge, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _right_angles(self) -> Self:
        for key, axis in (("press_axis", self.press_axis), ("tip_axis", self.tip_axis)):
            if abs(math.hypot(*axis) - 1) > _UNIT_TOLERANCE:
                raise ValueError(f"{key} is {math.hypot(*axis):.3g} long, a unit vector is 1")
        if abs(_dot(self.press_axis, self.tip_axis)) > _UNIT_TOLERANCE:
            raise ValueError("press_axis and tip_axis are not at right angles")
        return self

    @model_validator(mode="after")
    def _each_zone_has_one_edge(self) -> Self:
        if self.edge and sum(not edge.zones for edge in self.edge) != 1:
            raise ValueError("exactly one edge names no zones: it works on all others")
        zones = [zone for edge in self.edge for zone in edge.zones]
        if twice := {zone for zone in zones if zones.count(zone) > 1}:
            raise ValueError(f"more than one edge works on {min(twice)}")
        return self


class ToolFile(Table):
    """A whole tool file."""

    tool: Identity
    declared: Declared
    real: Real

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if "immediate_alert" in self.tool.services and "haptic_motor" not in self.declared.features:
            raise ValueError("immediate_alert needs the feature haptic_motor")
        channels = self.declared.force_channels
        if self.real.force_gain and len(self.real.force_gain) != channels:
            count = len(self.real.force_gain)
            raise ValueError(f"has {count} values of force_gain for {channels} force channels")
        for edge in self.real.edge:
            if len(edge.shares) != channels:
                raise ValueError(
                    f"edge {edge.name} has {len(edge.shares)} shares for {channels} force channels"
                )
        return self
