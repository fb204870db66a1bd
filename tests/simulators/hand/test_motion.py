from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from simulators.hand import (
    GRID_HZ,
    CannotPerformError,
    Contact,
    Motion,
    Skin,
    drawn,
    perform,
    up_when_reclined,
)
from simulators.plan import Plan
from simulators.scenario import Scenario, load_scenario
from simulators.sensors import Felt
from simulators.tool_data import ToolData

Floats = NDArray[np.float64]
DOWN = np.array([0.0, 0.0, -9.81])


def moved(
    plan: Plan, tool: ToolData, seed: int = 5, scenario: Scenario | None = None
) -> tuple[tuple[Contact, ...], Motion]:
    random = np.random.default_rng(seed)
    performed = perform(plan, tool, scenario or load_scenario("careful"), random)
    skin = Skin(0.1, random)
    return performed.contacts, drawn(performed.moves, skin, up=up_when_reclined(0), shares=(1.0,))


def part(motion: Motion, start_s: float, end_s: float) -> slice:
    assert end_s * GRID_HZ < len(motion.points)
    return slice(int(start_s * GRID_HZ), int(end_s * GRID_HZ))


def speeds_mps(points: Floats) -> Floats:
    speeds: Floats = np.linalg.norm(np.diff(points, axis=0), axis=1) * GRID_HZ
    return speeds


def one_step(plan: Plan, **changes: object) -> Plan:
    return Plan((replace(plan.steps[0], **changes),))  # type: ignore[arg-type] # any field


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_strokes_glide_at_two_to_ten_centimetres_a_second(
    plan: Plan, roller: ToolData, seed: int
) -> None:
    contacts, motion = moved(plan, roller, seed)
    for contact in contacts:
        if not contact.touch.glides:
            continue
        speeds = speeds_mps(motion.points[part(motion, contact.start_s, contact.end_s)])
        assert 0.02 < speeds.mean() < 0.05
        assert 0.03 < speeds.max() < 0.10
        middle = len(speeds) // 4
        assert speeds[middle:-middle].min() > 0.02


def test_motion_is_smooth(plan: Plan, roller: ToolData) -> None:
    _, motion = moved(plan, roller)
    jumps = np.abs(np.diff(motion.points, n=3, axis=0)) * GRID_HZ**2
    assert jumps.max() < 0.4
    turns = np.swapaxes(motion.rotations[:-1], 1, 2) @ motion.rotations[1:]
    cosines = (np.trace(turns, axis1=1, axis2=2) - 1) / 2
    assert np.degrees(np.arccos(np.clip(cosines, -1, 1))).max() * GRID_HZ < 200


def test_attitudes_are_rotations(plan: Plan, roller: ToolData) -> None:
    _, motion = moved(plan, roller)
    squared = np.swapaxes(motion.rotations, 1, 2) @ motion.rotations
    assert np.abs(squared - np.eye(3)).max() < 1e-5
    assert np.linalg.det(motion.rotations[::100]) == pytest.approx(1, abs=1e-5)


def test_the_tool_presses_against_the_skin(plan: Plan, roller: ToolData) -> None:
    contacts, motion = moved(plan, roller)
    press = np.array(roller.sensors.press_axis)
    for contact in contacts:
        middle = int((contact.start_s + contact.end_s) / 2 * GRID_HZ)
        nearest = np.abs(contact.touch.line.points - motion.points[middle]).sum(axis=1).argmin()
        inward = motion.rotations[middle] @ press @ contact.touch.line.normals[nearest]
        assert np.degrees(np.arccos(-inward)) < 6


def test_gyro_integrates_to_the_attitude(plan: Plan, ideal: ToolData) -> None:
    contacts, motion = moved(Plan(plan.steps[:2]), ideal)
    felt = Felt.from_motion(motion, ideal)
    span = part(motion, contacts[9].start_s, contacts[10].end_s)
    attitude = motion.rotations[span.start]
    for rate in felt.motion[span, 3:]:
        attitude = attitude @ turn(rate / GRID_HZ)
    error = attitude.T @ motion.rotations[span.stop]
    assert np.degrees(np.arccos(min((np.trace(error) - 1) / 2, 1))) < 0.1


def turn(vector: Floats) -> Floats:
    angle = float(np.linalg.norm(vector))
    if angle == 0:
        return np.eye(3)
    x, y, z = vector / angle
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    rotation: Floats = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross)
    return rotation


