"""When a tool is being worked, told from its motion alone, looking back on the whole of it."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from companion.sensing.motion_faults import SANE_MPS2, SANE_RADPS

Floats: TypeAlias = NDArray[np.float64]
Columns: TypeAlias = Sequence[Sequence[float]]
Span: TypeAlias = tuple[float, float]
BIN_S = 0.2
"""Motion is looked at in pieces of this length: a third of the shortest stroke (engineering
choice)."""
SHAKE_TIMES = 1.5
"""Times the quietest specific force of the recording from which a piece is motion (engineering
choice, on the simulated hand)."""
SHAKE_CAP_MPS2 = 0.15
"""Where nothing is quiet: a tool held still in the air, standard deviations of the axes added
(engineering choice, on the simulated hand)."""
CHANGE_MPS2 = 0.2
"""Change of the specific force from piece to piece that is motion: 1.2 degrees of tilt."""
TURN_TIMES = 4.0
"""Times the quietest angular velocity from which a piece is motion (engineering choice)."""
TURN_CAP_RADPS = 0.05
"""Where nothing is quiet: three degrees per second, more than a gyroscope's bias."""
PAUSE_S = 3.0
"""Pauses shorter than this belong to the active time (docs/recordings.md)."""
UNSEEN_S = 0.3
"""The same for contacts known from motion: what is seen of each ends up to half of that inside of
it (docs/sensing.md, ways)."""
CARRIED_DEG = 60.0
"""Turn of the tool against gravity, within about two seconds, that is carrying: from place to
place, out of a drawer, in the hand (engineering choice, on the simulated hand)."""
LASTING_DEG = 30.0
"""Turn that must be left some seconds later: a stroke that swings the tool turns it back."""
SHORTEST_S = 2.0
"""A shorter stretch of motion is no work (engineering choice)."""
WORKED_SHARE = 0.5
"""Share of a stretch of motion that contacts must fill to stand for it (engineering choice)."""
QUIET_SHARE = 0.05
"""Share of the pieces, the quietest, whose loudest one says what is quiet (engineering choice)."""
TURN_LEAST_RADPS = 0.01
"""What is added to the quietest angular velocity before it is compared: the noise of a gyroscope
(engineering choice)."""
JOINED_BINS = 1.5
"""Pieces that may be missing between two that are worked (engineering choice)."""
SHORT_BINS = 5
"""Pieces before and after a turn that tell how far it went: one second (engineering choice)."""
APART_BINS = 3
"""Pieces left out at either side of it while it lasts (engineering choice)."""
LONG_BINS = 20
"""Pieces that tell whether the turn is still there later: four seconds (engineering choice)."""
MARGIN_BINS = 7
"""Pieces around a lasting turn that are carrying, too (engineering choice)."""


def active_spans(
    t_s: Sequence[float], accel_mps2: Columns, gyro_radps: Columns | None
) -> list[tuple[float, float]]:
    """Return the stretches of work: motion with its short pauses, less what is carrying.

    Args:
        t_s: sample times, increasing.
        accel_mps2: specific force, three columns, NaN where not known; what no such sensor has
            is not known either.
        gyro_radps: angular velocity, the same, or None.

    Returns:
        Start and end of each stretch, ascending, none overlapping.
    """
    times = np.asarray(t_s, dtype=np.float64)
    # Numbered without the pieces of a hole: one that lasts for years costs no memory.
    _, place = np.unique(np.floor((times - times[0]) / BIN_S), return_inverse=True)
    mean, spread = _binned(place, accel_mps2, SANE_MPS2)
    known = np.asarray(np.isfinite(mean).all(axis=0), dtype=np.bool_)
    starts, ends = _bounds(times, place, len(known))
    at = np.flatnonzero(known)
    if len(at) < SHORT_BINS:
        return []
    mean, spread = mean[:, at], spread[:, at]
    moving = _is_shaken(mean, spread)
    if gyro_radps is not None:
        moving |= _is_turned(_binned(place, gyro_radps, SANE_RADPS)[0][:, at])
    merged = _merged(starts[at], ends[at], moving, PAUSE_S)
    inside = np.zeros(len(at), dtype=np.bool_)
    for start_s, end_s in merged:
        inside |= (starts[at] >= start_s) & (ends[at] <= end_s)
    worked = inside & ~_is_carried(mean)
    spans = _merged(starts[at], ends[at], worked, BIN_S * JOINED_BINS)
    return [(start_s, end_s) for start_s, end_s in spans if end_s - start_s >= SHORTEST_S]


def worked_spans(moved: Sequence[Span], touched: Sequence[Span]) -> list[Span]:
    """Return the stretches of work, where contacts are known from motion besides.

    Contacts with their short pauses stand for a stretch of motion that they mostly fill: what is
    before and after them is the way to the face and back. Other stretches stay as they are.
    """
    works = _joined(touched)
    kept = [
        span
        for span in moved
        if sum(_common_s(span, work) for work in works) < WORKED_SHARE * (span[1] - span[0])
    ]
    free = [work for work in works if not any(_common_s(span, work) for span in kept)]
    return sorted([*kept, *free])


