"""Whatever a scenario file may ask for can be performed, and looks like a hand's work."""

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from simulators.anatomy import zone_names
from simulators.hand import GRID_HZ
from simulators.performance import Performance
from simulators.plan import Plan, PlannedStep
from simulators.scenario import ScenarioError
from simulators.scenario.tables import HandTable
from simulators.tool_data import load_tool
from tests.simulators.hand.conftest import CHEEK, scenario_with, tool_step
from tests.simulators.hand.test_scenario_page import within

LONG = {"first_contact_s", "return_s", "step_pause_s", "hold_s", "stretch_s", "pause_s"}
LONG |= {"laid_down_s"}
WHOLE = {"revolutions", "squeezes"}


def toml_of(name: str, model: type[BaseModel]) -> st.SearchStrategy[str]:
    """A key of a table with any value within its limits; times only up to a few seconds."""
    field = model.model_fields[name]
    check = within(field)
    if check is None:
        return st.sampled_from(["air", "light", "full"]).map(lambda way: f'{name} = "{way}"')
    high = min(check.high, 2.5) if name in LONG else check.high
    number = st.floats(check.low, high).map(lambda value: round(value, 3))
    number = number.map(lambda value: min(max(value, check.low), high))
    if name in WHOLE:
        number = st.integers(1, 4).map(float)
    if field.annotation is float:
        return number.map(lambda value: f"{name} = {value}")
    pairs = st.tuples(number, number).map(sorted)
    return pairs.map(lambda pair: f"{name} = [{pair[0]}, {pair[1]}]")


manners = st.sets(st.sampled_from(sorted(HandTable.model_fields)), max_size=12).flatmap(
    lambda names: st.tuples(*(toml_of(name, HandTable) for name in sorted(names)))
)
steps = st.builds(
    lambda technique, zone, side, direction, both: replace(
        tool_step(zone, side, technique, direction, CHEEK), repetitions=3, there_and_back=both
    ),
    st.sampled_from(["sweep", "tap", "circle", "knead", "pinch", "press_hold", "stretch"]),
    st.sampled_from(zone_names()),
    st.sampled_from(["left", "right", "both"]),
    st.sampled_from(["up", "outward", "down", "inward", "any"]),
    st.booleans(),
)


@given(manners, steps, st.floats(0, 1.5), st.floats(-90, 180), st.integers(0, 99))
@settings(max_examples=30)
def test_any_manner_can_be_performed(
    manner: tuple[str, ...], step: PlannedStep, friction: float, recline: float, seed: int
) -> None:
    keys = "\n".join(manner)
    text = f"[person]\nrecline_deg = {recline}\n[skin]\nfriction = {friction}\n[hand]\n{keys}"
    try:
        scenario = scenario_with(text)
    except ScenarioError as error:
        assume("no time to lift" not in error.reason)
        raise
    performance = Performance(Plan((step,)), load_tool("small-roller"), scenario, seed)
    truth = performance.truth
    assert len(truth.steps[0].repetitions_s) == 3
    for before, after in pairwise(truth.contacts):
        assert before.end_s < after.start_s
    at_s = np.arange(truth.began_s, truth.end_s, 1 / GRID_HZ)
    force = truth.forces_n(at_s)
    assert force.min() >= 0
    assert np.isfinite(force).all()
    assert ((force > 1e-9) <= (truth.contacts_at(at_s) >= 0)).all()
    assert json.dumps(truth.to_dict(), allow_nan=False)
    performance.begin(0)
    samples = performance.sample(10_000, 10_000, int(truth.end_s * 100))
    assert all(sample.accel is not None for sample in samples)
    accel = np.array([sample.accel for sample in samples]) * 244e-6
    assert np.linalg.norm(accel, axis=1).max() < 12
