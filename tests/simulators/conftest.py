from dataclasses import replace

import pytest

from simulators.tool_data import ToolData, load_tool


@pytest.fixture(scope="session")
def roller() -> ToolData:
    """The small roller."""
    return load_tool("small-roller")


@pytest.fixture(scope="session")
def ideal(roller: ToolData) -> ToolData:
    """The small roller with sensors that neither err nor lag."""
    perfect = replace(
        roller.sensors,
        force_noise_n=0,
        force_offset_n=0,
        force_lag_s=0,
        force_hysteresis=0,
        force_drift_n_per_k=0,
        accel_noise_mps2=0,
        accel_offset_mps2=0,
        gyro_noise_radps=0,
        gyro_bias_radps=0,
        gyro_scale=0,
    )
    return replace(roller, sensors=perfect)
