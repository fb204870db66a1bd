"""Alerts against events by the contract's definition, on random presses with tremor and spikes."""

from dataclasses import dataclass
from statistics import median

import numpy as np
import numpy.typing as npt
import pytest

from companion.sensing.types import Level, OverPressureRaised
from tests.sensing.rig import CHEEK, Rig, of, sweep

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

LIMIT_N, STOP_N = 0.8, 1.33
SECONDS = 240
NOISE_N = 0.005
Force = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Event:
    start_s: float
    end_s: float
    peak_n: float


def random_presses(seed: int, rate_hz: int) -> Force:
    """Holds of random length, height and tremor, some with an 80 ms spike."""
    random = np.random.default_rng(seed)
    t = np.arange(SECONDS * rate_hz) / rate_hz
    force = np.zeros_like(t)
    at = 1.0
    while at < SECONDS - 5:
        length, height, rise = random.uniform((0.4, 0.1, 0.04), (2.5, 1.5, 0.3))
        inside = (t >= at) & (t < at + length)
        u = t[inside] - at
        ramp = np.clip(np.minimum(u, length - u) / rise, 0, 1)
        tremor = 1 + 0.04 * np.sin(2 * np.pi * random.uniform(5, 9) * u)
        force[inside] += height * (0.5 - 0.5 * np.cos(np.pi * ramp)) * tremor
        spike_at, spike, spiky = random.uniform((0, 0.2, 0), (length, 0.8, 1))
        if spiky < 0.3:
            spiked = (t >= at + spike_at) & (t < at + spike_at + 0.08)
            force[spiked] += spike * np.sin(np.pi * (t[spiked] - at - spike_at) / 0.08)
        at += length + random.uniform(0.15, 1.0)
    return force


def without_delay(force: Force, rate_hz: int) -> Force:
    """Second-order Butterworth of 5 Hz, there and back: gain 1 / (1 + (f / 5)^4)."""
    both = np.concatenate([force, force[::-1]])
    gain = 1 / (1 + (np.fft.rfftfreq(len(both), 1 / rate_hz) / 5) ** 4)
    return np.fft.irfft(np.fft.rfft(both) * gain)[: len(force)]


