"""The metrics of docs/recordings.md on one recording: truth against what was found."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import acos, degrees, sqrt
from typing import Any

import numpy as np

Fields = dict[str, Any]
Axis = tuple[float, float, float]
OVERLAP = 0.5
"""Overlap over union above which two spans are the same."""
TOLERANCE_S = 0.1
"""How far outside an over-pressure event its alert may lie."""
SMOOTHING_HZ = 5.0
"""Low-pass of an over-pressure event (docs/recordings.md)."""
LASTING_S = 0.15
"""How long such an event lasts at least, and what parts two of them (docs/recordings.md)."""
GRID_S = 0.005
FOUND_WITHIN_S = 2.0
"""Time after its start within which a fault must be found."""


@dataclass(frozen=True)
class Matched:
    """Spans that are the same in truth and finding, and how many there are of each."""

    pairs: list[tuple[Fields, Fields]]
    true: int
    found: int

    def boundary_errors_s(self) -> list[float]:
        """Return how far starts and ends are off."""
        return [abs(a[key] - b[key]) for a, b in self.pairs for key in ("start_s", "end_s")]


@dataclass(frozen=True)
class Alerts:
    """Over-pressure: events, those with exactly one alert, alerts outside of any, latencies."""

    events: int
    caught: int
    doubled: int
    spurious: int
    latencies_s: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Faults:
    """Faults: those there are, those found within 2 s, and findings where there is none."""

    true: int
    found: int
    false: int
    latencies_s: list[float] = field(default_factory=list)


def matched(true: Sequence[Fields], found: Sequence[Fields], last_s: float) -> Matched:
    """Pair spans one to one, those that overlap most first; an end of None is the last sample."""
    ours, theirs = [_ended(span, last_s) for span in true], [_ended(s, last_s) for s in found]
    shares = sorted(
        (
            (share, i, j)
            for i, a in enumerate(ours)
            for j, b in enumerate(theirs)
            if (share := overlap(a, b)) > OVERLAP
        ),
        reverse=True,
    )
    pairs: dict[int, int] = {}
    for _, i, j in shares:
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    both = [(ours[i], theirs[j]) for i, j in sorted(pairs.items())]
    return Matched(both, len(ours), len(theirs))


def overlap(a: Fields, b: Fields) -> float:
    """Return overlap over union of two spans."""
    common = min(a["end_s"], b["end_s"]) - max(a["start_s"], b["start_s"])
    union = max(a["end_s"], b["end_s"]) - min(a["start_s"], b["start_s"])
    return max(0.0, common) / union if union > 0 else 0.0


def times_in_common(true: Sequence[Fields], found: Sequence[Fields]) -> tuple[float, float, float]:
    """Return seconds in both, in truth only, in the finding only."""
    both = sum(
        max(0.0, min(a["end_s"], b["end_s"]) - max(a["start_s"], b["start_s"]))
        for a in true
        for b in found
    )
    return both, _length(true) - both, _length(found) - both


def impulse_ns(t_s: Sequence[float], force_n: Sequence[float], spans: Sequence[Fields]) -> float:
    """Return newton seconds within some spans; a force that is not known adds nothing."""
    times, forces = np.array(t_s), np.array(force_n)
    pieces_ns = np.nan_to_num((forces[:-1] + forces[1:]) / 2 * np.diff(times))
    sums_ns = np.concatenate(([0.0], np.cumsum(pieces_ns)))
    ends, starts = ([span[key] for span in spans] for key in ("end_s", "start_s"))
    return float(np.sum(np.interp(ends, times, sums_ns) - np.interp(starts, times, sums_ns)))


def hidden(
    t_s: Sequence[float], force_n: Sequence[float], limit_n: float, events: Sequence[Fields]
) -> list[Fields]:
    """Return the over-pressure events of which the force as recorded makes none.

    By the definition of docs/recordings.md: low-passed at 5 Hz without delay (a Butterworth of
    second order, there and back, as a gain), above the limit for 150 ms, shorter gaps merged.
    """
    if not events or not len(force_n):
        return []
    even_s = np.arange(t_s[0], t_s[-1], GRID_S)
    even_n = np.interp(even_s, t_s, np.nan_to_num(np.array(force_n)))
    gain = 1.0 / (1.0 + (np.fft.rfftfreq(len(even_s), GRID_S) / SMOOTHING_HZ) ** 4)
    is_above = np.fft.irfft(np.fft.rfft(even_n) * gain, len(even_s)) > limit_n
    edges = np.flatnonzero(np.diff(np.concatenate(([False], is_above, [False])).astype(int)))
    runs: list[tuple[float, float]] = []
    for start_s, end_s in (even_s[0] + edges.reshape(-1, 2) * GRID_S).tolist():
        is_same = bool(runs) and start_s - runs[-1][1] < LASTING_S
        begin_s = runs.pop()[0] if is_same else start_s
        runs.append((begin_s, end_s))
    lasting = [run for run in runs if run[1] - run[0] >= LASTING_S]
    return [
        event
        for event in events
        if not any(a <= event["end_s"] and event["start_s"] <= b for a, b in lasting)
    ]


def alerts(events: Sequence[Fields], told: Sequence[Fields]) -> Alerts:
    """Compare over-pressure events with the caution alerts."""
    raised = [alert["raised_s"] for alert in told if alert["level"] == "caution"]
    inside = [
        [at for at in raised if _is_within(at, event["start_s"], event["end_s"])]
        for event in events
    ]
    used = {at for times in inside for at in times}
    return Alerts(
        events=len(events),
        caught=sum(bool(times) for times in inside),
        doubled=sum(len(times) > 1 for times in inside),
        spurious=sum(at not in used for at in raised),
        latencies_s=[
            times[0] - event["start_s"]
            for event, times in zip(events, inside, strict=True)
            if times
        ],
    )


def faults(true: Sequence[Fields], told: Sequence[Fields], last_s: float) -> Faults:
    """Compare faults kind by kind; one that ends before it could be found within 2 s may be.

    What shows later than it begins, as a zero that creeps does, has ``observable_s``: latency
    counts from there; None: it never shows, and need not be found.
    """
    used: set[int] = set()
    latencies: list[float] = []
    shown = [fault for fault in true if fault.get("observable_s", 0.0) is not None]
    for fault in shown:
        from_s = fault.get("observable_s", fault["start_s"])
        for index, finding in enumerate(told):
            late_s = max(0.0, finding["detected_s"] - from_s)
            is_it = finding["kind"] == fault["kind"] and _touches(fault, finding, last_s)
            if is_it and index not in used and late_s <= FOUND_WITHIN_S:
                used.add(index)
                latencies.append(late_s)
                break
    false = sum(
        not any(
            fault["kind"] == finding["kind"] and _touches(fault, finding, last_s) for fault in true
        )
        for finding in told
    )
    return Faults(len(shown), len(latencies), false, latencies)


def tilt_errors_deg(pairs: Sequence[tuple[Axis, Axis | None]]) -> list[float]:
    """Return the angle between true and found up direction, where one was found."""
    return [_angle_deg(true, found) for true, found in pairs if found is not None]


def root_mean_square(values: Sequence[float]) -> float:
    """Return the root of the mean of squares."""
    return sqrt(sum(value * value for value in values) / len(values))


def f1(true_positive: float, false_negative: float, false_positive: float) -> float:
    """Return the harmonic mean of recall and precision; 1 where there is nothing to find."""
    whole = 2 * true_positive + false_negative + false_positive
    return 2 * true_positive / whole if whole else 1.0


def macro_f1(pairs: Sequence[tuple[str, str | None]]) -> float:
    """Return the mean F1 over the labels that truly occur, of (true, found) labels."""
    labels = sorted({true for true, _ in pairs})
    return sum(
        f1(
            sum(pair == (label, label) for pair in pairs),
            sum(true == label != found for true, found in pairs),
            sum(found == label != true for true, found in pairs),
        )
        for label in labels
    ) / len(labels)


def _is_within(at: float, start_s: float, end_s: float) -> bool:
    return start_s - TOLERANCE_S <= at <= end_s + TOLERANCE_S


def _ended(span: Fields, last_s: float) -> Fields:
    return {**span, "end_s": last_s if span["end_s"] is None else span["end_s"]}


def _touches(a: Fields, b: Fields, last_s: float) -> bool:
    a, b = _ended(a, last_s), _ended(b, last_s)
    begins_s = max(a["start_s"], b["start_s"])
    return bool(begins_s <= min(a["end_s"], b["end_s"]) + TOLERANCE_S)


def _length(spans: Sequence[Fields]) -> float:
    return sum(float(span["end_s"] - span["start_s"]) for span in spans)


def _angle_deg(a: Axis, b: Axis) -> float:
    dot = sum(x * y for x, y in zip(a, b, strict=True))
    sizes = sqrt(sum(x * x for x in a)) * sqrt(sum(y * y for y in b))
    return degrees(acos(max(-1.0, min(1.0, dot / sizes))))
