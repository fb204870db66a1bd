"""One recording of each kind of tool, read back as a program would read it."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from simulators.plan import Plan, PlannedStep
from simulators.recording import Losses, write_recording
from simulators.scenario import PlannedFault, load_scenario
from simulators.tool_data import ToolData, load_tool

Floats = NDArray[np.float64]

SWEEPS = PlannedStep(
    id="cheek",
    hand_only=False,
    zone="cheek",
    side="right",
    technique="sweep",
    direction="outward",
    repetitions=4,
    duration_s=0,
    low_kpa=2,
    high_kpa=6,
    caution_kpa=8,
    stop_kpa=13.3,
)
TAPS = replace(SWEEPS, id="temples", zone="temples", technique="tap", high_kpa=2.5, caution_kpa=5)
HARD = replace(SWEEPS, low_kpa=9, high_kpa=11)
NO_LOSSES = Losses()
BOTH = Plan((SWEEPS, TAPS))


@dataclass(frozen=True)
class Recording:
    """The files of a recording, read back."""

    paths: list[Path]
    header: list[str]
    columns: Mapping[str, Floats]
    truth: Mapping[str, Any]
    tool: Mapping[str, Any]

    @property
    def t_s(self) -> Floats:
        return self.columns["t_s"]

    @property
    def force_n(self) -> Floats:
        """Sum of the channels."""
        own = [column for key, column in self.columns.items() if key.startswith("force_")]
        total: Floats = np.sum(own, axis=0)
        return total

    def vectors(self, *keys: str) -> Floats:
        return np.stack([self.columns[key] for key in keys], axis=1)

    def beside(self, ending: str) -> dict[str, list[str]]:
        return read_columns(self.paths[0].with_name(f"{self.paths[0].stem}.{ending}.csv"))


def read_columns(path: Path) -> dict[str, list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    return dict(zip(header, (list(column) for column in zip(*rows, strict=True)), strict=True))


def recorded(
    folder: Path,
    tool: str | ToolData = "small-roller",
    plan: Plan = BOTH,
    *,
    faults: tuple[PlannedFault, ...] = (),
    seed: int = 5,
    rate_hz: int = 80,
    losses: Losses = NO_LOSSES,
    scenario: str = "careful",
) -> Recording:
    data = load_tool(tool) if isinstance(tool, str) else tool
    paths = write_recording(
        folder,
        "worked",
        plan=plan,
        tool=data,
        scenario=replace(load_scenario(scenario), faults=faults),
        seed=seed,
        rate_hz=rate_hz,
        losses=losses,
    )
    cells = read_columns(paths[0])
    numbers = {
        key: np.array([float(cell or "nan") for cell in column]) for key, column in cells.items()
    }
    truth, sheet = (
        json.loads((folder / f"worked.{kind}.json").read_text("utf-8"))
        for kind in ("truth", "tool")
    )
    return Recording(paths, list(cells), numbers, truth, sheet)


@pytest.fixture(scope="session")
def roller(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return recorded(tmp_path_factory.mktemp("roller"))
