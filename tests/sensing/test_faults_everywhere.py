"""Every fault of every part of every simulated tool: found in time, and nothing fine meanwhile."""

from itertools import pairwise

import pytest

from companion.sensing.types import (
    FaultEnded,
    Level,
    LevelMoved,
    OverPressureRaised,
    Stroke,
    StrokeDirection,
)
from simulators.scenario import PlannedFault
from simulators.sensors import FAULT_KINDS
from tests.sensing.rig import of
from tests.sensing.simulated import RATES_HZ, SWEEPS, Lived, lived, performance

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

FOUND_WITHIN_S = 2.0
AT_S, LASTING_S = 8.0, 12.0
WAITS_FOR = ("force_drifting", "imu_drifting", "wheel_frozen", "wheel_drifting", "wheel_noisy")
"""Seen only in the air, under load, or once it has grown: when, the tests of each part say."""
SPOILS_FORCE = ("imu_frozen", "imu_missing", "imu_saturated", "imu_noisy")


def planned(part: str, kind: str, at_s: float) -> PlannedFault:
    """A fault of some length; the class checks its words."""
    return PlannedFault(part=part, kind=kind, at_s=at_s, lasting_s=LASTING_S)  # type: ignore[arg-type]


EVERY = tuple(planned(part, kind, 1.0) for part, kinds in FAULT_KINDS.items() for kind in kinds)
CASES = [
    (tool, fault.part, fault.kind)
    for tool in RATES_HZ
    for fault in performance(tool, steps=SWEEPS[:1], faults=EVERY).faults
]
AT_ONCE = [case for case in CASES if f"{case[1]}_{case[2]}" not in WAITS_FOR]


def broken(tool: str, part: str, kind: str) -> Lived:
    return lived(tool, "careful", seed=51, faults=(planned(part, kind, AT_S),))


def levels(session: Lived, from_s: float, to_s: float) -> set[Level]:
    """The levels that stood between two moments."""
    moved = of(LevelMoved, session.events)
    before = [event.level for event in moved if event.device_s <= from_s]
    return {*before[-1:], *(e.level for e in moved if from_s < e.device_s < to_s)}


@pytest.mark.thinned(4)
@pytest.mark.parametrize(("tool", "part", "kind"), AT_ONCE)
def test_it_is_found_alone_and_in_time_and_nothing_is_fine_while_it_lasts(
    tool: str, part: str, kind: str
) -> None:
    session = broken(tool, part, kind)
    (fault,) = session.truth.faults
    assert session.kinds == {fault.kind}
    (found,) = session.of_kind(fault.kind)
    (ended,) = of(FaultEnded, session.events)
    assert fault.end_s is not None
    assert fault.start_s - 0.3 <= found.start_s
    assert fault.start_s <= found.device_s <= fault.start_s + FOUND_WITHIN_S
    assert fault.end_s <= ended.device_s <= fault.end_s + FOUND_WITHIN_S
    is_of_force = part == "force" or f"{part}_{kind}" in SPOILS_FORCE
    has_weight = tool not in ("motion-only", "force-only")
    if part == "force" or (is_of_force and has_weight):
        during = levels(session, found.device_s, fault.end_s)
        assert during <= {Level.UNKNOWN, Level.CAUTION, Level.STOP}
    raised = of(OverPressureRaised, session.events)
    if kind == "saturated" and part == "force":
        assert {alert.level for alert in raised} == {Level.CAUTION, Level.STOP}
        assert all(fault.start_s <= alert.device_s <= fault.end_s for alert in raised)
    else:
        assert raised == []


@pytest.mark.thinned(3)
@pytest.mark.parametrize("tool", ["small-roller", "large-roller", "passkey-roller"])
@pytest.mark.parametrize("kind", ["frozen", "drifting", "noisy"])
def test_a_wheel_that_lies_is_found_where_it_shows(tool: str, kind: str) -> None:
    session = broken(tool, "wheel", kind)
    (fault,) = session.truth.faults
    assert session.kinds == {fault.kind}
    (found,) = session.of_kind(fault.kind)
    contacts = session.truth.contacts
    lifts = [(a.end_s, b.start_s) for a, b in pairwise(contacts)]
    shows = [(c.start_s, c.end_s) for c in contacts] if kind == "frozen" else lifts
    first_s = min(
        max(start, fault.start_s) for start, end in shows if end - max(start, fault.start_s) >= 1.5
    )
    assert fault.start_s <= found.device_s <= first_s + FOUND_WITHIN_S
    assert fault.end_s is not None
    for stroke in of(Stroke, session.events):
        if found.device_s <= stroke.start_s and stroke.end_s <= fault.end_s:
            assert (stroke.travel_m, stroke.direction) == (None, StrokeDirection.UNKNOWN)


@pytest.mark.parametrize("tool", ["small-roller", "gua-sha", "motion-only"])
def test_a_gyroscope_that_drifts_is_found_once_it_is_worse_than_any_part(tool: str) -> None:
    fault = PlannedFault(part="imu", kind="drifting", at_s=8.0, lasting_s=20.0, amount=0.02)
    session = lived(tool, "careful", seed=52, faults=(fault,))
    (found,) = session.of_kind("motion_drifting")
    (true,) = session.truth.faults
    assert session.kinds == {"motion_drifting"}
    # It grows by .02 rad/s on each axis: at least two of three axes are level enough to be seen.
    worse_s = true.start_s + 0.06 / 0.02
    assert worse_s - 2.0 <= found.device_s <= worse_s + 2 * FOUND_WITHIN_S


def test_a_wheel_that_slips_is_told_and_its_strokes_have_no_travel() -> None:
    session = lived(
        "small-roller",
        "careful",
        seed=53,
        wheel_slip=(0.9, 0.95),
        wheel_slip_lasts=(0.7, 0.8),
    )
    found = session.of_kind("wheel_slipping")
    assert session.kinds == {"wheel_slipping"}
    slips = session.truth.slips
    assert len(found) >= len(slips) / 2
    for event in found:
        assert any(slip.start_s - 0.2 <= event.device_s <= slip.end_s + 1.2 for slip in slips)
