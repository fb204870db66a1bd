"""The simulator's part of the table: recordings of many conditions, on seeds held out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from math import radians
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from simulators.plan import Plan, PlannedStep
from simulators.recording import Losses, write_recording
from simulators.scenario import Person, PlannedFault, Press, Scenario, load_scenario
from simulators.tool_data import ToolData, load_tool
from tests.accuracy.drift import label_drift

SEEDS = (90_001, 90_002, 90_003)
"""Held out: nothing was tried or chosen on them."""
ROLLER = "small-roller"
UPRIGHT = Person()
NO_LOSSES = Losses()


@dataclass(frozen=True)
class Condition:
    """What differs from an everyday person with a small roller at 100 Hz."""

    name: str
    tool: str = ROLLER
    rate_hz: int = 100
    losses: Losses = NO_LOSSES
    habits: dict[str, Any] = field(default_factory=dict)
    sensors: dict[str, Any] = field(default_factory=dict)
    person: Person = UPRIGHT
    faults: tuple[PlannedFault, ...] = ()
    area_factor: float = 1.0
    techniques: bool = False


def speed(cm_s: float) -> dict[str, Any]:
    return {"speed_cm_s": (cm_s, cm_s)}


CONDITIONS = (
    Condition("50 Hz", rate_hz=50),
    Condition("100 Hz"),
    Condition("200 Hz", rate_hz=200),
    Condition("2 % lost", losses=Losses(0.02)),
    Condition("5 % lost in bursts to 500 ms", losses=Losses(0.05, 0.5)),
    Condition("clock off by 100 ppm", sensors={"clock_drift_ppm": 100.0}),
    Condition("gyro bias to 1 degree/s", sensors={"gyro_bias_radps": radians(1)}),
    Condition(
        "zero drifts to 0.2 N",
        sensors={"force_drift_n_per_k": 0.02, "warms_by_k": 10.0, "warms_in_s": 20.0},
    ),
    Condition("left hand", person=Person(hand="left")),
    Condition("lying", person=Person(recline_deg=90.0)),
    Condition("2 cm/s", habits=speed(2)),
    Condition("5 cm/s", habits=speed(5)),
    Condition("10 cm/s", habits=speed(10)),
    Condition("20 cm/s", habits=speed(20)),
    Condition("changing cadence", habits={"pace_swing": (0.4, 0.4)}),
    Condition("pauses in contact", habits={"pauses": 0.5}),
    Condition("double taps at 4 Hz", habits={"double_taps": 1.0, "double_tap_rate_hz": (4.0, 4.0)}),
    Condition("declared area half", area_factor=0.5),
    Condition("declared area double", area_factor=2.0),
    Condition("large roller", tool="large-roller"),
    Condition("gua sha", tool="gua-sha"),
    Condition("force alone", tool="force-only", rate_hz=80),
    Condition("motion alone, 2 cm/s", tool="motion-only", habits=speed(2)),
    Condition("motion alone, 5 cm/s", tool="motion-only", habits=speed(5)),
    Condition("motion alone, 10 cm/s", tool="motion-only", habits=speed(10)),
    Condition("motion alone, 20 cm/s", tool="motion-only", habits=speed(20)),
    Condition(
        "motion alone, there and back", tool="motion-only", habits={"way_back": "full", **speed(8)}
    ),
    Condition(
        "force alone, there and back", tool="force-only", rate_hz=80, habits={"way_back": "full"}
    ),
    *(
        Condition(f"techniques, {name}", tool=tool, rate_hz=rate_hz, techniques=True)
        for name, tool, rate_hz in (
            ("small roller", ROLLER, 100),
            ("large roller", "large-roller", 100),
            ("gua sha", "gua-sha", 100),
            ("force alone", "force-only", 80),
            ("motion alone", "motion-only", 100),
        )
    ),
    *(
        Condition(f"{fault.part} {fault.kind}", faults=(fault,))
        for fault in (
            PlannedFault(part="force", kind="frozen", at_s=8.0, lasting_s=6.0),
            PlannedFault(part="force", kind="missing", at_s=8.0, lasting_s=6.0),
            PlannedFault(part="force", kind="saturated", at_s=8.0, lasting_s=6.0),
            PlannedFault(part="imu", kind="frozen", at_s=8.0, lasting_s=6.0),
            PlannedFault(part="imu", kind="missing", at_s=8.0, lasting_s=6.0),
        )
    ),
)


def make(folder: Path, conditions: tuple[Condition, ...], seeds: tuple[int, ...]) -> None:
    """Write the recordings of some conditions: strokes, taps and hard presses for each seed."""
    for condition in conditions:
        for seed in seeds:
            for what, plan, presses in _works(condition):
                name = f"{re.sub(r'[^a-z0-9]+', '_', condition.name.lower())}-{what}-{seed}"
                scenario, tool = _scenario(condition, presses), _tool(condition)
                write = partial(
                    write_recording,
                    plan=plan,
                    scenario=scenario,
                    seed=seed,
                    rate_hz=condition.rate_hz,
                    losses=condition.losses,
                )
                write(folder, name, tool=tool)
                if "force_drift_n_per_k" in condition.sensors:
                    sensors = replace(tool.sensors, force_drift_n_per_k=0.0)
                    with TemporaryDirectory() as steady:
                        write(Path(steady), name, tool=replace(tool, sensors=sensors))
                        label_drift(folder / name, Path(steady) / name)


def _step(name: str, zone: str, direction: str, technique: str, repetitions: int) -> PlannedStep:
    return PlannedStep(
        id=name,
        hand_only=False,
        zone=zone,
        side="both" if zone == "forehead" else "right",
        technique=technique,
        direction=direction,
        repetitions=repetitions,
        duration_s=0,
        low_kpa=2.0,
        high_kpa=6.0,
        caution_kpa=8.0,
        stop_kpa=13.3,
    )


SWEEPS = Plan(
    (
        _step("cheek", "cheek", "outward", "sweep", 6),
        _step("forehead", "forehead", "up", "sweep", 6),
        _step("neck", "neck_front", "up", "sweep", 4),
        _step("drain", "neck_front", "down_drain", "sweep", 4),
    )
)
TAPS = Plan((_step("temples", "temples", "any", "tap", 16),))
TECHNIQUES = {
    technique: Plan((_step("cheek", "cheek", direction, technique, 8),))
    for technique, direction in (
        ("sweep", "outward"),
        ("tap", "any"),
        ("circle", "any"),
        ("knead", "any"),
        ("pinch", "any"),
        ("press_hold", "any"),
        ("stretch", "outward"),
    )
}
HARD = tuple(
    Press(step=step, repetitions=(2, 4), peak_kpa=peak, duration_s=length)
    for step, peak, length in (("cheek", 10.0, 0.4), ("forehead", 15.0, 0.8), ("neck", 8.6, 0.6))
)


def _works(condition: Condition) -> Iterator[tuple[str, Plan, tuple[Press, ...]]]:
    if condition.techniques:
        yield from ((technique, plan, ()) for technique, plan in TECHNIQUES.items())
        return
    if "tap" in condition.name:
        yield "taps", TAPS, ()
        return
    yield "strokes", SWEEPS, ()
    if condition.tool not in ("motion-only", "gua-sha") and not condition.faults:
        yield "hard", SWEEPS, HARD
    if "cm/s" not in condition.name and "motion" not in condition.tool:
        yield "taps", TAPS, ()


def _tool(condition: Condition) -> ToolData:
    tool = load_tool(condition.tool)
    area_m2 = tool.feature.contact_area_m2 or 0.0
    feature = replace(tool.feature, contact_area_m2=area_m2 * condition.area_factor)
    sensors = replace(tool.sensors, **condition.sensors)
    return replace(tool, feature=feature, sensors=sensors)


def _scenario(condition: Condition, presses: tuple[Press, ...]) -> Scenario:
    everyday = load_scenario("everyday")
    return replace(
        everyday,
        habits=replace(everyday.habits, **condition.habits),
        person=condition.person,
        presses=presses,
        faults=condition.faults,
    )
