from itertools import pairwise
from math import exp, sin, sqrt, tau

import pytest

from companion.sensing.filters import LowPass, smoothing


def amplitude(rate_hz: int, frequency_hz: float) -> float:
    low_pass = LowPass(10.0)
    interval_us = round(1e6 / rate_hz)
    values = [
        low_pass.step(sin(tau * frequency_hz * i / rate_hz), interval_us)
        for i in range(rate_hz * 4)
    ]
    tail = values[rate_hz * 2 :]
    return sqrt(2 * sum(value * value for value in tail) / len(tail))


@pytest.mark.parametrize("rate_hz", [50, 100, 200, 1000])
def test_it_is_three_decibel_down_at_its_cut_off_at_every_rate(rate_hz: int) -> None:
    assert amplitude(rate_hz, 10.0) == pytest.approx(sqrt(0.5), rel=0.01)
    assert amplitude(rate_hz, 0.5) == pytest.approx(1.0, rel=0.01)


def test_a_step_is_followed_without_overshoot() -> None:
    low_pass = LowPass(10.0)
    low_pass.prime(0.0)
    values = [low_pass.step(1.0, 5_000) for _ in range(100)]
    assert all(0.0 < a < b <= 1.0 for a, b in pairwise(values[:40]))
    assert values[-1] == pytest.approx(1.0)


def test_at_a_high_rate_it_is_the_two_pole_filter_of_the_books() -> None:
    # Two equal poles 3 dB down at f: tau = sqrt(sqrt(2) - 1) / (2 pi f).
    time_constant = sqrt(sqrt(2) - 1) / (tau * 10.0)
    low_pass = LowPass(10.0)
    low_pass.prime(0.0)
    for _ in range(200):
        value = low_pass.step(1.0, 100)
    t = 0.02 / time_constant
    assert value == pytest.approx(1 - (1 + t) * exp(-t), abs=2e-3)


def test_a_rate_too_low_for_the_cut_off_is_hardly_filtered() -> None:
    assert smoothing(10.0, 50_000) == smoothing(10.0, 1_000_000)
    assert 0.9 < smoothing(10.0, 1_000_000) < 1.0


def test_primed_it_stands_still() -> None:
    low_pass = LowPass(10.0)
    low_pass.prime(3.0)
    assert low_pass.step(3.0, 10_000) == pytest.approx(3.0)
