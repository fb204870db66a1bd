"""Dry skin sticks and lets go: jerks along the path."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from simulators.hand import GRID_HZ, Skin
from simulators.hand.drag import pushed_m, sticking_n
from simulators.tool_data import ToolData
from tests.simulators.hand.conftest import Done, moved, one_step, scenario_with

Floats = NDArray[np.float64]


def dragged(tool: ToolData, friction: float, *, firmness: float = 1.0) -> Done:
    keys = f"[skin]\nfriction = {friction}\n[hand]\nfirmness = [{firmness}, {firmness}]"
    return moved(one_step("sweep", count=6), tool, scenario_with(keys))


def jerk_energy(done: Done) -> float:
    total = 0.0
    for contact in done.contacts:
        points = done.motion.points[done.part(contact)]
        total += float(np.sum((np.diff(points, n=3, axis=0) * GRID_HZ**3) ** 2))
    return total


def test_a_dry_stroke_jerks_and_an_oiled_one_does_not(roller: ToolData) -> None:
    energies = [jerk_energy(dragged(roller, friction)) for friction in (0.1, 0.2, 0.35, 0.52)]
    assert energies[0] == pytest.approx(energies[1])
    assert energies[2] > 3 * energies[1]
    assert energies[3] > 3 * energies[2]


def test_skin_may_be_dry_in_some_strokes_only(roller: ToolData) -> None:
    change = "[[change]]\nrepetitions = [4, 5, 6]\nfriction = 0.52"
    done = moved(one_step("sweep", count=6), roller, scenario_with(change))
    jerks = [jerk_energy(replace(done, contacts=(contact,))) for contact in done.contacts]
    assert max(jerks[:3]) < min(jerks[3:]) / 3


def test_pressing_harder_makes_dry_skin_jerk_more(roller: ToolData) -> None:
    light, firm = (dragged(roller, 0.52, firmness=factor) for factor in (0.5, 2.0))
    assert jerk_energy(firm) > 4 * jerk_energy(light)


def test_drag_changes_neither_when_nor_where_but_for_a_millimetre(roller: ToolData) -> None:
    oiled, dry = dragged(roller, 0.1), dragged(roller, 0.52)
    assert [c.start_s for c in oiled.contacts] == [c.start_s for c in dry.contacts]
    away = np.linalg.norm(oiled.motion.points - dry.motion.points, axis=1)
    assert 1e-5 < away.max() < 1e-3
    harder = dry.motion.force_n - oiled.motion.force_n
    assert harder.min() >= 0
    assert harder.max() < 0.06 * oiled.motion.force_n.max()


def test_the_velocity_of_a_dragged_tool_has_no_steps(roller: ToolData) -> None:
    velocity = np.diff(dragged(roller, 0.8).motion.points, axis=0) * GRID_HZ
    assert np.abs(np.diff(velocity, axis=0)).max() * GRID_HZ < 6


@pytest.mark.parametrize("speed_mps", [0.02, 0.05])
def test_the_skin_lets_go_some_five_to_forty_times_a_second(speed_mps: float) -> None:
    seconds = np.arange(5 * GRID_HZ) / GRID_HZ
    skin = Skin(0.52, np.random.default_rng(1))
    held = sticking_n(seconds * speed_mps, np.full(len(seconds), 0.4), skin, GRID_HZ)
    rate_hz = np.count_nonzero(np.diff(held) < -0.01) / 5
    assert 5 < rate_hz < 42
    assert held.min() >= 0
    assert held.max() <= 0.52 * 0.4 * (1 - 0.36 / 0.52) + 1e-9


def test_a_tool_at_rest_is_held_and_not_let_go() -> None:
    skin = Skin(0.52, np.random.default_rng(1))
    held = sticking_n(np.zeros(500), np.full(500, 0.4), skin, GRID_HZ)
    assert not held.any()


def test_a_steady_push_shifts_the_held_tool_by_its_stiffness() -> None:
    places = pushed_m(np.full(1000, 0.2), GRID_HZ)
    assert places[0] == 0
    assert places[-1] == pytest.approx(0.2 / 400)
    assert 1.1 < places.max() / places[-1] < 1.4
