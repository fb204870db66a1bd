"""Tool files: read, validated, turned into a tool's data sheet."""

import math
from typing import Final

from protocols.errors import EncodeError
from protocols.massage_tool import Channel
from protocols.massage_tool.feature import Features, ToolFeature, ToolKind
from simulators.data_files import DataFileError, config_root, is_file, parse, read_file
from simulators.tool_data.sheet import Edge, Sensors, ToolData
from simulators.tool_data.tables import Declared, Real, ToolFile

_KINDS: Final = {"other": ToolKind.OTHER, "gua_sha": ToolKind.GUA_SHA, "roller": ToolKind.ROLLER}
_MICRO_G_MPS2: Final = 9.80665e-6


class ToolFileError(DataFileError):
    """A tool file that cannot be used."""


def load_tool(name_or_path: str) -> ToolData:
    """Return a shipped tool by its name (``small-roller``), or one from a file by its path.

    Tools that do not speak the profile lie in a folder of their own, ``other``.

    Raises:
        ToolFileError: with file, key and reason.
    """
    is_other = is_file(config_root() / "tools" / "other" / f"{name_or_path}.toml")
    folder = "tools/other" if is_other else "tools"
    text, file = read_file(folder, name_or_path, ToolFileError)
    return parse_tool(text, file)


def parse_tool(text: str, file: str) -> ToolData:
    """Return the tool that a TOML text describes.

    Raises:
        ToolFileError: with ``file``, the key and the reason.
    """
    content = parse(text, file, ToolFile, ToolFileError)
    feature = _feature(content.declared, content.real)
    try:
        bytes(feature)
    except EncodeError as error:
        raise ToolFileError(file, "declared", error.reason) from error
    identity = content.tool
    return ToolData(
        name=identity.name,
        feature=feature,
        channels=_channels(content.declared),
        services=identity.services,
        manufacturer=identity.manufacturer,
        model=identity.model,
        serial=identity.serial,
        firmware=identity.firmware,
        battery_percent=identity.battery_percent,
        rates=tuple(sorted(content.declared.rates_hz)),
        address=identity.address,
        address_kind=identity.address_kind,
        serves=identity.serves,
        sensors=_sensors(content.real, content.declared.force_channels),
    )


def _feature(declared: Declared, real: Real) -> ToolFeature:
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


def _channels(declared: Declared) -> tuple[Channel, ...]:
    return tuple(
        Channel(channel.contact_area_mm2 / 1e6 or None, channel.supported_mass_g / 1e3 or None)
        for channel in declared.channel
    )


def _edges(real: Real, force_channels: int) -> tuple[Edge, ...]:
    if real.edge:
        return tuple(
            Edge(edge.name, edge.area_mm2 / 1e6, edge.shares, edge.zones) for edge in real.edge
        )
    shares = (1.0 / max(force_channels, 1),) * force_channels
    return (Edge("whole", real.contact_area_mm2 / 1e6, shares, ()),)


def _sensors(real: Real, force_channels: int) -> Sensors:
    return Sensors(
        contact_area_m2=real.contact_area_mm2 / 1e6,
        edges=_edges(real, force_channels),
        supported_mass_kg=real.supported_mass_g / 1e3,
        press_axis=real.press_axis,
        tip_axis=real.tip_axis,
        imu_behind_m=real.imu_behind_mm / 1e3,
        force_noise_n=real.force_noise_mn / 1e3,
        force_gains=real.force_gain,
        force_offset_n=real.force_offset_mn / 1e3,
        force_lag_s=real.force_lag_ms / 1e3,
        force_hysteresis=real.force_hysteresis_percent / 1e2,
        force_drift_n_per_k=real.force_drift_mn_per_k / 1e3,
        force_rate_hz=real.force_rate_hz,
        warms_by_k=real.warms_by_k,
        warms_in_s=real.warms_in_s,
        accel_noise_mps2=real.accel_noise_mg * _MICRO_G_MPS2 * 1e3,
        accel_offset_mps2=real.accel_offset_mg * _MICRO_G_MPS2 * 1e3,
        gyro_noise_radps=math.radians(real.gyro_noise_dps),
        gyro_bias_radps=math.radians(real.gyro_bias_dps),
        gyro_scale=real.gyro_scale_percent / 1e2,
        clock_drift_ppm=real.clock_drift_ppm,
    )
