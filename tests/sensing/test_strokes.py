from collections.abc import Callable
from dataclasses import replace
from math import cos, radians, sin

import pytest

from companion.sensing.tool import Tool
from companion.sensing.types import (
    Repeated,
    RepetitionKind,
    SensingEvent,
    Stroke,
    StrokeDirection,
    Task,
    Technique,
)
from tests.sensing.rig import NO_WHEEL, ROLLER, Axis, Course, Rig, constant, of, sweep, zero

X_UP = (1.0, 0.0, 0.0)
X_DOWN = (-1.0, 0.0, 0.0)


def press(_: float) -> float:
    return 0.4


def glide(length_m: float, seconds: float) -> Course:
    """Speed of a smooth stroke that starts and ends at rest (minimum jerk)."""

    def speed(t: float) -> float:
        s = min(max(t / seconds, 0.0), 1.0)
        return length_m / seconds * 30 * s * s * (1 - s) * (1 - s)

    return speed


def push(length_m: float, seconds: float, along: Axis) -> Callable[[float], Axis]:
    """Acceleration of the same stroke, in the sensor frame."""

    def accel(t: float) -> Axis:
        s = min(max(t / seconds, 0.0), 1.0)
        a = length_m / seconds**2 * (60 * s - 180 * s * s + 120 * s**3)
        return (a * along[0], a * along[1], a * along[2])

    return accel


def strokes(events: list[SensingEvent]) -> list[Stroke]:
    return of(Stroke, events)


@pytest.mark.parametrize("rate_hz", [50, 100, 200])
@pytest.mark.parametrize("cm_per_s", [2, 5, 10, 20])
def test_there_and_back_in_contact_is_two_strokes_each_time(rate_hz: int, cm_per_s: int) -> None:
    seconds = 6.0 / cm_per_s
    rig = Rig(rate_hz=rate_hz, up=X_UP).ready(sweep())
    events: list[SensingEvent] = []
    ends: list[float] = []
    for _ in range(5):
        events += rig.play(seconds, press, glide(0.06, seconds))
        ends.append(rig.t)
        events += rig.play(seconds, press, glide(-0.06, seconds))
        ends.append(rig.t)
    events += rig.play(1.0)
    found = strokes(events)
    assert [s.direction for s in found] == [StrokeDirection.UP, StrokeDirection.DOWN] * 5
    tolerance = max(0.06, 0.08 * seconds)
    for stroke, end in zip(found, ends, strict=True):
        assert stroke.end_s == pytest.approx(end, abs=tolerance)
        assert stroke.device_s - stroke.end_s <= 0.32
        assert stroke.travel_m == pytest.approx(0.06, abs=0.002)
        assert stroke.mean_n == pytest.approx(0.4, abs=0.01)
        assert stroke.peak_n == pytest.approx(0.4, abs=0.01)


@pytest.mark.parametrize("cm_per_s", [2, 5, 10, 20])
def test_strokes_with_a_way_back_through_the_air(cm_per_s: int) -> None:
    seconds = 6.0 / cm_per_s
    rig = Rig(up=X_DOWN).ready(sweep())
    events: list[SensingEvent] = []
    begins: list[float] = []
    for _ in range(6):
        begins.append(rig.t)
        events += rig.play(seconds, press, glide(0.06, seconds))
        events += rig.play(0.5, zero, glide(-0.06, 0.5))
    found = strokes(events)
    assert [s.direction for s in found] == [StrokeDirection.DOWN] * 6
    for stroke, begin in zip(found, begins, strict=True):
        assert stroke.start_s == pytest.approx(begin, abs=0.08 * seconds + 0.02)
        assert stroke.end_s == pytest.approx(begin + seconds, abs=0.08 * seconds + 0.02)
        assert stroke.device_s - stroke.end_s <= 0.32


