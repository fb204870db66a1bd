from dataclasses import replace
from math import pi, sin

import pytest

from companion.sensing.engine import Engine
from companion.sensing.tool import Tool
from companion.sensing.types import (
    ContactBegan,
    ContactEnded,
    Doubt,
    Level,
    LevelMoved,
    OverPressureCleared,
    OverPressureRaised,
    Repeated,
    RepetitionKind,
    SensingEvent,
    Stroke,
)
from tests.sensing.rig import CHEEK, NO_WHEEL, Rig, constant, near, of, sweep, zero


def session(rig: Rig) -> list[SensingEvent]:
    """Strokes there and back, a press too hard, a lost frame, a gap, more strokes."""
    events: list[SensingEvent] = []
    for _ in range(2):
        for _ in range(3):
            events += rig.play(0.8, lambda _: 0.4, lambda t: 0.1 * sin(pi * t / 0.8))
            events += rig.play(0.8, lambda _: 0.5, lambda t: -0.1 * sin(pi * t / 0.8))
        rig.skip(5)
        events += rig.play(0.6, lambda _: 1.5, lambda _: 0.05)
        events += rig.play(0.5)
        rig.skip(60)
    return events + rig.play(1.0)


def test_all_that_happens_is_said_once_and_in_order() -> None:
    rig = Rig().ready(sweep())
    events = session(rig)
    assert {type(event) for event in events} >= {
        ContactBegan,
        ContactEnded,
        Stroke,
        Repeated,
        LevelMoved,
        OverPressureRaised,
        OverPressureCleared,
    }
    times = [event.device_s for event in events]
    assert times == sorted(times)
    alerts = [(event.level, event.reason) for event in of(OverPressureCleared, events)]
    assert alerts == [(Level.STOP, "ended"), (Level.CAUTION, "ended")] * 2
    assert len(of(OverPressureRaised, events)) == 4


@pytest.mark.unmeasured
def test_events_of_a_stream_cut_short_are_a_prefix() -> None:
    rig = Rig().ready(sweep())
    session(rig)
    whole = replay(rig, len(rig.frames))
    for cut in range(0, len(rig.frames), 7):
        part = replay(rig, cut)
        assert part == whole[: len(part)]


def replay(rig: Rig, count: int, silent: int = 0) -> list[SensingEvent]:
    """Feed the first frames of a rig's session to a new engine; it is silent before one."""
    engine = Engine(rig.tool)
    events: list[SensingEvent] = []
    for index, frame in enumerate(rig.frames[:count]):
        if silent and index == silent:
            events += engine.silence(frame.device_us / 1e6 + 0.3)
        events += engine.receive(frame)
        if index == 19:
            events += engine.tared(1.0)
            events += engine.begin(sweep())
    return events


def test_frames_of_another_length_give_the_same_events() -> None:
    told = []
    for per_frame in (1, 5, 14):
        rig = Rig(per_frame=per_frame).ready(sweep())
        events = session(rig)
        told.append([repr(event) for event in events if not isinstance(event, LevelMoved)])
    assert told[0] == told[1] == told[2]


def test_a_gap_is_silence_and_clears_the_alert_as_unknown() -> None:
    rig = Rig().ready(sweep())
    rig.play(1.0, lambda _: 1.0)
    rig.skip(30)
    at = rig.t
    events = rig.play(1.0, lambda _: 1.0)
    (cleared,) = of(OverPressureCleared, events)
    assert (cleared.reason, cleared.device_s) == ("unknown", near(at))
    moved = of(LevelMoved, events)
    assert (moved[0].level, moved[0].doubt) == (Level.UNKNOWN, Doubt.SILENCE)
    assert len(of(OverPressureRaised, events)) == 1
    assert rig.engine.level is Level.CAUTION


def test_a_lost_frame_is_no_gap() -> None:
    rig = Rig().ready(sweep())
    rig.play(1.0, lambda _: 0.4)
    rig.skip(5)
    assert rig.play(1.0, lambda _: 0.4) == []


def test_silence_is_said_once_and_samples_end_it() -> None:
    rig = Rig().ready(sweep())
    rig.play(1.0, lambda _: 1.0)
    events = rig.engine.silence(rig.t + 0.3)
    assert [event.reason for event in of(OverPressureCleared, events)] == ["unknown"]
    (moved,) = of(LevelMoved, events)
    assert (moved.level, moved.doubt, moved.device_s) == (
        Level.UNKNOWN,
        Doubt.SILENCE,
        near(rig.t + 0.3),
    )
    assert rig.engine.pressure_kpa is None
    assert rig.engine.silence(rig.t + 0.6) == []
    rig.skip(100)
    (back,) = of(LevelMoved, rig.play(1.0))
    assert (back.level, back.doubt) == (Level.NO_CONTACT, None)