def test_specific_force_integrates_to_the_way(plan: Plan, ideal: ToolData) -> None:
    tool = replace(ideal, sensors=replace(ideal.sensors, imu_behind_m=0))
    contacts, motion = moved(plan, tool)
    felt = Felt.from_motion(motion, tool)
    span = part(motion, 0.5, contacts[0].end_s)
    specific = (motion.rotations[span] @ felt.motion[span, :3, None])[:, :, 0]
    velocity = np.cumsum(specific + DOWN, axis=0) / GRID_HZ
    way = velocity.sum(axis=0) / GRID_HZ
    assert way == pytest.approx(motion.points[span.stop] - motion.points[span.start], abs=1e-3)


def test_the_wheel_rolls_as_far_as_the_stroke_along_the_tip(plan: Plan, ideal: ToolData) -> None:
    contacts, motion = moved(plan, ideal)
    travel = Felt.from_motion(motion, ideal).travel_m
    for contact in contacts:
        rolled = np.ptp(travel[part(motion, contact.start_s - 0.05, contact.end_s + 0.05)])
        length = np.linalg.norm(np.diff(contact.touch.line.points, axis=0), axis=1).sum()
        assert rolled == pytest.approx(length, rel=0.02, abs=3e-4)


def test_the_wheel_counts_forward_up_the_forehead_and_back_over_the_cheek(
    plan: Plan, ideal: ToolData
) -> None:
    contacts, motion = moved(plan, ideal)
    travel = Felt.from_motion(motion, ideal).travel_m
    for contact in contacts[:20]:
        span = part(motion, contact.start_s, contact.end_s)
        forward = travel[span.stop] > travel[span.start]
        assert forward == (contact.step == 0)


def test_the_wheel_stands_still_in_the_air(plan: Plan, ideal: ToolData) -> None:
    contacts, motion = moved(plan, ideal)
    travel = Felt.from_motion(motion, ideal).travel_m
    for before, after in pairwise(contacts):
        assert np.ptp(travel[part(motion, before.end_s + 0.01, after.start_s)]) == 0


@pytest.mark.parametrize("technique", ["sweep", "tap", "circle", "knead", "press_hold", "stretch"])
@pytest.mark.parametrize("zone", ["forehead", "cheek", "jawline"])
def test_each_technique_touches_once_per_repetition(
    plan: Plan, roller: ToolData, technique: str, zone: str
) -> None:
    contacts, motion = moved(
        one_step(plan, zone=zone, side="right", technique=technique, repetitions=4), roller
    )
    assert len(contacts) == 4
    touched = np.concatenate([[False], motion.force_n > 0, [False]])
    assert np.diff(touched.astype(int)).clip(min=0).sum() == 4
    assert {contact.touch.line.side for contact in contacts} == {"right"}


def test_a_circle_comes_back_to_where_it_began(plan: Plan, roller: ToolData) -> None:
    contacts, _ = moved(one_step(plan, technique="circle", repetitions=1), roller)
    points = contacts[0].touch.line.points
    assert points[-1] == pytest.approx(points[0], abs=1e-9)
    assert 0.018 < np.ptp(points[:, 2]) < 0.025


def test_both_sides_of_a_paired_zone_are_worked_in_turn(plan: Plan, roller: ToolData) -> None:
    contacts, _ = moved(one_step(plan, zone="cheek", direction="outward"), roller)
    assert [contact.touch.line.side for contact in contacts] == ["right", "left"] * 5


def test_a_technique_that_is_not_known_is_refused(plan: Plan, roller: ToolData) -> None:
    with pytest.raises(CannotPerformError, match=r"forehead-both: .* knows no technique 'slap'"):
        moved(one_step(plan, technique="slap"), roller)


@pytest.mark.parametrize("key", ["zone", "side", "direction"])
def test_places_that_the_body_does_not_have_are_refused(
    plan: Plan, roller: ToolData, key: str
) -> None:
    with pytest.raises(ValueError, match="elbow"):
        moved(one_step(plan, **{key: "elbow"}), roller)


def test_pressure_wanders_but_stays_near_its_aim(plan: Plan, roller: ToolData) -> None:
    contacts, motion = moved(plan, roller)
    for contact in contacts:
        if contact.touch.glides:
            ramp = contact.touch.press[0].end_s + 0.01
            span = part(motion, contact.start_s + ramp, contact.end_s - ramp)
            held_kpa = motion.force_n[span] / roller.sensors.contact_area_m2 / 1000
            assert held_kpa == pytest.approx(contact.aim_kpa, rel=0.081)
            assert np.ptp(held_kpa) > 0


def test_a_hand_that_aims_below_the_band_still_touches(plan: Plan, roller: ToolData) -> None:
    scenario = load_scenario("careful")
    shy = replace(scenario, habits=replace(scenario.habits, aim=(-1.0, -1.0)))
    contacts, _ = moved(plan, roller, scenario=shy)
    assert all(0 < contact.aim_kpa < plan.steps[contact.step].low_kpa / 2 for contact in contacts)
