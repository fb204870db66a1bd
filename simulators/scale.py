"""A bench: a hand that presses a tool on a kitchen scale, or on a force gauge, load after load."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from simulators.plan import Plan, PlannedStep
from simulators.scenario import Mishap, Scenario, load_scenario
from simulators.simulated_tool import SimulatedTool
from simulators.tool_data import Edge, ToolData

_NEWTONS_PER_GRAM: Final = 9.81e-3
"""What a gram weighs on this simulator's bench."""

_HOLD_S: Final = 6.0
"""How long each load is held: time to read the scale and to type it."""

_AIR_S: Final = 3.0
_STANDARD: Final = 9.80665e-3
"""What a scale takes a gram to weigh: it is made for standard gravity."""

_KPA: Final = 1e-3
_ANYWHERE: Final = "forehead"
_MICROSECONDS: Final = 1_000_000


def weighing(loads_g: Sequence[float], tool: ToolData) -> tuple[Plan, Scenario]:
    """Return a plan that presses each load once with each edge of a tool, and a steady hand.

    Args:
        loads_g: what the scale is to show, in order, above 0.
        tool: with which tool.
    """
    edges = tool.sensors.edges
    steps = tuple(
        _press(f"{edge.name}-{place}", load_g, edge)
        for edge in edges
        for place, load_g in enumerate(loads_g, 1)
    )
    return Plan(steps), _steady()


def weighing_tools(
    loads_g: Sequence[float],
    tool: ToolData,
    gauge: ToolData | None,
    seed: int,
    *,
    mishaps: Iterable[Mishap] = (),
) -> list[SimulatedTool]:
    """Return a tool in a hand that presses loads, and the gauge it presses on, if there is one.

    Args:
        loads_g: what the scale is to show, in order, above 0.
        tool: the tool.
        gauge: a force gauge; None for a scale that nobody is connected to.
        seed: draws the person's variation and the sensors' offsets and noise.
        mishaps: what goes wrong with the tool.
    """
    plan, scenario = weighing(loads_g, tool)
    pressed = SimulatedTool(plan, tool, scenario, seed, mishaps=mishaps)
    pressed.weighs = True
    if gauge is None:
        return [pressed]
    lying = SimulatedTool(plan, gauge, scenario, seed + 1)
    lying.performance.be_pressed_by(pressed.performance)
    return [pressed, lying]


def grams_on_scale(tool: SimulatedTool, device_us: int) -> int:
    """Return what the scale shows at a moment of the tool's clock, to its last digit of 1 g."""
    performance = tool.performance
    if performance.finished_us is None:
        return 0
    return round(performance.truth.force_n(device_us / _MICROSECONDS) / _STANDARD)


def _press(name: str, load_g: float, edge: Edge) -> PlannedStep:
    pressure_kpa = load_g * _NEWTONS_PER_GRAM / edge.area_m2 * _KPA
    return PlannedStep(
        id=name,
        hand_only=False,
        zone=edge.zones[0] if edge.zones else _ANYWHERE,
        side="left",
        technique="press_hold",
        direction="any",
        repetitions=1,
        duration_s=0.0,
        low_kpa=pressure_kpa,
        high_kpa=pressure_kpa,
        caution_kpa=None,
        stop_kpa=None,
    )


def _steady() -> Scenario:
    """An arm that rests on the table."""
    careful = load_scenario("careful")
    habits = replace(
        careful.habits,
        first_contact_s=2 * _AIR_S,
        step_pause_s=(_AIR_S, _AIR_S),
        hold_s=(_HOLD_S, _HOLD_S),
        ramp_s=(0.4, 0.4),
        unsteadiness=(0.0, 0.005),
        share_wobble=(0.0, 0.0),
        beside_cm=(0.0, 0.0),
        yaw_deg=(0.0, 0.0),
        tilt_deg=(0.0, 0.0),
    )
    return replace(careful, name="scale", title="On a scale", habits=habits)