def test_a_stroke_without_travel_is_none_and_one_too_short_is_none() -> None:
    rig = Rig().ready(sweep())
    assert strokes(rig.play(3.0, press) + rig.play(1.0)) == []
    assert strokes(rig.play(0.2, press, glide(0.015, 0.2)) + rig.play(1.0)) == []
    assert len(strokes(rig.play(0.2, press, glide(0.05, 0.2)) + rig.play(1.0))) == 1
    assert strokes(rig.play(1.0, press, glide(0.004, 1.0)) + rig.play(1.0)) == []


def test_a_pause_in_contact_ends_a_stroke_and_the_next_begins_with_the_motion() -> None:
    rig = Rig(up=X_UP).ready(sweep())
    events = rig.play(1.0, press, glide(0.06, 1.0)) + rig.play(1.0, press)
    (first,) = strokes(events)
    assert first.device_s - first.end_s <= 0.3
    begin = rig.t
    (second,) = strokes(rig.play(1.0, press, glide(0.06, 1.0)) + rig.play(1.0, press))
    assert second.start_s == pytest.approx(begin, abs=0.1)
    assert second.direction is StrokeDirection.UP


def test_a_quick_stroke_that_rests_half_way_counts_once_though_no_piece_is_a_stroke() -> None:
    rig = Rig().ready(sweep())
    piece = rig.play(0.2, press, glide(0.017, 0.2)) + rig.play(0.8, press)
    assert strokes(piece) == []
    rest = rig.play(0.2, press, glide(0.017, 0.2)) + rig.play(1.0)
    assert [stroke.travel_m for stroke in strokes(rest)] == near_all([0.017, 0.017], 0.002)
    assert [event.count for event in of(Repeated, rest)] == [1]
    assert len(rig.engine.finish().repetitions_s) == 1


@pytest.mark.parametrize("second_m", [-0.017, 0.002])
def test_short_motions_that_do_not_go_on_the_same_way_are_no_stroke(second_m: float) -> None:
    rig = Rig().ready(sweep())
    first = rig.play(0.2, press, glide(0.017, 0.2)) + rig.play(0.8, press)
    second = rig.play(0.2, press, glide(second_m, 0.2)) + rig.play(1.0)
    assert strokes(first + second) == []


def test_short_motions_of_two_contacts_are_no_stroke() -> None:
    rig = Rig().ready(sweep())
    first = rig.play(0.2, press, glide(0.017, 0.2)) + rig.play(0.8, press)
    second = rig.play(1.0) + rig.play(0.2, press, glide(0.017, 0.2)) + rig.play(1.0)
    assert strokes(first + second) == []


def test_a_wiggle_does_not_cut_a_stroke() -> None:
    rig = Rig(up=X_UP).ready(sweep())
    events = rig.play(0.5, press, lambda _: 0.1)
    events += rig.play(0.05, press, lambda _: -0.06)
    events += rig.play(0.5, press, lambda _: 0.1) + rig.play(1.0)
    (stroke,) = strokes(events)
    assert stroke.travel_m == pytest.approx(0.097, abs=0.003)
    assert stroke.direction is StrokeDirection.UP


def test_a_skip_over_a_bump_does_not_cut_a_stroke() -> None:
    rig = Rig(up=X_UP).ready(sweep())
    events = rig.play(0.5, press, lambda _: 0.1) + rig.play(0.1, zero, lambda _: 0.1)
    events += rig.play(0.5, press, lambda _: 0.1) + rig.play(1.0)
    (stroke,) = strokes(events)
    assert stroke.end_s - stroke.start_s == pytest.approx(1.1, abs=0.06)


def test_two_quick_strokes_are_not_melted_together() -> None:
    rig = Rig(up=X_UP).ready(sweep())
    events: list[SensingEvent] = []
    for _ in range(4):
        events += rig.play(0.4, press, lambda _: 0.1) + rig.play(0.3)
    assert len(strokes(events)) == 4


