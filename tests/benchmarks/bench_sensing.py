"""What the engine costs per sample at the default frame: five samples, 100 Hz, all groups."""

from math import sin, tau
from time import perf_counter

from companion.sensing import Engine, Tool
from companion.sensing.types import Band, RepetitionKind, Task, Technique
from protocols.telemetry import Sample, Telemetry

_ROLLER = Tool(
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
_INTERVAL_US = 10_000
_PER_FRAME = 5


def _sample(index: int) -> Sample:
    t = index * _INTERVAL_US / 1e6
    phase = tau * t / 3.0
    force = max(0.0, 0.45 * sin(phase)) + 1e-4 * (index % 7)
    accel = (0.3 * sin(3 * phase), 0.2, 9.8 + 0.1 * sin(phase))
    return Sample((force,), accel, (0.1 * sin(phase), 0.05, 0.0), 0.0005 * sin(2 * phase))


def bench(seconds: int = 60) -> dict[str, float]:
    """Return microseconds per sample, the best of three runs over strokes of the given length."""
    frames = [
        Telemetry(
            device_us=first * _INTERVAL_US,
            interval_us=_INTERVAL_US,
            first_sample=first,
            resent=False,
            saturated=False,
            touching=None,
            samples=tuple(_sample(first + i) for i in range(_PER_FRAME)),
        )
        for first in range(0, seconds * 100, _PER_FRAME)
    ]
    task = Task(RepetitionKind.STROKE, Technique.SWEEP, Band(2.0, 4.0, 8.0, 13.3))
    best = float("inf")
    for _ in range(3):
        engine = Engine(_ROLLER)
        for frame in frames[:20]:
            engine.receive(frame)
        engine.tared(1.0)
        engine.begin(task)
        began = perf_counter()
        for frame in frames[20:]:
            engine.receive(frame)
        best = min(best, perf_counter() - began)
    return {"sensing_us_per_sample": best * 1e6 / ((len(frames) - 20) * _PER_FRAME)}


if __name__ == "__main__":
    print(bench())  # noqa: T201 - a benchmark's whole purpose
