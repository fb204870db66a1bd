from dataclasses import dataclass, replace

import numpy as np
import pytest

from simulators.hand import (
    GRID_HZ,
    Contact,
    Motion,
    Skin,
    drawn,
    perform,
    up_when_reclined,
)
from simulators.performance import Performance
from simulators.plan import Plan, PlannedStep
from simulators.scenario import Scenario, load_scenario, parse_scenario
from simulators.tool_data import ToolData

Band = tuple[float, float, float, float]
FOREHEAD: Band = (2, 5, 8, 13.3)
CHEEK: Band = (2, 6, 8, 13.3)
UNDER_EYE: Band = (0.3, 1.5, 2.7, 4)
NECK: Band = (1, 3, 4, 6)


def tool_step(zone: str, side: str, technique: str, direction: str, band: Band) -> PlannedStep:
    low, high, caution, stop = band
    return PlannedStep(
        id=f"{zone}-{side}",
        hand_only=False,
        zone=zone,
        side=side,
        technique=technique,
        direction=direction,
        repetitions=10,
        duration_s=0,
        low_kpa=low,
        high_kpa=high,
        caution_kpa=caution,
        stop_kpa=stop,
    )


def hand_step(zone: str, side: str, duration_s: float) -> PlannedStep:
    return PlannedStep(
        id=f"{zone}-{side}",
        hand_only=True,
        zone=zone,
        side=side,
        technique="pinch",
        direction="outward",
        repetitions=0,
        duration_s=duration_s,
        low_kpa=0,
        high_kpa=0,
        caution_kpa=None,
        stop_kpa=None,
    )


def scenario_with(keys: str, *, based_on: str = "careful") -> Scenario:
    """A shipped scenario with some keys of TOML laid over it."""
    return parse_scenario(f'title = "Test"\nbased_on = ["{based_on}"]\n{keys}', "test.toml")


def one_step(technique: str, *, zone: str = "cheek", side: str = "right", count: int = 4) -> Plan:
    """One step of the tool along a zone's own path."""
    step = tool_step(zone, side, technique, "any", CHEEK)
    return Plan((replace(step, repetitions=count),))


@dataclass(frozen=True)
class Done:
    """What a hand did, and how it moved, without tremor."""

    contacts: tuple[Contact, ...]
    motion: Motion

    def part(self, contact: Contact) -> slice:
        """The rows of a contact."""
        return slice(int(contact.start_s * GRID_HZ) + 1, int(contact.end_s * GRID_HZ))


def moved(plan: Plan, tool: ToolData, scenario: Scenario, seed: int = 5) -> Done:
    """Let a hand perform a plan."""
    hand, skin = (np.random.default_rng([seed, part]) for part in range(2))
    performed = perform(plan, tool, scenario, hand)
    motion = drawn(
        performed.moves,
        Skin(scenario.friction, skin),
        up=up_when_reclined(scenario.person.recline_deg),
        shares=tool.sensors.edges[0].shares,
    )
    return Done(performed.contacts, motion)


FIVE_MINUTES = Plan(
    (
        tool_step("forehead", "both", "sweep", "up", FOREHEAD),
        tool_step("cheek", "right", "sweep", "outward", CHEEK),
        tool_step("cheek", "left", "sweep", "outward", CHEEK),
        hand_step("jawline", "right", 20),
        hand_step("jawline", "left", 20),
        tool_step("under_eye", "right", "tap", "outward", UNDER_EYE),
        tool_step("under_eye", "left", "tap", "outward", UNDER_EYE),
        tool_step("neck_front", "both", "sweep", "up", NECK),
    )
)


@pytest.fixture(scope="session")
def plan() -> Plan:
    """The five-minute routine as a hand performs it."""
    return FIVE_MINUTES


@pytest.fixture(scope="session", params=[1, 2, 3])
def careful(request: pytest.FixtureRequest, plan: Plan, roller: ToolData) -> Performance:
    """A careful performance that began at 2 s; tests read its truth only."""
    performance = Performance(plan, roller, load_scenario("careful"), request.param)
    performance.begin(2_000_000)
    return performance


@pytest.fixture(scope="session", params=[1, 2, 3])
def heavy(request: pytest.FixtureRequest, plan: Plan, roller: ToolData) -> Performance:
    """A heavy-handed performance that began at 2 s; tests read its truth only."""
    performance = Performance(plan, roller, load_scenario("heavy-hand"), request.param)
    performance.begin(2_000_000)
    return performance