def onsets(events: list[SensingEvent]) -> list[tuple[Level, float]]:
    return [(event.level, event.onset_s) for event in of(OverPressureRaised, events)]


@pytest.mark.parametrize("late_s", [0.3, 3.0])
def test_an_over_pressure_whose_samples_come_late_goes_on_at_once(late_s: float) -> None:
    rig = Rig().ready(sweep())
    told = onsets(rig.play(0.6, constant(1.5)))
    assert [level for level, _ in told] == [Level.CAUTION, Level.STOP]
    rig.engine.silence(rig.t + late_s)
    at = rig.t
    events = rig.play(0.4, constant(1.5)) + rig.play(0.5)
    assert onsets(events) == told
    assert [event.device_s for event in of(OverPressureRaised, events)] == [near(at)] * 2
    ends = {(event.reason, event.onset_s) for event in of(OverPressureCleared, events)}
    assert ends == {("ended", onset_s) for _, onset_s in told}


@pytest.mark.parametrize(("below_s", "is_same"), [(0.0, True), (0.1, True), (0.4, False)])
def test_what_is_parted_while_samples_are_late_is_another_one(
    below_s: float, *, is_same: bool
) -> None:
    rig = Rig().ready(sweep())
    told = onsets(rig.play(0.6, constant(1.0)))
    rig.engine.silence(rig.t + 2.0)
    assert onsets(rig.play(below_s, constant(0.5))) == []
    again = onsets(rig.play(0.4, constant(1.0)))
    assert (len(again), again == told) == (1, is_same)


@pytest.mark.parametrize("missing", [1, 30])
def test_an_over_pressure_of_which_samples_are_missing_begins_anew(missing: int) -> None:
    rig = Rig().ready(sweep())
    (told,) = onsets(rig.play(0.6, constant(1.0)))
    rig.engine.silence(rig.t + 0.3)
    rig.skip(missing)
    (again,) = onsets(rig.play(0.4, constant(1.0)))
    assert again[1] >= told[1] + 0.6


@pytest.mark.unmeasured
def test_silences_without_a_missing_sample_change_no_over_pressure() -> None:
    rig = Rig(per_frame=2).ready(sweep())
    session(rig)
    whole = onsets(replay(rig, len(rig.frames)))
    assert len(whole) == 4
    for cut in range(60, len(rig.frames), 7):
        assert sorted(set(onsets(replay(rig, len(rig.frames), silent=cut)))) == sorted(whole)


def test_silence_before_any_sample_says_nothing() -> None:
    assert Rig().engine.silence(0.3) == []


def test_resent_old_and_doubled_frames_change_nothing_and_are_counted() -> None:
    rig = Rig().ready(sweep())
    rig.play(1.0, lambda _: 0.4)
    engine = rig.engine
    cursor = engine.trace.since(0)[1]
    for frame in rig.frames[-4:]:
        assert engine.receive(replace(frame, resent=True)) == []
        assert engine.receive(frame) == []
    assert (engine.intake.resent, engine.intake.stale) == (4, 4)
    assert engine.trace.since(cursor)[0] == []


def test_a_frame_that_overlaps_brings_only_what_is_new() -> None:
    rig = Rig().ready(sweep())
    newest = rig.frames[-1]
    cursor = rig.engine.trace.since(0)[1]
    late = replace(newest, device_us=newest.device_us + 30_000)
    rig.engine.receive(late)
    points, _ = rig.engine.trace.since(cursor)
    assert [round(point.device_s, 6) for point in points] == [1.0, 1.01, 1.02]


def test_frames_whose_times_cannot_be_are_left_out() -> None:
    rig = Rig().ready(sweep())
    frame = rig.frames[-1]
    for bad in (
        replace(frame, interval_us=0),
        replace(frame, interval_us=-5),
        replace(frame, interval_us=10**9),
        replace(frame, samples=()),
        replace(frame, device_us=2**80),
        replace(frame, device_us=-(2**80)),
    ):
        assert rig.engine.receive(bad) == []
    assert rig.engine.intake.unusable == 6
    rig.play(1.0, lambda _: 0.4)
    assert rig.engine.level is Level.ON_TARGET


def test_a_clock_set_back_is_believed_after_a_second() -> None:
    rig = Rig().ready(sweep())
    rig.t_us += 3_600_000_000
    rig.play(1.0, lambda _: 0.4)
    rig.t_us -= 3_600_000_000
    rig.play(0.9, lambda _: 0.4)
    cursor = rig.engine.trace.since(0)[1]
    rig.play(2.0, lambda _: 0.4)
    assert len(rig.engine.trace.since(cursor)[0]) > 150
    assert rig.engine.level is Level.ON_TARGET


