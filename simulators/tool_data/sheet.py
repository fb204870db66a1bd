"""A tool as plain data: identity, what it declares, and what its parts are really like."""

from dataclasses import dataclass

from protocols.massage_tool import Channel
from protocols.massage_tool.feature import ToolFeature

Axis = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Edge:
    """One part of the tool that works on the skin.

    Attributes:
        name: what it is called in the truth.
        area_m2: how much of it touches the skin.
        shares: how the load spreads over the force channels, sum 1; empty without channels.
        zones: the zones it is used on; empty: all that no other edge names.
    """

    name: str
    area_m2: float
    shares: tuple[float, ...]
    zones: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensors:
    """What the parts of a tool are really like, whatever its Feature declares.

    Attributes:
        contact_area_m2: the whole working surface.
        edges: the parts of it that work on the skin, at least one; one of them names no zone.
        supported_mass_kg: what hangs on the force sensor.
        press_axis: unit vector from the handle into the skin, in the IMU frame.
        tip_axis: unit vector along the tool from handle to tip, in the IMU frame.
        imu_behind_m: the IMU's distance from the working surface, towards the handle.
        force_noise_n: standard deviation of one force reading.
        force_gains: what each channel reads for a newton on it; empty: 1 for all.
        force_offset_n: what the unloaded sensor reads before any tare.
        force_lag_s: time constant of the force sensor's first-order answer.
        force_hysteresis: width of the widest hysteresis loop, as a share of full scale.
        force_drift_n_per_k: largest move of a channel's zero per kelvin; each channel's own is
            drawn within it.
        force_rate_hz: how often the force sensor has a new value; 0: at every sample.
        warms_by_k: how much warmer a hand makes the tool in the end.
        warms_in_s: time constant of that.
        accel_noise_mps2: standard deviation per axis.
        accel_offset_mps2: largest offset per axis; each tool's own is drawn within it.
        gyro_noise_radps: standard deviation per axis.
        gyro_bias_radps: largest bias per axis; each tool's own is drawn within it.
        gyro_scale: largest scale error, as a share; each axis's own is drawn within it.
        clock_drift_ppm: how much faster the tool's clock runs than true time.
    """

    contact_area_m2: float
    edges: tuple[Edge, ...]
    supported_mass_kg: float
    press_axis: Axis
    tip_axis: Axis
    imu_behind_m: float
    force_noise_n: float
    force_offset_n: float
    force_gains: tuple[float, ...] = ()
    force_lag_s: float
    force_hysteresis: float
    force_drift_n_per_k: float
    force_rate_hz: int
    warms_by_k: float
    warms_in_s: float
    accel_noise_mps2: float
    accel_offset_mps2: float
    gyro_noise_radps: float
    gyro_bias_radps: float
    gyro_scale: float
    clock_drift_ppm: float

    def edge_for(self, zone: str) -> Edge:
        """Return the edge that works on a zone."""
        named = (edge for edge in self.edges if zone in edge.zones)
        return next(named, None) or next(edge for edge in self.edges if not edge.zones)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolData:
    """One tool, as its data file describes it.

    Attributes:
        name: the advertised name.
        feature: what it declares over the air.
        channels: area and mass of each force channel, where the maker knows them; else empty.
        services: optional services it serves: immediate_alert, industrial_measurement.
        manufacturer: for Device Information, with model, serial and firmware.
        model: model number.
        serial: serial number.
        firmware: firmware revision.
        battery_percent: charge at switch-on.
        rates: the sample rates in Hz that its sensors really run at, ascending.
        address: identity address, most significant byte first, as ``F0:...``.
        address_kind: static or public, as the identity address is; private: it shows
            resolvable ones instead.
        serves: what it is to the outside: massage_tool speaks the profile, others do not.
        sensors: what its parts are really like.
    """

    name: str
    feature: ToolFeature
    channels: tuple[Channel, ...] = ()
    services: tuple[str, ...] = ()
    manufacturer: str
    model: str
    serial: str
    firmware: str
    battery_percent: int
    rates: tuple[int, ...]
    address: str
    address_kind: str = "static"
    serves: str = "massage_tool"
    sensors: Sensors
