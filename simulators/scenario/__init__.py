"""Scenarios: how a person works and what goes wrong when; data in ``config/scenarios``."""

from simulators.scenario.files import ScenarioError, load_scenario, parse_scenario
from simulators.scenario.sheet import (
    Change,
    Habits,
    Person,
    PlannedFault,
    Press,
    Range,
    Scenario,
)

__all__ = [
    "Change",
    "Habits",
    "Person",
    "PlannedFault",
    "Press",
    "Range",
    "Scenario",
    "ScenarioError",
    "load_scenario",
    "parse_scenario",
]
