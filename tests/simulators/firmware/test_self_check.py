"""What a tool notices about its own sensors, and what it cannot notice."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from protocols.massage_tool import NOT_KNOWN, FaultEvent, FaultKind, Features, Start, Tare
from tests.simulators.firmware.scripted import G_COUNTS, ROLLER, Bench, Raw

UNKNOWN = (NOT_KNOWN,) * 3


def alive(us: int) -> Raw:
    """A tool held in air: nothing ever reads the same twice."""
    flicker = us // 1000 % 7
    return Raw(force=(5 + flicker,), accel=(flicker, 3, G_COUNTS), gyro=(flicker, 1, 0))


def stuck(us: int) -> Raw:
    return alive(us)._replace(force=(7,))


def faults(bench: Bench) -> list[FaultEvent]:
    return [event for event in bench.events if isinstance(event, FaultEvent)]


def watched(script: Callable[[int], Raw], seconds: float, bench: Bench | None = None) -> Bench:
    """A tared tool; ``script`` is what it reads for some seconds, then it is well again."""
    bench = bench or Bench()
    bench.body.script = alive
    bench.ask(Tare())
    bench.ask(Start(100))
    bench.wait(0.5)
    bench.body.script = script
    bench.wait(seconds)
    bench.body.script = alive
    bench.wait(1.0)
    return bench


def told(bench: Bench) -> list[tuple[FaultKind | int, bool]]:
    return [(event.fault, event.raised) for event in faults(bench)]


def test_a_sound_tool_tells_nothing() -> None:
    assert told(watched(alive, 20)) == []


@pytest.mark.parametrize(
    ("script", "kind", "after_s"),
    [
        (stuck, FaultKind.FORCE_SENSOR, 1.0),
        (lambda us: alive(us)._replace(force=(NOT_KNOWN,)), FaultKind.FORCE_SENSOR, 1.0),
        (lambda us: alive(us)._replace(accel=UNKNOWN, gyro=UNKNOWN), FaultKind.IMU, 0.5),
        (lambda us: alive(us)._replace(gyro=UNKNOWN), FaultKind.IMU, 0.5),
        (lambda us: alive(us)._replace(force=(2000 + us // 1000 % 7,)), FaultKind.TARE_DRIFT, 5.0),
    ],
    ids=["force stuck", "no force", "no IMU", "no gyroscope", "drifted"],
)
def test_what_a_tool_can_notice_is_told_and_taken_back(
    script: Callable[[int], Raw], kind: FaultKind, after_s: float
) -> None:
    bench = watched(script, after_s + 1)
    assert told(bench) == [(kind, True), (kind, False)]
    raised, cleared = faults(bench)
    assert raised.device_us / 1e6 == pytest.approx(1.0 + after_s, abs=0.03)
    assert cleared.device_us / 1e6 == pytest.approx(2.0 + after_s, abs=0.03)


@pytest.mark.parametrize(
    "script",
    [
        lambda us: stuck(us)._replace(accel=(1, 2, G_COUNTS)),
        lambda us: alive(us)._replace(force=(0,)),
        lambda us: alive(us)._replace(accel=(1, 2, G_COUNTS), gyro=(0, 0, 0)),
        lambda us: alive(us)._replace(force=(2000 + us // 1000 % 7,), touching=True),
        lambda us: alive(us) if us // 10_000 % 10 == 0 else alive(us)._replace(force=(NOT_KNOWN,)),
    ],
    ids=["nothing else moved", "dead band", "IMU stuck", "pressed for long", "a slow force sensor"],
)
def test_what_could_be_sound_is_not_a_fault(script: Callable[[int], Raw]) -> None:
    assert told(watched(script, 8)) == []


def test_a_saturated_force_stands_still_for_another_reason() -> None:
    bench = watched(
        lambda us: alive(us)._replace(force=(20_000,), saturated=True, touching=True), 3
    )
    assert told(bench) == [(FaultKind.SATURATED, True), (FaultKind.SATURATED, False)]


def test_without_an_imu_a_force_that_stands_still_is_enough() -> None:
    def script(us: int) -> Raw:
        return stuck(us)._replace(accel=None, gyro=None)

    bench = Bench(replace(ROLLER, features=Features.HAPTIC_MOTOR))
    assert told(watched(script, 2, bench))[:1] == [(FaultKind.FORCE_SENSOR, True)]


def test_without_a_touch_sensor_or_before_a_tare_no_drift_is_claimed() -> None:
    def drifted(us: int) -> Raw:
        return alive(us)._replace(force=(2000 + us // 1000 % 7,))

    features = ROLLER.features & ~Features.OWN_TOUCH_VERDICT
    assert told(watched(drifted, 8, Bench(replace(ROLLER, features=features)))) == []
    bench = Bench()
    bench.body.script = drifted
    bench.ask(Start(100))
    bench.wait(8)
    assert told(bench) == []


def test_a_fault_raised_from_outside_stays_until_it_is_cleared_there() -> None:
    bench = Bench()
    bench.body.script = alive
    bench.firmware.set_fault(bench.now_us, FaultKind.IMU, raised=True)
    bench.wait(3)
    assert told(bench) == [(FaultKind.IMU, True)]


def test_a_restarted_tool_checks_anew() -> None:
    bench = watched(stuck, 1.5)
    bench.body.script = stuck
    bench.wait(1.5)
    before = len(faults(bench))
    bench.firmware.restart(bench.now_us, clock_start_us=0)
    bench.firmware.connected(bench.now_us)
    bench.wait(1.5)
    assert told(bench)[before:] == [(FaultKind.FORCE_SENSOR, True)]
