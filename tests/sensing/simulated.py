"""The engine on what a simulated tool sends, with the truth beside it; no radio between them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from companion.sensing.engine import Engine
from companion.sensing.tool import Tool
from companion.sensing.types import (
    Band,
    FaultFound,
    RepetitionKind,
    SensingEvent,
    Task,
    Technique,
)
from protocols.massage_tool import Decoder, Start, Started, Tare, ToolFeature, decode_answer
from protocols.telemetry import Telemetry
from simulators.firmware import Firmware
from simulators.performance import Performance
from simulators.plan import Plan, PlannedStep
from simulators.scenario import PlannedFault, load_scenario
from simulators.tool_data import ToolData, load_tool
from simulators.truth import Truth

MTU = 247
TARE_US = 550_000
STEP_US = 250_000
TAIL_US = 500_000
CHEEK = (2.0, 6.0, 8.0, 13.3)
RATES_HZ = {
    "small-roller": 100,
    "large-roller": 104,
    "gua-sha": 104,
    "passkey-roller": 104,
    "force-only": 80,
    "motion-only": 100,
}
"""Every simulated tool, and a rate that it has."""


@dataclass(frozen=True)
class Lived:
    """What the engine said, the truth beside it, and the engine in the end."""

    events: list[SensingEvent]
    truth: Truth
    engine: Engine

    def of_kind(self, kind: str) -> list[FaultFound]:
        """The findings of one kind of fault."""
        return [e for e in self.events if isinstance(e, FaultFound) and e.kind == kind]

    @property
    def kinds(self) -> set[str]:
        """The kinds of all faults found."""
        return {event.kind for event in self.events if isinstance(event, FaultFound)}


def step(
    zone: str,
    technique: str = "sweep",
    *,
    direction: str = "up",
    repetitions: int = 6,
    band: tuple[float, float, float, float] = CHEEK,
) -> PlannedStep:
    """One step of a plan."""
    low, high, caution, stop = band
    return PlannedStep(
        id=f"{zone}-{technique}-{direction}",
        hand_only=False,
        zone=zone,
        side="both" if zone == "forehead" else "right",
        technique=technique,
        direction=direction,
        repetitions=repetitions,
        duration_s=0,
        low_kpa=low,
        high_kpa=high,
        caution_kpa=caution,
        stop_kpa=stop,
    )


SWEEPS = (
    step("cheek", direction="outward", repetitions=4),
    step("forehead", repetitions=4),
    step("neck_front", repetitions=3),
)
TOUCHES = (
    step("forehead", "circle", repetitions=3),
    step("cheek", "knead", repetitions=3),
    step("cheek", "pinch", repetitions=3),
    step("cheek", "press_hold", repetitions=3),
    step("cheek", "stretch", repetitions=3),
    step("temples", "tap", repetitions=10),
)
TASK = Task(RepetitionKind.STROKE, Technique.SWEEP, Band(*CHEEK))


def performance(
    tool: str = "small-roller",
    scenario: str = "careful",
    *,
    seed: int = 1,
    steps: tuple[PlannedStep, ...] = SWEEPS,
    faults: tuple[PlannedFault, ...] = (),
    **habits: Any,  # noqa: ANN401 - as the scenario has them
) -> Performance:
    """A person with a tool."""
    told = load_scenario(scenario)
    told = replace(
        told,
        faults=faults or told.faults,
        habits=replace(told.habits, **habits),
    )
    return Performance(Plan(steps), load_tool(tool), told, seed)


def lived(
    tool: str = "small-roller",
    scenario: str = "careful",
    *,
    rate_hz: int = 0,
    task: Task = TASK,
    **more: Any,  # noqa: ANN401 - of the performance
) -> Lived:
    """Let a person work through a plan with a tool, tared first; return what was said to it."""
    hand, data = performance(tool, scenario, **more), load_tool(tool)
    engine = engine_of(data)
    events: list[SensingEvent] = [] if engine.tool.has_force else engine.begin(task)
    for frame in stream(hand, data, rate_hz or RATES_HZ[tool]):
        if frame is None:
            events += engine.tared((engine.intake.last_us or 0) / 1e6) + engine.begin(task)
        else:
            events += engine.receive(frame)
    return Lived(events, hand.truth, engine)


@cache
def lived_once(tool: str, scenario: str, steps: tuple[PlannedStep, ...], seed: int) -> Lived:
    """The same, kept: several tests may ask it."""
    return lived(tool, scenario, steps=steps, seed=seed)


def engine_of(data: ToolData) -> Engine:
    """An engine for a simulated tool."""
    return Engine(Tool.from_feature(ToolFeature.from_bytes(bytes(data.feature)), data.channels))


def stream(hand: Performance, data: ToolData, rate_hz: int) -> Iterator[Telemetry | None]:
    """Yield the tool's frames, and None where it has been tared; to the end of the performance."""
    firmware = Firmware(data, hand, drift_ppm=data.sensors.clock_drift_ppm, channels=data.channels)
    firmware.connected(0)
    decoder = Decoder(ToolFeature.from_bytes(bytes(data.feature)))
    answer = firmware.request(bytes(Start(rate_hz, 0)), 0, mtu=MTU, telemetry_on=True)
    started = decode_answer(answer or b"").values
    assert isinstance(started, Started)
    decoder.begin_run(started.timestamp_us, started.first_sample)
    now_us = STEP_US * 2
    yield from map(decoder.receive_data, firmware.advance(now_us).frames)
    if data.feature.force_channels:
        firmware.request(bytes(Tare()), now_us, mtu=MTU, telemetry_on=True)
        now_us += TARE_US
        yield from map(decoder.receive_data, firmware.advance(now_us).frames)
        yield None
    assert hand.finished_us is not None
    while now_us < hand.finished_us + TAIL_US:
        now_us += STEP_US
        yield from map(decoder.receive_data, firmware.advance(now_us).frames)
