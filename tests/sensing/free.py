"""A tool in free motion, made from known geometry: what it turns and travels is given."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from companion.sensing.engine import Engine
from companion.sensing.tool import Tool
from companion.sensing.types import (
    RepetitionKind,
    SensingEvent,
    StepEnd,
    Task,
    Technique,
)
from protocols.telemetry import Sample, Telemetry
from tests.sensing.rig import G

FREE = Tool(has_accelerometer=True, has_gyroscope=True)
CYCLES = Task(RepetitionKind.CYCLE, Technique.SWEEP, None)
Floats = npt.NDArray[np.float64]
STEP_S = 0.001


def way(seconds: float, begin: float, end: float) -> Floats:
    """A smooth way from one place to another, at rest at both ends (minimum jerk)."""
    s = np.arange(0, seconds, STEP_S) / seconds
    return begin + (end - begin) * (10 * s**3 - 15 * s**4 + 6 * s**5)


def hold(seconds: float, at: float) -> Floats:
    return np.full(round(seconds / STEP_S), at)


def cycles(count: int, period_s: float, waver: float = 0.0, seed: int = 5) -> Floats:
    """There and back, again and again; length and amplitude waver by a share."""
    random = np.random.default_rng(seed)
    parts = []
    for _ in range(count):
        half = period_s / 2 * (1 + random.uniform(-waver, waver))
        far = 1 + random.uniform(-waver, waver)
        parts += [way(half, 0.0, far), way(half, far, 0.0)]
    return np.concatenate(parts)


@dataclass
class Free:
    """Turns a course of places (0 to 1) into samples.

    Attributes:
        along: the way in metres in a frame whose z axis points up.
        turn_rad: how far the tool turns about its y axis over the whole way.
    """

    along: tuple[float, float, float] = (0.06, 0.0, 0.0)
    turn_rad: float = 0.12
    rate_hz: float = 100
    noise_mps2: float = 0.03
    noise_radps: float = 0.005
    bias_radps: float = 0.005

    def samples(self, course: Floats, seed: int = 1) -> list[Sample]:
        random = np.random.default_rng(seed)
        angle = self.turn_rad * course
        push = np.gradient(np.gradient(course, STEP_S), STEP_S)[:, None] * self.along
        force = push + np.array((0.0, 0.0, G))
        sine, cosine = np.sin(angle), np.cos(angle)
        accel = np.column_stack(
            [
                cosine * force[:, 0] - sine * force[:, 2],
                force[:, 1],
                sine * force[:, 0] + cosine * force[:, 2],
            ]
        )
        gyro = np.column_stack([0 * angle, np.gradient(angle, STEP_S), 0 * angle])
        at = np.arange(0, len(course), 1 / (STEP_S * self.rate_hz)).astype(int)
        accel = accel[at] + random.normal(0, self.noise_mps2, (len(at), 3))
        gyro = gyro[at] + random.normal(self.bias_radps, self.noise_radps, (len(at), 3))
        return [
            Sample((), tuple(a), tuple(w), None)
            for a, w in zip(accel.tolist(), gyro.tolist(), strict=True)
        ]

    def frames(self, samples: list[Sample], per_frame: int = 5) -> Iterator[Telemetry]:
        interval_us = round(1e6 / self.rate_hz)
        for first in range(0, len(samples), per_frame):
            yield Telemetry(
                device_us=first * interval_us,
                interval_us=interval_us,
                first_sample=first,
                resent=False,
                saturated=False,
                touching=None,
                samples=tuple(samples[first : first + per_frame]),
            )


def told(frames: list[Telemetry], task: Task | None = CYCLES) -> tuple[list[SensingEvent], StepEnd]:
    """Everything an engine says of frames, and of their end."""
    engine = Engine(FREE)
    engine.begin(task)
    events = [event for frame in frames for event in engine.receive(frame)]
    return events, engine.finish()
