from math import pi, sin

import pytest

from companion.sensing.repetitions import RepetitionCounter
from companion.sensing.strokes import Leg
from companion.sensing.types import (
    Band,
    Repeated,
    RepetitionKind,
    SensingEvent,
    Stroke,
    Task,
    Technique,
)
from tests.sensing.rig import CHEEK, NO_WHEEL, Rig, of, sweep

TAPS = Task(RepetitionKind.CONTACT, Technique.TAP, Band(0.3, 1.5, 2.7, 4.0))


def counts(events: list[SensingEvent]) -> list[int]:
    return [event.count for event in of(Repeated, events)]


def there_and_back(rig: Rig, seconds: float = 0.8) -> list[SensingEvent]:
    out = rig.play(seconds, lambda _: 0.4, lambda t: 0.1 * sin(pi * t / seconds))
    return out + rig.play(seconds, lambda _: 0.4, lambda t: -0.1 * sin(pi * t / seconds))


def one_way(rig: Rig, air_s: float = 0.5) -> list[SensingEvent]:
    return rig.play(0.8, lambda _: 0.4, lambda t: 0.1 * sin(pi * t / 0.8)) + rig.play(air_s)


def tap(rig: Rig, seconds: float, air_s: float, peak_n: float = 0.12) -> list[SensingEvent]:
    return rig.play(seconds, lambda t: peak_n * sin(pi * t / seconds)) + rig.play(air_s)


def test_strokes_count_both_ways() -> None:
    rig = Rig().ready(sweep(kind=RepetitionKind.STROKE))
    events = [event for _ in range(5) for event in there_and_back(rig)] + rig.play(1.0)
    assert counts(events) == list(range(1, 11))


def test_a_cycle_counts_at_its_way_back() -> None:
    rig = Rig().ready(sweep(kind=RepetitionKind.CYCLE))
    events = [event for _ in range(5) for event in there_and_back(rig)] + rig.play(1.0)
    assert counts(events) == [1, 2, 3, 4, 5]


def test_a_cycle_whose_way_back_is_through_the_air_counts_with_the_next_way_out() -> None:
    rig = Rig().ready(sweep(kind=RepetitionKind.CYCLE))
    assert counts([event for _ in range(5) for event in one_way(rig)]) == [1, 2, 3, 4]


def light_return(rig: Rig, share: float, *, air_s: float = 0.5) -> list[SensingEvent]:
    """One stroke and its way back on the skin with a share of the force."""
    out = rig.play(0.8, lambda _: 0.4, lambda t: 0.1 * sin(pi * t / 0.8))
    out += rig.play(0.8, lambda _: 0.4 * share, lambda t: -0.1 * sin(pi * t / 0.8))
    return out + rig.play(air_s)


@pytest.mark.thinned(4)
@pytest.mark.parametrize(("share", "each"), [(0.2, 1), (0.5, 1), (0.7, 2), (1.0, 2), (1.5, 2)])
@pytest.mark.parametrize("air_s", [0.0, 0.5])
@pytest.mark.parametrize("band", [None, CHEEK])
def test_a_light_way_back_is_no_repetition(
    share: float, each: int, air_s: float, band: Band | None
) -> None:
    rig = Rig().ready(sweep(band, RepetitionKind.STROKE))
    events = [event for _ in range(5) for event in light_return(rig, share, air_s=air_s)]
    assert counts(events + rig.play(1.0)) == list(range(1, 5 * each + 1))
    assert [stroke.is_light_return for stroke in of(Stroke, events)][:6] == [False, each == 1] * 3
    assert len(rig.engine.finish().repetitions_s) == 5 * each


def test_a_light_way_back_closes_a_cycle() -> None:
    rig = Rig().ready(sweep(kind=RepetitionKind.CYCLE))
    events = [event for _ in range(5) for event in light_return(rig, 0.2)]
    assert counts(events) == [1, 2, 3, 4, 5]


def test_a_light_stroke_after_lifting_is_a_repetition() -> None:
    rig = Rig().ready(sweep())
    events = one_way(rig)
    events += rig.play(0.8, lambda _: 0.05, lambda t: -0.1 * sin(pi * t / 0.8)) + rig.play(1.0)
    assert counts(events) == [1, 2]


def test_the_light_way_back_of_the_last_stroke_does_not_begin_the_next_step() -> None:
    rig = Rig().ready(sweep())
    rig.play(0.8, lambda _: 0.4, lambda t: 0.1 * sin(pi * t / 0.8))
    assert counts(rig.play(0.3, lambda _: 0.1, lambda _: -0.05)) == [1]
    rig.engine.begin(sweep())
    assert counts(rig.play(0.6, lambda _: 0.1, lambda _: -0.05) + rig.play(1.0)) == []
    assert counts(one_way(rig)) == [1]


