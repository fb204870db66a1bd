"""Over-pressure as docs/recordings.md words it, found with all of the performance in view."""

from typing import Final

import numpy as np

from simulators.hand import GRID_HZ
from simulators.hand.curves import Floats
from simulators.plan import PlannedStep
from simulators.truth.sheet import OverPressure

_SMOOTHING_HZ: Final = 5.0
_SHORTEST_S: Final = 0.150
_SHORTEST_GAP_S: Final = 0.150
"""Force low-passed at 5 Hz without delay, above the limit for 150 ms or longer, gaps under 150 ms
merged: docs/recordings.md, "Over-pressure event"."""

_SETTLED_S: Final = 0.5

Spans = list[tuple[int, int]]


def smoothed(pressure: Floats) -> Floats:
    """Return the pressure low-passed without delay: a second-order Butterworth, there and back.

    Its gain there and back is 1 / (1 + (f / 5 Hz)^4), applied here to the spectrum; it is 0
    at both ends, so the spectrum's wrap-around does no harm.
    """
    frequencies = np.fft.rfftfreq(len(pressure), 1.0 / GRID_HZ)
    gain = 1.0 / (1.0 + (frequencies / _SMOOTHING_HZ) ** 4)
    return np.fft.irfft(np.fft.rfft(pressure) * gain, len(pressure))


def over_pressure(
    step: PlannedStep,
    span: tuple[float, float],
    pressure_kpa: tuple[Floats, Floats],
    began_s: float,
) -> list[OverPressure]:
    """Return the events of one step.

    Args:
        step: with its limits.
        span: its start and end, seconds from the beginning.
        pressure_kpa: of the whole performance, as it was and smoothed.
        began_s: when the performance began.
    """
    first, last = int(span[0] * GRID_HZ), int((span[1] + _SETTLED_S) * GRID_HZ)
    exact, smooth = (pressure[first:last] for pressure in pressure_kpa)
    events = []
    for level, limit in (("caution", step.caution_kpa), ("stop", step.stop_kpa)):
        if limit is None or step.hand_only:
            continue
        for start, end in _spans_above(smooth, limit):
            peak = float(exact[start:end].max())
            start_s = began_s + (first + start) / GRID_HZ
            end_s = began_s + (first + end) / GRID_HZ
            events.append(OverPressure(step.id, level, start_s, end_s, peak, limit))
    return events


def _spans_above(pressure: Floats, limit: float) -> Spans:
    """Return the index ranges above the limit, merged and long enough."""
    above = np.concatenate([[False], pressure > limit, [False]])
    edges = np.flatnonzero(np.diff(above.astype(np.int8)))
    spans: Spans = []
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if spans and start - spans[-1][1] < _SHORTEST_GAP_S * GRID_HZ:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [span for span in spans if span[1] - span[0] >= _SHORTEST_S * GRID_HZ]
