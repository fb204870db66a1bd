"""The clock map against clocks whose truth is known."""

import random

import pytest

from companion.ble.clock import ClockMap

PATH_S = 0.004
"""Constant part of the path delay: one-sided arrivals cannot show it."""


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  # test data, no secret


def fed(
    seconds: float, *, drift: float, jitter: random.Random, start_us: int = 0, every_s: float = 0.05
) -> ClockMap:
    clock = ClockMap()
    for frame in range(int(seconds / every_s)):
        true_s = frame * every_s
        device_us = start_us + round(true_s * 1e6 / (1 + drift))
        clock.add(device_us, 100.0 + true_s + PATH_S + jitter.uniform(0.0, 0.015))
    return clock


@pytest.mark.parametrize("drift", [-300e-6, -100e-6, 0.0, 100e-6, 300e-6])
@pytest.mark.parametrize("seconds", [10.5, 30.0, 300.0])
def test_maps_within_five_milliseconds_of_the_true_clock(drift: float, seconds: float) -> None:
    clock = fed(seconds, drift=drift, jitter=seeded(7))
    device_us = round(seconds * 1e6 / (1 + drift))
    assert clock.host_s(device_us) - PATH_S == pytest.approx(100.0 + seconds, abs=0.005)
    assert clock.device_us(100.0 + seconds + PATH_S) == pytest.approx(device_us, abs=5000)


def test_finds_the_drift() -> None:
    clock = fed(60.0, drift=100e-6, jitter=seeded(3))
    assert clock.drift_ppm == pytest.approx(100, abs=30)


def test_a_stall_is_latency_and_does_not_move_the_clock() -> None:
    clock = fed(30.0, drift=0.0, jitter=seeded(1))
    before = clock.host_s(31_000_000)
    for frame in range(60):
        clock.add(30_000_000 + frame * 50_000, 130.0 + frame * 0.05 + 1.5)
    assert clock.latency_s == pytest.approx(1.5, abs=0.15)
    assert clock.host_s(31_000_000) == pytest.approx(before, abs=0.005)


def test_latency_is_what_lies_above_the_quickest_path() -> None:
    clock = fed(20.0, drift=0.0, jitter=seeded(5))
    assert 0.003 < clock.latency_s < 0.012


def test_follows_a_quicker_path_at_once() -> None:
    clock = ClockMap()
    clock.add(1_000_000, 51.2)
    clock.add(1_050_000, 51.15)
    assert clock.host_s(1_050_000) == pytest.approx(51.15)


def test_goes_on_through_a_restart_with_the_old_line() -> None:
    clock = fed(30.0, drift=100e-6, jitter=seeded(2))
    expected = clock.device_us(140.0)
    clock.restart()
    assert clock.device_us(140.0) == expected
    assert clock.drift_ppm == pytest.approx(100, abs=40)


def test_says_that_it_knows_nothing_yet() -> None:
    clock = ClockMap()
    assert not clock.is_set
    with pytest.raises(ValueError, match="no frame"):
        clock.host_s(0)
    with pytest.raises(ValueError, match="no frame"):
        clock.device_us(0.0)
