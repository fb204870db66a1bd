"""Who holds the tool: either hand, upright or lying; which edge, and how the load spreads."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from simulators.hand import GRID_HZ, UPRIGHT, up_when_reclined
from simulators.performance import Performance
from simulators.plan import Plan
from simulators.scenario import load_scenario
from simulators.sensors import Felt
from simulators.tool_data import Edge, ToolData
from tests.simulators.hand.conftest import NECK, moved, one_step, scenario_with, tool_step

Floats = NDArray[np.float64]
MIRROR = np.array([-1.0, 1.0, 1.0])


@pytest.mark.thinned(5)
@pytest.mark.unmeasured
@pytest.mark.parametrize("technique", ["sweep", "tap", "circle", "knead", "pinch", "stretch"])
@pytest.mark.parametrize("zone", ["cheek", "under_eye", "jawline", "neck_front"])
def test_the_left_hand_on_the_left_is_the_mirror_image_of_the_right_on_the_right(
    technique: str, zone: str, ideal: ToolData
) -> None:
    careful, left_handed = load_scenario("careful"), load_scenario("careful+left-hand")
    right = moved(one_step(technique, zone=zone, side="right"), ideal, careful).motion
    left = moved(one_step(technique, zone=zone, side="left"), ideal, left_handed).motion
    assert left.points == pytest.approx(right.points * MIRROR, abs=1e-9)
    assert left.force_n == pytest.approx(right.force_n)
    for axis in (ideal.sensors.tip_axis, ideal.sensors.press_axis):
        assert left.rotations @ axis == pytest.approx(right.rotations @ axis * MIRROR, abs=2e-5)


def test_the_same_cheek_sees_the_tool_from_another_side_in_the_other_hand(
    ideal: ToolData,
) -> None:
    tips = []
    for name in ("careful", "left-hand"):
        done = moved(one_step("sweep"), ideal, load_scenario(name))
        row = int((done.contacts[0].start_s + 1.0) * GRID_HZ)
        tips.append(done.motion.rotations[row] @ ideal.sensors.tip_axis)
    assert tips[0][0] < -0.4
    assert tips[1][0] > 0.4
    assert tips[0] @ tips[1] < -0.9


def test_a_wheel_that_rolls_across_the_tip_rolls_along_the_stroke(ideal: ToolData) -> None:
    across = replace(ideal, feature=replace(ideal.feature, wheel_axis=1))
    done = moved(one_step("sweep"), across, load_scenario("careful"))
    travel = Felt.from_motion(done.motion, across).travel_m
    for contact in done.contacts:
        rolled = np.ptp(travel[done.part(contact)])
        assert rolled == pytest.approx(contact.touch.line.length_m, rel=0.03)


@pytest.mark.parametrize(
    ("degrees", "up"),
    [(0, (0, 0, 1)), (90, (0, 1, 0)), (30, (0, 0.5, 0.8660254)), (-90, (0, -1, 0))],
)
def test_up_of_a_person_who_leans_back(degrees: float, up: tuple[float, float, float]) -> None:
    assert up_when_reclined(degrees) == pytest.approx(up, abs=1e-7)
    assert pytest.approx(up_when_reclined(0)) == UPRIGHT


@pytest.mark.parametrize("degrees", [0, 45, 90, 140])
def test_a_still_tool_feels_gravity_from_where_up_is(degrees: float, ideal: ToolData) -> None:
    tool = replace(ideal, sensors=replace(ideal.sensors, imu_behind_m=0.0))
    scenario = scenario_with(f"[person]\nrecline_deg = {degrees}\n[hand]\nhold_s = [8, 8]")
    performance = Performance(one_step("press_hold", count=1), tool, scenario, 3)
    performance.begin(0)
    contact = performance.truth.contacts[0]
    at_s = np.arange(contact.start_s + 1, contact.end_s - 1, 0.01)
    samples = performance.sample(round(at_s[0] * 1e6), 10_000, len(at_s))
    assert tool.feature.acceleration_resolution_mps2
    accel = np.array([sample.accel for sample in samples])
    accel = accel * tool.feature.acceleration_resolution_mps2
    assert np.linalg.norm(accel.mean(axis=0)) == pytest.approx(9.81, abs=0.02)
    felt = accel.mean(axis=0) / np.linalg.norm(accel.mean(axis=0))
    true = performance.truth.ups(at_s).mean(axis=0)
    assert np.degrees(np.arccos(felt @ true / np.linalg.norm(true))) < 0.3


def test_a_lying_persons_upward_stroke_is_horizontal_in_the_room(ideal: ToolData) -> None:
    plan = Plan((tool_step("neck_front", "right", "sweep", "up", NECK),))
    upright = Performance(plan, ideal, load_scenario("careful"), 1).truth
    lying = Performance(plan, ideal, load_scenario("careful+lying"), 1).truth
    assert {(stroke.direction, stroke.on_face) for stroke in upright.strokes} == {("up", "up")}
    assert {(stroke.direction, stroke.on_face) for stroke in lying.strokes} == {
        ("horizontal", "up")
    }
    assert lying.person.recline_deg == 75


def two_edged(tool: ToolData) -> ToolData:
    edges = (
        Edge("long edge", 1.5e-4, (0.5, 0.3, 0.2), ()),
        Edge("corner", 0.5e-4, (0.0, 0.1, 0.9), ("under_eye",)),
    )
    feature = replace(tool.feature, force_channels=3)
    return replace(tool, feature=feature, sensors=replace(tool.sensors, edges=edges))


def test_each_zone_is_worked_with_its_edge_and_the_load_spreads_as_it_does(
    ideal: ToolData,
) -> None:
    tool = two_edged(ideal)
    plan = Plan((*one_step("sweep").steps, *one_step("tap", zone="under_eye").steps))
    done = moved(plan, tool, load_scenario("careful"))
    for contact in done.contacts:
        edge = tool.sensors.edges[contact.step]
        rows = done.part(contact)
        shares = done.motion.shares[rows]
        assert contact.edge == edge
        assert shares.sum(axis=1) == pytest.approx(1)
        assert np.abs(shares - edge.shares).max() < 0.13
        assert np.abs(shares - edge.shares).max() > 1e-4
        assert shares.min() >= 0
        held = done.motion.force_n[rows].max() / edge.area_m2 / 1000
        assert held == pytest.approx(contact.aim_kpa, rel=0.09)


def test_the_truths_pressure_is_that_of_the_edge_in_use(ideal: ToolData) -> None:
    plan = Plan((*one_step("sweep").steps, *one_step("press_hold", zone="under_eye").steps))
    performance = Performance(plan, two_edged(ideal), load_scenario("careful"), 2)
    truth = performance.truth
    for contact in truth.contacts:
        middle = (contact.start_s + contact.end_s) / 2
        area = {"long edge": 1.5e-4, "corner": 0.5e-4}[contact.edge]
        assert truth.pressure_kpa(middle) == pytest.approx(truth.force_n(middle) / area / 1000)
        assert 2 < truth.pressure_kpa(middle) < 6
    assert [span["edge"] for span in truth.to_dict()["edges"]] == ["long edge", "corner"]


def test_a_tool_without_force_channels_has_no_shares(ideal: ToolData) -> None:
    sensors = replace(ideal.sensors, edges=(Edge("whole", 1e-4, (), ()),))
    tool = replace(ideal, feature=replace(ideal.feature, force_channels=0), sensors=sensors)
    done = moved(one_step("sweep"), tool, load_scenario("careful"))
    assert done.motion.shares.shape == (len(done.motion.points), 0)


def test_a_slipping_wheel_rolls_less_than_the_stroke_is_long(ideal: ToolData) -> None:
    keys = "[hand]\nwheel_slip = [0.8, 0.8]\nwheel_slip_lasts = [0.5, 0.5]"
    done = moved(one_step("sweep"), ideal, scenario_with(keys))
    travel = Felt.from_motion(done.motion, ideal).travel_m
    for contact in done.contacts:
        rows = done.part(contact)
        assert done.motion.slip[rows].max() == pytest.approx(0.8, abs=0.01)
        rolled = np.ptp(travel[rows]) / contact.touch.line.length_m
        assert 0.3 < rolled < 0.9
