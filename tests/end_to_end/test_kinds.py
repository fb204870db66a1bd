"""Every kind of tool meets the service: what it has is judged, what it lacks is said."""

import pytest

from companion.coaching.events import StepResult
from companion.sensing.types import Doubt
from simulators.virtual_time import run_virtual
from tests.end_to_end.world import world


def forehead(tool: str) -> tuple[StepResult, int]:
    """Work one step with a tool; return its result and the number of warnings."""

    async def session() -> tuple[StepResult, int]:
        async with world("careful", "forehead", tool=tool) as room:
            summary = await room.run()
            return summary.steps[0], len(summary.alerts)

    return run_virtual(session())


@pytest.mark.parametrize("tool", ["small-roller", "large-roller", "gua-sha"])
def test_a_tool_with_force_and_motion_is_counted_and_judged(tool: str) -> None:
    result, warnings = forehead(tool)
    assert (result.outcome, result.repetitions) == ("done", 10)
    assert result.judged
    assert warnings == 0


def test_a_tool_without_an_imu_is_judged_by_its_force_alone() -> None:
    result, _ = forehead("force-only")
    assert result.judged
    assert result.repetitions >= 9


def test_a_tool_without_force_says_that_nothing_can_be_judged() -> None:
    result, warnings = forehead("motion-only")
    assert not result.judged
    assert result.doubt is Doubt.NO_FORCE_SENSOR
    assert warnings == 0
