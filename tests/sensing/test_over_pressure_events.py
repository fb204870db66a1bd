"""Alerts against events by the contract's definition, on random presses with tremor and spikes."""

from dataclasses import dataclass
from statistics import median

import numpy as np
import numpy.typing as npt
import pytest

from companion.sensing.types import Level, OverPressureRaised
from tests.sensing.rig import CHEEK, Rig, of, sweep

LIMIT_N = 0.8
SECONDS = 240
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


def events_of(smooth: Force, rate_hz: int, shortest_s: float = 0.15) -> list[Event]:
    """Above the limit for 150 ms or longer, gaps under 150 ms merged."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], smooth > LIMIT_N, [0]])))
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
    rig = Rig(rate_hz=rate_hz, per_frame=rate_hz // 20).ready(sweep(CHEEK))
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
    assert max(delays) <= 0.28
    nearly = events_of(smooth, rate_hz, shortest_s=0.1)
    assert all(any(is_inside(at, event) for event in nearly) for at in raised)
    assert len(raised) - len(delays) <= 1
