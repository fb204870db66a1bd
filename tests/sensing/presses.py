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
from companion.sensing.limits import CUTOFF_HZ
from companion.sensing.over_pressure import OverPressure
from companion.sensing.types import Band, Level, OverPressureRaised, SensingEvent

LIMIT_N, STOP_N = 0.8, 1.33
LIMITS_N = {Level.CAUTION: LIMIT_N, Level.STOP: STOP_N}
EVENT_S = 0.15
HAIR_SHARE, HAIR_S, MOVED_S = 0.01, 0.02, 0.05
"""What a hair is: a share of the limit that is within the error of a force sensor of such a tool,
one sample at 50 Hz of an event's length, and what its start may move by."""
LATEST_MS = 250.1
MADE_LATE_S = 0.2
"""A press that begins so long after an event's start is not known to be above within 250 ms."""
SECONDS = 240
ROUGH_SECONDS = 600
NOISE_N = 0.005
RATES_HZ = (50, 100, 200)
CHOSEN_ON, HELD_OUT = range(1, 13), (*range(201, 213), *range(401, 413))
ROUGH_CHOSEN_ON, ROUGH = (*range(301, 313), *range(501, 525)), range(601, 625)
"""Seeds of random presses and of rough use: those that things were chosen on, and others."""
Force = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Event:
    """Above the limit.

    Attributes:
        start_s: its first sample.
        end_s: the end of its last one.
        peak_n: its highest force.
        made_s: its first sample that is above after ``EVENT_S``, less than which no event has
            lasted: of two short presses that make one event together, the second one's first.
    """

    start_s: float
    end_s: float
    peak_n: float
    made_s: float


@dataclass(frozen=True)
class Course:
    """One course of force, and what the limits said to it.

    Attributes:
        smooth: the force without noise, low-passed without delay.
        rate_hz: its samples per second.
        raised_s: when alerts of each level were raised.
    """

    smooth: Force
    rate_hz: int
    raised_s: dict[Level, list[float]]


@dataclass(frozen=True)
class Score:
    """What one level did on one course of force.

    Attributes:
        latencies_s: from the start of each event that has an alert to its first one.
        late_by_parts: how many of them are too late because a second press, which came too late
            for any alert in time, made an event of the first.
        missed: events without an alert of their own.
        doubled: events with more than one.
        spurious: alerts at no event.
    """

    latencies_s: list[float]
    late_by_parts: int
    missed: int
    doubled: int
    spurious: int


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
    smooth: Force, rate_hz: int, shortest_s: float = EVENT_S, limit_n: float = LIMIT_N
) -> list[Event]:
    """Above the limit for 150 ms or longer, gaps under 150 ms merged."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], smooth > limit_n, [0]])))
    spans: list[list[int]] = []
    for start, end in edges.reshape(-1, 2).tolist():
        if spans and start - spans[-1][1] < EVENT_S * rate_hz:
            spans[-1][1] = end
        else:
            spans.append([start, end])
    return [
        event_at(smooth, rate_hz, start, end, limit_n)
        for start, end in spans
        if end - start >= shortest_s * rate_hz
    ]


def event_at(smooth: Force, rate_hz: int, start: int, end: int, limit_n: float) -> Event:
    """Return the event of some samples."""
    last = min(start + round(EVENT_S * rate_hz), end) - 1
    made = last + int(np.argmax(smooth[last:end] > limit_n))
    return Event(start / rate_hz, end / rate_hz, float(smooth[start:end].max()), made / rate_hz)


def is_inside(at: float, event: Event) -> bool:
    return event.start_s - 0.1 <= at <= event.end_s + 0.1


def overlapping(event: Event, others: Iterable[Event]) -> list[Event]:
    return [one for one in others if one.start_s < event.end_s and one.end_s > event.start_s]


def without_hairs(course: Course, limit_n: float) -> tuple[list[Event], list[Event]]:
    """Return the events that a sensor one percent off tells as well, and all it may tell.

    The first are one event each, that begins within ``MOVED_S``, whether the limit lies
    ``HAIR_SHARE`` higher and an event lasts ``HAIR_S`` longer, or both are as much less. The
    others are those of the lower limit.
    """
    smooth, rate_hz = course.smooth, course.rate_hz
    events = events_of(smooth, rate_hz, limit_n=limit_n)
    tight = events_of(smooth, rate_hz, EVENT_S + HAIR_S, limit_n * (1 + HAIR_SHARE))
    wide = events_of(smooth, rate_hz, EVENT_S - HAIR_S, limit_n * (1 - HAIR_SHARE))

    def is_plain(event: Event) -> bool:
        match overlapping(event, tight), overlapping(event, wide):
            case [least], [most]:
                moved_s = least.start_s - most.start_s
                return overlapping(most, events) == [event] and moved_s <= MOVED_S
        return False

    return [event for event in events if is_plain(event)], wide


def said_to(force: Force, rate_hz: int, seed: int) -> dict[Level, list[float]]:
    """Return when the limits alone warn of a force with a sensor's noise."""
    noisy = force + np.random.default_rng(1000 + seed).normal(0, NOISE_N, len(force))
    over, smooth = OverPressure(Band(0.2, 0.6, LIMIT_N, STOP_N)), LowPass(CUTOFF_HZ)
    interval_us = 1_000_000 // rate_hz
    told: list[SensingEvent] = []
    for index, newton in enumerate(noisy.tolist()):
        over.step(index * interval_us, newton, smooth.step(newton, interval_us), told)
    return {level: raised_at(level, told) for level in LIMITS_N}


