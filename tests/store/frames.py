"""Telemetry of simulated tools, as a host decodes it."""

from collections.abc import Iterator

from protocols.massage_tool import Decoder, RawSample, RawTelemetry, ToolFeature
from protocols.telemetry import Telemetry
from simulators.performance import Performance
from simulators.scenario import load_scenario
from simulators.tool_data import ToolData
from tests.simulators.recording.conftest import BOTH

INTERVAL_US = 10_000
IN_A_FRAME = 10


def as_read(tool: ToolData) -> ToolFeature:
    """The tool's Feature as a host reads it: resolutions are rounded on the way."""
    return ToolFeature.from_bytes(bytes(tool.feature))


def telemetry(tool: ToolData, seconds: int, scenario: str = "everyday") -> list[Telemetry]:
    """Frames of ten samples at 100 Hz from a hand that begins at once."""
    performance = Performance(BOTH, tool, load_scenario(scenario), 5)
    performance.begin(0)
    decoder = Decoder(as_read(tool))
    return [decoder.receive_data(value) for value in _values(performance, seconds)]


def _values(performance: Performance, seconds: int) -> Iterator[bytes]:
    for number in range(0, 100 * seconds, IN_A_FRAME):
        read = performance.sample(number * INTERVAL_US, INTERVAL_US, IN_A_FRAME)
        yield bytes(
            RawTelemetry(
                interval_us=INTERVAL_US,
                timestamp_us=number * INTERVAL_US,
                first_sample=number,
                saturated=any(sample.saturated for sample in read),
                touching=read[-1].touching,
                samples=tuple(RawSample(s.force, s.accel, s.gyro, s.wheel) for s in read),
            )
        )
