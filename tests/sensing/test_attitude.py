from math import cos, degrees, pi, radians, sin
from random import Random

import pytest

from companion.sensing.attitude import Attitude, Quaternion, free_acceleration, up
from companion.sensing.imu import HeldVector, Imu
from companion.sensing.tool import Axis
from tests.sensing.rig import G

STILL: Axis = (0.0, 0.0, 0.0)


def at_tilt(angle_deg: float) -> Axis:
    """Specific force of a sensor at rest, turned about its y axis."""
    turn = radians(angle_deg)
    return (-G * sin(turn), 0.0, G * cos(turn))


@pytest.mark.parametrize("angle_deg", [0, 35, 90, 180, -120])
def test_up_is_where_specific_force_points_at_rest(angle_deg: float) -> None:
    attitude = Attitude()
    for _ in range(40):
        told = attitude.update([at_tilt(angle_deg)] * 5, [STILL] * 5, 10_000, missing=0).attitudes
    newest = told[-1]
    assert newest is not None
    expected = tuple(component / G for component in at_tilt(angle_deg))
    assert up(newest) == pytest.approx(expected, abs=1e-3)
    assert free_acceleration(newest, at_tilt(angle_deg)) == pytest.approx((0, 0, 0), abs=0.01)


def test_a_turn_is_followed_by_the_gyroscope() -> None:
    # From level, 90 degree/s about y for 1 s: the sensor's x axis then points down.
    attitude = Attitude()
    attitude.update([at_tilt(0)] * 100, [STILL] * 100, 10_000, missing=0)
    rate = radians(90)
    for frame in range(20):
        angles = [0.9 * (frame * 5 + i + 1) for i in range(5)]
        accels = [at_tilt(angle) for angle in angles]
        told = attitude.update(accels, [(0.0, rate, 0.0)] * 5, 10_000, missing=0).attitudes
    assert told[-1] is not None
    assert up(told[-1]) == pytest.approx((-1.0, 0.0, 0.0), abs=0.02)


def test_over_a_small_hole_the_hand_is_taken_to_turn_steadily() -> None:
    attitude = Attitude()
    attitude.update([at_tilt(0)] * 100, [STILL] * 100, 10_000, missing=0)
    rate = (0.0, radians(90), 0.0)
    attitude.update([at_tilt(0.9 * (i + 1)) for i in range(5)], [rate] * 5, 10_000, missing=0)
    late = [at_tilt(0.9 * (i + 21)) for i in range(5)]
    told = attitude.update(late, [rate] * 5, 10_000, missing=15).attitudes
    assert len(told) == 5
    assert told[-1] is not None
    assert up(told[-1]) == pytest.approx((-sin(radians(22.5)), 0.0, cos(radians(22.5))), abs=0.02)


def test_free_acceleration_is_in_the_frame_that_points_up() -> None:
    # Lying on its side (x up), pushed along its own x axis: that is upwards.
    attitude = Attitude()
    told = attitude.update([(G, 0.0, 0.0)] * 100, [STILL] * 100, 10_000, missing=0).attitudes
    told = attitude.update([(G, 0.0, 0.0)] * 5, [STILL] * 5, 10_000, missing=0).attitudes
    assert told[-1] is not None
    assert free_acceleration(told[-1], (G + 2.0, 0.0, 0.0)) == pytest.approx((0, 0, 2), abs=0.01)


def test_attitude_is_not_told_before_it_has_settled_nor_after_a_restart() -> None:
    attitude = Attitude()
    assert attitude.update([at_tilt(0)] * 5, [STILL] * 5, 10_000, missing=0).attitudes == [None] * 5
    for _ in range(10):
        told = attitude.update([at_tilt(0)] * 5, [STILL] * 5, 10_000, missing=0).attitudes
    assert None not in told
    attitude.restart()
    assert attitude.update([at_tilt(0)] * 5, [STILL] * 5, 10_000, missing=0).attitudes == [None] * 5


def test_another_rate_begins_anew_but_a_rate_that_wavers_does_not() -> None:
    attitude = Attitude()
    attitude.update([at_tilt(0)] * 100, [STILL] * 100, 10_000, missing=0)
    assert attitude.update([at_tilt(0)], [STILL], 10_100, missing=0).attitudes != [None]
    assert attitude.update([at_tilt(0)], [STILL], 5_000, missing=0).attitudes == [None]