@pytest.mark.parametrize(
    ("tilt", "direction"),
    [
        (90, StrokeDirection.UP),
        (45, StrokeDirection.UP),
        (30, StrokeDirection.HORIZONTAL),
        (0, StrokeDirection.HORIZONTAL),
        (-30, StrokeDirection.HORIZONTAL),
        (-45, StrokeDirection.DOWN),
        (-90, StrokeDirection.DOWN),
    ],
)
def test_direction_is_the_vertical_share_of_the_travel(
    tilt: float, direction: StrokeDirection
) -> None:
    turn = radians(tilt)
    rig = Rig(up=(sin(turn), 0.0, cos(turn))).ready(sweep())
    (stroke,) = strokes(rig.play(1.0, press, glide(0.06, 1.0)) + rig.play(1.0))
    assert stroke.direction is direction


def test_a_face_that_is_pressed_downwards_is_not_upright_and_is_told_no_direction() -> None:
    # The press axis points down by .71: the face is reclined by 45 degrees, and seen to be.
    rig = Rig(up=(0.7, 0.0, 0.714)).ready(replace(sweep(), reads_posture=True))
    events: list[SensingEvent] = []
    for _ in range(5):
        events += rig.play(1.0, press, glide(0.06, 1.0)) + rig.play(0.5)
    up, unknown = StrokeDirection.UP, StrokeDirection.UNKNOWN
    assert [s.direction for s in strokes(events)] == [up, up, unknown, unknown, unknown]
    rig.engine.begin(sweep())
    (stroke,) = strokes(rig.play(1.0, press, glide(0.06, 1.0)) + rig.play(0.5))
    assert stroke.direction is up


def test_an_upright_face_keeps_its_directions() -> None:
    rig = Rig(up=(0.8, 0.0, 0.6)).ready(replace(sweep(), reads_posture=True))
    events: list[SensingEvent] = []
    for _ in range(5):
        events += rig.play(1.0, press, glide(0.06, 1.0)) + rig.play(0.5)
    assert {s.direction for s in strokes(events)} == {StrokeDirection.UP}


def test_a_wheel_across_the_tool_counts_along_press_x_tip() -> None:
    across = replace(ROLLER, travel_axis=(0.0, -1.0, 0.0))
    rig = Rig(tool=across, up=(0.0, -1.0, 0.0)).ready(sweep())
    (stroke,) = strokes(rig.play(1.0, press, glide(0.06, 1.0)) + rig.play(1.0))
    assert stroke.direction is StrokeDirection.UP


@pytest.mark.parametrize(
    "tool",
    [
        replace(ROLLER, travel_axis=None),
        replace(ROLLER, has_gyroscope=False, has_accelerometer=False, supported_mass_kg=1e-4),
    ],
)
def test_direction_is_unknown_where_nothing_carries_it(tool: object) -> None:
    rig = Rig(up=X_UP)
    rig.tool = tool  # type: ignore[assignment]  # parametrised by value
    rig.__post_init__()
    rig.ready(sweep())
    begun = rig.t
    if not rig.tool.has_accelerometer:
        rig.up = rig.tared_up
    events = rig.play(1.0, press, glide(0.06, 1.0)) + rig.play(1.0)
    (stroke,) = strokes(events)
    assert stroke.start_s >= begun
    if rig.tool.travel_axis is None:
        assert stroke.direction is StrokeDirection.UNKNOWN


def test_a_stroke_too_short_for_a_direction_has_none() -> None:
    rig = Rig(up=X_UP).ready(sweep())
    (stroke,) = strokes(rig.play(0.5, press, glide(0.012, 0.5)) + rig.play(1.0))
    assert stroke.direction is StrokeDirection.UNKNOWN
    assert stroke.travel_m == pytest.approx(0.012, abs=0.001)


def test_travel_over_lost_samples_is_not_known() -> None:
    rig = Rig(up=X_UP).ready(sweep())
    events = rig.play(0.5, press, lambda _: 0.1)
    rig.skip(5)
    events += rig.play(0.5, press, lambda _: 0.1) + rig.play(1.0)
    (stroke,) = strokes(events)
    assert stroke.travel_m is None
    assert stroke.direction is StrokeDirection.UP


