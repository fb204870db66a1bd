import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from simulators.data_files import config_root
from simulators.performance import Performance
from simulators.plan import Plan
from simulators.scenario import load_scenario
from simulators.sensors import SensorSample
from simulators.tool_data import ToolData
from simulators.truth import TrueFault
from tests.simulators.hand.conftest import one_step, scenario_with

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

G = 9.81


def performed(plan: Plan, tool: ToolData, seed: int = 7) -> Performance:
    performance = Performance(plan, tool, load_scenario("careful"), seed)
    performance.begin(1_000_000)
    return performance


def opening(plan: Plan) -> Plan:
    return Plan((replace(plan.steps[0], repetitions=2),))


def accel_mps2(samples: list[SensorSample], tool: ToolData) -> np.ndarray:
    resolution = tool.feature.acceleration_resolution_mps2
    assert resolution
    return np.array([sample.accel for sample in samples]) * resolution


def test_one_seed_gives_the_same_readings_to_the_last_bit(plan: Plan, roller: ToolData) -> None:
    one, other = (performed(opening(plan), roller) for _ in range(2))
    assert one.sample(0, 10_000, 1200) == other.sample(0, 10_000, 1200)
    assert one.truth.to_dict() == other.truth.to_dict()


def test_another_seed_gives_another_performance(plan: Plan, roller: ToolData) -> None:
    one, other = (performed(opening(plan), roller, seed) for seed in (1, 2))
    assert one.sample(0, 10_000, 100) != other.sample(0, 10_000, 100)
    assert one.truth.strokes != other.truth.strokes


@pytest.mark.parametrize("cuts", [[1] * 900, [5] * 180, [14, 86, 400, 400]])
def test_readings_do_not_depend_on_how_the_calls_are_cut(
    plan: Plan, roller: ToolData, cuts: list[int]
) -> None:
    whole = performed(opening(plan), roller).sample(0, 10_000, 900)
    performance, pieces, at_us = performed(opening(plan), roller), [], 0
    for count in cuts:
        pieces += performance.sample(at_us, 10_000, count)
        at_us += 10_000 * count
    assert pieces == whole


def test_the_tool_is_still_and_in_the_air_until_the_hand_begins(
    plan: Plan, ideal: ToolData
) -> None:
    performance = Performance(plan, ideal, load_scenario("careful"), 3)
    samples = performance.sample(50_000_000, 10_000, 1000)
    assert not any(sample.touching or sample.wheel for sample in samples)
    specific = accel_mps2(samples, ideal)
    assert np.linalg.norm(specific.mean(axis=0)) == pytest.approx(G, abs=0.01)
    assert np.linalg.norm(specific, axis=1) == pytest.approx(G, abs=0.5)
    turning = np.array([sample.gyro for sample in samples]) * 0.061
    assert np.linalg.norm(turning, axis=1).max() < 5
    assert performance.finished_us is None


def test_stillness_has_a_living_hand_in_it(plan: Plan, ideal: ToolData) -> None:
    performance = Performance(plan, ideal, load_scenario("careful"), 3)
    assert accel_mps2(performance.sample(0, 10_000, 500), ideal).std(axis=0).min() > 0.02


def test_the_tool_is_held_still_again_after_the_end(plan: Plan, ideal: ToolData) -> None:
    performance = performed(opening(plan), ideal)
    assert performance.finished_us
    samples = performance.sample(performance.finished_us + 500_000, 10_000, 400)
    assert not any(sample.touching or sample.wheel for sample in samples)
    specific = accel_mps2(samples, ideal)
    assert np.linalg.norm(specific.mean(axis=0)) == pytest.approx(G, abs=0.02)


def test_the_end_is_crossed_without_a_jump(plan: Plan, ideal: ToolData) -> None:
    performance = performed(opening(plan), ideal)
    assert performance.finished_us
    samples = performance.sample(performance.finished_us - 1_000_000, 5_000, 400)
    steps = np.diff(accel_mps2(samples, ideal), axis=0)
    assert np.abs(steps).max() < 0.25
    assert sum(abs(sample.wheel or 0) for sample in samples) == 0


def test_a_second_begin_changes_nothing(plan: Plan, roller: ToolData) -> None:
    performance = performed(opening(plan), roller)
    finished = performance.finished_us
    performance.begin(9_000_000)
    assert performance.finished_us == finished
    assert performance.truth.began_s == 1.0


def test_the_first_touch_comes_two_and_a_half_seconds_after_the_beginning(
    plan: Plan, roller: ToolData
) -> None:
    samples = performed(opening(plan), roller).sample(1_000_000, 10_000, 300)
    first = next(index for index, sample in enumerate(samples) if sample.touching)
    assert first / 100 == pytest.approx(2.5, abs=0.02)


