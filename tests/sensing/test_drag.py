"""Drag against a person's own first strokes: dry skin is told, oiled skin never."""

from dataclasses import replace
from functools import lru_cache
from statistics import median

import numpy as np
import pytest

from companion.sensing.drag import (
    DRY_TIMES,
    FIRST_STROKES,
    NEWEST_STROKES,
    DragWatch,
    band_energy,
)
from companion.sensing.engine import Engine
from companion.sensing.tool import Axis
from companion.sensing.types import Stroke
from protocols.telemetry import Telemetry
from simulators.tool_data import load_tool
from tests.sensing.rig import of
from tests.sensing.simulated import RATES_HZ, SWEEPS, TASK, engine_of, performance, stream

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

TOOLS = ["small-roller", "large-roller", "gua-sha", "passkey-roller"]
STEPS = SWEEPS + SWEEPS
APART_US = 5_000_000
MOMENT_US = 10_000


def follow(
    engine: Engine, tool: str, scenario: str, *, seed: int, rate_hz: int = 0
) -> list[Stroke]:
    """Let a person work on; return the strokes."""
    late_us = 0 if engine.intake.last_us is None else engine.intake.last_us + APART_US
    strokes: list[Stroke] = []
    for frame in frames(tool, scenario, seed, rate_hz or RATES_HZ[tool]):
        if frame is None:
            engine.tared((engine.intake.last_us or 0) / 1e6)
            engine.begin(TASK)
            continue
        moved = replace(frame, device_us=frame.device_us + late_us)
        strokes += of(Stroke, engine.receive(moved))
    return strokes


@lru_cache(maxsize=1)  # one test hears the same work twice
def frames(tool: str, scenario: str, seed: int, rate_hz: int) -> list[Telemetry | None]:
    """Everything a tool sends while a person works on, and None where it has been tared."""
    hand = performance(tool, scenario, seed=seed, steps=STEPS)
    return list(stream(hand, load_tool(tool), rate_hz))


def dry(strokes: list[Stroke]) -> list[bool]:
    """Return whether the newest strokes were dry, from when there were enough on."""
    known = [stroke.drag for stroke in strokes if stroke.drag is not None]
    ends = range(NEWEST_STROKES, len(known) + 1)
    return [median(known[end - NEWEST_STROKES : end]) > DRY_TIMES for end in ends]


@pytest.mark.thinned(4)
@pytest.mark.parametrize(("seed", "person"), [(41, ""), (42, "+left-hand")])
@pytest.mark.parametrize("tool", TOOLS)
def test_skin_that_dries_is_told_and_oiled_skin_is_not(tool: str, seed: int, person: str) -> None:
    engine = engine_of(load_tool(tool))
    oiled = follow(engine, tool, f"careful{person}", seed=seed)
    assert all(stroke.drag is None for stroke in oiled[:FIRST_STROKES])
    assert all(stroke.drag is not None for stroke in oiled[FIRST_STROKES:])
    assert set(dry(oiled)) == {False}
    dried = follow(engine, tool, f"dry-drag{person}", seed=seed)
    assert set(dry(dried)) == {True}
    engine.oiled()
    again = follow(engine, tool, f"dry-drag{person}", seed=seed)
    assert {stroke.drag for stroke in again[:FIRST_STROKES]} == {None}
    assert set(dry(again)) == {False}, "what is dry from the first stroke on is not seen"


@pytest.mark.parametrize("scenario", ["everyday", "restless", "light-return"])
def test_an_unsteady_hand_is_not_dry(scenario: str) -> None:
    strokes = follow(engine_of(load_tool("small-roller")), "small-roller", scenario, seed=43)
    assert set(dry(strokes)) == {False}


def test_below_100_hertz_it_is_not_observable() -> None:
    strokes = follow(
        engine_of(load_tool("small-roller")), "small-roller", "careful", seed=41, rate_hz=50
    )
    assert strokes
    assert {stroke.drag for stroke in strokes} == {None}


def test_the_energy_of_a_known_tone_lies_in_its_band() -> None:
    t = np.arange(400) / 100
    for hertz, inside in ((2.0, False), (20.0, True), (45.0, False)):
        tone = 3.0 * np.sin(2 * np.pi * hertz * t)
        expected = 4.5 if inside else 0.0
        assert band_energy(tone, MOMENT_US) == pytest.approx(expected, abs=0.02)
        assert band_energy(np.stack([tone, tone]).T, MOMENT_US) == pytest.approx(
            2 * expected, abs=0.04
        )


def shaken(watch: DragWatch, begin_us: int, size: float, *, missing: int = 0) -> float | None:
    for index in range(100):
        if index >= 50 + missing or index < 50:
            x = size * float(np.sin(2 * np.pi * 20 * index / 100))
            watch.add(begin_us + index * MOMENT_US, None, (x, 0.0, 9.8))
    return watch.stroke(begin_us, begin_us + 100 * MOMENT_US, MOMENT_US)


def test_the_index_is_the_energy_over_that_of_the_first_strokes() -> None:
    watch = DragWatch()
    for number in range(FIRST_STROKES):
        assert shaken(watch, number * APART_US, 1.0) is None
    assert shaken(watch, 20 * APART_US, 2.0) == pytest.approx(4.0)
    assert shaken(watch, 21 * APART_US, 1.0) == pytest.approx(1.0)


def test_a_hole_or_a_short_stroke_has_no_index() -> None:
    watch = DragWatch()
    for number in range(FIRST_STROKES):
        shaken(watch, number * APART_US, 1.0)
    assert shaken(watch, 20 * APART_US, 1.0, missing=10) is None
    assert watch.stroke(20 * APART_US, 20 * APART_US + 300_000, MOMENT_US) is None
    assert watch.stroke(90 * APART_US, 91 * APART_US, MOMENT_US) is None


@pytest.mark.parametrize("absurd", [(1.7, (1.7e308, 0.0, -1e300)), (1e300, None)])
def test_values_that_no_sensor_has_make_no_index(absurd: tuple[float, Axis | None]) -> None:
    watch = DragWatch()
    for number in range(FIRST_STROKES):
        shaken(watch, number * APART_US, 1.0)
    begin_us = 20 * APART_US
    for index in range(100):
        watch.add(begin_us + index * MOMENT_US, *absurd)
    assert watch.stroke(begin_us, begin_us + 100 * MOMENT_US, MOMENT_US) is None
    assert shaken(watch, 21 * APART_US, 1.0) == pytest.approx(1.0)


def test_without_any_shaking_there_is_nothing_to_compare_with() -> None:
    watch = DragWatch()
    for number in range(FIRST_STROKES + 1):
        assert shaken(watch, number * APART_US, 0.0) is None
