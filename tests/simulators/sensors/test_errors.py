"""Errors that sensors make of their own, on a bench where the true load is known."""

from dataclasses import replace

import numpy as np
import pytest

from protocols.massage_tool import NOT_KNOWN
from simulators.hand import GRID_HZ
from simulators.sensors import Felt
from simulators.tool_data import Sensors, ToolData
from tests.simulators.sensors.bench import FORWARD, NEWTONS, Floats, bank, forces_n, motion, read

FULL_SCALE_N = 3.27


def with_parts(tool: ToolData, **changes: object) -> ToolData:
    sensors: Sensors = replace(tool.sensors, **changes)  # type: ignore[arg-type] # any field
    return replace(tool, sensors=sensors)


def swung(peak_n: float) -> Floats:
    """Up to a peak and back to nothing, twice, over 4 s."""
    return peak_n * np.abs(np.sin(np.linspace(0, 2 * np.pi, 4 * GRID_HZ + 1)))


def test_hysteresis_over_the_whole_scale_is_as_wide_as_the_data_file_says(ideal: ToolData) -> None:
    tool = with_parts(ideal, force_hysteresis=0.02)
    load = swung(FULL_SCALE_N * 0.99)
    error_n = (forces_n(read(tool, motion(load, seconds=4))) - load[1:])[2 * GRID_HZ :]
    assert np.ptp(error_n) == pytest.approx(0.02 * FULL_SCALE_N, abs=3 * NEWTONS)
    assert error_n[:GRID_HZ].mean() < 0 < error_n[GRID_HZ:].mean()


def test_a_press_leaves_something_behind_that_a_second_one_does_not_double(
    ideal: ToolData,
) -> None:
    tool = with_parts(ideal, force_hysteresis=0.02)
    read_n = forces_n(read(tool, motion(swung(1.0), seconds=4)))
    after_one, after_two = read_n[2 * GRID_HZ - 1], read_n[-1]
    assert 0.002 < after_one < 0.02 * FULL_SCALE_N / 2
    assert after_two == pytest.approx(after_one, abs=2 * NEWTONS)


def test_a_small_swing_has_a_narrow_loop(ideal: ToolData) -> None:
    tool = with_parts(ideal, force_hysteresis=0.02)
    load = swung(0.2)
    error_n = np.abs(forces_n(read(tool, motion(load, seconds=4))) - load[1:])
    assert 0.0005 < error_n.max() < 0.02


def test_the_zero_moves_as_the_hand_warms_the_tool(ideal: ToolData) -> None:
    tool = with_parts(ideal, force_drift_n_per_k=0.01, warms_by_k=8.0, warms_in_s=10.0)
    drift_n = forces_n(read(tool, motion(seconds=40)))
    own_n = drift_n[-1] / (1 - np.exp(-4))
    assert 0.002 < abs(own_n) <= 0.08
    assert drift_n[10 * GRID_HZ - 1] == pytest.approx(own_n * (1 - np.exp(-1)), abs=2 * NEWTONS)
    another = forces_n(read(tool, motion(seconds=40), seed=2))[-1]
    assert another != pytest.approx(drift_n[-1], abs=10 * NEWTONS)


def test_a_full_scale_press_reads_full_scale_and_no_more(ideal: ToolData) -> None:
    sample = read(ideal, motion(20.0))[100]
    assert sample.force == (32700,)
    assert sample.saturated


def test_each_channel_carries_its_share_of_the_press_and_an_even_part_of_the_weight(
    ideal: ToolData,
) -> None:
    tool = replace(ideal, feature=replace(ideal.feature, force_channels=3))
    upside_down = np.diag([1.0, -1.0, -1.0])
    sample = read(tool, motion(0.6, shares=(0.5, 0.5, 0.0), attitudes=upside_down))[100]
    hanging = 0.04 * 9.81 / 3
    assert [count * NEWTONS for count in sample.force] == pytest.approx(
        [0.3 + hanging, 0.3 + hanging, hanging], abs=1e-4
    )


@pytest.mark.parametrize(("rate_hz", "known"), [(100, 80), (104, 80), (50, 50), (200, 80)])
def test_a_slow_force_sensor_has_no_value_in_between(
    ideal: ToolData, rate_hz: int, known: int
) -> None:
    tool = with_parts(ideal, force_rate_hz=80)
    samples = read(tool, motion(0.5, seconds=10), rate_hz=rate_hz)
    values = [sample.force[0] for sample in samples]
    assert sum(value != NOT_KNOWN for value in values) == pytest.approx(10 * known, abs=1)
    assert {round(value * NEWTONS, 3) for value in values if value != NOT_KNOWN} == {0.5}
    assert not any(sample.saturated for sample in samples)


def test_a_gyroscope_turns_by_its_own_scale(ideal: ToolData) -> None:
    tool = with_parts(ideal, gyro_scale=0.02)
    rate = 1.0
    angles = np.arange(2 * GRID_HZ + 1) / GRID_HZ * rate
    turning = np.zeros((len(angles), 3, 3))
    turning[:, 0, 0] = turning[:, 1, 1] = np.cos(angles)
    turning[:, 1, 0], turning[:, 0, 1] = np.sin(angles), -np.sin(angles)
    turning[:, 2, 2] = 1.0
    scales = []
    for seed in range(20):
        gyro = read(tool, motion(attitudes=turning), seed=seed)[200].gyro
        assert gyro
        scales.append(np.radians(gyro[2] * 0.061) / rate - 1)
    assert max(np.abs(scales)) <= 0.0205
    assert np.std(scales) == pytest.approx(0.02 / np.sqrt(3), rel=0.4)


def test_a_wheel_that_slips_counts_less(ideal: ToolData) -> None:
    tip = FORWARD[:, 0]
    way = np.outer(np.linspace(0, 0.06, 2 * GRID_HZ + 1), tip)
    counted = [
        sum(sample.wheel or 0 for sample in read(ideal, motion(0.3, points=way, slip=slip)))
        for slip in (0.0, 0.25, 1.0)
    ]
    assert counted == pytest.approx([1200, 900, 0], abs=5)


def test_gravity_pulls_where_the_face_says(ideal: ToolData) -> None:
    lying = np.array([0.0, 1.0, 0.0])
    sample = read(ideal, motion(attitudes=np.eye(3), up=lying))[50]
    assert sample.accel == (0, round(9.81 / 9.80665 / 244e-6), 0)


def test_readings_do_not_depend_on_how_the_calls_are_cut(ideal: ToolData) -> None:
    tool = with_parts(
        ideal,
        force_noise_n=0.005,
        force_hysteresis=0.01,
        force_drift_n_per_k=0.001,
        force_rate_hz=80,
        gyro_noise_radps=0.001,
    )
    felt = Felt.from_motion(motion(swung(0.8), seconds=4), tool)
    times_s = np.arange(401) / 100
    whole = bank(tool).read(felt.at(times_s), times_s)
    cut = bank(tool)
    pieces = []
    for first in range(0, 400, 7):
        part = times_s[first : first + 8]
        pieces += cut.read(felt.at(part), part)
    assert pieces == whole
