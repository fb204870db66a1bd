import numpy as np
import pytest

from protocols.massage_tool import NOT_KNOWN
from simulators.hand import GRID_HZ
from simulators.sensors import FAULT_KINDS, SensorFault, SensorSample
from simulators.tool_data import ToolData, load_tool
from tests.simulators.sensors.bench import FORWARD, bank, forces_n, motion, read

ROLLER = load_tool("small-roller")
DURING = slice(GRID_HZ, 2 * GRID_HZ - 1)
AROUND = [slice(0, GRID_HZ - 1), slice(2 * GRID_HZ, None)]


def broken(part: str, kind: str, *, amount: float = 0.0) -> list[SensorSample]:
    """Four seconds at rest under 0.5 N; the part is broken from 1 s to 2 s."""
    fault = SensorFault(part, kind, 1.0, 2.0, amount)
    return read(ROLLER, motion(0.5, seconds=4), fault)


def imu(sample: SensorSample) -> tuple[int, ...]:
    assert sample.accel
    assert sample.gyro
    return sample.accel + sample.gyro


def test_without_faults_nothing_stands_still() -> None:
    samples = broken("wheel", "frozen")
    assert len({sample.force for sample in samples[DURING]}) > 50
    assert len({imu(sample) for sample in samples[DURING]}) > 200


@pytest.mark.parametrize("part", ["force", "imu"])
def test_a_frozen_part_repeats_its_last_reading_to_the_digit(part: str) -> None:
    samples = broken(part, "frozen")
    values = [sample.force if part == "force" else imu(sample) for sample in samples]
    assert len(set(values[DURING])) == 1
    for span in AROUND:
        assert len(set(values[span])) > 50


def test_only_the_broken_part_differs_from_the_sound_tool() -> None:
    sound, faulty = read(ROLLER, motion(0.5, seconds=4)), broken("force", "noisy")
    assert [sample[1:4] for sample in faulty] == [sample[1:4] for sample in sound]
    for span in AROUND:
        assert faulty[span] == sound[span]


def test_what_is_missing_is_not_known() -> None:
    for sample in broken("force", "missing")[DURING]:
        assert sample.force == (NOT_KNOWN,)
        assert not sample.saturated
    for sample in broken("imu", "missing")[DURING]:
        assert imu(sample) == (NOT_KNOWN,) * 6
    for sample in broken("wheel", "missing")[DURING]:
        assert sample.wheel == NOT_KNOWN


def test_a_saturated_force_is_at_full_scale_and_says_so() -> None:
    for sample in broken("force", "saturated")[DURING]:
        assert sample.force == (32700,)
        assert sample.saturated


def test_a_saturated_imu_is_at_its_ends() -> None:
    for sample in broken("imu", "saturated")[DURING]:
        assert {abs(value) for value in imu(sample)} == {32767}


def test_force_and_gyroscope_drift_at_the_rate_given() -> None:
    drifted_n = forces_n(broken("force", "drifting", amount=0.4))
    assert drifted_n[DURING][-1] - drifted_n[DURING][0] == pytest.approx(0.4, abs=0.03)
    gyro = [sample.gyro for sample in broken("imu", "drifting", amount=0.5)]
    first, last = gyro[GRID_HZ], gyro[2 * GRID_HZ - 2]
    assert first
    assert last
    turned = np.radians(0.061 * (np.array(last) - np.array(first)))
    assert turned == pytest.approx([0.5] * 3, abs=0.02)


def test_noise_has_the_standard_deviation_given() -> None:
    assert forces_n(broken("force", "noisy", amount=0.2))[DURING].std() == pytest.approx(
        0.2, rel=0.15
    )
    accel = np.array([sample.accel for sample in broken("imu", "noisy", amount=2.0)[DURING]])
    assert (accel * 244e-6 * 9.80665).std(axis=0) == pytest.approx(2.0, rel=0.2)
    wheel = [sample.wheel or 0 for sample in broken("wheel", "noisy", amount=5.0)[DURING]]
    assert np.std(wheel) == pytest.approx(5.0, rel=0.2)


def test_a_wheel_can_be_blocked_or_count_by_itself(ideal: ToolData) -> None:
    way = np.outer(np.linspace(0, 0.08, 4 * GRID_HZ + 1), FORWARD[:, 0])
    rolling = motion(0.5, seconds=4, points=way)
    blocked = read(ideal, rolling, SensorFault("wheel", "frozen", 1.0, 2.0))
    assert {sample.wheel for sample in blocked[DURING]} == {0}
    assert sum(sample.wheel or 0 for sample in blocked) == pytest.approx(1200, abs=5)
    crept = broken("wheel", "drifting", amount=0.02)
    assert sum(sample.wheel or 0 for sample in crept) == pytest.approx(400, abs=3)


def test_even_a_wild_amount_stays_within_what_a_sample_can_carry() -> None:
    for part, kind in (("force", "noisy"), ("imu", "drifting"), ("wheel", "noisy")):
        for sample in broken(part, kind, amount=1e12):
            counts = (*sample.force, *imu(sample), sample.wheel or 0)
            assert -32768 <= min(counts) <= max(counts) <= 32767


@pytest.mark.parametrize("part", FAULT_KINDS)
def test_every_kind_of_fault_has_an_effect_and_ends(part: str) -> None:
    sound = read(ROLLER, motion(0.5, seconds=4))
    for kind in FAULT_KINDS[part]:
        samples = broken(part, kind)
        if (part, kind) != ("wheel", "frozen"):
            assert samples[DURING] != sound[DURING]
        assert samples[2 * GRID_HZ] == sound[2 * GRID_HZ]


def test_faults_are_named_as_recordings_name_them() -> None:
    words = [SensorFault(part, kind, 0).word for part in FAULT_KINDS for kind in FAULT_KINDS[part]]
    assert words == [
        *("force_frozen", "force_missing", "force_saturated", "tare_drift", "force_noisy"),
        *("motion_frozen", "motion_missing", "motion_saturated", "motion_drifting", "motion_noisy"),
        *("wheel_frozen", "wheel_missing", "wheel_drifting", "wheel_noisy"),
    ]


@pytest.mark.parametrize(
    ("part", "kind", "end_s", "reason"),
    [
        ("lever", "frozen", None, "no part 'lever'; there are force, imu, wheel"),
        ("wheel", "saturated", None, "wheel cannot be 'saturated'"),
        ("force", "frozen", 0.5, "before it starts"),
    ],
)
def test_an_impossible_fault_is_refused(
    part: str, kind: str, end_s: float | None, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        SensorFault(part, kind, 1.0, end_s)


def test_a_part_breaks_and_is_mended_live() -> None:
    sensors = bank(
        ROLLER, SensorFault("force", "missing", 0.5, 0.7), SensorFault("imu", "noisy", 9)
    )
    sensors.break_down("force", "frozen", 1.0)
    sensors.break_down("force", "noisy", 2.0, amount=0.1)
    sensors.mend("force", 3.0)
    sensors.mend("imu", 3.0)
    assert sensors.faults == [
        SensorFault("force", "missing", 0.5, 0.7),
        SensorFault("force", "frozen", 1.0, 2.0),
        SensorFault("force", "noisy", 2.0, 3.0, 0.1),
    ]


def test_a_tool_knows_which_parts_it_has() -> None:
    assert [bank(ROLLER).has(part) for part in FAULT_KINDS] == [True, True, True]