def test_touching_readings_are_those_of_the_true_contacts(plan: Plan, roller: ToolData) -> None:
    performance = performed(opening(plan), roller)
    samples = performance.sample(1_000_000, 10_000, 1000)
    spans = [(contact.start_s, contact.end_s) for contact in performance.truth.contacts]
    for index, sample in enumerate(samples):
        at_s = 1 + index / 100
        if all(abs(at_s - edge) > 0.015 for span in spans for edge in span):
            assert sample.touching == any(start < at_s < end for start, end in spans)


def test_the_five_minute_routine_takes_four_and_a_half_to_five_minutes(
    careful: Performance,
) -> None:
    assert careful.finished_us
    assert 270 < careful.finished_us / 1e6 - 2 < 300


def test_the_way_from_step_to_step_takes_two_and_a_half_to_three_and_a_half_seconds(
    careful: Performance,
) -> None:
    for before, after in pairwise(careful.truth.steps):
        assert before.end_s == after.start_s
        if after.contacts:
            assert 2.5 <= after.contacts[0].start_s - before.end_s <= 3.5


def test_a_hand_only_step_rests_the_tool_for_its_whole_time(plan: Plan, ideal: ToolData) -> None:
    performance = performed(Plan((plan.steps[3],)), ideal)
    step = performance.truth.steps[0]
    assert step.hand_only
    assert not step.contacts
    samples = performance.sample(round((step.end_s - 20) * 1e6), 10_000, 2000)
    assert not any(sample.touching or sample.wheel for sample in samples)
    assert np.linalg.norm(accel_mps2(samples, ideal), axis=1) == pytest.approx(G, abs=0.5)


def test_an_empty_plan_is_a_tool_held_still(ideal: ToolData) -> None:
    performance = performed(Plan(()), ideal)
    assert performance.truth.steps == ()
    assert not any(sample.touching for sample in performance.sample(0, 10_000, 600))


def test_no_reading_asked_for_is_none_given(plan: Plan, roller: ToolData) -> None:
    assert performed(opening(plan), roller).sample(0, 10_000, 0) == []


def pressed(tool: ToolData, factor: float, at_s: float) -> tuple[Performance, Performance]:
    """A performance that presses harder from a moment on, and the same one that does not."""
    usual, harder = (performed(Plan(one_step("press_hold", count=3).steps), tool) for _ in range(2))
    harder.press_harder(factor, round((1 + at_s) * 1e6))
    return usual, harder


def test_pressing_harder_counts_from_now_on_and_for_the_truth(ideal: ToolData) -> None:
    first, second, third = performed(one_step("press_hold", count=3), ideal).truth.contacts
    usual, harder = pressed(ideal, 2.0, second.start_s - 1 - 0.3)
    for before, after, factor in zip(
        usual.truth.contacts, harder.truth.contacts, (1, 2, 2), strict=True
    ):
        assert after.peak_n == pytest.approx(factor * before.peak_n)
        assert (after.start_s, after.end_s) == (before.start_s, before.end_s)
    at_us = round((third.start_s + third.end_s) / 2 * 1e6)
    readings = [each.sample(at_us, 10_000, 1)[0].force[0] * 1e-4 for each in (usual, harder)]
    assert readings[1] - readings[0] == pytest.approx(usual.truth.force_n(at_us / 1e6), rel=0.02)
    assert harder.truth.dose[0].impulse_kpa_s > usual.truth.dose[0].impulse_kpa_s * 1.4
    assert first.peak_n == usual.truth.contacts[0].peak_n


def test_pressing_harder_is_a_factor_on_the_scenarios_force_and_no_jump(ideal: ToolData) -> None:
    usual, harder = pressed(ideal, 3.0, 4.0)
    harder.press_harder(1.0, round(6.5 * 1e6))
    at_s = np.arange(1, 14, 0.004)
    before, after = (each.truth.forces_n(at_s) for each in (usual, harder))
    late = at_s > 6.7
    assert after[late] == pytest.approx(before[late])
    assert np.abs(np.diff(after)).max() < 0.05


@pytest.mark.parametrize("factor", [0.0, -1.0, float("nan"), float("inf")])
def test_a_force_that_cannot_be_is_refused(ideal: ToolData, factor: float) -> None:
    performance = performed(one_step("tap"), ideal)
    with pytest.raises(ValueError, match="times as large"):
        performance.press_harder(factor, 0)


def test_over_pressure_follows_a_hand_that_presses_harder(ideal: ToolData) -> None:
    usual, harder = pressed(ideal, 4.0, 0.0)
    assert usual.truth.over_pressure == ()
    assert [event.level for event in harder.truth.over_pressure].count("caution") == 3


FAULT = '[[fault]]\npart = "force"\nkind = "frozen"\nat_s = 3.0\nlasting_s = 2.0\n'


def test_a_planned_fault_comes_at_its_time_and_is_in_the_truth(ideal: ToolData) -> None:
    performance = Performance(one_step("sweep"), ideal, scenario_with(FAULT), 1)
    assert len({sample.force for sample in performance.sample(3_000_000, 10_000, 200)}) > 1
    performance.begin(10_000_000)
    samples = performance.sample(10_000_000, 10_000, 700)
    assert len({sample.force for sample in samples[301:499]}) == 1
    assert len({sample.force for sample in samples[510:]}) > 50
    (fault,) = performance.truth.faults
    assert (fault.kind, fault.start_s, fault.end_s) == ("force_frozen", 13.0, 15.0)