def test_a_stroke_whose_end_falls_into_silence_is_none() -> None:
    rig = Rig(up=X_UP).ready(sweep())
    events = rig.play(0.6, press, lambda _: 0.1)
    events += rig.engine.silence(rig.t + 0.3)
    rig.skip(60)
    assert strokes(events + rig.play(1.0)) == []


@pytest.mark.parametrize("lost_s", [0.1, 0.25, 0.5])
def test_a_short_hole_with_contact_on_both_sides_is_bridged(lost_s: float) -> None:
    rig = Rig(up=X_UP).ready(sweep())
    begun = rig.t
    events = rig.play(0.6, press, constant(0.1))
    if lost_s > 0.3:
        events += rig.engine.silence(rig.t + 0.3)
    rig.skip(round(100 * lost_s))
    events += rig.play(0.6, press, constant(0.1)) + rig.play(1.0)
    (stroke,) = strokes(events)
    assert (stroke.start_s, stroke.end_s) == near_all([begun, begun + 1.2 + lost_s], 0.03)
    assert stroke.travel_m is None
    assert [event.count for event in of(Repeated, events)] == [1]
    assert len(rig.engine.finish().repetitions_s) == 1


def test_a_stroke_that_ends_in_a_short_hole_ends_where_it_was_last_seen() -> None:
    rig = Rig(up=X_UP).ready(sweep())
    begun = rig.t
    events = rig.play(0.6, press, constant(0.1))
    rig.skip(40)
    events += rig.play(1.0)
    (stroke,) = strokes(events)
    assert (stroke.start_s, stroke.end_s) == near_all([begun, begun + 0.59], 0.011)
    assert [event.count for event in of(Repeated, events)] == [1]


def test_a_stroke_that_turned_in_a_hole_is_two() -> None:
    rig = Rig(up=X_UP).ready(sweep())
    events = rig.play(0.6, press, constant(0.1))
    rig.skip(30)
    events += rig.play(0.6, press, constant(-0.1)) + rig.play(1.0)
    first, second = strokes(events)
    assert (first.direction, second.direction) != (StrokeDirection.UP, StrokeDirection.UP)
    assert first.end_s <= second.start_s
    assert [event.count for event in of(Repeated, events)] == [1, 2]


def test_a_hand_that_wanders_slowly_rests() -> None:
    rig = Rig(up=X_UP).ready(sweep())
    begun = rig.t
    events = rig.play(0.6, press, glide(0.03, 0.6)) + rig.play(0.9, press, constant(0.0009))
    again = rig.t
    events += rig.play(0.6, press, glide(0.03, 0.6)) + rig.play(1.0)
    first, second = strokes(events)
    assert (first.start_s, first.end_s) == near_all([begun, begun + 0.6], 0.06)
    assert (second.start_s, second.end_s) == near_all([again, again + 0.6], 0.06)
    assert [event.count for event in of(Repeated, events)] == [1]


@pytest.mark.parametrize("length_m", [0.06, 0.1])
def test_a_slow_stroke_after_a_rest_begins_and_ends_when_it_does(length_m: float) -> None:
    rig = Rig(up=X_UP).ready(sweep())
    seconds = length_m / 0.02
    rig.play(1.0, press)
    begun = rig.t
    events = rig.play(seconds, press, glide(length_m, seconds)) + rig.play(1.0, press)
    (stroke,) = strokes(events)
    assert stroke.start_s == pytest.approx(begun, abs=0.06 * seconds)
    assert stroke.end_s == pytest.approx(begun + seconds, abs=0.06 * seconds)


def test_a_stroke_begins_with_the_first_faint_force_and_ends_with_the_last() -> None:
    # The cheek's contact begins at 30 mN and ends at 15: a force that rises and falls by .3 N/s.
    rig = Rig(up=X_UP).ready(sweep())
    begun = rig.t
    events = rig.play(
        2.0, lambda t: max(0.0, 0.3 * min(t, 2.0 - t)), lambda t: 0.06 * (0.05 < t < 1.95)
    )
    (stroke,) = strokes(events + rig.play(1.0))
    assert stroke.start_s == pytest.approx(begun + 0.04, abs=0.025)
    assert stroke.end_s == pytest.approx(begun + 1.96, abs=0.025)


