"""A tool pressed on a scale: what the scale shows, and what a wrong sensor makes of it."""

from dataclasses import replace
from statistics import fmean

import pytest

from simulators.data_files import config_root
from simulators.performance import Performance
from simulators.scale import grams_on_scale, weighing_tools
from simulators.tool_data import ToolFileError, load_tool, parse_tool

LOADS_G = (50.0, 150.0)
ROLLER = load_tool("small-roller")
GAUGE = load_tool("progressor-dome")
ROLLER_FILE = config_root() / "tools" / "small-roller.toml"


def held_us(performance: Performance) -> list[int]:
    """The middle of each press, on the tool's clock."""
    contacts = performance.truth.contacts
    return [round(1e6 * (each.start_s + each.end_s) / 2) for each in contacts]


def read_n(performance: Performance, at_us: int, resolution_n: float) -> float:
    readings = performance.sample(at_us - 250_000, 5_000, 100)
    return fmean(reading.force[0] * resolution_n for reading in readings)


@pytest.mark.parametrize("gain", [1.0, 0.8])
def test_a_sensor_reads_its_own_gain_of_what_the_scale_shows(gain: float) -> None:
    sensors = replace(ROLLER.sensors, force_gains=(gain,), force_drift_n_per_k=0.0)
    (tool,) = weighing_tools(LOADS_G, replace(ROLLER, sensors=sensors), None, 1)
    assert grams_on_scale(tool, 0) == 0
    tool.performance.begin(0)
    light_us, heavy_us = held_us(tool.performance)
    assert grams_on_scale(tool, light_us) == pytest.approx(50, abs=1)
    assert grams_on_scale(tool, heavy_us) == pytest.approx(150, abs=1)
    light_n = read_n(tool.performance, light_us, 1e-4)
    heavy_n = read_n(tool.performance, heavy_us, 1e-4)
    assert heavy_n - light_n == pytest.approx(gain * 0.981, rel=0.015)


def test_a_gauge_feels_what_is_pressed_on_it() -> None:
    tool, gauge = weighing_tools(LOADS_G, ROLLER, GAUGE, 1)
    before_n = read_n(gauge.performance, 1_000_000, 1.3e-4)
    tool.performance.begin(1_000_000)
    (_, heavy_us) = held_us(tool.performance)
    felt_n = read_n(gauge.performance, heavy_us, 1.3e-4) - before_n
    assert felt_n == pytest.approx(1.4715, rel=0.01)


def test_a_gain_for_a_channel_that_is_not_there_is_refused() -> None:
    text = ROLLER_FILE.read_text("utf-8")
    wrong = text.replace("force_offset_mn = 35", "force_gain = [1, 1]")
    with pytest.raises(ToolFileError, match="2 values of force_gain for 1 force channels"):
        parse_tool(wrong, "made.toml")
