"""The simulated tools keep the whole profile, and are left as they were found."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from companion.conform.bench import Bench
from companion.conform.report import document
from companion.conform.rules import RULES
from companion.conform.runner import Choice, Run
from companion.conform.verdict import Judged, Outcome
from companion.strict_json import json_text
from companion.texts import text
from protocols.massage_tool import Features, ToolFeature, ToolKind
from simulators.firmware import Firmware, Tool
from simulators.performance import Performance
from simulators.scenario import load_scenario
from simulators.tool_data import load_tool
from simulators.virtual_time import run_virtual
from tests.conform.world import (
    EVERYTHING,
    QUICK,
    Make,
    bench,
    chosen,
    failed,
    judged,
    scripted,
    try_all,
)
from tests.end_to_end.world import plan_of, routine_of
from tests.simulators.firmware.scripted import ROLLER, ScriptedBody

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

SHIPPED = sorted(file.stem for file in (Path(__file__).parents[2] / "config/tools").glob("*.toml"))
LONGEST_S = 60.0
NOTHING_TO_TRY = {
    text(f"conform.why.{why}") for why in ("slow", "attended", "lacks", "has", "optional")
}
BARE = ToolFeature(
    tool_kind=ToolKind.OTHER,
    features=Features(0),
    force_channels=1,
    maximum_rate_hz=20,
    force_resolution_n=0.001,
)
THREE = replace(ROLLER, force_channels=3, tool_kind=ToolKind.GUA_SHA)


def held_still(name: str) -> tuple[Tool, Make]:
    """A shipped tool in a hand that never begins."""
    data = load_tool(name)
    performance = Performance(plan_of(routine_of()), data, load_scenario("careful"), 1)
    performance.hold_still()

    def make(tool: Tool, _body: ScriptedBody) -> Firmware:
        return Firmware(
            tool,
            performance,
            drift_ppm=data.sensors.clock_drift_ppm,
            channels=data.channels,
        )

    return data, make


@cache
def everything() -> tuple[Judged, ...]:
    """The whole run at a tool that has everything, with a person."""
    return tuple(try_all(choice=EVERYTHING))


@pytest.mark.thinned(3)
@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_tool_passes_whole_within_a_minute(name: str) -> None:
    tool, make = held_still(name)
    results = try_all(tool=tool, make=make, choice=QUICK)
    assert failed(results) == {}
    left_out = {one.reason for one in results if one.outcome is Outcome.NOT_RUN}
    assert left_out <= NOTHING_TO_TRY
    assert sum(one.seconds for one in results) <= LONGEST_S


def test_the_smallest_tool_passes_the_slow_rules_too() -> None:
    tool, make = held_still("small-roller")
    results = try_all(tool=tool, make=make, choice=Choice(slow=True, parting=True))
    assert failed(results) == {}


@pytest.mark.parametrize("feature", [BARE, THREE], ids=["bare", "three channels"])
def test_a_tool_with_less_or_more_passes(feature: ToolFeature) -> None:
    results = try_all(tool=scripted(feature), choice=QUICK)
    assert failed(results) == {}


@pytest.mark.measured
def test_a_person_makes_the_rest_pass() -> None:
    assert failed(everything()) == {}
    assert {one.reason for one in everything() if one.outcome is Outcome.NOT_RUN} == {
        text("conform.why.lacks"),
        text("conform.why.has"),
    }


def test_every_rule_is_judged_once_and_in_order() -> None:
    assert [one.id for one in everything()] == [rule.id for rule in RULES]


def test_two_runs_are_the_same() -> None:
    first, second = (try_all(choice=QUICK, only=QUICKEST) for _ in range(2))
    assert first == second


QUICKEST = ("frame-numbers", "limit-delay", "resend-same", "resume")


def test_the_document_is_strict_json() -> None:
    results = list(zip(RULES, everything(), strict=True))
    whole = document(radio="air", tool={"name": "x"}, results=results, owed={}, complete=True)
    assert json_text(whole).startswith('{"format": 1, ')
    assert whole["totals"]["failed"] == 0
    assert sum(whole["totals"].values()) == len(RULES)


def test_the_tool_is_left_as_found() -> None:
    firmwares: list[Firmware] = []

    def make(tool: Tool, body: ScriptedBody) -> Firmware:
        firmwares.append(Firmware(tool, body))
        return firmwares[-1]

    async def run() -> None:
        before = None
        async with bench(make=make) as at:
            (firmware,) = firmwares
            before = firmware.calibration
            await run_over(at)
            assert firmware.calibration == before
            assert not firmware._watch.is_armed
            assert firmware._stream.run is None
            assert all(buzz.end_us is not None for buzz in firmware.buzzes)

    run_virtual(run())


async def run_over(at: Bench) -> None:

    run = Run(at, QUICK, lambda _rule, _judged: None)
    await run.over(chosen(()))
    assert run.is_complete
    assert await run.leave(forget=False) == {}


def test_without_a_person_and_time_nothing_is_asked() -> None:
    results = run_virtual(judged(only=ASKING, choice=Choice()))
    assert {one.reason for one in results} == {
        text("conform.why.slow"),
        text("conform.why.attended"),
        text("conform.why.parting"),
    }


ASKING = tuple(rule.id for rule in RULES if rule.is_slow or rule.is_attended or rule.is_parting)
