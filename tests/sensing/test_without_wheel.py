from math import cos, radians, sin

import pytest

from companion.sensing.inertial import slowest_told_mps
from companion.sensing.types import SensingEvent, StrokeDirection
from tests.sensing.rig import NO_WHEEL, Rig, sweep
from tests.sensing.test_strokes import X_UP, press, push, strokes


@pytest.mark.parametrize("length_m", [0.04, 0.06, 0.1])
def test_without_a_wheel_a_direction_is_told_from_a_speed_on(length_m: float) -> None:
    def direction(speed_mps: float) -> StrokeDirection:
        seconds = length_m / speed_mps
        rig = Rig(tool=NO_WHEEL, up=X_UP).ready(sweep())
        events = rig.play(seconds, press, accel_mps2=push(length_m, seconds, X_UP))
        (stroke,) = strokes(events + rig.play(1.0))
        return stroke.direction

    slowest = slowest_told_mps(length_m)
    assert 0.03 < slowest < 0.06
    assert direction(0.7 * slowest) is StrokeDirection.UNKNOWN
    assert direction(1.5 * slowest) is StrokeDirection.UP


@pytest.mark.parametrize("seconds", [1.0, 2.0, 3.0])
def test_without_a_wheel_a_tool_that_turns_with_the_skin_shows_its_reversals(
    seconds: float,
) -> None:
    # Slow strokes whose acceleration is lost; the tool turns by 30 degrees with the cheek.
    rig = Rig(tool=NO_WHEEL).ready(sweep())
    events: list[SensingEvent] = []
    ends: list[float] = []
    for number in range(6):
        for tick in range(round(seconds * 20)):
            turned = []
            for step in range(5):
                s = (tick * 5 + step) / (100 * seconds)
                share = s**3 * (10 - 15 * s + 6 * s * s)
                rate = radians(30) / seconds * 30 * s * s * (1 - s) * (1 - s)
                angle = radians(30) * (share if number % 2 == 0 else 1 - share)
                turning = rate if number % 2 == 0 else -rate
                rig.up = (-sin(angle), 0.0, cos(angle))
                sample = rig.sample(0.4, 0.0)._replace(
                    gyro_radps=(0.0, turning, 0.0), travel_m=None
                )
                turned.append(sample)
            events += rig.engine.receive(rig.frame(turned))
        ends.append(rig.t)
    events += rig.play(1.0)
    found = strokes(events)
    assert len(found) == 6
    for stroke, end in zip(found[:-1], ends, strict=False):
        assert stroke.end_s == pytest.approx(end, abs=0.1 * seconds)
        assert stroke.device_s - stroke.end_s <= 0.3 + 1e-9


def test_acceleration_alone_tells_no_way_back_while_the_tool_turns_on() -> None:
    # One stroke of 3 s that turns the tool by 60 degrees. An accelerometer that reads too much on
    # the way makes its speed seem to reverse.
    rig = Rig(tool=NO_WHEEL).ready(sweep())
    events: list[SensingEvent] = []
    for tick in range(60):
        turned = []
        for step in range(5):
            s = (tick * 5 + step) / 300
            angle = radians(60) * s
            rig.up = (-sin(angle), 0.0, cos(angle))
            error = 0.4 if s < 0.4 else -0.6
            sample = rig.sample(0.4, 0.0, (0.0, error, 0.0))._replace(
                gyro_radps=(0.0, radians(20), 0.0), travel_m=None
            )
            turned.append(sample)
        events += rig.engine.receive(rig.frame(turned))
    events += rig.play(1.0)
    assert len(strokes(events)) == 1
