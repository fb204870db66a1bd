from dataclasses import replace
from itertools import pairwise
from math import pi

import numpy as np
import pytest

from companion.sensing.engine import Engine
from companion.sensing.types import Repeated, RepetitionKind, Stroke, StrokeDirection
from protocols.telemetry import Telemetry
from tests.sensing.free import CYCLES, FREE, Floats, Free, cycles, hold, told, way
from tests.sensing.rig import of


def course(*parts: Floats) -> Floats:
    return np.concatenate([hold(2.0, 0.0), *parts, hold(1.0, float(parts[-1][-1]))])


def frames_of(free: Free, *parts: Floats) -> list[Telemetry]:
    return list(free.frames(free.samples(course(*parts))))


def strokes(frames: list[Telemetry]) -> list[Stroke]:
    return of(Stroke, told(frames)[0])


@pytest.mark.parametrize(
    ("along", "directions"),
    [
        ((0.0, 0.0, 0.1), (StrokeDirection.UP, StrokeDirection.DOWN)),
        ((0.0, 0.0, -0.1), (StrokeDirection.DOWN, StrokeDirection.UP)),
        ((0.0, 0.1, 0.0), (StrokeDirection.HORIZONTAL, StrokeDirection.HORIZONTAL)),
        ((0.09, 0.0, 0.03), (StrokeDirection.HORIZONTAL, StrokeDirection.HORIZONTAL)),
    ],
)
@pytest.mark.parametrize("rate_hz", [50, 100, 200])
def test_strokes_lie_between_reversals_and_know_up_from_down(
    rate_hz: float, along: tuple[float, float, float], directions: tuple[StrokeDirection, ...]
) -> None:
    free = Free(rate_hz=rate_hz, along=along)
    found = strokes(frames_of(free, cycles(6, 1.2)))
    assert [stroke.direction for stroke in found[:11]] == [*directions * 6][:11]
    for number, stroke in enumerate(found[:11]):
        assert stroke.start_s == pytest.approx(2.0 + 0.6 * number, abs=0.15)
        assert stroke.end_s == pytest.approx(2.6 + 0.6 * number, abs=0.15)
        assert stroke.end_s <= stroke.device_s <= stroke.end_s + 0.3
    assert all(one.end_s <= other.start_s for one, other in pairwise(found))


def test_a_tool_at_rest_makes_no_strokes() -> None:
    events, end = told(frames_of(Free(), hold(60.0, 0.0)))
    assert of(Stroke, events) == []
    assert of(Repeated, events) == []
    assert end.repetitions_s == ()


def test_a_way_too_slow_to_be_felt_is_told_no_direction_it_could_not_have() -> None:
    # 6 cm in 3 s and back: the acceleration is as small as a quarter of a degree of tilt.
    free = Free(along=(0.0, 0.0, 0.06), noise_mps2=0.05)
    found = strokes(frames_of(free, cycles(10, 6.0)))
    assert [s for s in found if s.direction is not StrokeDirection.UNKNOWN] == []


@pytest.mark.parametrize(
    ("recline_rad", "direction"),
    [
        (0.0, StrokeDirection.UP),
        (pi / 4, StrokeDirection.UP),
        (pi / 2, StrokeDirection.UNKNOWN),
        (None, StrokeDirection.UNKNOWN),
    ],
)
def test_up_along_the_face_needs_to_know_how_the_face_is_held(
    recline_rad: float | None, direction: StrokeDirection
) -> None:
    # The way leads 45 degrees up: along a face that is reclined by 45 degrees.
    free = Free(along=(0.1, 0.0, 0.1 * np.tan(pi / 4 + 0.1)))
    frames = frames_of(free, way(0.6, 0.0, 1.0), way(0.6, 1.0, 0.0), way(0.6, 0.0, 1.0))
    task = replace(CYCLES, recline_rad=recline_rad)
    assert of(Stroke, told(frames, task)[0])[0].direction is direction


@pytest.mark.parametrize("period_s", [0.3, 0.5, 1.0, 2.0, 3.0])
@pytest.mark.parametrize("count", [5, 12])
def test_cycles_are_counted_live_and_once_more_at_the_end(period_s: float, count: int) -> None:
    frames = frames_of(Free(), cycles(count, period_s, waver=0.1))
    events, end = told(frames)
    live = of(Repeated, [*events, *end.events])
    assert [event.count for event in live] == list(range(1, count + 1))
    assert len(end.repetitions_s) == count
    assert list(end.repetitions_s) == sorted(end.repetitions_s)


def test_a_cycle_is_counted_within_half_a_second_and_named_where_it_ended() -> None:
    events, end = told(frames_of(Free(), cycles(14, 1.4)))
    live = of(Repeated, [*events, *end.events])
    for event in live[5:]:
        assert event.device_s == pytest.approx(2.0 + 1.4 * event.count, abs=0.5)
    for number, time_s in enumerate(end.repetitions_s, start=1):
        assert time_s == pytest.approx(2.0 + 1.4 * number, abs=0.25)


@pytest.mark.parametrize("rate_hz", [25, 50, 95.24, 200, 1000])
def test_the_rate_does_not_matter(rate_hz: float) -> None:
    free = Free(rate_hz=rate_hz)
    _, end = told(frames_of(free, cycles(9, 1.2, waver=0.1)))
    assert len(end.repetitions_s) == 9


