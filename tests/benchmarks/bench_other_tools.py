"""What decoding a sample of another tool costs: its codec alone, and the placing on one clock.

The bytes are those that the simulated tools make of five samples at a time; streams are cut as a
link with an MTU of 185 bytes cuts them. What is counted is processor time.
"""

import math
from time import process_time_ns

from companion.settings.described_tools import load_other_tool
from protocols.other_tools.readings import Reading
from protocols.other_tools.timeline import Timeline
from protocols.telemetry import Sample, Telemetry
from simulators.other_tools.dress import cut
from simulators.other_tools.wardrobe import DRESSES

TOOLS = {
    "tindeq": "tindeq",
    "witmotion": "witmotion",
    "industrial-measurement": "industrial_measurement",
    "bluefruit": "bluefruit",
    "lines-csv": "lines_csv",
    "lines-json": "lines_json",
    "fields": "fields",
}
"""Described tool -> the dress of the simulated one."""

_STREAMS = ("witmotion", "bluefruit", "lines_csv", "lines_json")
_PIECE = 182
"""Bytes of a stream in one notification, for the MTU of 185 that phones and computers agree on."""

_PER_FRAME = 5
_INTERVAL_US = 12_500


def bench(*, samples: int = 40_000) -> dict[str, float]:
    """Return microseconds per sample, by tool.

    Args:
        samples: how many each tool sends.
    """
    figures = {}
    for tool, dress in TOOLS.items():
        values = _values(dress, samples)
        figures[f"{tool.replace('-', '_')}_us"] = _cost_us(tool, values)
    figures["timeline_us"] = _placing_us(samples)
    return figures


def _values(dress: str, samples: int) -> list[tuple[str, bytes]]:
    worn = DRESSES[dress]()
    values = [
        value
        for number in range(0, samples, _PER_FRAME)
        for value in worn.values(_telemetry(number))
    ]
    return _cut_anew(values) if dress in _STREAMS else values


def _cut_anew(values: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    stream = b"".join(value for _, value in values)
    return cut(values[0][0], stream, _PIECE)


def _telemetry(number: int) -> Telemetry:
    samples = tuple(_sample((number + place) / 80) for place in range(_PER_FRAME))
    return Telemetry(number * _INTERVAL_US, _INTERVAL_US, number, False, False, None, samples)


def _sample(at_s: float) -> Sample:
    swing = math.sin(at_s)
    return Sample((0.3 + 0.2 * swing,), (swing, 9.7, -1.5), (0.2, -swing, 0.01), None)


def _cost_us(tool: str, values: list[tuple[str, bytes]]) -> float:
    codec = load_other_tool(tool).new_codec()
    receive = codec.receive_data
    counted = load_other_tool(tool).new_codec()
    read = sum(len(counted.receive_data(*value)) for value in values)
    began = process_time_ns()
    for characteristic, value in values:
        receive(characteristic, value)
    return (process_time_ns() - began) / 1e3 / read


def _placing_us(samples: int) -> float:
    timeline = Timeline(80, has_clock=True)
    frames = [
        [
            Reading((number + place) * _INTERVAL_US, Sample((0.1,), None, None, None))
            for place in range(_PER_FRAME)
        ]
        for number in range(0, samples, _PER_FRAME)
    ]
    began = process_time_ns()
    for number, readings in enumerate(frames):
        timeline.place(readings, number * _PER_FRAME * _INTERVAL_US)
    return (process_time_ns() - began) / 1e3 / samples