def raised_at(level: Level, told: Iterable[SensingEvent]) -> list[float]:
    """Return when alerts of a level were raised."""
    return [a.device_s for a in told if isinstance(a, OverPressureRaised) and a.level is level]


def score(course: Course, level: Level, *, hairs: bool = True) -> Score:
    """Hold the alerts of a level against the events, or against those that are none by a hair."""
    raised = course.raised_s[level]
    counted = near = events_of(course.smooth, course.rate_hz, limit_n=LIMITS_N[level])
    if not hairs:
        counted, near = without_hairs(course, LIMITS_N[level])
    own = [[at for at in raised if is_inside(at, event)] for event in counted]
    first = [(event, inside[0]) for inside, event in zip(own, counted, strict=True) if inside]
    late = [event for event, at in first if 1000 * (at - event.start_s) > LATEST_MS]
    return Score(
        [at - event.start_s for event, at in first],
        sum(event.made_s - event.start_s > MADE_LATE_S for event in late),
        sum(not inside for inside in own),
        sum(len(inside) > 1 for inside in own),
        sum(not any(is_inside(at, event) for event in near) for at in raised),
    )


def courses_at_the_limit(seeds: Iterable[int], rate_hz: int) -> Iterator[Course]:
    """Return what is said to the random presses of some seeds."""
    for seed in seeds:
        force = random_presses(seed, rate_hz)
        yield Course(without_delay(force, rate_hz), rate_hz, said_to(force, rate_hz, seed))


def courses_in_rough_use(
    seeds: Iterable[int], rate_hz: int, *, of_the_hand: bool = False
) -> Iterator[Course]:
    """Return what is said to rough use.

    Args:
        seeds: of each ten minutes.
        rate_hz: the tool's samples per second.
        of_the_hand: hold it against the events of the force at 1000 Hz; else, as the definition
            has it for recordings, against those of the force as the tool samples it.
    """
    for seed in seeds:
        force = rough_use(seed)
        sampled = force[:: 1000 // rate_hz]
        said = said_to(sampled, rate_hz, seed)
        true, true_hz = (force, 1000) if of_the_hand else (sampled, rate_hz)
        yield Course(without_delay(true, true_hz), true_hz, said)


def line(scores: list[Score], minutes: float) -> str:
    """Return scores as one line."""
    latencies_ms = sorted(1000 * at for one in scores for at in one.latencies_s)
    late = " ".join(f"{at:.0f}" for at in latencies_ms if at > LATEST_MS) or "none"
    by_parts = sum(one.late_by_parts for one in scores)
    missed = sum(one.missed for one in scores)
    spurious = sum(one.spurious for one in scores)
    median = f"{np.median(latencies_ms):.0f} ms" if latencies_ms else "-"
    return (
        f"events {len(latencies_ms) + missed}, without an alert of their own {missed}, "
        f"with two {sum(one.doubled for one in scores)}; median {median}, later than 250 ms: "
        f"{late} ({by_parts} made by a second press); "
        f"at no event {spurious} ({10 * spurious / minutes:.2f} in 10 minutes)"
    )


def report(name: str, courses: list[Course]) -> Iterator[str]:
    """Return a line for each level, and for all events and those by more than a hair."""
    minutes = sum(len(course.smooth) / course.rate_hz for course in courses) / 60
    for level in LIMITS_N:
        for hairs in (True, False):
            what = "all events" if hairs else "by more than a hair"
            scores = [score(course, level, hairs=hairs) for course in courses]
            yield f"{name}, {level}, {what}: {line(scores, minutes)}\n"


def main() -> None:
    """Print the figures of docs/sensing.md."""
    for name, seeds in (("chosen on", CHOSEN_ON), ("held out", HELD_OUT)):
        courses = {rate_hz: [*courses_at_the_limit(seeds, rate_hz)] for rate_hz in RATES_HZ}
        for rate_hz, some in courses.items():
            sys.stdout.writelines(report(f"{name}, {rate_hz} Hz", some))
        sys.stdout.writelines(
            report(f"{name}, all", [one for some in courses.values() for one in some])
        )
    for name, seeds in (("chosen on", ROUGH_CHOSEN_ON), ("held out", ROUGH)):
        for of_the_hand in (False, True):
            rough = [
                course
                for rate_hz in RATES_HZ
                for course in courses_in_rough_use(seeds, rate_hz, of_the_hand=of_the_hand)
            ]
            by = "the hand" if of_the_hand else "the recording"
            sys.stdout.writelines(report(f"rough use, {name}, events of {by}", rough))


if __name__ == "__main__":
    main()
