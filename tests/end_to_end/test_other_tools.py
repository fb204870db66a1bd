"""Tools that do not speak the profile run the same session over the virtual radio."""

import asyncio
from dataclasses import replace

import pytest

from companion.ble.errors import LinkError, LinkFault
from companion.coaching.events import (
    AlertRaised,
    BatteryRead,
    LimitArmed,
    LinkLost,
    LinkUp,
    SessionStarted,
    StepResult,
    ToolTared,
)
from companion.sensing.types import Doubt
from companion.service import ServiceOptions
from companion.settings.described_tools import load_other_tool
from protocols.other_tools.description import Endpoint, OtherTool
from simulators.scenario import CountedFrom, Mishap, MishapKind
from simulators.virtual_time import run_virtual
from tests.end_to_end.world import World, world

JUDGED = ["progressor-dome", "lines-csv", "lines-json", "fields"]
FORCE_UNJUDGED = ["tindeq", "industrial-measurement"]
MOTION = ["witmotion", "bluefruit"]


def options(kind: OtherTool) -> ServiceOptions:
    return ServiceOptions(seed=1, kind=kind, max_search_s=60.0)


def forehead(name: str, scenario: str = "careful") -> tuple[StepResult, World]:
    """Work one step with a tool of this name; return its result and the room as it was left."""

    async def session() -> tuple[StepResult, World]:
        kind = load_other_tool(name)
        async with world(scenario, "forehead", tool=name, options=options(kind)) as room:
            summary = await room.run()
            return summary.steps[0], room

    return run_virtual(session())


@pytest.mark.thinned(4)
@pytest.mark.parametrize("name", JUDGED)
def test_a_tool_of_known_area_and_mass_is_counted_and_judged(name: str) -> None:
    result, room = forehead(name)
    assert (result.outcome, result.repetitions) == ("done", 10)
    assert result.judged
    truth = room.performance.truth
    true_peak = max(truth.pressure_kpa(device_s / 100) or 0.0 for device_s in range(300, 4500, 2))
    assert result.peak_kpa == pytest.approx(true_peak, rel=0.15)
    assert [event.done for event in room.all(ToolTared)] == [True]


@pytest.mark.parametrize("name", FORCE_UNJUDGED)
def test_a_force_without_a_declared_area_counts_and_judges_nothing(name: str) -> None:
    result, _ = forehead(name)
    assert (result.outcome, result.repetitions) == ("done", 10)
    assert not result.judged
    assert result.doubt is Doubt.AREA_UNKNOWN


@pytest.mark.thinned(2)
@pytest.mark.parametrize("name", MOTION)
def test_a_tool_of_motion_alone_counts_and_says_that_it_has_no_force(name: str) -> None:
    """Within one: what turns alone tell of ten strokes at 50 Hz (docs/accuracy.md)."""
    result, room = forehead(name)
    assert result.repetitions is not None
    assert 9 <= result.repetitions <= 11
    assert (result.outcome == "done") is (result.repetitions >= 10)
    assert result.doubt is Doubt.NO_FORCE_SENSOR
    assert room.all(ToolTared) == []


def test_too_much_pressure_is_told_with_a_home_made_gauge() -> None:
    _, room = forehead("progressor-dome", "heavy-hand")
    truth = [alert.level for alert in room.performance.truth.over_pressure]
    raised = [event.level for event in room.all(AlertRaised)]
    assert truth
    assert raised == truth


def test_what_such_a_tool_lacks_is_said() -> None:
    _, room = forehead("lines-csv")
    (armed,) = {event.reason for event in room.all(LimitArmed)}
    assert not any(event.armed for event in room.all(LimitArmed))
    assert armed
    assert [event.percent for event in room.all(BatteryRead)] == [80]


def test_after_a_lost_link_the_tool_is_zeroed_anew_and_the_step_goes_on() -> None:
    async def session() -> None:
        lost = Mishap(kind=MishapKind.LINK_LOST, at_s=8.0, counted_from=CountedFrom.BEGIN)
        kind = load_other_tool("progressor-dome")
        async with world(
            "careful", "forehead", tool="progressor-dome", options=options(kind), mishaps=[lost]
        ) as room:
            summary = await room.run()
            assert len(room.all(LinkLost)) == 1
            first, second = room.all(LinkUp)
            assert not second.resumed
            assert second.gap_s is not None
            assert first.tool == second.tool
            assert summary.gaps_s > 0

    run_virtual(session())


def fails_with(kind: OtherTool, tool: str) -> LinkError:
    """Run a session that cannot begin; return why."""

    async def session() -> LinkError:
        async with world("careful", "forehead", tool=tool, options=options(kind)) as room:
            with pytest.raises(LinkError) as caught:
                async with asyncio.timeout(300):
                    await room.run()
            assert room.all(SessionStarted) == []
            return caught.value

    return run_virtual(session())


def test_a_tool_that_is_not_there_is_not_taken_for_another() -> None:
    kind = replace(load_other_tool("tindeq"), services=(), names=("Progressor_9999",))
    assert fails_with(kind, "tindeq").fault is LinkFault.NOT_FOUND


def test_a_tool_that_never_sends_ends_in_bounded_time() -> None:
    kind = replace(load_other_tool("tindeq"), start=())
    assert fails_with(kind, "tindeq").fault is LinkFault.SILENT


def test_a_tool_that_lacks_what_is_described_is_told_apart() -> None:
    wrong = Endpoint(
        load_other_tool("tindeq").listens[0].service, "7e4e17ff-1ea6-40c9-9dcc-13d34ffead57"
    )
    kind = replace(load_other_tool("tindeq"), listens=(wrong,))
    error = fails_with(kind, "tindeq")
    assert error.fault is LinkFault.NOT_AS_DESCRIBED
    assert "7e4e17ff" in str(error)


def test_bytes_that_cannot_be_read_are_no_samples() -> None:
    kind = replace(load_other_tool("lines-csv"), new_codec=load_other_tool("lines-json").new_codec)
    assert fails_with(kind, "lines-csv").fault is LinkFault.SILENT