def test_a_second_look_finds_a_light_way_out_before_its_stroke() -> None:
    rig = Rig().ready(sweep())
    events: list[SensingEvent] = []
    for _ in range(4):
        events += rig.play(0.8, lambda _: 0.1, lambda t: -0.1 * sin(pi * t / 0.8))
        events += rig.play(0.8, lambda _: 0.4, lambda t: 0.1 * sin(pi * t / 0.8)) + rig.play(0.5)
    assert counts(events)[-1] == 8
    assert len(rig.engine.finish().repetitions_s) == 4


def test_a_second_look_tells_two_strokes_from_one_around_a_silence_by_their_travel() -> None:
    rig = Rig().ready(sweep())
    for _ in range(3):
        one_way(rig)
    for _ in range(2):
        rig.play(0.8, lambda _: 0.4, lambda t: 0.1 * sin(pi * t / 0.8))
        rig.skip(80)
    rig.play(1.0)
    assert len(rig.engine.finish().repetitions_s) == 5


def test_a_swing_after_a_tap_is_no_bounce() -> None:
    rig = Rig().ready(TAPS)
    events = rig.play(0.1, lambda _: 0.3) + rig.play(0.05) + rig.play(0.03, lambda _: 0.04)
    events += rig.play(0.05) + rig.play(0.1, lambda _: 0.3) + rig.play(1.0)
    assert counts(events) == [1, 2]


def test_without_a_sign_every_second_stroke_is_a_way_back() -> None:
    rig = Rig(tool=NO_WHEEL).ready(sweep(kind=RepetitionKind.CYCLE))
    assert counts([event for _ in range(6) for event in one_way(rig)]) == [1, 2, 3]


@pytest.mark.parametrize("rate_hz", [50, 100, 200])
@pytest.mark.parametrize(("tap_s", "air_s"), [(0.15, 0.35), (0.1, 0.15), (0.3, 0.9)])
def test_taps_count_exactly(rate_hz: int, tap_s: float, air_s: float) -> None:
    rig = Rig(rate_hz=rate_hz).ready(TAPS)
    events: list[SensingEvent] = []
    for n in range(20):
        events += tap(rig, tap_s, air_s)
        assert len(counts(events)) == n + 1
    assert counts(events) == list(range(1, 21))


def test_a_bounce_belongs_to_its_tap() -> None:
    rig = Rig().ready(TAPS)
    events = rig.play(0.1, lambda _: 0.1) + rig.play(0.05) + rig.play(0.1, lambda _: 0.1)
    assert counts(events + rig.play(1.0)) == [1]
    events = rig.play(0.1, lambda _: 0.1) + rig.play(0.09) + rig.play(0.1, lambda _: 0.1)
    assert counts(events + rig.play(1.0)) == [2, 3]


def test_a_knock_is_no_tap() -> None:
    rig = Rig().ready(TAPS)
    assert counts(rig.play(0.03, lambda _: 0.1) + rig.play(1.0)) == []


def test_strokes_do_not_count_as_contacts_nor_taps_as_strokes() -> None:
    counter = RepetitionCounter(RepetitionKind.CONTACT, None)
    assert not counter.stroke(Leg(0, 1_000_000))
    counter = RepetitionCounter(RepetitionKind.STROKE, None)
    counter.contact_ended(0, 1_000_000)
    assert not counter.is_counted(9_000_000)


def test_a_repetition_is_counted_within_half_a_second() -> None:
    rig = Rig().ready(TAPS)
    begin = rig.t
    (count,) = of(Repeated, tap(rig, 0.15, 1.0))
    assert count.device_s - begin - 0.15 <= 0.12


def test_a_step_counts_from_nought_and_no_task_counts_nothing() -> None:
    rig = Rig().ready(sweep())
    assert counts([event for _ in range(3) for event in one_way(rig)]) == [1, 2, 3]
    rig.engine.begin(sweep())
    assert counts(one_way(rig)) == [1]
    rig.engine.begin(None)
    assert counts(one_way(rig)) == []


def test_what_began_well_before_the_step_does_not_count_for_it() -> None:
    rig = Rig().ready(sweep())
    rig.play(0.6, lambda _: 0.4, lambda _: 0.1)
    rig.engine.begin(sweep())
    assert counts(rig.play(0.6, lambda _: 0.4, lambda _: 0.1) + rig.play(1.0)) == []
    assert counts(one_way(rig)) == [1]


@pytest.mark.parametrize("air_s", [0.04, 0.0])
def test_a_tap_before_a_silence_counts_when_it_falls_silent(air_s: float) -> None:
    rig = Rig().ready(TAPS)
    events = rig.play(0.1, lambda _: 0.1) + rig.play(air_s)
    assert counts(events) == []
    assert counts(rig.engine.silence(rig.t + 0.3)) == [1]
    rig.skip(60)
    assert counts(rig.play(1.0)) == []
    assert len(rig.engine.finish().repetitions_s) == 1


