"""Every kind of tool meets the service: what it has is judged, what it lacks is said."""

from dataclasses import replace

import pytest

from companion.ble.errors import LinkError, LinkFault
from companion.coaching.events import (
    AlertRaised,
    LossKind,
    Notice,
    Repetition,
    StepFinished,
    StepResult,
    StepStarted,
)
from companion.output import PlainLines, ending
from companion.sensing.types import Doubt, RepetitionKind
from companion.settings.routines import load_routine
from simulators.virtual_time import run_virtual
from tests.end_to_end.world import world


def forehead(tool: str) -> tuple[StepResult, int]:
    """Work one step with a tool; return its result and the number of warnings."""

    async def session() -> tuple[StepResult, int]:
        async with world("careful", "forehead", tool=tool) as room:
            summary = await room.run()
            return summary.steps[0], len(summary.alerts)

    return run_virtual(session())


@pytest.mark.thinned(3)
@pytest.mark.parametrize("tool", ["small-roller", "large-roller", "gua-sha"])
def test_a_tool_with_force_and_motion_is_counted_and_judged(tool: str) -> None:
    result, warnings = forehead(tool)
    assert (result.outcome, result.repetitions) == ("done", 10)
    assert result.judged
    assert warnings == 0


def test_a_tool_without_an_imu_is_judged_by_its_force_alone() -> None:
    result, _ = forehead("force-only")
    assert result.judged
    assert (result.repetitions or 0) >= 9


@pytest.mark.parametrize(
    ("tool", "routine", "step", "repetition"),
    [
        ("motion-only", "techniques", "cheek-circles-right", RepetitionKind.CONTACT),
        ("force-only", "five-minutes", "forehead", RepetitionKind.CYCLE),
    ],
)
def test_what_a_tool_cannot_count_is_unknown_and_not_short(
    tool: str, routine: str, step: str, repetition: RepetitionKind
) -> None:
    async def session() -> None:
        whole = load_routine(routine)
        (asked,) = (one for one in whole.steps if one.id == step)
        alone = replace(whole, steps=(replace(asked, repetition=repetition),))
        async with world("careful", routine=alone, tool=tool) as room:
            summary = await room.run()
            (begun,) = room.all(StepStarted)
            assert begun.cannot_count
            assert room.all(Repetition) == []
            (result,) = summary.steps
            assert (result.outcome, result.repetitions, result.goal) == ("done", None, None)
            assert result.duration_s == pytest.approx(asked.time_limit_s, abs=0.2)
            lost = [] if summary.score is None else summary.score.losses
            assert LossKind.REPETITIONS_MISSING not in {loss.kind for loss in lost}
            assert (summary.score is None) is (tool == "motion-only")
            plain = PlainLines()
            assert "not counted with this tool" in plain.line(begun)
            assert ": done, not counted with this tool," in plain.line(room.all(StepFinished)[0])
            assert ": done, not counted with this tool," in ending(summary)[1]

    run_virtual(session())


def test_a_tool_without_force_says_that_nothing_can_be_judged() -> None:
    result, warnings = forehead("motion-only")
    assert not result.judged
    assert result.doubt is Doubt.NO_FORCE_SENSOR
    assert warnings == 0


def test_a_stone_is_judged_by_the_channel_that_presses_hardest() -> None:
    async def session() -> None:
        async with world("heavy-hand", "forehead", tool="gua-sha") as room:
            summary = await room.run()
            raised = [(a.step, a.level) for a in room.all(AlertRaised)]
            truth = room.performance.truth
            assert raised == [(t.step, t.level) for t in truth.over_pressure]
            assert raised
            peak = summary.steps[0].peak_kpa
            assert peak is not None
            assert peak == pytest.approx(max(t.peak_kpa for t in truth.over_pressure), rel=0.15)

    run_virtual(session())


def test_a_tool_without_an_imu_counts_by_its_own_touch_on_every_zone() -> None:
    async def session() -> None:
        async with world("careful", "cheek-left", "under-eye-left", "neck", tool="force-only") as r:
            summary = await r.run()
            assert [step.repetitions for step in summary.steps] == [10, 10, 10]

    run_virtual(session())


def test_a_wide_roller_is_kept_away_from_the_skin_under_the_eyes() -> None:
    async def session() -> None:
        async with world("careful", "under-eye-left", "cheek-left", tool="large-roller") as room:
            summary = await room.run()
            assert [step.step for step in summary.steps] == ["cheek-left"]
            keys = [(notice.key, notice.values) for notice in room.all(Notice)]
            assert ("link.tool.too_wide", {"step": "under-eye-left"}) in keys

    run_virtual(session())


def test_a_wide_roller_for_under_the_eyes_alone_is_refused_in_one_sentence() -> None:
    async def session() -> None:
        async with world("careful", "under-eye-left", tool="large-roller") as room:
            with pytest.raises(LinkError, match="is too wide for every place") as refused:
                await room.run()
            assert refused.value.fault is LinkFault.TOO_WIDE

    run_virtual(session())
