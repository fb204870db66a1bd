"""When a tool is held still on a load, and when not."""

from collections.abc import Sequence
from dataclasses import replace
from math import sin

import pytest

from companion.sensing.held import Held, Holding, Unheld
from protocols.telemetry import Sample, Telemetry, Vector

STILL: Vector = (0.0, 0.0, 0.0)
UP: Vector = (0.0, 0.0, 9.81)


def frame(
    forces: Sequence[float | None],
    *,
    gyro: Vector | None = STILL,
    travel_m: float | None = 0.0,
    saturated: bool = False,
) -> Telemetry:
    """Samples of one channel at 100 Hz."""
    samples = tuple(Sample((force,), UP, gyro, travel_m) for force in forces)
    return Telemetry(5_000_000, 10_000, 0, False, saturated, None, samples)


def broken(telemetry: Telemetry, after: int) -> tuple[Telemetry, Telemetry]:
    """Cut into two frames, the second one at the sensor's end."""
    later_us = telemetry.device_us + after * telemetry.interval_us
    first = replace(telemetry, samples=telemetry.samples[:after])
    rest = replace(telemetry, device_us=later_us, samples=telemetry.samples[after:])
    return first, replace(rest, saturated=True)


def told(*telemetry: Telemetry) -> Held | Unheld:
    holding = Holding()
    for each in telemetry:
        holding.take(each)
    return holding.held()


def test_a_second_held_still_is_its_mean_and_spread() -> None:
    held = told(frame([0.99, 1.01] * 60))
    assert isinstance(held, Held)
    assert held.sent_n == pytest.approx((1.0,))
    assert held.spread_n == pytest.approx((0.01,))
    assert held.total_n == pytest.approx(1.0)
    assert (held.samples, held.accel_mps2) == (100, (0.0, 0.0, 9.81))


@pytest.mark.parametrize(
    ("telemetry", "why"),
    [
        (frame([1.0] * 80), Unheld.SILENT),
        (frame([None] * 200), Unheld.SILENT),
        (frame([1.0] * 120, saturated=True), Unheld.SATURATED),
        (broken(frame([1.0] * 120), 60), Unheld.UNSTEADY),
        (frame([1.0] * 120, gyro=(0.0, 0.2, 0.0)), Unheld.MOVED),
        (frame([1.0] * 120, travel_m=5e-5), Unheld.MOVED),
        (frame([0.8, 1.2] * 60), Unheld.UNSTEADY),
        (frame([1.0 + 0.001 * k for k in range(120)]), Unheld.UNSTEADY),
        (frame([0.0] * 50 + [0.1] * 50), Unheld.UNSTEADY),
    ],
)
def test_what_is_not_held_still_says_why(
    telemetry: Telemetry | tuple[Telemetry, ...], why: Unheld
) -> None:
    each = (telemetry,) if isinstance(telemetry, Telemetry) else telemetry
    assert told(*each) is why


def test_a_slow_force_sensor_and_a_hand_that_trembles_are_held_still() -> None:
    forces: list[float | None] = [1.0 + 0.05 * sin(0.6 * k) for k in range(120)]
    forces[::3] = [None] * len(forces[::3])
    held = told(frame(forces))
    assert isinstance(held, Held)
    assert 60 <= held.samples <= 70


def test_what_came_before_does_not_count() -> None:
    holding = Holding()
    holding.take(frame([3.0] * 120))
    holding.clear()
    assert holding.held() is Unheld.SILENT
    assert holding.newest(500_000) == []
    holding.take(frame([1.0] * 120))
    held = holding.held()
    assert isinstance(held, Held)
    assert held.total_n == pytest.approx(1.0)
    assert holding.newest(500_000) == [(1.0, UP)] * 50