def events_of(
    smooth: Force, rate_hz: int, shortest_s: float = 0.15, limit_n: float = LIMIT_N
) -> list[Event]:
    """Above the limit for 150 ms or longer, gaps under 150 ms merged."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], smooth > limit_n, [0]])))
    spans: list[list[int]] = []
    for start, end in edges.reshape(-1, 2).tolist():
        if spans and start - spans[-1][1] < 0.15 * rate_hz:
            spans[-1][1] = end
        else:
            spans.append([start, end])
    return [
        Event(start / rate_hz, end / rate_hz, float(smooth[start:end].max()))
        for start, end in spans
        if end - start >= shortest_s * rate_hz
    ]


def is_inside(at: float, event: Event) -> bool:
    return event.start_s - 0.1 <= at <= event.end_s + 0.1


@pytest.mark.parametrize(("seed", "rate_hz"), [(1, 50), (2, 100), (3, 200), (4, 100), (6, 50)])
def test_each_event_is_one_caution_in_time_and_what_is_far_from_one_is_none(
    seed: int, rate_hz: int
) -> None:
    force = random_presses(seed, rate_hz)
    smooth = without_delay(force, rate_hz)
    rig = Rig(rate_hz=rate_hz, per_frame=rate_hz // 20, noise_n=NOISE_N).ready(sweep(CHEEK))
    begin = rig.t
    told = rig.play(SECONDS, lambda t: float(force[min(round(t * rate_hz), len(force) - 1)]))
    raised = [
        alert.device_s - begin
        for alert in of(OverPressureRaised, told)
        if alert.level is Level.CAUTION
    ]
    events = events_of(smooth, rate_hz)
    delays = []
    for event in events:
        inside = [at for at in raised if is_inside(at, event)]
        assert len(inside) == 1
        delays += [at - event.start_s for at in inside]
    assert len(events) > 30
    assert median(delays) <= 0.1
    assert max(delays) <= 0.25 + 1e-9
    nearly = events_of(smooth, rate_hz, shortest_s=0.1)
    assert sum(not any(is_inside(at, event) for event in nearly) for at in raised) <= 1
    assert len(raised) - len(delays) <= 1
    stops = [
        alert.device_s - begin
        for alert in of(OverPressureRaised, told)
        if alert.level is Level.STOP
    ]
    firsts = [
        (event, [at for at in stops if is_inside(at, event)][:1])
        for event in events_of(smooth, rate_hz, limit_n=STOP_N)
    ]
    late = [at - event.start_s for event, inside in firsts for at in inside]
    assert len(late) >= max(10, len(firsts) - 1)
    # Two samples at least must be above: at 50 Hz they take 40 ms by themselves.
    assert median(late) <= (0.08 if rate_hz == 50 else 0.06) + 1e-9


def played(force: Force, rate_hz: int) -> list[float]:
    """Return when cautions are raised to a force that is given at 1000 Hz."""
    rig = Rig(rate_hz=rate_hz, per_frame=5, noise_n=NOISE_N).ready(sweep(CHEEK))
    begin = rig.t
    told = rig.play(len(force) / 1000, lambda t: float(force[min(round(t * 1000), len(force) - 1)]))
    return [
        alert.device_s - begin
        for alert in of(OverPressureRaised, told)
        if alert.level is Level.CAUTION
    ]


@pytest.mark.parametrize("rate_hz", [50, 100, 200])
@pytest.mark.parametrize("rest_s", [0.2, 0.3, 0.5])
def test_neighbouring_events_are_alerts_of_their_own(rate_hz: int, rest_s: float) -> None:
    t = np.arange(20_000) / 1000
    place = t % (0.4 + rest_s)
    force = np.where((place < 0.4) & (t - place > 1), 1.1, 0.5)
    events = events_of(without_delay(force, 1000), 1000)
    raised = played(force, rate_hz)
    assert len(events) > 15
    assert all(sum(is_inside(at, event) for at in raised) == 1 for event in events)
    assert len(raised) == len(events)


@pytest.mark.parametrize("rate_hz", [50, 100, 200])
@pytest.mark.parametrize("tremor_hz", [5.0, 8.0, 11.0])
def test_a_hold_barely_above_with_tremor_on_it_is_found(rate_hz: int, tremor_hz: float) -> None:
    t = np.arange(30_000) / 1000
    hold = np.clip(np.minimum(t % 3 - 1, 2 - t % 3) / 0.15, 0, 1)
    force = hold * 1.03 * LIMIT_N * (1 + 0.05 * np.sin(2 * np.pi * tremor_hz * t))
    events = events_of(without_delay(force, 1000), 1000)
    raised = played(force, rate_hz)
    assert len(events) >= 10
    assert all(any(is_inside(at, event) for at in raised) for event in events)


@pytest.mark.parametrize("rate_hz", [50, 100, 200])
def test_rough_use_below_the_limit_is_silent(rate_hz: int) -> None:
    """Ten minutes of knocks of 80 ms far above the limit, and of trembling holds just below it."""
    random = np.random.default_rng(12)
    t = np.arange(600_000) / 1000
    hold = np.clip(np.minimum(t % 2 - 0.3, 1.8 - t % 2) / 0.1, 0, 1)
    height = np.repeat(random.uniform(0.3, 0.95, 300), 2000) * LIMIT_N
    force = hold * height * (1 + 0.04 * np.sin(2 * np.pi * 9 * t))
    for at in random.uniform(0, 599, 200):
        knock = (t >= at) & (t < at + 0.05)
        force[knock] += random.uniform(0.1, 0.8) * np.sin(np.pi * (t[knock] - at) / 0.05)
    nearly = events_of(without_delay(force, 1000), 1000, shortest_s=0.08)
    raised = played(force, rate_hz)
    assert sum(not any(is_inside(at, event) for event in nearly) for at in raised) <= 1