def test_a_step_ends_its_alert_and_judges_by_its_own_band() -> None:
    rig = Rig().ready(sweep())
    rig.play(1.0, lambda _: 1.0)
    (cleared,) = of(OverPressureCleared, rig.engine.begin(sweep(replace(CHEEK, caution_kpa=11.0))))
    assert cleared.reason == "step_ended"
    assert of(OverPressureRaised, rig.play(1.0, lambda _: 1.0)) == []
    assert rig.engine.level is Level.FIRM
    rig.engine.begin(None)
    assert of(OverPressureRaised, rig.play(1.0, lambda _: 2.5)) == []


def test_taring_anew_ends_no_step_and_moves_the_zero() -> None:
    rig = Rig().ready(sweep())
    rig.play(1.0, lambda _: 0.4)
    rig.play(1.0)
    rig.up = (1.0, 0.0, 0.0)
    rig.play(0.6)
    rig.tared_up = rig.up
    assert rig.engine.tared(rig.t) == []
    rig.play(1.0, lambda _: 0.4)
    assert rig.engine.pressure_kpa == pytest.approx(4.0, rel=0.02)


def test_a_tare_without_samples_is_no_tare() -> None:
    rig = Rig()
    rig.engine.tared(0.0)
    assert rig.engine.can_judge(CHEEK) is Doubt.NOT_TARED


@pytest.mark.parametrize("rate_hz", [1, 4, 16, 25, 50, 100, 200, 1000])
def test_every_rate_judges(rate_hz: int) -> None:
    rig = Rig(rate_hz=rate_hz, per_frame=max(1, rate_hz // 20))
    rig.play(max(1.0, 4 / rate_hz))
    if rate_hz < 6:
        return
    rig.engine.tared(rig.t)
    rig.engine.begin(sweep())
    rig.play(1.0, lambda _: 0.4)
    assert rig.engine.level is Level.ON_TARGET
    assert len(of(OverPressureRaised, rig.play(1.0, lambda _: 1.0))) == 1


def test_a_rate_that_changes_mid_stream_is_followed() -> None:
    rig = Rig().ready(sweep())
    rig.play(1.0, lambda _: 0.4)
    rig.rate_hz = 200
    assert rig.play(1.0, lambda _: 0.4) == []
    events = rig.play(1.0, lambda _: 1.0, zero)
    assert len(of(OverPressureRaised, events)) == 1


def test_several_channels_are_judged_by_their_sum() -> None:
    rig = Rig()
    rig.tool = replace(rig.tool, force_channels=4)
    rig.__post_init__()
    rig.ready(sweep())
    rig.play(1.0, lambda _: 0.4)
    assert rig.engine.pressure_kpa == pytest.approx(4.0, rel=0.01)


def test_a_hole_in_the_force_starts_the_on_delay_anew() -> None:
    rig = Rig().ready(sweep())
    rig.play(0.5, lambda _: 0.4)
    rig.play(0.05, lambda _: 1.0)
    gone = [rig.sample(1.0, 0.0)._replace(force_n=(None,)) for _ in range(30)]
    rig.engine.receive(rig.frame(gone))
    at = rig.t
    (alert,) = of(OverPressureRaised, rig.play(0.5, lambda _: 1.0))
    assert alert.onset_s == pytest.approx(at)
    assert alert.device_s == pytest.approx(at + 0.06)


@pytest.mark.parametrize("kind", [RepetitionKind.STROKE, RepetitionKind.CYCLE])
def test_force_alone_counts_contacts_as_strokes_and_no_cycles(kind: RepetitionKind) -> None:
    bare = replace(
        NO_WHEEL, has_accelerometer=False, has_gyroscope=False, press_axis=None, tip_axis=None
    )
    rig = Rig(tool=replace(bare, supported_mass_kg=0.0)).ready(sweep(kind=kind))
    events: list[SensingEvent] = []
    for _ in range(4):
        events += rig.play(1.0, lambda _: 0.4)
        events += rig.play(1.0)
    counts = [event.count for event in of(Repeated, events)]
    assert counts == ([1, 2, 3, 4] if kind is RepetitionKind.STROKE else [])
    assert len(of(Stroke, events)) == 4


def test_a_weight_that_nothing_frees_is_no_contact() -> None:
    # Two grams that hang on the sensor: turned over, the force is off by .04 N.
    bare = Tool(
        force_channels=1, contact_area_m2=1e-3, supported_mass_kg=0.0, force_is_contact=True
    )
    for unfreed_n, contacts in ((0.0, 1), (0.02, 0)):
        rig = Rig(tool=replace(bare, unfreed_n=unfreed_n)).ready(sweep(None))
        assert len(of(ContactBegan, rig.play(1.0, constant(0.035)))) == contacts
        assert len(of(ContactBegan, rig.play(1.0, constant(0.3)))) == 1 - contacts
