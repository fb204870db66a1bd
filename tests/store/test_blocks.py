"""Blocks of telemetry: exact to the last bit, small, and refused when damaged."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.store.blocks import Units, block, frames_of
from companion.store.columns import DamagedError
from protocols.telemetry import Sample, Telemetry
from simulators.tool_data import load_tool
from tests.store.frames import as_read, telemetry

TOOLS = ("small-roller", "large-roller", "gua-sha", "motion-only", "force-only")
MOST_BYTES = 6
"""On disk for each sample of force, six axes and wheel; raw it is 16."""

NOTHING = Units()
FLOATS = st.floats(allow_nan=False)
FIELDS = st.none() | FLOATS | st.integers(-300, 300).map(lambda counts: counts * 0.0001)


def frame(*samples: Sample, device_us: int = 0, touching: bool | None = None) -> Telemetry:
    return Telemetry(device_us, 10_000, 7, False, False, touching, samples)


@pytest.mark.parametrize("name", TOOLS)
def test_what_a_tool_sent_comes_back_to_the_last_bit(name: str) -> None:
    tool = load_tool(name)
    units, frames = Units.of(as_read(tool)), telemetry(tool, 20)
    kept = [block(frames[at : at + 10], units) for at in range(0, len(frames), 10)]
    assert [found for data in kept for found in frames_of(data, units)] == frames


def test_a_minute_of_a_roller_is_small_with_real_noise_in_it() -> None:
    tool = load_tool("small-roller")
    sensors, units = tool.sensors, Units.of(as_read(tool))
    assert sensors.force_noise_n >= 0.005
    assert sensors.accel_noise_mps2 >= 0.00980665
    assert sensors.gyro_noise_radps >= 0.00087
    kept = block(telemetry(tool, 60), units)
    assert len(kept) / 6000 <= MOST_BYTES


def test_unknown_values_clock_and_flags_come_back() -> None:
    units = Units(force_n=0.001, accel_mps2=0.002, gyro_radps=0.001, travel_m=0.0001)
    seen = Sample((1.5,), (0.002, 0.004, -0.002), (0.0, 0.0, 0.001), 0.0003)
    blind = Sample((None,), (None, 0.004, None), (0.0, None, 0.0), None)
    frames = [
        replace(frame(seen, blind, touching=False), device_us=2**40, first_sample=2**33),
        replace(frame(blind, device_us=2**40 + 20_137, touching=True), first_sample=2**33 + 2),
        replace(
            frame(seen, device_us=2**40 - 5_000_000),
            first_sample=2**33 - 500,
            saturated=True,
            resent=True,
            interval_us=9_999,
        ),
    ]
    assert frames_of(block(frames, units), units) == frames


@given(
    st.lists(
        st.tuples(st.tuples(FIELDS, FIELDS), st.tuples(FIELDS, FIELDS, FIELDS), FIELDS),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from([NOTHING, Units(force_n=0.0001, accel_mps2=0.0001, travel_m=0.0001)]),
)
def test_any_values_come_back(
    rows: list[tuple[tuple[float, float], tuple[float, float, float], float]], units: Units
) -> None:
    frames = [frame(*(Sample(force, accel, None, travel) for force, accel, travel in rows))]
    assert frames_of(block(frames, units), units) == frames


def test_what_is_damaged_is_never_read() -> None:
    tool = load_tool("small-roller")
    units = Units.of(as_read(tool))
    kept = block(telemetry(tool, 1), units)
    for place in range(0, len(kept), 7):
        harmed = bytearray(kept)
        harmed[place] ^= 0x10
        with pytest.raises(DamagedError):
            frames_of(bytes(harmed), units)
        with pytest.raises(DamagedError):
            frames_of(kept[:place], units)


def test_samples_of_two_layouts_do_not_share_a_block() -> None:
    with_force, without = Sample((1.0,), None, None, None), Sample((), None, None, None)
    for frames in ([frame(with_force), frame(without)], []):
        with pytest.raises(ValueError, match="one layout"):
            block(frames, NOTHING)
