"""Each technique by what a tool feels of it: contact, force, way."""

import numpy as np
import pytest
from numpy.typing import NDArray

from simulators.hand import GRID_HZ, Contact
from simulators.tool_data import ToolData
from tests.simulators.hand.conftest import Done, moved, one_step, scenario_with

Floats = NDArray[np.float64]
TECHNIQUES = ("sweep", "tap", "circle", "knead", "pinch", "press_hold", "stretch")
STEADY = "[hand]\nunsteadiness = [0, 0]\nbeside_cm = [0, 0]\n"


def did(technique: str, tool: ToolData, keys: str = STEADY, count: int = 4) -> Done:
    return moved(one_step(technique, count=count), tool, scenario_with(keys))


def force_n(done: Done, contact: Contact) -> Floats:
    return done.motion.force_n[done.part(contact)]


def humps(force: Floats) -> int:
    """How often a force rises through the middle between nothing and its peak."""
    above = force > 0.6 * force.max()
    return int(np.count_nonzero(np.diff(np.concatenate([[False], above]).astype(int)) == 1))


def way_m(done: Done, contact: Contact) -> float:
    points = done.motion.points[done.part(contact)]
    return float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())


@pytest.mark.parametrize("technique", TECHNIQUES)
@pytest.mark.parametrize(
    "zone", ["forehead", "temples", "under_eye", "cheek", "jawline", "neck_back", "decollete"]
)
def test_every_technique_can_be_performed_everywhere(
    technique: str, zone: str, roller: ToolData
) -> None:
    done = moved(one_step(technique, zone=zone), roller, scenario_with(""))
    assert [contact.touch.technique for contact in done.contacts] == [technique] * 4
    touched = np.concatenate([[False], done.motion.force_n > 0, [False]])
    assert np.diff(touched.astype(int)).clip(min=0).sum() == 4
    assert done.motion.force_n.min() >= 0


@pytest.mark.parametrize("technique", TECHNIQUES)
@pytest.mark.parametrize("scenario", ["careful", "everyday", "rushing", "restless"])
def test_every_technique_moves_without_a_step_in_its_velocity(
    technique: str, scenario: str, roller: ToolData
) -> None:
    done = moved(one_step(technique, count=8), roller, scenario_with("", based_on=scenario))
    velocity = np.diff(done.motion.points, axis=0) * GRID_HZ
    acceleration = np.linalg.norm(np.diff(velocity, axis=0), axis=1) * GRID_HZ
    assert acceleration.max() < 9
    assert (np.abs(np.diff(acceleration)) / GRID_HZ).max() < 0.013


@pytest.mark.parametrize(("speed", "seconds_per_m"), [(2, 50.0), (5, 20.0), (20, 5.0)])
def test_a_sweep_over_a_length_lasts_the_length_by_the_speed(
    speed: float, seconds_per_m: float, roller: ToolData
) -> None:
    keys = f"{STEADY}speed_cm_s = [{speed}, {speed}]\nreach = [1, 1]\nfirmness = [0.1, 0.1]"
    done = did("sweep", roller, keys)
    for contact in done.contacts:
        length = contact.touch.line.length_m
        assert length == pytest.approx(0.095, abs=0.003)
        assert contact.touch.duration_s == pytest.approx(length * seconds_per_m)
        assert way_m(done, contact) == pytest.approx(length, rel=0.01)


def test_a_tap_is_one_short_hump_in_one_place(roller: ToolData) -> None:
    done = did("tap", roller)
    for contact in done.contacts:
        assert 0.1 < contact.touch.duration_s < 0.2
        assert humps(force_n(done, contact)) == 1
        assert way_m(done, contact) < 0.003
        assert force_n(done, contact).max() == pytest.approx(contact.aim_kpa / 10, rel=0.02)


def test_a_hold_presses_evenly_in_one_place(roller: ToolData) -> None:
    done = did("press_hold", roller)
    for contact in done.contacts:
        middle = force_n(done, contact)[80:-80]
        assert 1.9 < contact.touch.duration_s < 3.1
        assert np.ptp(middle) / middle.mean() < 0.01
        assert way_m(done, contact) < 0.003


def test_kneading_squeezes_several_times_without_letting_go(roller: ToolData) -> None:
    done = did("knead", roller, f"{STEADY}squeezes = [4, 4]\nknead_rate_hz = [0.8, 0.8]")
    for contact in done.contacts:
        force = force_n(done, contact)
        assert humps(force) == 4
        assert contact.touch.duration_s == pytest.approx(4 / 0.8, rel=0.12)
        assert force[60:-60].min() > 0.05 * force.max()
        net = np.ptp(done.motion.points[done.part(contact)], axis=0)
        assert 0.004 < np.linalg.norm(net) < 0.012


def test_no_two_squeezes_are_the_same(roller: ToolData) -> None:
    done = did("knead", roller, "[hand]\nsqueezes = [6, 6]", count=1)
    shifts = done.contacts[0].touch.press
    lengths = {round(shift.end_s - shift.start_s, 4) for shift in shifts}
    assert len(lengths) >= 6


def test_a_pinch_presses_then_lifts_the_fold_with_less_force(roller: ToolData) -> None:
    done = did("pinch", roller)
    for contact in done.contacts:
        force, rows = force_n(done, contact), done.part(contact)
        out = done.motion.points[rows] @ contact.touch.line.normals[0]
        third, late = int(0.3 * len(force)), int(0.72 * len(force))
        assert force.argmax() == pytest.approx(third, abs=4)
        assert 0.5 < force[late] / force.max() < 0.75
        assert 0.003 < out[late] - out[third] < 0.008
        assert way_m(done, contact) < 0.012


