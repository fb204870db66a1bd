"""The force of one device with the motion of another: aligned, bounded, honest about holes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.massage_tool import Features, ToolFeature, ToolKind
from protocols.other_tools.merging import MOST_FRAMES, REACH_S, WAIT_S, Merger, merged_feature
from protocols.telemetry import Sample, Telemetry


def force(
    first_us: int, count: int = 1, *, number: int = 0, interval_us: int = 10_000
) -> Telemetry:
    samples = tuple(Sample((0.1 * n,), None, None, None) for n in range(count))
    return Telemetry(first_us, interval_us, number, False, False, None, samples)


def motion(*ups: float, interval_us: int = 10_000) -> Telemetry:
    samples = tuple(Sample((), (0.0, 0.0, up), (up, 0.0, 0.0), None) for up in ups)
    return Telemetry(0, interval_us, 0, False, False, None, samples)


def ups(frames: list[Telemetry]) -> list[float | None]:
    return [s.accel_mps2[2] if s.accel_mps2 else None for f in frames for s in f.samples]


def test_each_force_gets_the_motion_between_its_neighbours() -> None:
    merger = Merger()
    merger.take_motion(motion(0.0, 1.0, 2.0, 3.0), 5.000)
    merger.take_force(force(777, 3), 5.0025)
    (frame,) = merger.ready(5.03)
    assert ups([frame]) == pytest.approx([0.25, 1.25, 2.25])
    assert (frame.device_us, frame.first_sample, frame.interval_us) == (777, 0, 10_000)
    assert [sample.force_n for sample in frame.samples] == [(0.0,), (0.1,), (0.2,)]
    assert frame.samples[1].gyro_radps == pytest.approx((1.25, 0.0, 0.0))


def test_a_force_waits_for_its_motion_and_no_longer_than_it_may() -> None:
    merger = Merger()
    merger.take_motion(motion(1.0, 2.0), 5.000)
    merger.take_force(force(0, 2), 5.005)
    assert merger.due_s == pytest.approx(5.015 + WAIT_S)
    assert merger.ready(5.02) == []
    merger.take_motion(motion(3.0), 5.020)
    assert ups(merger.ready(5.021)) == pytest.approx([1.5, 2.5])
    merger.take_force(force(20_000), 5.025)
    assert merger.ready(5.025 + 0.9 * WAIT_S) == []
    assert ups(merger.ready(5.026 + WAIT_S)) == [3.0]
    assert merger.due_s is None
    assert merger.without_motion == 0


def test_motion_out_of_reach_is_not_known() -> None:
    merger = Merger()
    merger.take_motion(motion(1.0), 5.0)
    merger.take_force(force(0), 5.0 + REACH_S + 0.01)
    merger.take_force(force(0), 5.0 + REACH_S - 0.01)
    far, near = merger.ready(9.0)
    assert far.samples[0].accel_mps2 == far.samples[0].gyro_radps == (None, None, None)
    assert ups([near]) == [1.0]
    assert merger.without_motion == 1


def test_before_any_motion_there_is_none() -> None:
    merger = Merger()
    merger.take_force(force(0), 5.0)
    (frame,) = merger.ready(6.0)
    assert frame.samples[0].accel_mps2 is None


def test_motion_that_came_before_is_left_out() -> None:
    merger = Merger()
    merger.take_motion(motion(1.0, 2.0), 5.00)
    merger.take_motion(motion(9.0, 9.0, 3.0), 4.99)
    merger.take_force(force(0, 2), 5.00)
    assert ups(merger.ready(6.0)) == [1.0, 2.0]


def test_a_component_that_is_not_known_stays_so() -> None:
    merger = Merger()
    unknown = Sample((), (None, 0.0, 0.0), None, None)
    merger.take_motion(Telemetry(0, 10_000, 0, False, False, None, (unknown,) * 2), 5.0)
    merger.take_force(force(0), 5.005)
    (frame,) = merger.ready(6.0)
    assert frame.samples[0].accel_mps2 == (None, 0.0, 0.0)
    assert frame.samples[0].gyro_radps is None


def test_a_link_that_is_gone_leaves_nothing_behind() -> None:
    merger = Merger()
    merger.take_force(force(0), 5.0)
    merger.drop_force()
    assert merger.ready(9.0) == []


def test_what_waits_is_bounded() -> None:
    merger = Merger()
    for number in range(10 * MOST_FRAMES):
        merger.take_force(force(number), 5.0)
    assert len(merger.ready(9.0)) == MOST_FRAMES


@given(
    forces=st.lists(st.tuples(st.floats(0, 10), st.integers(1, 8)), max_size=20),
    motions=st.lists(st.tuples(st.floats(0, 10), st.integers(1, 8)), max_size=20),
)
def test_no_force_is_lost_or_made_up(
    forces: list[tuple[float, int]], motions: list[tuple[float, int]]
) -> None:
    merger = Merger()
    for host_s, count in motions:
        merger.take_motion(motion(*[1.0] * count), host_s)
    for number, (host_s, count) in enumerate(forces):
        merger.take_force(force(number, count), host_s)
    frames = merger.ready(100.0)
    assert [(f.device_us, len(f.samples)) for f in frames] == [
        (number, count) for number, (_, count) in enumerate(forces)
    ]


def test_facts_of_both_make_one_tool() -> None:
    gauge = ToolFeature(
        tool_kind=ToolKind.GUA_SHA,
        features=Features.HAPTIC_MOTOR | Features.GYROSCOPE,
        force_channels=1,
        force_resolution_n=0.001,
        contact_area_m2=1e-4,
        press_axis=(0.0, 0.0, -1.0),
        maximum_rate_hz=80,
    )
    strapped = ToolFeature(
        tool_kind=ToolKind.OTHER,
        features=Features.ACCELEROMETER | Features.GYROSCOPE | Features.WHEEL,
        force_channels=0,
        tip_axis=(1.0, 0.0, 0.0),
        maximum_rate_hz=100,
    )
    both = merged_feature(gauge, strapped)
    assert both.features == Features.HAPTIC_MOTOR | Features.ACCELEROMETER | Features.GYROSCOPE
    assert (both.tool_kind, both.force_channels, both.maximum_rate_hz) == (ToolKind.GUA_SHA, 1, 80)
    assert (both.press_axis, both.tip_axis) == ((0.0, 0.0, -1.0), (1.0, 0.0, 0.0))
