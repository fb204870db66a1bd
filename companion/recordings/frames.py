"""Samples of a recording as the frames that a radio would have brought."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from math import isfinite, isnan, nan
from typing import NamedTuple

from companion.recordings.pace import Pace
from companion.recordings.recording import Column, Columns3, Recording
from companion.recordings.tool_file import ToolData
from protocols.telemetry import Sample, Telemetry, Vector

FRAME_SAMPLES = 10
"""Most samples of a frame, as a tool sends them at 100 Hz, where the tool file does not say how
many it sent at once; fewer where they are unevenly spaced."""
SPACING_TOLERANCE = 0.02
"""Share of the interval by which a sample may lie off the even spacing of its frame (engineering
choice): more, and it begins a frame of its own."""
HELD_US = 100_000
"""How long a wheel that is slower than the stream is taken to stand between two readings; after
that its travel is not known (engineering choice)."""
LONGEST_US = 10_000_000
"""The longest interval told: a pace slower than this is none."""
_MILLION = 1_000_000
_SANE_MPS2 = 1e4
_SANE_RADPS = 1e3


def microseconds(times_s: Column) -> list[int]:
    """Return times in whole microseconds, each at least one after the one before."""
    times: list[int] = []
    last_us = -(2**62)
    for t_s in times_s:
        last_us = max(round(t_s * _MILLION), last_us + 1)
        times.append(last_us)
    return times


def frames(
    recording: Recording, tool: ToolData | None, cuts_us: Sequence[int] = ()
) -> Iterator[Telemetry]:
    """Yield a recording's samples in order, each exactly once.

    A sample whose motion is not known, or whose force is at its end, makes a frame of its own:
    what is said of a frame as a whole then holds for it alone. How frames are cut depends on
    nothing later, except that the first interval is that of the first two samples.

    Args:
        recording: whose samples.
        tool: the tool file, None where there is none.
        cuts_us: moments after which a frame begins.
    """
    times_us = microseconds(recording.t_s)
    samples = list(_samples(recording, times_us, None if tool is None else tool.wheel_resolution_m))
    ends = _ends_of_force(recording, tool)
    cuts = {bisect_right(times_us, at_us) for at_us in cuts_us}
    begin = 0
    most = FRAME_SAMPLES if tool is None else tool.frame_samples or FRAME_SAMPLES
    begins = _Begins(_alone(recording, ends), cuts, most)
    for end, interval_us in _cuts(times_us, begins, recording.touching):
        yield Telemetry(
            device_us=times_us[begin],
            interval_us=min(interval_us, LONGEST_US),
            first_sample=begin,
            resent=False,
            saturated=begin in ends,
            touching=_verdict(recording.touching, end - 1),
            samples=tuple(samples[begin:end]),
        )
        begin = end


class _Begins(NamedTuple):
    """Where frames begin: samples alone in theirs, others that begin one, and most of a frame."""

    alone: set[int]
    cuts: set[int]
    most: int


def _cuts(
    times_us: list[int], begins: _Begins, touching: Column | None
) -> Iterator[tuple[int, int]]:
    """Yield where each frame ends, and the pace of its samples."""
    alone, where = begins.alone, begins.alone | begins.cuts
    pace = Pace()
    pace.step(times_us[1] - times_us[0])
    begin, count = 0, len(times_us)
    while begin < count:
        interval_us = pace.interval_us
        end = begin + 1
        latest = begin + 1 if begin in alone else min(begin + begins.most, count)
        while end < latest and end not in where and not _has_turned(touching, end - 1):
            off_us = times_us[end] - times_us[begin] - (end - begin) * interval_us
            if abs(off_us) > SPACING_TOLERANCE * interval_us:
                break
            end += 1
        yield end, interval_us
        for index in range(max(begin + 1, 2), min(end + 1, count)):
            pace.step(times_us[index] - times_us[index - 1])
        begin = end


def _has_turned(touching: Column | None, index: int) -> bool:
    return touching is not None and index > 0 and touching[index] != touching[index - 1]


def _alone(recording: Recording, ends_of_force: set[int]) -> set[int]:
    """Return the samples that make a frame of their own."""
    if not recording.force_n and recording.touching is not None:
        return set(range(len(recording.t_s)))
    alone = set(ends_of_force)
    for vector, sane in ((recording.accel_mps2, _SANE_MPS2), (recording.gyro_radps, _SANE_RADPS)):
        for column in vector or ():
            if not all(map(isfinite, column)) or max(column) > sane or min(column) < -sane:
                alone.update(i for i, value in enumerate(column) if not -sane < value < sane)
    return alone


def _samples(recording: Recording, times_us: list[int], count_m: float | None) -> Iterator[Sample]:
    forces: Iterable[tuple[float | None, ...]] = repeat(())
    if recording.force_n:
        forces = zip(*map(_known, recording.force_n), strict=True)
    travels: Iterable[float | None] = repeat(None)
    if recording.travel_m is not None:
        travels = _steps(recording.travel_m, times_us, count_m)
    vectors = zip(_vectors(recording.accel_mps2), _vectors(recording.gyro_radps), strict=False)
    for _, force_n, (accel, gyro), travel_m in zip(
        times_us, forces, vectors, travels, strict=False
    ):
        yield Sample(force_n, accel, gyro, travel_m)


def _known(column: Column) -> Sequence[float | None]:
    if not any(map(isnan, column)):
        return column
    return [None if isnan(value) else value for value in column]


def _vectors(columns: Columns3 | None) -> Iterable[Vector | None]:
    if columns is None:
        return repeat(None)
    x, y, z = map(_known, columns)
    return zip(x, y, z, strict=True)


def _steps(travel_m: Column, times_us: list[int], count_m: float | None) -> Iterator[float | None]:
    """Yield the travel of each sample since the one before, None where it is not known.

    Where the wheel's count is known it is whole counts again, without what adding them up rounded.
    """
    last_m, last_us = nan, -(2**62)
    for t_us, place_m in zip(times_us, travel_m, strict=True):
        is_held = t_us - last_us <= HELD_US
        if isnan(place_m):
            yield 0.0 if is_held else None
            continue
        step_m = place_m - last_m
        if count_m is not None and isfinite(step_m / count_m):
            step_m = round(step_m / count_m) * count_m
        yield None if isnan(step_m) else step_m
        last_m, last_us = place_m, t_us


def _ends_of_force(recording: Recording, tool: ToolData | None) -> set[int]:
    """Return the samples whose force is at its end: by their own column, else by full scale."""
    if recording.saturated is not None:
        return {index for index, value in enumerate(recording.saturated) if value > 0}
    if tool is None or tool.full_scale_n is None:
        return set()
    from_n = tool.full_scale_n - 2 * (tool.force_resolution_n or 0.0)
    return {i for column in recording.force_n for i, value in enumerate(column) if value >= from_n}


def _verdict(column: Column | None, index: int) -> bool | None:
    if column is None or isnan(column[index]):
        return None
    return column[index] > 0