def test_a_stretch_pulls_slowly_over_a_short_way(roller: ToolData) -> None:
    done = did("stretch", roller, f"{STEADY}stretch_cm = [2, 2]\nstretch_s = [3, 3]")
    for contact in done.contacts:
        assert contact.touch.line.length_m == pytest.approx(0.02, rel=0.01)
        assert contact.touch.duration_s == 3
        middle = force_n(done, contact)[80:-80]
        assert np.ptp(middle) / middle.mean() < 0.01


@pytest.mark.parametrize("count", [1, 3])
def test_a_circle_goes_round_as_often_as_asked_and_ends_where_it_began(
    count: int, roller: ToolData
) -> None:
    keys = f"{STEADY}revolutions = [{count}, {count}]\ncircle_radius_cm = [1, 1]"
    done = did("circle", roller, keys)
    for contact in done.contacts:
        points = contact.touch.line.points
        assert points[-1] == pytest.approx(points[0], abs=1e-9)
        assert contact.touch.line.length_m == pytest.approx(2 * np.pi * 0.01 * count, rel=0.01)
        assert contact.touch.cycles == count
        outward = contact.touch.line.normals[0]
        assert np.ptp(points @ outward) < 1e-9


@pytest.mark.parametrize(("way_back", "contacts", "ways"), [("full", 3, 2), ("light", 5, 2)])
def test_a_way_back_over_the_skin_needs_no_lifting(
    way_back: str, contacts: int, ways: int, roller: ToolData
) -> None:
    done = did("sweep", roller, f'{STEADY}way_back = "{way_back}"', count=5)
    assert len(done.contacts) == contacts
    first = done.contacts[0]
    assert len(first.touch.glides) == ways
    assert first.last.point == pytest.approx(first.first.point)
    assert sum(contact.touch.repetitions for contact in done.contacts) == 5
    assert force_n(done, first).min() >= 0


def test_a_light_way_back_presses_less(roller: ToolData) -> None:
    keys = f'{STEADY}way_back = "light"\nback_force = [0.2, 0.2]'
    done = did("sweep", roller, keys)
    first = done.contacts[0]
    there, back = first.touch.glides
    assert (there.repetition, back.repetition) == (0, None)
    force = force_n(done, first)
    middles = [force[int((way.start_s + way.end_s) / 2 * GRID_HZ)] for way in (there, back)]
    assert middles[1] / middles[0] == pytest.approx(0.2, rel=0.02)


def test_an_odd_number_of_strokes_ends_with_one_way(roller: ToolData) -> None:
    done = did("sweep", roller, '[hand]\nway_back = "full"', count=5)
    assert [contact.touch.repetitions for contact in done.contacts] == [2, 2, 1]


def test_a_rest_on_the_skin_keeps_the_contact(roller: ToolData) -> None:
    done = did("sweep", roller, f"{STEADY}pauses = 1.0\npause_s = [0.5, 0.5]", count=12)
    for contact in done.contacts:
        points = done.motion.points[done.part(contact)]
        speed = np.linalg.norm(np.diff(points, axis=0), axis=1)[90:-90] * GRID_HZ
        assert contact.touch.duration_s > 2.9
        if len(contact.touch.glides) == 2:
            assert np.count_nonzero(speed < 1e-4) >= 0.45 * GRID_HZ
            assert force_n(done, contact)[90:-90].min() > 0.5 * contact.aim_kpa / 10
    assert {len(contact.touch.glides) for contact in done.contacts} == {1, 2}


def test_taps_in_pairs_come_at_their_own_rate(roller: ToolData) -> None:
    keys = "[hand]\ndouble_taps = 1.0\ndouble_tap_rate_hz = [4, 4]"
    done = did("tap", roller, keys, count=8)
    starts = np.diff([contact.start_s for contact in done.contacts])
    assert len(done.contacts) == 8
    assert starts[::2] == pytest.approx([0.25] * 4)
    assert starts[1::2].min() > 1.2
    gaps = [b.start_s - a.end_s for a, b in zip(done.contacts, done.contacts[1:], strict=False)]
    assert min(gaps) >= 0.1 - 1e-9


def test_a_swinging_pace_is_now_quick_now_slow(roller: ToolData) -> None:
    keys = "[hand]\nspeed_cm_s = [4, 4]\nreach = [1, 1]\npace_swing = [0.5, 0.5]"
    done = did("sweep", roller, keys, count=16)
    lengths = np.array([contact.touch.duration_s for contact in done.contacts])
    assert 1.8 < lengths.max() / lengths.min() < 2.4
    assert lengths.mean() == pytest.approx(0.095 / 0.04, rel=0.15)


@pytest.mark.parametrize(
    ("key", "low", "high"),
    [("speed_cm_s", 2.0, 20.0), ("reach", 0.3, 1.0), ("aim", -0.2, 1.5), ("return_s", 0.4, 5.0)],
)
def test_each_movement_draws_its_own_value_from_the_whole_range(
    key: str, low: float, high: float, roller: ToolData
) -> None:
    done = did("sweep", roller, f"[hand]\n{key} = [{low}, {high}]", count=40)
    gaps = [b.start_s - a.end_s for a, b in zip(done.contacts, done.contacts[1:], strict=False)]
    length = 0.095
    drawn = {
        "speed_cm_s": [
            100 * contact.touch.line.length_m / contact.touch.duration_s
            for contact in done.contacts
        ],
        "reach": [contact.touch.line.length_m / length for contact in done.contacts],
        "aim": [(contact.aim_kpa - 2) / 4 for contact in done.contacts],
        "return_s": gaps,
    }[key]
    assert low * 0.94 - 0.01 < min(drawn) < low + 0.2 * (high - low)
    assert high - 0.2 * (high - low) < max(drawn) < high * 1.06
    assert len({round(value, 6) for value in drawn}) > 30
