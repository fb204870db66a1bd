from dataclasses import replace

import pytest

from companion.sensing.faults import ForceFaults
from companion.sensing.types import (
    ContactEnded,
    Doubt,
    FaultEnded,
    FaultFound,
    Level,
    OverPressureCleared,
    OverPressureRaised,
    SensingEvent,
)
from protocols.telemetry import Sample
from tests.sensing.rig import ROLLER, Rig, constant, near, of, sweep


def run(
    values: list[tuple[float | None, ...]], channels: int = 1
) -> tuple[ForceFaults, list[SensingEvent]]:
    faults = ForceFaults(channels)
    out: list[SensingEvent] = []
    for index, value in enumerate(values):
        known = len(value) == channels and None not in value
        faults.step(index * 10_000, value, known=known, out=out)
    return faults, out


def test_the_same_value_for_a_second_is_frozen() -> None:
    live: list[tuple[float | None, ...]] = [(0.1 + i * 1e-3,) for i in range(20)]
    faults, out = run(live + [(0.5,)] * 150 + [(0.51,)])
    assert out == [
        FaultFound(device_s=1.2, kind="force_frozen", start_s=0.2),
        FaultEnded(device_s=1.7, kind="force_frozen"),
    ]
    assert faults.doubt is None


def test_a_dead_band_of_nought_is_no_fault_and_just_under_a_second_neither() -> None:
    assert run([(0.0,)] * 500)[1] == []
    halves: list[tuple[float | None, ...]] = [(0.5 if i < 100 else 0.6,) for i in range(200)]
    assert run(halves)[1] == []


def test_one_frozen_channel_of_two_is_enough() -> None:
    values: list[tuple[float | None, ...]] = [(0.3, 0.1 + i * 1e-3) for i in range(150)]
    faults, out = run(values, channels=2)
    assert [type(event) for event in out] == [FaultFound]
    assert faults.doubt is Doubt.FORCE_FROZEN


def test_a_sensor_slower_than_the_stream_is_neither_missing_nor_frozen() -> None:
    values: list[tuple[float | None, ...]] = [
        (0.1 + i * 1e-3,) if i % 10 == 0 else (None,) for i in range(500)
    ]
    assert run(values)[1] == []


def test_a_slow_sensor_freezes_too() -> None:
    values: list[tuple[float | None, ...]] = [
        (0.4,) if i % 10 == 0 else (None,) for i in range(150)
    ]
    assert [type(event) for event in run(values)[1]] == [FaultFound]


@pytest.mark.parametrize("absent", [(None,), ()])
def test_no_known_value_for_over_half_a_second_is_missing(
    absent: tuple[float | None, ...],
) -> None:
    faults, out = run([(0.1,)] + [absent] * 60 + [(0.2,)])
    assert out == [
        FaultFound(device_s=0.52, kind="force_missing", start_s=0.01),
        FaultEnded(device_s=0.61, kind="force_missing"),
    ]
    assert faults.doubt is None


def test_a_frozen_force_clears_the_alert_and_raises_none() -> None:
    rig = Rig().ready(sweep())
    rig.play(0.5, lambda _: 1.0)
    assert rig.engine.level is Level.CAUTION
    rig.noise_n = 0.0
    events = rig.play(3.0, lambda _: 1.0)
    (found,) = of(FaultFound, events)
    (cleared,) = of(OverPressureCleared, events)
    assert found.device_s - found.start_s == pytest.approx(1.0)
    assert (cleared.reason, cleared.device_s) == ("unknown", found.device_s)
    assert len(of(ContactEnded, events)) == 1
    assert of(OverPressureRaised, events) == []
    assert (rig.engine.level, rig.engine.doubt) == (Level.UNKNOWN, Doubt.FORCE_FROZEN)
    assert rig.engine.pressure_kpa is None
    rig.noise_n = 2e-4
    rig.play(1.0, lambda _: 0.4)
    assert (rig.engine.level, rig.engine.doubt) == (Level.ON_TARGET, None)


def test_a_missing_force_is_unknown_and_comes_back() -> None:
    rig = Rig().ready(sweep())
    rig.play(0.5, lambda _: 1.0)
    events: list[SensingEvent] = []
    for _ in range(20):
        gone = [rig.sample(1.0, 0.0)._replace(force_n=(None,)) for _ in range(5)]
        events += rig.engine.receive(rig.frame(gone))
    assert [event.kind for event in of(FaultFound, events)] == ["force_missing"]
    assert [event.reason for event in of(OverPressureCleared, events)] == ["unknown"]
    assert rig.engine.doubt is Doubt.FORCE_MISSING
    rig.play(1.0, lambda _: 0.4)
    assert rig.engine.level is Level.ON_TARGET


