"""A recording whose acceleration fails: its force holds weight, and no zero has crept."""

from dataclasses import replace
from pathlib import Path

import pytest

from companion.recordings import Options, analyse, read_recording, read_tool
from simulators.plan import Plan
from simulators.recording import write_recording
from simulators.scenario import PlannedFault, load_scenario
from simulators.tool_data import load_tool
from tests.simulators.recording.conftest import SWEEPS

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

STEP = replace(SWEEPS, direction="up", repetitions=10)


@pytest.mark.parametrize("kind", ["frozen", "saturated", "noisy"])
@pytest.mark.parametrize("tool", ["small-roller", "gua-sha"])
def test_a_motion_sensor_that_fails_is_the_only_fault(tmp_path: Path, tool: str, kind: str) -> None:
    fault = PlannedFault(part="imu", kind=kind, at_s=8.0, lasting_s=20.0)  # type: ignore[arg-type]
    scenario = replace(load_scenario("everyday"), faults=(fault,))
    data = load_tool(tool)
    write_recording(
        tmp_path, "made", plan=Plan((STEP,)), tool=data, scenario=scenario, seed=2, rate_hz=100
    )
    options = Options(tool=read_tool(tmp_path / "made.tool.json"))
    document = analyse(read_recording(tmp_path / "made.csv"), options).document
    (found,) = document["faults"]
    assert found["kind"] == f"motion_{kind}"
    assert found["detected_s"] <= 9.0 + 2.0
