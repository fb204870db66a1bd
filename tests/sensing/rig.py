"""Known truths for the engine: a tool whose contact force, travel and attitude are given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import TypeVar, cast

import pytest

from companion.sensing.engine import Engine
from companion.sensing.tool import Tool
from companion.sensing.types import Band, RepetitionKind, SensingEvent, Task, Technique
from protocols.telemetry import Sample, Telemetry

G = 9.80665
ROLLER = Tool(
    force_channels=1,
    force_resolution_n=1e-4,
    force_full_scale_n=3.0,
    contact_area_m2=1e-4,
    supported_mass_kg=0.04,
    press_axis=(0.0, 0.0, -1.0),
    tip_axis=(1.0, 0.0, 0.0),
    travel_axis=(1.0, 0.0, 0.0),
    has_accelerometer=True,
    has_gyroscope=True,
    has_wheel=True,
)
NO_WHEEL = replace(ROLLER, has_wheel=False, travel_axis=None)
CHEEK = Band(2.0, 6.0, 8.0, 13.3)
UNDER_EYE = Band(0.3, 1.5, 2.7, 4.0)
Z_UP = (0.0, 0.0, 1.0)
Axis = tuple[float, float, float]
T = TypeVar("T")
Course = Callable[[float], float]


def near(value: float, tolerance: float = 1e-6) -> float:
    """A number that equals its neighbours, for tuples of expected values."""
    return cast("float", pytest.approx(value, abs=tolerance))


def zero(_: float) -> float:
    return 0.0


def constant(value: float) -> Course:
    return lambda _: value


def sweep(band: Band | None = CHEEK, kind: RepetitionKind = RepetitionKind.STROKE) -> Task:
    return Task(kind, Technique.SWEEP, band)


def of(kind: type[T], events: Sequence[object]) -> list[T]:
    return [event for event in events if isinstance(event, kind)]


@dataclass
class Rig:
    """Feeds an engine with what the given contact force, speed and attitude would make it see."""

    tool: Tool = ROLLER
    rate_hz: int = 100
    per_frame: int = 5
    up: Axis = Z_UP
    noise_n: float = 2e-4
    t_us: int = 0
    number: int = 0
    frames: list[Telemetry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.engine = Engine(self.tool, names_technique=True)
        self.random = Random(7)  # noqa: S311 - noise, not a secret
        self.tared_up = self.up

    @property
    def t(self) -> float:
        return self.t_us / 1e6

    def ready(self, task: Task | None = None, tare_s: float = 1.0) -> "Rig":
        """Hold still in the air, tare, begin a step."""
        self.play(tare_s)
        self.tared_up = self.up
        self.engine.tared(self.t)
        if task is not None:
            self.engine.begin(task)
        return self

    def play(
        self,
        seconds: float,
        force_n: Course = zero,
        speed_mps: Course = zero,
        *,
        accel_mps2: Callable[[float], Axis] | None = None,
        touching: bool | None = None,
        saturated: bool = False,
    ) -> list[SensingEvent]:
        """Run for a while; the courses take seconds since its beginning."""
        interval_us = round(1e6 / self.rate_hz)
        begun_us = self.t_us
        events: list[SensingEvent] = []
        left = round(seconds * self.rate_hz)
        while left:
            count = min(self.per_frame, left)
            samples = []
            for index in range(count):
                t = (self.t_us + index * interval_us - begun_us) / 1e6
                more = accel_mps2(t) if accel_mps2 else (0.0, 0.0, 0.0)
                samples.append(self.sample(force_n(t), speed_mps(t) / self.rate_hz, more))
            frame = self.frame(samples, touching=touching, saturated=saturated)
            events += self.engine.receive(frame)
            left -= count
        return events

    def sample(self, contact_n: float, travel_m: float, more: Axis = (0.0, 0.0, 0.0)) -> Sample:
        """One sample: the sent force carries the weight of the supported mass."""
        accel = (G * self.up[0] + more[0], G * self.up[1] + more[1], G * self.up[2] + more[2])
        tared = tuple(G * component for component in self.tared_up)
        press = self.tool.press_axis or (0.0, 0.0, 0.0)
        mass = self.tool.supported_mass_kg or 0.0
        pull = sum(mass * (a - b) * p for a, b, p in zip(accel, tared, press, strict=True))
        sent = contact_n + pull + self.random.gauss(0.0, self.noise_n)
        step = self.tool.force_resolution_n or 1e-4
        share = round(sent / step / max(1, self.tool.force_channels)) * step
        return Sample((share,) * self.tool.force_channels, accel, (0.0, 0.0, 0.0), travel_m)

    def frame(
        self, samples: Sequence[Sample], *, touching: bool | None = None, saturated: bool = False
    ) -> Telemetry:
        """Number and stamp samples; the clock moves on behind them."""
        interval_us = round(1e6 / self.rate_hz)
        frame = Telemetry(
            device_us=self.t_us,
            interval_us=interval_us,
            first_sample=self.number,
            resent=False,
            saturated=saturated,
            touching=touching,
            samples=tuple(samples),
        )
        self.number += len(samples)
        self.t_us += interval_us * len(samples)
        self.frames.append(frame)
        return frame

    def skip(self, samples: int) -> None:
        """Lose samples."""
        self.number += samples
        self.t_us += samples * round(1e6 / self.rate_hz)
