"""Random presses, their events by the contract's definition, and how the limits do on them.

    python -m tests.sensing.presses

prints what docs/sensing.md says of over-pressure at the very limit and in rough use.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from companion.sensing.filters import LowPass
from companion.sensing.limits import CUTOFF_HZ, OverPressure
from companion.sensing.types import Band, Level, OverPressureRaised, SensingEvent

LIMIT_N, STOP_N = 0.8, 1.33
SECONDS = 240
ROUGH_SECONDS = 600
NOISE_N = 0.005
RATES_HZ = (50, 100, 200)
CHOSEN_ON, HELD_OUT, ROUGH = range(1, 13), range(201, 213), range(301, 313)
"""Seeds: those that things were chosen on, others, and those of rough use."""
Force = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Event:
    start_s: float
    end_s: float
    peak_n: float


@dataclass(frozen=True)
class Score:
    """What one level did on one course of force.

    Attributes:
        latencies_s: from the start of each event that has an alert to its first one.
        missed: events without an alert of their own.
        doubled: events with more than one.
        spurious: alerts at no event.
        nearly: those of them at something of .1 s or more.
    """

    latencies_s: list[float]
    missed: int
    doubled: int
    spurious: int
    nearly: int


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


def rough_use(seed: int) -> Force:
    """Ten minutes at 1000 Hz: knocks far above the limit, trembling holds just below it."""
    random = np.random.default_rng(seed)
    t = np.arange(ROUGH_SECONDS * 1000) / 1000
    hold = np.clip(np.minimum(t % 2 - 0.3, 1.8 - t % 2) / 0.1, 0, 1)
    height = np.repeat(random.uniform(0.3, 0.95, ROUGH_SECONDS // 2), 2000) * LIMIT_N
    force = hold * height * (1 + 0.04 * np.sin(2 * np.pi * 9 * t))
    for at in random.uniform(0, ROUGH_SECONDS - 1, 200):
        knock = (t >= at) & (t < at + 0.05)
        force[knock] += random.uniform(0.1, 0.8) * np.sin(np.pi * (t[knock] - at) / 0.05)
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


def alerts(force: Force, rate_hz: int, seed: int) -> list[SensingEvent]:
    """Return what the limits alone say to a force with a sensor's noise."""
    noisy = force + np.random.default_rng(1000 + seed).normal(0, NOISE_N, len(force))
    over, smooth = OverPressure(Band(0.2, 0.6, LIMIT_N, STOP_N)), LowPass(CUTOFF_HZ)
    interval_us = 1_000_000 // rate_hz
    told: list[SensingEvent] = []
    for index, newton in enumerate(noisy.tolist()):
        over.step(index * interval_us, newton, smooth.step(newton, interval_us), told)
    return told


def raised_at(level: Level, told: Iterable[SensingEvent]) -> list[float]:
    """Return when alerts of a level were raised."""
    return [a.device_s for a in told if isinstance(a, OverPressureRaised) and a.level is level]


def score(raised: list[float], true: Force, true_hz: int, limit_n: float) -> Score:
    """Hold alerts against the events of a force that is given at some rate."""
    smooth = without_delay(true, true_hz)
    events = events_of(smooth, true_hz, limit_n=limit_n)
    nearly = events_of(smooth, true_hz, shortest_s=0.1, limit_n=limit_n)
    own = [[at for at in raised if is_inside(at, event)] for event in events]
    spurious = [at for at in raised if not any(is_inside(at, event) for event in events)]
    return Score(
        [inside[0] - event.start_s for inside, event in zip(own, events, strict=True) if inside],
        sum(not inside for inside in own),
        sum(len(inside) > 1 for inside in own),
        len(spurious),
        sum(any(is_inside(at, event) for event in nearly) for at in spurious),
    )


def scores_at_the_limit(seeds: range, rate_hz: int, level: Level) -> Iterator[Score]:
    """Score the random presses of some seeds."""
    for seed in seeds:
        force = random_presses(seed, rate_hz)
        raised = raised_at(level, alerts(force, rate_hz, seed))
        yield score(raised, force, rate_hz, LIMIT_N if level is Level.CAUTION else STOP_N)


def scores_in_rough_use(seeds: range, rate_hz: int) -> Iterator[Score]:
    """Score the cautions of rough use."""
    for seed in seeds:
        force = rough_use(seed)
        told = alerts(force[:: 1000 // rate_hz], rate_hz, seed)
        yield score(raised_at(Level.CAUTION, told), force, 1000, LIMIT_N)


def line(name: str, scores: list[Score], seconds: int) -> str:
    """Return scores as one line."""
    latencies_ms = sorted(1000 * at for one in scores for at in one.latencies_s)
    late = [f"{at:.0f}" for at in latencies_ms if at > 250.1]
    missed = sum(one.missed for one in scores)
    spurious = sum(one.spurious for one in scores)
    return (
        f"{name}: events {len(latencies_ms) + missed}, without an alert of their own {missed}, "
        f"with two {sum(one.doubled for one in scores)}; "
        f"median {np.median(latencies_ms):.0f} ms, later than 250 ms: {' '.join(late) or 'none'}; "
        f"at no event {spurious} ({600 * spurious / (seconds * len(scores)):.2f} in 10 minutes), "
        f"of them at something of .1 s or more {sum(one.nearly for one in scores)}"
    )


def main() -> None:
    """Print the figures of docs/sensing.md."""
    for what, seeds in (("chosen on", CHOSEN_ON), ("held out", HELD_OUT)):
        for level in (Level.CAUTION, Level.STOP):
            by_rate = {rate: [*scores_at_the_limit(seeds, rate, level)] for rate in RATES_HZ}
            for rate, scores in by_rate.items():
                sys.stdout.write(line(f"{what}, {level}, {rate} Hz", scores, SECONDS) + "\n")
            every = [one for scores in by_rate.values() for one in scores]
            sys.stdout.write(line(f"{what}, {level}, all", every, SECONDS) + "\n")
    rough = [one for rate in RATES_HZ for one in scores_in_rough_use(ROUGH, rate)]
    sys.stdout.write(line("rough use, caution, all", rough, ROUGH_SECONDS) + "\n")


if __name__ == "__main__":
    main()
