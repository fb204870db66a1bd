from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from protocols.massage_tool import Features
from simulators.hand import GRID_HZ, UPRIGHT, Motion
from simulators.sensors import Felt, SensorBank, SensorSample
from simulators.tool_data import ToolData, load_tool

Floats = NDArray[np.float64]
WEIGHT_N = 0.04 * 9.81

# From the IMU frame to the face frame; the roller's press axis is -z and its tip axis x.
LEVEL = np.eye(3)
UPSIDE_DOWN = np.diag([1.0, -1.0, -1.0])
AGAINST_THE_FOREHEAD = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])


def held(
    attitude: Floats, force_n: Floats | float = 0.0, seconds: float = 1.0, channels: int = 1
) -> Motion:
    count = int(seconds * GRID_HZ)
    force = np.broadcast_to(np.asarray(force_n, float), (count,))
    return Motion(
        np.zeros((count, 3)),
        np.tile(attitude, (count, 1, 1)),
        force,
        shares=np.full((count, channels), 1 / max(channels, 1)),
        slip=np.zeros(count),
        up=UPRIGHT,
    )


def read(motion: Motion, tool: ToolData, seed: int = 1) -> list[SensorSample]:
    felt = Felt.from_motion(motion, tool)
    return SensorBank(tool, np.random.SeedSequence(seed)).read(
        felt, np.arange(len(felt.load_n)) / GRID_HZ
    )


@pytest.mark.parametrize(
    ("attitude", "weight_n", "specific"),
    [
        (LEVEL, -WEIGHT_N, (0, 0, 9.81)),
        (UPSIDE_DOWN, WEIGHT_N, (0, 0, -9.81)),
        (AGAINST_THE_FOREHEAD, 0.0, (9.81, 0, 0)),
    ],
    ids=["pressing down", "pressing up", "pressing forward"],
)
@pytest.mark.parametrize("contact_n", [0.0, 0.5])
def test_an_ideal_sensor_reads_contact_and_the_weight_along_the_press_axis(
    ideal: ToolData,
    attitude: Floats,
    weight_n: float,
    specific: tuple[float, ...],
    contact_n: float,
) -> None:
    sample = read(held(attitude, contact_n), ideal)[100]
    assert sample.force[0] * 1e-4 == pytest.approx(contact_n + weight_n, abs=1e-4)
    assert sample.accel
    assert np.array(sample.accel) * 244e-6 * 9.80665 == pytest.approx(specific, abs=0.002)
    assert sample.gyro == (0, 0, 0)
    assert sample.wheel == 0
    assert sample.touching == (contact_n > 0)


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 2))
def test_the_profiles_formula_gives_the_contact_force_back(
    x: float, y: float, z: float, contact_n: float
) -> None:
    """contact force = sent - m (f - f0) . p, with f0 and the tare taken in another attitude."""
    tool = noiseless(load_tool("small-roller"))
    axis = np.array([x, y, z]) + 1e-6
    angle = np.linalg.norm(axis)
    a, b, c = axis / angle
    cross = np.array([[0, -c, b], [c, 0, -a], [-b, a, 0]])
    attitude = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross)
    tare, loaded = read(held(LEVEL), tool)[100], read(held(attitude, contact_n), tool)[100]
    assert tare.accel
    assert loaded.accel
    sent_n = (loaded.force[0] - tare.force[0]) * 1e-4
    change = (np.array(loaded.accel) - np.array(tare.accel)) * 244e-6 * 9.80665
    assert sent_n - 0.04 * (change @ [0, 0, -1]) == pytest.approx(contact_n, abs=5e-4)


def noiseless(tool: ToolData) -> ToolData:
    sensors = replace(
        tool.sensors,
        force_noise_n=0,
        force_lag_s=0,
        force_hysteresis=0,
        force_drift_n_per_k=0,
        accel_noise_mps2=0,
        accel_offset_mps2=0,
    )
    return replace(tool, sensors=sensors)


def test_noise_and_offsets_are_those_of_the_data_file(roller: ToolData) -> None:
    without_memory = replace(roller.sensors, force_hysteresis=0, force_drift_n_per_k=0)
    samples = read(held(LEVEL, seconds=40), replace(roller, sensors=without_memory))
    force_mn = np.array([sample.force[0] for sample in samples]) / 10
    assert force_mn.std() == pytest.approx(5, rel=0.05)
    assert force_mn.mean() == pytest.approx(35 - 1000 * WEIGHT_N, abs=0.5)
    accel_mg = np.array([sample.accel for sample in samples]) * 0.244
    assert accel_mg.std(axis=0) == pytest.approx(1, rel=0.05)
    assert accel_mg.mean(axis=0) == pytest.approx([0, 0, 9810 / 9.80665], abs=5.1)
    gyro_dps = np.array([sample.gyro for sample in samples]) * 0.061
    assert gyro_dps.std(axis=0) == pytest.approx(0.05, rel=0.1)
    assert 0.01 < np.abs(gyro_dps.mean(axis=0)).max() < 0.51


def test_one_tool_keeps_its_offsets_and_another_seed_is_another_tool(roller: ToolData) -> None:
    means = [
        np.array([sample.gyro for sample in read(held(LEVEL, seconds=4), roller, seed)]).mean(
            axis=0
        )
        for seed in (1, 1, 2)
    ]
    assert means[0] == pytest.approx(means[1])
    assert np.abs(means[0] - means[2]).max() > 0.5


@pytest.mark.parametrize(("contact_n", "saturated"), [(3.5, False), (3.7, True), (9.0, True)])
def test_full_scale_is_judged_on_the_raw_reading(
    ideal: ToolData, contact_n: float, *, saturated: bool
) -> None:
    sample = read(held(LEVEL, contact_n), ideal)[50]
    assert sample.saturated == saturated
    assert sample.force[0] <= 32767


def test_the_force_sensor_answers_with_its_lag(ideal: ToolData) -> None:
    tool = replace(ideal, sensors=replace(ideal.sensors, force_lag_s=0.04))
    force = np.where(np.arange(GRID_HZ) < 100, 0.0, 1.0)
    samples = read(held(AGAINST_THE_FOREHEAD, force), tool)
    after_one_lag = samples[100 - 1 + 10 - 1].force[0] * 1e-4
    assert after_one_lag == pytest.approx(1 - np.exp(-1), abs=0.01)


def test_parts_that_a_tool_lacks_read_nothing(ideal: ToolData) -> None:
    feature = replace(
        ideal.feature,
        features=Features.HAPTIC_MOTOR,
        force_channels=0,
        force_resolution_n=None,
        acceleration_resolution_mps2=None,
        angular_velocity_resolution_radps=None,
        wheel_resolution_m=None,
    )
    sample = read(held(LEVEL, 0.3, channels=0), replace(ideal, feature=feature))[0]
    assert sample == SensorSample((), None, None, None, saturated=False, touching=True)


def test_channels_share_the_load(ideal: ToolData) -> None:
    tool = replace(ideal, feature=replace(ideal.feature, force_channels=3))
    sample = read(held(AGAINST_THE_FOREHEAD, 0.6, channels=3), tool)[50]
    assert [count * 1e-4 for count in sample.force] == pytest.approx([0.2] * 3, abs=1e-4)