def test_a_fault_from_outside_lasts_until_it_is_cleared(ideal: ToolData) -> None:
    performance = performed(one_step("sweep"), ideal)
    performance.fault("imu", "frozen", 4_000_000)
    assert performance.truth.faults[0].end_s is None
    assert performance.truth.to_dict()["faults"][0]["kind"] == "motion_frozen"
    performance.clear_fault("imu", 5_500_000)
    assert performance.truth.faults[0] == TrueFault("motion_frozen", 4.0, 5.5)


def test_a_fault_before_the_beginning_is_told_on_the_tools_clock(ideal: ToolData) -> None:
    performance = Performance(one_step("sweep"), ideal, load_scenario("careful"), 1)
    performance.fault("force", "missing", 2_000_000)
    performance.begin(7_000_000)
    performance.clear_fault("force", 9_000_000)
    assert performance.truth.faults == (TrueFault("force_missing", 2.0, 9.0),)


def test_a_drift_that_began_before_the_hand_goes_on_as_it_was(ideal: ToolData) -> None:
    performance = Performance(one_step("sweep"), ideal, load_scenario("careful"), 1)
    before = performance.sample(900_000, 10_000, 1)[0].force[0]
    performance.fault("force", "drifting", 1_000_000, amount=0.2)
    performance.begin(2_000_000)
    resolution_n = ideal.feature.force_resolution_n
    assert resolution_n is not None
    drifted_n = (performance.sample(2_500_000, 10_000, 1)[0].force[0] - before) * resolution_n
    assert drifted_n == pytest.approx(0.2 * 1.5, abs=0.02)
    assert performance.truth.faults == (TrueFault("tare_drift", 1.0, None),)


SCENARIOS = sorted(path.stem for path in (config_root() / "scenarios").glob("*.toml"))


@pytest.mark.thinned(5)
@pytest.mark.parametrize("name", SCENARIOS)
def test_every_shipped_scenario_is_the_same_to_the_last_bit(
    name: str, plan: Plan, roller: ToolData
) -> None:
    def run() -> tuple[list[SensorSample], str]:
        performance = Performance(plan, roller, load_scenario(name), 11)
        performance.begin(0)
        samples = performance.sample(10_000, 10_000, 3000)
        return samples, json.dumps(performance.truth.to_dict(), allow_nan=False)

    assert run() == run()


@pytest.mark.thinned(5)
@pytest.mark.parametrize("name", SCENARIOS)
def test_every_shipped_scenario_makes_each_repetition_of_the_plan(
    name: str, plan: Plan, roller: ToolData
) -> None:
    truth = Performance(plan, roller, load_scenario(name), 4).truth
    for planned, step in zip(plan.steps, truth.steps, strict=True):
        assert len(step.repetitions_s) == planned.repetitions
        assert list(step.repetitions_s) == sorted(step.repetitions_s)
    assert truth.unused == ()
    starts = [contact.start_s for contact in truth.contacts]
    ends = [contact.end_s for contact in truth.contacts]
    assert all(end < start for end, start in zip(ends, starts[1:], strict=False))


@pytest.mark.parametrize("recline_deg", [0, 75])
def test_the_mean_reading_of_a_hand_at_rest_is_one_g(ideal: ToolData, recline_deg: float) -> None:
    keys = f"[person]\nrecline_deg = {recline_deg}"
    performance = Performance(one_step("sweep"), ideal, scenario_with(keys), 1)
    specific = accel_mps2(performance.sample(0, 10_000, 2000), ideal)
    assert np.linalg.norm(specific.mean(axis=0)) == pytest.approx(G, abs=0.01)


def test_a_tool_that_is_laid_down_lies_still_and_is_not_active(ideal: ToolData) -> None:
    step = one_step("sweep").steps[0]
    plan = Plan((step, replace(step, id="next", side="left")))
    scenario = scenario_with("[hand]\nlays_down = 1.0\nlaid_down_s = [5, 5]")
    performance = Performance(plan, ideal, scenario, 1)
    performance.begin(0)
    truth = performance.truth
    first, second = truth.active
    assert second.start_s - first.end_s > 5 + 1 + 2.5
    at_s = np.arange(first.end_s, second.start_s, 0.01)
    samples = performance.sample(round(first.end_s * 1e6), 10_000, len(at_s))
    moves = np.array([[*(sample.accel or ()), *(sample.gyro or ())] for sample in samples])
    still = (np.ptp(moves[i : i + 300], axis=0).max() <= 1 for i in range(0, len(moves) - 300, 20))
    assert any(still)
    assert not any(sample.touching for sample in samples[2:-2])
    steps = np.diff(moves[:, :3] * 244e-6, axis=0)
    assert np.abs(steps).max() < 0.2