def _joined(spans: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for start_s, end_s in sorted(spans):
        if joined and start_s - joined[-1][1] < PAUSE_S + UNSEEN_S:
            joined[-1] = (joined[-1][0], max(end_s, joined[-1][1]))
        else:
            joined.append((start_s, end_s))
    return joined


def _common_s(a: Span, b: Span) -> float:
    return max(0.0, min(a[1], b[1]) - max(a[0], b[0]))


def _binned(place: NDArray[np.int64], columns: Columns, sane: float) -> tuple[Floats, Floats]:
    """Return mean and standard deviation of each column per piece, NaN where not known.

    Args:
        place: the piece of each sample.
        columns: the samples, NaN where not known.
        sane: a value from this size on is none: a single one would drown all others in a mean.
    """
    values = np.asarray(columns, dtype=np.float64)
    is_known = (np.abs(values) < sane).all(axis=0)
    counts = np.bincount(place[is_known], minlength=place[-1] + 1).astype(np.float64)
    counts[counts < len("ab")] = np.nan
    means, spreads = [], []
    for column in values[:, is_known]:
        middle = float(column.mean()) if len(column) else 0.0
        off = column - middle
        first = np.bincount(place[is_known], off, len(counts)) / counts
        second = np.bincount(place[is_known], off * off, len(counts)) / counts
        means.append(first + middle)
        spreads.append(np.sqrt(np.maximum(0.0, second - first * first)))
    return np.array(means), np.array(spreads)


def _bounds(times: Floats, place: NDArray[np.int64], count: int) -> tuple[Floats, Floats]:
    """Return the first and the last sample time of each piece."""
    pieces = np.arange(count)
    first = np.searchsorted(place, pieces, side="left")
    last = np.searchsorted(place, pieces, side="right") - 1
    return times[np.minimum(first, len(times) - 1)], times[np.maximum(last, 0)]


def _is_shaken(mean: Floats, spread: Floats) -> NDArray[np.bool_]:
    shake = spread.sum(axis=0)
    quiet = min(float(np.quantile(shake, QUIET_SHARE)), SHAKE_CAP_MPS2)
    change = np.linalg.norm(np.diff(mean, axis=1, prepend=mean[:, :1]), axis=0)
    result: NDArray[np.bool_] = (shake > SHAKE_TIMES * quiet) | (change > CHANGE_MPS2)
    return result


def _is_turned(mean: Floats) -> NDArray[np.bool_]:
    speed = np.linalg.norm(mean, axis=0)
    known = speed[np.isfinite(speed)]
    if not len(known):
        return np.zeros(len(speed), dtype=np.bool_)
    quiet = min(float(np.quantile(known, QUIET_SHARE)), TURN_CAP_RADPS / TURN_TIMES)
    result: NDArray[np.bool_] = np.nan_to_num(speed) > TURN_TIMES * quiet + TURN_LEAST_RADPS
    return result


def _is_carried(mean: Floats) -> NDArray[np.bool_]:
    """Return which pieces belong to a turn of the tool that lasts."""
    count = mean.shape[1]
    carried = np.zeros(count, dtype=np.bool_)
    quick = _turns_deg(mean, SHORT_BINS, APART_BINS)
    lasting = _turns_deg(mean, LONG_BINS, SHORT_BINS)
    for index in np.flatnonzero((quick > CARRIED_DEG) & (lasting > LASTING_DEG)).tolist():
        carried[max(0, index - MARGIN_BINS) : index + MARGIN_BINS + 1] = True
    return carried


def _turns_deg(mean: Floats, span: int, apart: int) -> Floats:
    """Return the angle between the mean direction of some pieces before and some after each."""
    count = mean.shape[1]
    total = np.concatenate([np.zeros((3, 1)), np.cumsum(mean, axis=1)], axis=1)
    index: Any = np.arange(count)

    def direction(first: Any, last: Any) -> Floats:  # noqa: ANN401 - index arrays of numpy
        vector = total[:, np.clip(last, 1, count)] - total[:, np.clip(first, 0, count - 1)]
        length = np.linalg.norm(vector, axis=0)
        return np.asarray(vector / np.where(length > 0, length, 1.0))

    before = direction(index - apart - span + 1, index - apart + 1)
    after = direction(index + apart, index + apart + span)
    cosine = np.clip((before * after).sum(axis=0), -1.0, 1.0)
    return np.asarray(np.degrees(np.arccos(cosine)))


def _merged(
    starts: Floats, ends: Floats, is_on: NDArray[np.bool_], pause_s: float
) -> list[tuple[float, float]]:
    """Return stretches of pieces that are on, joined over shorter pauses."""
    spans: list[tuple[float, float]] = []
    for start_s, end_s in zip(starts[is_on].tolist(), ends[is_on].tolist(), strict=True):
        if spans and start_s - spans[-1][1] < pause_s:
            spans[-1] = (spans[-1][0], end_s)
        else:
            spans.append((start_s, end_s))
    return spans
