"""What is simulated where nothing is named."""

from typing import Final

from simulators.plan import Plan, PlannedStep
from simulators.scenario import load_scenario
from simulators.simulated_tool import SimulatedTool
from simulators.tool_data import load_tool

DEFAULT_TOOL: Final = "small-roller"
"""The tool where none is named."""

DEFAULT_SCENARIO: Final = "careful"
"""The person's manner where none is named."""


def strokes(
    zone: str = "forehead",
    *,
    side: str = "left",
    technique: str = "sweep",
    direction: str = "any",
    repetitions: int = 10,
    low_kpa: float = 2.0,
    high_kpa: float = 6.0,
) -> Plan:
    """A plan of one step, for those who have no routine; see `PlannedStep` for the words."""
    step = PlannedStep(
        id=f"{zone}-{technique}",
        hand_only=False,
        zone=zone,
        side=side,
        technique=technique,
        direction=direction,
        repetitions=repetitions,
        duration_s=0.0,
        low_kpa=low_kpa,
        high_kpa=high_kpa,
        caution_kpa=None,
        stop_kpa=None,
    )
    return Plan(steps=(step,))


def in_hand(tool: str, scenario: str, plan: Plan, seed: int) -> SimulatedTool:
    """A tool and the hand that holds it, by name; not yet switched on.

    Args:
        tool: name of a shipped tool, or path of a tool file.
        scenario: name of a shipped scenario, or path of a scenario file.
        plan: what the hand is to do.
        seed: draws the person's variation and the sensors' offsets and noise.

    Raises:
        DataFileError: there is no such tool or scenario, or its file cannot be used.
        CannotPerformError: the step cannot be done with a tool.
        UnknownPlaceError: the step names a place that the body does not have.
    """
    return SimulatedTool(plan, load_tool(tool), load_scenario(scenario), seed)