# Without a wheel: contact, and reversals that acceleration can carry.


@pytest.mark.parametrize("tool", [NO_WHEEL, replace(NO_WHEEL, has_gyroscope=False)])
def test_without_a_wheel_a_contact_is_a_stroke(tool: object) -> None:
    rig = Rig(up=X_UP)
    rig.tool = tool  # type: ignore[assignment]  # parametrised by value
    rig.__post_init__()
    rig.ready(sweep())
    events: list[SensingEvent] = []
    for _ in range(4):
        events += rig.play(1.5, press) + rig.play(0.5)
    found = strokes(events)
    assert len(found) == 4
    assert {s.direction for s in found} == {StrokeDirection.UNKNOWN}
    assert {s.travel_m for s in found} == {None}


@pytest.mark.parametrize(
    ("along", "direction"),
    [
        (X_UP, StrokeDirection.UP),
        (X_DOWN, StrokeDirection.DOWN),
        ((0.0, 1.0, 0.0), StrokeDirection.HORIZONTAL),
    ],
)
def test_without_a_wheel_a_fast_stroke_has_a_direction(
    along: Axis, direction: StrokeDirection
) -> None:
    rig = Rig(tool=NO_WHEEL, up=X_UP).ready(sweep())
    events = rig.play(0.8, press, accel_mps2=push(0.1, 0.8, along)) + rig.play(1.0)
    (stroke,) = strokes(events)
    assert stroke.direction is direction


def test_without_a_wheel_fast_reversals_in_contact_are_strokes() -> None:
    rig = Rig(tool=NO_WHEEL, up=X_UP).ready(sweep())
    events: list[SensingEvent] = []
    for _ in range(3):
        events += rig.play(0.6, press, accel_mps2=push(0.1, 0.6, X_UP))
        events += rig.play(0.6, press, accel_mps2=push(0.1, 0.6, X_DOWN))
    found = strokes(events + rig.play(1.0))
    assert [s.direction for s in found] == [StrokeDirection.UP, StrokeDirection.DOWN] * 3


def test_without_a_wheel_a_slow_stroke_has_no_direction() -> None:
    rig = Rig(tool=NO_WHEEL, up=X_UP).ready(sweep())
    events = rig.play(3.0, press, accel_mps2=push(0.06, 3.0, X_UP)) + rig.play(1.0)
    (stroke,) = strokes(events)
    assert stroke.direction is StrokeDirection.UNKNOWN


def test_a_knock_leaves_the_path_unknown() -> None:
    rig = Rig(tool=NO_WHEEL, up=X_UP).ready(sweep())
    events = rig.play(0.4, press)
    events += rig.play(0.02, press, accel_mps2=lambda _: (500.0, 0.0, 0.0))
    (stroke,) = strokes(events + rig.play(0.4, press) + rig.play(1.0))
    assert stroke.direction is StrokeDirection.UNKNOWN


@pytest.mark.parametrize(
    ("lost_s", "direction"), [(0.3, StrokeDirection.UP), (1.2, StrokeDirection.UNKNOWN)]
)
def test_direction_needs_the_attitude_of_most_of_the_travel(
    lost_s: float, direction: StrokeDirection
) -> None:
    rig = Rig(up=X_UP).ready(sweep())
    events: list[SensingEvent] = []
    for _ in range(round(lost_s * 20)):
        lost = [rig.sample(0.4, 0.0005)._replace(gyro_radps=None) for _ in range(5)]
        events += rig.engine.receive(rig.frame(lost))
    events += rig.play(1.6, press, constant(0.05)) + rig.play(1.0)
    (stroke,) = strokes(events)
    assert stroke.direction is direction