def test_a_turn_is_followed_at_times_that_waver() -> None:
    # From level, 90 degree/s about y for 1 s, in steps of 8 and 12 ms by turns.
    attitude = Attitude()
    attitude.update([at_tilt(0)] * 100, [STILL] * 100, 10_000, missing=0)
    rate, t_us = radians(90), 0
    for number in range(100):
        interval_us = 8_000 if number % 2 else 12_000
        t_us += interval_us
        accel = at_tilt(90e-6 * t_us)
        told = attitude.update([accel], [(0.0, rate, 0.0)], interval_us, missing=0).attitudes
    assert told[-1] is not None
    assert up(told[-1]) == pytest.approx((-1.0, 0.0, 0.0), abs=0.02)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e300])
def test_absurd_values_leave_no_trace(value: float) -> None:
    attitude = Attitude()
    assert attitude.update([(value, 0.0, 0.0)], [STILL], 10_000, missing=0).attitudes == [None]
    assert attitude.update([at_tilt(0)], [(0.0, value, 0.0)], 10_000, missing=0).attitudes == [None]
    attitude.update([at_tilt(0)] * 100, [STILL] * 100, 10_000, missing=0)
    told = attitude.update([at_tilt(0)], [STILL], 10_000, missing=0).attitudes
    assert told[0] is not None
    assert up(told[0]) == pytest.approx((0, 0, 1), abs=1e-3)


def test_samples_too_far_apart_carry_no_attitude() -> None:
    assert (
        Attitude().update([at_tilt(0)] * 9, [STILL] * 9, 1_000_000, missing=0).attitudes
        == [None] * 9
    )


def test_a_vector_not_known_is_held_for_a_tenth_of_a_second() -> None:
    held = HeldVector()
    values = [None, (1.0, 2.0, 3.0), (None, 2.0, 3.0), None, None, None]
    filled = held.fill(values, 0, 50_000)
    assert filled == [None, (1.0, 2.0, 3.0), (1.0, 2.0, 3.0), (1.0, 2.0, 3.0), None, None]
    held.restart()
    assert held.fill([None], 150_000, 50_000) == [None]


def test_without_gyroscope_there_is_specific_force_but_no_attitude() -> None:
    imu = Imu()
    read = imu.read([(0.0, 0.0, G)] * 3, [None] * 3, 0, 10_000, missing=0)
    assert read.accels == [(0.0, 0.0, G)] * 3
    assert read.gyros == [None] * 3
    assert read.attitudes == [None] * 3


def test_the_offset_of_the_accelerometer_is_learnt_where_the_tool_turns() -> None:
    # 20 mg along x: at rest that looks like 1.1 degrees of tilt. Other attitudes tell it.
    offset = 0.02 * G
    attitude, rate = Attitude(), radians(60)
    angle = worst = 0.0
    for number in range(6_000):
        gyro = rate * cos(2 * pi * number / 300)
        angle += gyro / 100
        x, y, z = at_tilt(degrees(angle))
        told = attitude.update([(x + offset, y, z)], [(0.0, gyro, 0.0)], 10_000, missing=0)
        (newest,) = told.attitudes
        if number > 4_000:
            assert newest is not None
            worst = max(worst, abs(up(newest)[0] + sin(angle)))
    assert worst < radians(0.5)
    (freed,) = told.accels
    assert freed == pytest.approx((x, y, z), abs=0.05)


def test_at_rest_no_offset_is_made_up_from_a_single_attitude() -> None:
    attitude = Attitude()
    for _ in range(60):
        told = attitude.update([(0.1, 0.0, G)] * 100, [STILL] * 100, 10_000, missing=0)
    freed = told.accels[-1]
    assert freed is not None
    assert freed[0] == pytest.approx(0.1, abs=0.01)


def test_no_attitude_is_told_from_a_sensor_that_stands_still_to_the_last_digit() -> None:
    random = Random(3)  # noqa: S311 - noise, not a secret
    live: list[tuple[Axis, Axis]] = [
        (
            (random.gauss(0, 0.01), 0.0, G + random.gauss(0, 0.01)),
            (0.0, random.gauss(0.2, 0.01), 0.0),
        )
        for _ in range(300)
    ]
    rows = live[:200] + [live[199]] * 60 + live[200:]
    imu, told = Imu(), list[Quaternion | None]()
    for first in range(0, len(rows), 10):
        accels, gyros = zip(*rows[first : first + 10], strict=True)
        told += imu.read(accels, gyros, 10_000 * first, 10_000, missing=0).attitudes
    known = [attitude is not None for attitude in told]
    assert known == [False] * 50 + [True] * 164 + [False] * (260 - 214) + [False] * 50 + [True] * 50


def test_a_signal_that_never_moved_was_made_so() -> None:
    imu, told = Imu(), list[Quaternion | None]()
    for first in range(0, 200, 10):
        frame = [at_tilt(20)] * 10, [(0.0, 0.0, 0.1)] * 10
        told += imu.read(*frame, 10_000 * first, 10_000, missing=0).attitudes
    assert None not in told[50:]