@pytest.mark.parametrize(("before_s", "after_s", "count"), [(0.1, 0.05, 1), (0.2, 0.2, 2)])
def test_pieces_around_a_silence_are_one_contact_if_they_are_no_longer_than_others(
    before_s: float, after_s: float, count: int
) -> None:
    rig = Rig().ready(TAPS)
    rig.play(0.3)
    assert counts(tap(rig, 0.3, 0.5)) == [1]
    events = rig.play(before_s, lambda _: 0.1)
    rig.skip(22)
    events += rig.play(after_s, lambda _: 0.1) + rig.play(1.0)
    assert counts(events) == list(range(2, 2 + count))


@pytest.mark.parametrize("silences", [1, 2])
@pytest.mark.parametrize("late_s", [0.3, 3.0])
def test_a_long_contact_whose_samples_come_late_counts_once(silences: int, late_s: float) -> None:
    rig = Rig().ready(TAPS)
    rig.play(0.3)
    assert counts(tap(rig, 0.2, 0.5)) == [1]
    events: list[SensingEvent] = []
    for _ in range(silences):
        events += rig.play(0.4, lambda _: 0.1) + rig.engine.silence(rig.t + late_s)
    events += rig.play(0.4, lambda _: 0.1) + rig.play(0.5)
    assert counts(events) == [2]
    assert counts(tap(rig, 0.2, 0.5)) == [3]
    assert len(rig.engine.finish().repetitions_s) == 3


def test_a_tap_as_late_samples_come_counts_although_one_was_cut_before() -> None:
    rig = Rig().ready(TAPS)
    rig.play(0.3)
    events = tap(rig, 0.2, 0.5) + rig.play(0.2, lambda _: 0.1)
    rig.skip(40)
    events += rig.play(0.5) + rig.engine.silence(rig.t + 0.3) + rig.play(0.02)
    events += tap(rig, 0.2, 0.5)
    assert counts(events) == [1, 2, 3]
    assert len(rig.engine.finish().repetitions_s) == 3


def test_the_last_tap_counts_at_the_end_of_the_step() -> None:
    rig = Rig().ready(TAPS)
    rig.play(0.3)
    events = tap(rig, 0.15, 0.35) + tap(rig, 0.15, 0.05)
    assert counts(events) == [1]
    end = rig.engine.finish()
    assert counts(list(end.events)) == [2]
    assert len(end.repetitions_s) == 2


def test_a_second_look_leaves_out_a_wiggle() -> None:
    rig = Rig().ready(sweep())
    events: list[SensingEvent] = []
    for _ in range(4):
        events += one_way(rig)
    events += rig.play(0.4, lambda _: 0.4, lambda _: 0.02) + rig.play(0.5)
    assert counts(events) == [1, 2, 3, 4, 5]
    assert len(rig.engine.finish().repetitions_s) == 4


def test_a_second_look_at_cycles_agrees_with_a_clean_step() -> None:
    rig = Rig().ready(sweep(kind=RepetitionKind.CYCLE))
    for _ in range(5):
        there_and_back(rig)
    rig.play(1.0)
    end = rig.engine.finish()
    assert end.events == ()
    assert len(end.repetitions_s) == 5
    rig.engine.begin(None)
    assert rig.engine.finish().repetitions_s == ()


def test_a_stroke_that_silence_cuts_counts_once_whether_it_goes_on_or_not() -> None:
    rig = Rig().ready(sweep())
    events = rig.play(0.6, lambda _: 0.4, lambda _: 0.1)
    rig.skip(40)
    events += rig.play(0.6, lambda _: 0.4, lambda _: 0.1) + rig.play(1.0)
    assert counts(events) == [1]
    events = rig.play(0.6, lambda _: 0.4, lambda _: 0.1)
    rig.skip(40)
    events += rig.play(1.0) + one_way(rig)
    assert counts(events) == [2, 3]


def test_after_a_long_silence_or_the_other_way_it_is_another_stroke() -> None:
    rig = Rig().ready(sweep())
    events = rig.play(0.6, lambda _: 0.4, lambda _: 0.1)
    rig.skip(40)
    events += rig.play(0.6, lambda _: 0.4, lambda _: -0.1) + rig.play(1.0)
    assert counts(events) == [1, 2]
    events = rig.play(0.6, lambda _: 0.4, lambda _: 0.1)
    rig.skip(400)
    events += rig.play(0.6, lambda _: 0.4, lambda _: 0.1) + rig.play(1.0)
    assert counts(events) == [3, 4]


def test_a_stroke_that_was_over_before_the_silence_counts() -> None:
    rig = Rig().ready(sweep())
    events = rig.play(0.6, lambda _: 0.4, lambda _: 0.1) + rig.play(0.06)
    rig.skip(40)
    assert counts(events + one_way(rig)) == [1, 2]
