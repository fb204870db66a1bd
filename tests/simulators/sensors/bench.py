"""A test bench for sensors: a tool held, pressed and turned as a test says."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulators.hand import GRID_HZ, Motion
from simulators.sensors import Felt, SensorBank, SensorFault, SensorSample
from simulators.tool_data import ToolData

Floats = NDArray[np.float64]

UPRIGHT: Final = np.array([0.0, 0.0, 1.0])
FORWARD: Final = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
"""The small roller pressed against a forehead: no weight along its press axis."""

NEWTONS: Final = 1e-4
"""Per count of the small roller."""


def motion(
    force_n: Floats | float = 0.0,
    *,
    seconds: float = 2.0,
    shares: tuple[float, ...] = (1.0,),
    attitudes: Floats = FORWARD,
    points: Floats | None = None,
    slip: float = 0.0,
    up: Floats = UPRIGHT,
) -> Motion:
    count = round(seconds * GRID_HZ) + 1
    return Motion(
        np.zeros((count, 3)) if points is None else points,
        np.array(np.broadcast_to(attitudes, (count, 3, 3))),
        np.array(np.broadcast_to(np.asarray(force_n, float), (count,))),
        np.tile(shares, (count, 1)),
        np.full(count, slip),
        up,
    )


def bank(tool: ToolData, *faults: SensorFault, seed: int = 1) -> SensorBank:
    made = SensorBank(tool, np.random.SeedSequence(seed))
    made.faults.extend(faults)
    return made


def read(
    tool: ToolData, moved: Motion, *faults: SensorFault, seed: int = 1, rate_hz: int = GRID_HZ
) -> list[SensorSample]:
    """Read from the second moment on: sample k is at (k + 1) / rate."""
    felt = Felt.from_motion(moved, tool)
    count = int((len(felt.load_n) - 1) / GRID_HZ * rate_hz) + 1
    times_s = np.arange(count) / rate_hz
    return bank(tool, *faults, seed=seed).read(felt.at(times_s), times_s)


def forces_n(samples: list[SensorSample]) -> Floats:
    """Return the sums of the channels in newtons."""
    return np.array([sum(sample.force) for sample in samples]) * NEWTONS
