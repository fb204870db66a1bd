"""Scenarios: how a person works and what goes wrong when; data in ``config/scenarios``."""

from simulators.scenario.files import ScenarioError, load_scenario, parse_scenario
from simulators.scenario.mishaps import (
    CountedFrom,
    Lie,
    Mishap,
    MishapKind,
    MishapTable,
    mishap_of,
)
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
    "CountedFrom",
    "Habits",
    "Lie",
    "Mishap",
    "MishapKind",
    "MishapTable",
    "Person",
    "PlannedFault",
    "Press",
    "Range",
    "Scenario",
    "ScenarioError",
    "load_scenario",
    "mishap_of",
    "parse_scenario",
]
