"""Faults switched on and off in a tool that works, seen where a host would see them."""

from dataclasses import replace

import numpy as np
import pytest

from protocols.massage_tool import (
    NOT_KNOWN,
    FaultEvent,
    FaultKind,
    RawTelemetry,
    Start,
    Tare,
    decode_event,
)
from simulators.firmware import Firmware
from simulators.performance import Performance
from simulators.plan import Plan
from simulators.scenario import load_scenario
from simulators.tool_data import load_tool
from tests.simulators.recording.conftest import SWEEPS

PLAN = Plan((replace(SWEEPS, repetitions=5),))


class Worked:
    """A tool that is tared after a second and then worked with; time in true seconds."""

    def __init__(self, tool: str = "small-roller") -> None:
        data = load_tool(tool)
        self.performance = Performance(PLAN, data, load_scenario("careful"), 4)
        self.firmware = Firmware(data, self.performance, channels=data.channels)
        self.samples: list[RawTelemetry] = []
        self.told: list[tuple[FaultKind | int, bool]] = []
        self.firmware.connected(0)
        self.firmware.request(bytes(Start(100, 1)), 0, mtu=247, telemetry_on=True)
        self._channels = data.feature.force_channels

    def until(self, second: float) -> list[RawTelemetry]:
        """Go on; return the new frames of one sample each."""
        outgoing = self.firmware.advance(round(second * 1e6))
        events = [decode_event(event) for event in outgoing.events]
        self.told += [(e.fault, e.raised) for e in events if isinstance(e, FaultEvent)]
        return [
            RawTelemetry.from_bytes(frame, force_channels=self._channels)
            for frame in outgoing.frames
        ]

    def tare(self) -> None:
        self.until(1.0)
        self.firmware.request(bytes(Tare()), 1_000_000, mtu=247, telemetry_on=True)
        self.until(2.0)


def forces(frames: list[RawTelemetry]) -> list[int]:
    return [sample.force[0] for frame in frames for sample in frame.samples]


@pytest.mark.parametrize("tool", ["small-roller", "passkey-roller"])
def test_a_force_that_freezes_is_noticed_after_a_second_and_taken_back(tool: str) -> None:
    worked = Worked(tool)
    worked.tare()
    worked.until(5.0)
    worked.performance.fault("force", "frozen", 5_000_000)
    assert len({*forces(worked.until(7.0)), NOT_KNOWN}) == 2
    assert worked.told == [(FaultKind.FORCE_SENSOR, True)]
    worked.performance.clear_fault("force", 7_000_000)
    assert len({*forces(worked.until(8.0)), NOT_KNOWN}) > 40
    assert worked.told[1:] == [(FaultKind.FORCE_SENSOR, False)]


@pytest.mark.parametrize(
    ("part", "kind", "fault"),
    [
        ("force", "missing", FaultKind.FORCE_SENSOR),
        ("force", "saturated", FaultKind.SATURATED),
        ("imu", "missing", FaultKind.IMU),
        ("imu", "frozen", None),
        ("imu", "saturated", None),
        ("imu", "drifting", None),
        ("wheel", "frozen", None),
        ("force", "noisy", None),
    ],
)
def test_a_tool_tells_what_it_can_know_and_nothing_else(
    part: str, kind: str, fault: FaultKind | None
) -> None:
    worked = Worked()
    worked.tare()
    worked.performance.fault(part, kind, 2_000_000)
    worked.until(6.0)
    assert worked.told == ([] if fault is None else [(fault, True)])


def test_a_drifting_zero_is_noticed_while_nothing_touches() -> None:
    worked = Worked()
    worked.tare()
    worked.performance.fault("force", "drifting", 2_000_000, amount=0.4)
    finished_us = worked.performance.finished_us
    assert finished_us
    worked.until(finished_us / 1e6 + 7)
    assert (FaultKind.TARE_DRIFT, True) in worked.told


def test_the_truth_names_live_faults_on_the_tools_clock() -> None:
    worked = Worked()
    worked.performance.fault("imu", "noisy", 400_000)
    worked.tare()
    worked.performance.fault("force", "missing", 3_000_000)
    worked.performance.clear_fault("force", 4_000_000)
    faults = [
        (f.kind, round(f.start_s, 6), f.end_s and round(f.end_s, 6))
        for f in worked.performance.truth.faults
    ]
    assert sorted(faults) == [
        ("force_missing", 3.0, 4.0),
        ("motion_noisy", 0.4, None),
    ]


def test_a_fault_before_the_hand_begins_lasts_on() -> None:
    worked = Worked()
    worked.tare()
    restless = Worked()
    restless.performance.fault("wheel", "missing", 0)
    restless.tare()
    frames = restless.until(4.0)
    assert {sample.wheel for frame in frames for sample in frame.samples} == {NOT_KNOWN}
    assert {s.wheel for frame in worked.until(4.0) for s in frame.samples} != {NOT_KNOWN}


def test_a_tool_cannot_fail_in_parts_it_lacks() -> None:
    worked = Worked("force-only")
    worked.performance.fault("imu", "missing", 0)
    assert worked.performance.truth.faults == ()


def test_the_display_rollers_slow_force_is_no_fault() -> None:
    worked = Worked("passkey-roller")
    worked.tare()
    known = np.array(forces(worked.until(6.0))) != NOT_KNOWN
    assert known.mean() == pytest.approx(80 / 104, abs=0.02)
    assert worked.told == []
