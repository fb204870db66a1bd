"""From a notification's bytes to the decision: decoder, sensing and coaching, one tool.

The bytes are those of a whole routine with a heavy hand, 100 Hz in frames of five samples. The
floor is the least that any program does with them: unpack them and update the attitude, one call
each per frame, with nothing told; and the same with one call each per sample, as most write it.
The engine is measured alone, too, on samples that are decoded already: what sensing costs a tool
with force and wheel, one that feels force and no motion, and one that feels motion and no force.
"""

import gc
import statistics
import struct
from collections.abc import Callable, Iterator
from time import perf_counter_ns

import numpy as np
from vqf import VQF

from companion.coaching.session import Session
from companion.sensing.engine import Engine
from companion.sensing.tool import Tool
from companion.sensing.types import Band, RepetitionKind, Task, Technique
from companion.settings.care import load_care
from companion.settings.routines import load_routine
from protocols.massage_tool import Decoder
from tests.benchmarks.notified import Notified, notified
from tests.benchmarks.quiet_core import watched

_PER_FRAME = 5
_RATE_HZ = 100
_PASSES = 3
_HEADER = struct.Struct("<BBHII")
_BODY = struct.Struct("<8h")

_BAND = Band(2.0, 6.0, 8.0, 13.3)
_ALONE = {
    "force_and_wheel": ("small-roller", 100),
    "force": ("force-only", 80),
    "motion": ("motion-only", 100),
}
_ALONE_S = 60.0

Step = Callable[[bytes], bool]
"""What is done with a notification; false when there is no more to be done."""


def bench(*, seconds: float = 900.0) -> dict[str, float]:
    """Return what deciding costs, and what the floor costs.

    Args:
        seconds: how much of the routine to take.
    """
    given = notified(load_routine("five-minutes"), "heavy-hand", seconds=seconds)
    decision = watched(_costs_ns(_decision, given))
    decided = decision.alone
    decoded, floor, single = (
        watched(_costs_ns(step, given)).alone for step in (_decoding, _floor, _floor_by_sample)
    )
    return {
        "samples_per_s": _PER_FRAME * 1e9 / statistics.fmean(decided),
        "samples_per_s_shared": _PER_FRAME * 1e9 / statistics.fmean(decision.every),
        "notification_median_ms": statistics.median(decided) / 1e6,
        "notification_p99_ms": statistics.quantiles(decided, n=100)[98] / 1e6,
        "notification_longest_ms": max(decided) / 1e6,
        "decoding_share_percent": 100 * statistics.fmean(decoded) / statistics.fmean(decided),
        "floor_samples_per_s": _PER_FRAME * 1e9 / statistics.fmean(floor),
        "cost_to_floor_ratio": statistics.fmean(decided) / statistics.fmean(floor),
        "floor_by_sample_samples_per_s": _PER_FRAME * 1e9 / statistics.fmean(single),
        "cost_to_floor_by_sample_ratio": statistics.fmean(decided) / statistics.fmean(single),
        **_alone(min(seconds, _ALONE_S)),
        "alone_percent": decision.alone_percent,
        "loop_us": decision.loop_us,
    }


def _alone(seconds: float) -> dict[str, float]:
    """Return what the engine alone costs a sample of each tool, in microseconds."""
    gc.collect()
    gc.freeze()  # what was measured before is not the engine's to look through
    figures: dict[str, float] = {}
    for name, tool in _ALONE.items():
        costs = watched(_engine_us(*tool, seconds=seconds))
        figures |= {f"{name}_us": statistics.median(costs.alone)}
        figures |= {f"{name}_mean_us": statistics.fmean(costs.alone)}
        figures |= {f"{name}_shared_us": statistics.median(costs.every)}
    return figures


def _engine_us(tool: str, rate_hz: int, *, seconds: float) -> Iterator[float]:
    """Measure what the engine alone costs a sample of a tool, by frame, in microseconds."""
    routine = load_routine("five-minutes")
    given = notified(routine, "everyday", seconds=seconds, tool_name=tool, rate_hz=rate_hz)
    decoder = _decoder(given)
    before = [decoder.receive_data(value) for value in given.before_tare]
    frames = [decoder.receive_data(value) for value in given.frames]
    for _ in range(_PASSES):
        engine = Engine(Tool.from_feature(given.feature))
        for frame in before:
            engine.receive(frame)
        engine.tared((engine.intake.last_us or 0) / 1e6)
        engine.begin(Task(RepetitionKind.STROKE, Technique.SWEEP, _BAND))
        for frame in frames:
            began = perf_counter_ns()
            engine.receive(frame)
            yield (perf_counter_ns() - began) / len(frame.samples) / 1e3


def _costs_ns(made: Callable[[Notified], Step], given: Notified) -> Iterator[int]:
    """Measure nanoseconds per notification, in several passes."""
    for _ in range(_PASSES):
        step = made(given)
        for value in given.frames:
            began = perf_counter_ns()
            goes_on = step(value)
            yield perf_counter_ns() - began
            if not goes_on:
                break


def _decision(given: Notified) -> Step:
    decoder, engine = _decoder(given), Engine(Tool.from_feature(given.feature))
    session = Session(load_routine("five-minutes"), engine, load_care(), oiled=True)
    for value in given.before_tare:
        session.receive(decoder.receive_data(value))
    tared_s = len(given.before_tare) * _PER_FRAME / _RATE_HZ
    session.tared(tared_s)
    session.start(tared_s)

    def step(value: bytes) -> bool:
        session.receive(decoder.receive_data(value))
        return not session.finished

    return step


def _decoding(given: Notified) -> Step:
    decoder = _decoder(given)

    def step(value: bytes) -> bool:
        decoder.receive_data(value)
        return True

    return step


def _floor(given: Notified) -> Step:
    feature, attitude = given.feature, VQF(1 / _RATE_HZ)
    accel_unit = feature.acceleration_resolution_mps2 or 0.0
    gyro_unit = feature.angular_velocity_resolution_radps or 0.0

    def step(value: bytes) -> bool:
        _HEADER.unpack_from(value)
        rows = np.array(list(_BODY.iter_unpack(value[_HEADER.size :])), dtype=float)
        attitude.updateBatch(
            np.ascontiguousarray(rows[:, 4:7]) * gyro_unit,
            np.ascontiguousarray(rows[:, 1:4]) * accel_unit,
        )
        return True

    return step


def _floor_by_sample(given: Notified) -> Step:
    feature, attitude = given.feature, VQF(1 / _RATE_HZ)
    accel_unit = feature.acceleration_resolution_mps2 or 0.0
    gyro_unit = feature.angular_velocity_resolution_radps or 0.0

    def step(value: bytes) -> bool:
        _HEADER.unpack_from(value)
        for _, *motion, _ in _BODY.iter_unpack(value[_HEADER.size :]):
            row = np.array(motion, dtype=float)
            attitude.update(row[3:] * gyro_unit, row[:3] * accel_unit)
            attitude.getQuat6D()
        return True

    return step


def _decoder(given: Notified) -> Decoder:
    decoder = Decoder(given.feature)
    decoder.begin_run(given.started.timestamp_us, given.started.first_sample)
    return decoder