def test_a_lift_right_after_a_reversal_confirms_the_stroke_before_it() -> None:
    rig = Rig(up=X_UP).ready(sweep())
    events = rig.play(0.6, press, constant(0.1)) + rig.play(0.08, press, constant(-0.1))
    (stroke,) = strokes(events + rig.play(1.0))
    assert stroke.direction is StrokeDirection.UP
    assert stroke.end_s == pytest.approx(rig.t - 1.08, abs=0.02)


def test_a_short_motion_the_other_way_first_is_no_stroke() -> None:
    rig = Rig(up=X_UP).ready(sweep())
    events = rig.play(0.1, press, constant(-0.05)) + rig.play(0.6, press, constant(0.1))
    (stroke,) = strokes(events + rig.play(1.0))
    assert stroke.direction is StrokeDirection.UP
    assert stroke.travel_m == pytest.approx(0.06, abs=0.002)


def test_a_sudden_start_after_a_rest_is_a_stroke_of_its_own() -> None:
    rig = Rig(up=X_UP).ready(sweep())
    events = rig.play(0.5, press, constant(0.2)) + rig.play(0.6, press)
    events += rig.play(0.5, press, constant(-0.2)) + rig.play(1.0)
    first, second = strokes(events)
    assert (first.direction, second.direction) == (StrokeDirection.UP, StrokeDirection.DOWN)
    assert second.start_s == pytest.approx(2.1, abs=0.02)
    assert second.travel_m == pytest.approx(0.1, abs=0.003)


def test_a_wheel_that_is_silent_leaves_contact_to_tell() -> None:
    rig = Rig(up=X_UP).ready(sweep())
    events: list[SensingEvent] = []
    for _ in range(20):
        silent = [rig.sample(0.4, 0.0)._replace(travel_m=None) for _ in range(5)]
        events += rig.engine.receive(rig.frame(silent))
    (stroke,) = strokes(events + rig.play(1.0))
    assert (stroke.travel_m, stroke.direction) == (None, StrokeDirection.UNKNOWN)
    assert stroke.end_s - stroke.start_s == pytest.approx(0.99, abs=0.02)


def test_the_rig_itself_moves_as_far_as_it_says() -> None:
    assert sum(glide(0.06, 1.0)(i / 100) / 100 for i in range(100)) == pytest.approx(0.06, 1e-6)


@pytest.mark.parametrize(("share", "loaded"), [(1.0, 1.0), (0.0, 0.0), (0.5, 0.5)])
def test_a_stroke_says_what_share_of_it_was_loaded(share: float, loaded: float) -> None:
    # The cheek's band begins at 2 kPa: .2 N on 1 cm2.
    rig = Rig().ready(sweep())

    def force_n(t: float) -> float:
        return 0.3 if t < share * 0.8 else 0.1

    (stroke,) = strokes(rig.play(0.8, force_n, glide(0.06, 0.8)) + rig.play(1.0))
    assert stroke.loaded_share == pytest.approx(loaded, abs=0.1)


def test_without_a_band_no_stroke_is_called_loaded() -> None:
    rig = Rig().ready(sweep(band=None))
    (stroke,) = strokes(rig.play(0.8, press, glide(0.06, 0.8)) + rig.play(1.0))
    assert stroke.loaded_share is None


def test_a_tool_of_a_wheel_alone_is_taken_to_roll_on_the_skin() -> None:
    rig = Rig(tool=Tool(has_wheel=True))
    rig.play(1.0)
    rig.engine.begin(Task(RepetitionKind.CYCLE, Technique.SWEEP, None))
    events: list[SensingEvent] = []
    for _ in range(4):
        events += rig.play(0.8, zero, glide(0.06, 0.8)) + rig.play(0.8, zero, glide(-0.06, 0.8))
    events += rig.play(1.0)
    assert len(strokes(events)) == 8
    assert [event.count for event in of(Repeated, events)] == [1, 2, 3, 4]
    assert rig.engine.finish().repetitions_s == near_all([2.6, 4.2, 5.8, 7.4], 0.1)


def near_all(values: list[float], tolerance: float) -> object:
    return pytest.approx(tuple(values), abs=tolerance)
