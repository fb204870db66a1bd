"""Strokes for who keeps them: told live, found late, withdrawn."""

from copy import deepcopy

from companion.coaching.stroke_log import StrokeLog, StrokeWithdrawn, ToldStroke
from companion.sensing.types import Stroke, StrokeDirection, Technique

AREA_M2 = 2e-4


def stroke(start_s: float, end_s: float) -> Stroke:
    """A stroke upwards, of five centimetres."""
    return Stroke(
        device_s=end_s + 0.1,
        start_s=start_s,
        end_s=end_s,
        direction=StrokeDirection.UP,
        travel_m=0.05,
        mean_n=0.5,
        peak_n=1.0,
    )


def add(log: StrokeLog, start_s: float, end_s: float) -> None:
    log.add("cheek", stroke(start_s, end_s), StrokeDirection.UP, Technique.SWEEP)


def test_a_stroke_is_told_once_with_its_pressures() -> None:
    log = StrokeLog(AREA_M2)
    log.begin()
    add(log, 1.0, 2.0)
    (told,) = log.take()
    assert told == ToldStroke(
        number=0,
        step="cheek",
        start_s=1.0,
        end_s=2.0,
        confirmed_s=2.1,
        direction=StrokeDirection.UP,
        travel_m=0.05,
        mean_kpa=2.5,
        peak_kpa=5.0,
        is_light_return=False,
        technique=Technique.SWEEP,
    )
    assert log.take() == []


def test_without_an_area_no_pressure_is_known() -> None:
    log = StrokeLog(None)
    add(log, 1.0, 2.0)
    (told,) = log.take()
    assert isinstance(told, ToldStroke)
    assert (told.mean_kpa, told.peak_kpa) == (None, None)


def test_a_second_look_withdraws_what_it_lacks_and_finds_the_rest_late() -> None:
    log = StrokeLog(AREA_M2)
    add(log, 1.0, 2.0)
    log.begin()
    add(log, 3.0, 4.0)
    log.take()
    past = deepcopy(log)
    add(log, 5.0, 5.4)
    log.take()
    add(past, 5.0, 6.0)
    add(past, 7.0, 8.0)
    log.look_again(past)
    withdrawn, *late = log.take()
    assert withdrawn == StrokeWithdrawn(2)
    found = [each for each in late if isinstance(each, ToldStroke)]
    assert [(one.number, one.span, one.is_late) for one in found] == [
        (3, (5.0, 6.0), True),
        (4, (7.0, 8.0), True),
    ]