def test_a_wrong_number_of_channels_is_a_missing_force() -> None:
    rig = Rig().ready(sweep())
    for _ in range(20):
        rig.engine.receive(rig.frame([Sample((0.1, 0.2), None, None, None)] * 5))
    assert rig.engine.doubt is Doubt.FORCE_MISSING


def test_a_saturated_force_raises_and_holds_its_alert_and_is_not_frozen() -> None:
    small = replace(ROLLER, force_full_scale_n=1.0)
    rig = Rig(tool=small).ready(sweep())
    rig.play(0.5, lambda _: 0.4)
    rig.noise_n = 0.0
    events = rig.play(3.0, lambda _: 0.78, saturated=True)
    assert [event.kind for event in of(FaultFound, events)] == ["force_saturated"]
    assert [event.level for event in of(OverPressureRaised, events)] == [Level.CAUTION]
    assert of(OverPressureCleared, events) == []
    assert rig.engine.pressure_kpa == pytest.approx(10.0, rel=0.01)
    rig.noise_n = 2e-4
    events = rig.play(1.0, lambda _: 0.4)
    assert [event.kind for event in of(FaultEnded, events)] == ["force_saturated"]
    (over,) = of(OverPressureCleared, events)
    assert (over.reason, over.peak_is_least) == ("ended", True)
    assert over.peak_kpa == pytest.approx(10.0, rel=0.01)
    events = [*rig.play(1.0, lambda _: 0.9), *rig.play(1.0, lambda _: 0.4)]
    assert [event.peak_is_least for event in of(OverPressureCleared, events)] == [False]


def test_a_tool_without_force_has_no_force_faults() -> None:
    rig = Rig(tool=replace(ROLLER, force_channels=0)).ready(sweep())
    events = rig.play(3.0, saturated=True)
    assert of(FaultFound, events) == []


def test_silence_forgets_what_had_begun() -> None:
    rig = Rig(noise_n=0.0).ready(sweep())
    rig.play(0.8, lambda _: 0.4)
    rig.engine.silence(rig.t + 0.3)
    rig.skip(100)
    assert of(FaultFound, rig.play(0.8, lambda _: 0.4)) == []


def test_a_fault_lasts_through_silence() -> None:
    rig = Rig(noise_n=0.0).ready(sweep())
    assert len(of(FaultFound, rig.play(2.0, lambda _: 0.4))) == 1
    rig.engine.silence(rig.t + 0.3)
    rig.skip(100)
    events = rig.play(0.5, lambda _: 0.4)
    assert [event for event in events if isinstance(event, FaultFound | FaultEnded)] == []
    assert len(of(FaultEnded, rig.play(0.5, lambda _: 0.5))) == 1


def test_a_force_that_pulls_says_that_the_zero_has_moved() -> None:
    rig = Rig().ready(sweep())
    (found,) = of(FaultFound, rig.play(3.0, lambda _: -0.2))
    assert (found.kind, found.device_s - found.start_s) == ("tare_drift", near(1.0, 0.11))
    assert of(FaultEnded, rig.play(29.0)) == []
    (ended,) = of(FaultEnded, rig.play(2.0))
    assert ended.kind == "tare_drift"


def test_a_short_pull_and_a_small_error_of_the_zero_are_no_fault() -> None:
    rig = Rig().ready(sweep())
    for force_n, seconds in ((-0.05, 20.0), (-0.3, 0.9), (0.0, 1.0)):
        assert of(FaultFound, rig.play(seconds, constant(force_n))) == []


def test_a_force_that_no_sensor_measures_is_implausible_and_raises_nothing() -> None:
    rig = Rig().ready(sweep())
    rig.play(0.5, lambda _: 0.4)
    absurd = [rig.sample(0.0, 0.0)._replace(force_n=(5e3,)) for _ in range(20)]
    events = rig.engine.receive(rig.frame(absurd)) + rig.play(1.0, lambda _: 0.4)
    assert [event.kind for event in of(FaultFound, events)] == ["force_implausible"]
    assert [event.kind for event in of(FaultEnded, events)] == ["force_implausible"]
    assert of(OverPressureRaised, events) == []