@pytest.mark.parametrize("along_m", [0.0005, 0.0015])
def test_a_hand_that_trembles_counts_nothing(along_m: float) -> None:
    frames = frames_of(Free(along=(along_m, 0.0, 0.0), turn_rad=0.0), cycles(40, 0.25))
    assert told(frames)[1].repetitions_s == ()


@pytest.mark.parametrize(("along_m", "turn_rad"), [(0.004, 0.0), (0.0005, 0.03)])
def test_a_small_quick_motion_is_counted(along_m: float, turn_rad: float) -> None:
    frames = frames_of(Free(along=(along_m, 0.0, 0.0), turn_rad=turn_rad), cycles(40, 0.25))
    assert len(told(frames)[1].repetitions_s) == pytest.approx(40, abs=1)


def test_one_sample_per_second_counts_nothing() -> None:
    free = Free(rate_hz=1)
    events, end = told(frames_of(free, cycles(40, 1.5)))
    assert of(Repeated, [*events, *end.events]) == []
    assert end.repetitions_s == ()


@pytest.mark.parametrize("hold_s", [0.4, 1.0])
def test_holds_at_both_ends_do_not_count(hold_s: float) -> None:
    there_and_back = [way(0.6, 0.0, 1.0), hold(hold_s, 1.0), way(0.6, 1.0, 0.0), hold(hold_s, 0.0)]
    _, end = told(frames_of(Free(), *there_and_back * 8))
    assert len(end.repetitions_s) == 8


def test_pauses_between_cycles_do_not_count() -> None:
    parts = [cycles(6, 1.2, seed=1), hold(4.0, 0.0), cycles(5, 1.2, seed=2), hold(3.0, 0.0)]
    events, end = told(frames_of(Free(), *parts, cycles(4, 1.2, seed=3)))
    live = of(Repeated, [*events, *end.events])
    assert [event.count for event in live] == list(range(1, 16))
    assert len(end.repetitions_s) == 15


def test_strokes_count_both_ways_and_taps_count_as_cycles() -> None:
    frames = frames_of(Free(), cycles(8, 1.2))
    _, end = told(frames, replace(CYCLES, repetition=RepetitionKind.STROKE))
    assert len(end.repetitions_s) == 16
    _, end = told(frames, replace(CYCLES, repetition=RepetitionKind.CONTACT))
    assert len(end.repetitions_s) == 8


def test_a_hole_of_half_a_second_costs_no_cycle_and_a_long_one_no_more_than_its_own() -> None:
    free = Free()
    samples = free.samples(course(cycles(20, 1.2)))
    frames = list(free.frames(samples))
    short = [frame for frame in frames if not 14.0 <= frame.device_us / 1e6 < 14.5]
    assert len(told(short)[1].repetitions_s) == 20
    long = [frame for frame in frames if not 11.6 <= frame.device_us / 1e6 < 17.6]
    assert 14 <= len(told(long)[1].repetitions_s) <= 16


def test_a_step_counts_from_nought_and_no_task_counts_nothing() -> None:
    frames = frames_of(Free(), cycles(16, 1.0))
    engine = Engine(FREE)
    half = len(frames) // 2
    for frame in frames[:half]:
        assert of(Repeated, engine.receive(frame)) == []
    engine.begin(CYCLES)
    live = [event for frame in frames[half:] for event in engine.receive(frame)]
    live += engine.finish().events
    assert [event.count for event in of(Repeated, live)] in ([*range(1, 9)], [*range(1, 10)])
    engine.begin(None)
    assert engine.finish().repetitions_s == ()


@pytest.mark.unmeasured
def test_events_of_a_stream_cut_short_are_a_prefix() -> None:
    free = Free(along=(0.0, 0.0, 0.1))
    samples = free.samples(course(cycles(10, 0.9, waver=0.15), hold(2.0, 0.0), cycles(5, 1.3)))
    whole, _ = told(list(free.frames(samples)))
    assert len(whole) > 30
    for cut in range(37, len(samples), 101):
        part, _ = told(list(free.frames(samples[:cut])))
        assert part == whole[: len(part)]
        later = [event for event in whole[len(part) :] if event.device_s * 100 < cut - 1]
        assert later == []


def test_how_samples_come_in_frames_does_not_matter() -> None:
    free = Free(along=(0.0, 0.0, 0.1))
    samples = free.samples(course(cycles(10, 0.9, waver=0.15)))
    by_five = told(list(free.frames(samples, 5)))
    assert told(list(free.frames(samples, 1))) == by_five
    assert told(list(free.frames(samples, 20))) == by_five


def test_up_is_told_for_every_sample_or_not_known() -> None:
    free = Free()
    engine = Engine(FREE)
    ups = []
    for frame in frames_of(free, cycles(5, 1.0)):
        engine.receive(frame)
        ups += engine.ups
    assert [time_s for time_s, _ in ups] == pytest.approx([n / 100 for n in range(len(ups))])
    assert {up for _, up in ups[:45]} == {None}
    known = np.array([up for _, up in ups[60:]])
    assert np.linalg.norm(known, axis=1) == pytest.approx(1.0)
    assert known[:, 2].min() > np.cos(0.12 + 0.02)
