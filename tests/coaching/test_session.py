"""A session's every transition, on an engine that says what the test has written."""

import pytest

from companion.coaching.events import (
    AlertAcknowledged,
    AlertCleared,
    AlertRaised,
    Command,
    FaultCleared,
    FaultRaised,
    LevelChanged,
    Repetition,
    SessionPaused,
    SessionResumed,
    StepFinished,
    StepStarted,
)
from companion.coaching.routine import Zone
from companion.coaching.view import Phase, StepState
from companion.sensing.types import (
    Band,
    ContactBegan,
    ContactEnded,
    Doubt,
    FaultEnded,
    FaultFound,
    Level,
    LevelMoved,
    Stroke,
    StrokeDirection,
    Task,
    Technique,
)
from tests.coaching.scripted import (
    BAND,
    Bench,
    Facts,
    Scripted,
    eased,
    frame,
    names,
    repeated,
    step,
    summary_of,
    too_firm,
)


def test_a_step_ends_with_its_last_repetition_and_the_next_begins_at_once() -> None:
    bench = Bench(step("one"), step("two"))
    assert names(bench.start()) == ["step_started"]
    events = bench.pass_s(0.1, repeated(0.02), repeated(0.05, 2))
    assert events[:2] == [
        Repetition(device_s=0.02, step="one", count=1, goal=2),
        Repetition(device_s=0.05, step="one", count=2, goal=2),
    ]
    finished = events[2]
    assert isinstance(finished, StepFinished)
    assert (finished.step, finished.index, finished.outcome) == ("one", 0, "done")
    assert (finished.repetitions, finished.goal) == (2, 2)
    assert (finished.device_s, finished.duration_s) == pytest.approx((0.09, 0.1))
    begun = events[3]
    assert isinstance(begun, StepStarted)
    assert (begun.step, begun.index, begun.steps, begun.device_s) == (
        "two",
        1,
        2,
        events[2].device_s,
    )
    assert begun.band == BAND
    assert begun.cannot_judge is None


def test_the_engine_gets_each_steps_task() -> None:
    bench = Bench(step("one"), step("two", hand=True, limit_s=1.0), step("three"))
    bench.start()
    bench.command(Command.SKIP)
    bench.pass_s(1.0)
    counted = bench.session.routine.steps[0].repetition
    task = Task(counted, Technique.SWEEP, BAND, reads_posture=True)
    assert bench.engine.tasks == [task, None, task]
    bench.command(Command.STOP)
    assert bench.engine.tasks[-1] is None


def test_more_repetitions_in_the_last_frame_than_asked_are_not_counted() -> None:
    bench = Bench(step("one", goal=1), step("two"))
    bench.start()
    events = bench.pass_s(0.1, repeated(0.02), repeated(0.05, 2))
    assert names(events) == ["repetition", "step_finished", "step_started"]


def test_a_step_that_falls_short_ends_at_its_time_limit() -> None:
    bench = Bench(step("one", limit_s=2.0), step("two"))
    bench.start()
    assert names(bench.pass_s(1.9, repeated(0.5))) == ["repetition"]
    finished, _ = bench.pass_s(0.1)
    assert isinstance(finished, StepFinished)
    assert (finished.outcome, finished.repetitions, finished.goal) == ("short", 1, 2)
    assert finished.duration_s == pytest.approx(2.0)
    assert bench.session.view().states == (StepState.SHORT, StepState.NOW)


def test_a_tool_step_without_a_count_is_done_at_its_time_limit() -> None:
    bench = Bench(step("one", goal=None, limit_s=1.0))
    bench.start()
    events = bench.pass_s(1.0, repeated(0.5))
    assert isinstance(events[1], StepFinished)
    assert (events[1].outcome, events[1].repetitions, events[1].goal) == ("done", 1, None)


def test_a_hand_step_runs_on_its_time_and_counts_nothing() -> None:
    bench = Bench(step("one", hand=True, goal=5, limit_s=2.0))
    begun = bench.start()[0]
    assert isinstance(begun, StepStarted)
    assert (begun.repetitions, begun.band, begun.cannot_judge) == (5, None, None)
    bench.press(Level.LIGHT, 1.0)
    assert bench.pass_s(1.9, repeated(0.5)) == []
    result = summary_of(bench.pass_s(0.1)).steps[0]
    assert (result.outcome, result.repetitions, result.goal) == ("done", 0, None)
    assert (result.judged, result.doubt, result.seconds_by_level) == (False, None, {})
    assert (result.mean_kpa, result.peak_kpa) == (None, None)


def test_the_last_step_ends_the_session() -> None:
    bench = Bench(step("one", goal=1))
    bench.start()
    events = bench.pass_s(0.1, repeated(0.05))
    assert names(events) == ["repetition", "step_finished", "session_finished"]
    summary = summary_of(events)
    assert (summary.routine, summary.outcome, summary.samples) == ("test", "finished", 10)
    assert summary.duration_s == pytest.approx(0.1)
    assert summary.advice == ()
    assert bench.session.finished
    assert bench.session.view().phase is Phase.FINISHED
    assert bench.session.view().states == (StepState.DONE,)


def test_a_finished_session_says_nothing_more() -> None:
    bench = Bench(step("one"))
    bench.start()
    bench.command(Command.STOP)
    assert bench.pass_s(0.2, repeated(0.1), too_firm(0.1)) == []
    assert [bench.command(command) for command in Command] == [[]] * len(Command)
    assert bench.start() == bench.session.silence(9.0) == bench.session.interrupt(9.0) == []


def test_before_the_start_only_faults_are_told() -> None:
    bench = Bench(step("one"))
    fault = FaultFound(device_s=0.05, kind="force_frozen", start_s=0.01)
    assert bench.pass_s(0.2, repeated(0.01), too_firm(0.02), fault) == [
        FaultRaised(device_s=0.05, kind="force_frozen", start_s=0.01)
    ]
    assert bench.session.view().phase is Phase.WAITING
    assert bench.session.view().states == (StepState.NEXT,)
    assert bench.session.limits_n() is None
    assert bench.command(Command.PAUSE) == bench.command(Command.SKIP) == []
    begun = bench.session.start(0.0)[0]
    assert begun.device_s == pytest.approx(0.19)
    assert bench.start() == []


@pytest.mark.parametrize("command", [Command.STOP, Command.QUIT])
def test_a_session_can_be_stopped_before_it_begins(command: Command) -> None:
    bench = Bench(step("one"))
    events = bench.command(command)
    assert names(events) == ["session_finished"]
    summary = summary_of(events)
    assert (summary.outcome, summary.steps[0].outcome) == ("stopped", "not_reached")


def test_stop_ends_the_step_as_stopped_and_the_rest_as_not_reached() -> None:
    bench = Bench(step("one"), step("two"), step("three"))
    bench.start()
    bench.command(Command.SKIP)
    bench.pass_s(1.0)
    events = bench.command(Command.STOP)
    assert names(events) == ["step_finished", "session_finished"]
    assert [s.outcome for s in summary_of(events).steps] == ["skipped", "stopped", "not_reached"]
    assert bench.session.view().states == (StepState.SKIPPED, StepState.SHORT, StepState.NEXT)


def test_an_interruption_is_told_from_a_stop() -> None:
    bench = Bench(step("one"))
    bench.start()
    assert summary_of(bench.session.interrupt(1.0)).outcome == "interrupted"


def test_skipping_the_last_step_finishes() -> None:
    bench = Bench(step("one"))
    bench.start()
    summary = summary_of(bench.command(Command.SKIP))
    assert (summary.outcome, summary.steps[0].outcome) == ("finished", "skipped")


def test_back_begins_the_step_before_and_the_first_one_has_none() -> None:
    bench = Bench(step("one"), step("two"))
    bench.start()
    bench.command(Command.SKIP)
    bench.pass_s(1.0)
    events = bench.command(Command.BACK)
    assert [(e.event, getattr(e, "outcome", None)) for e in events] == [
        ("step_finished", "skipped"),
        ("step_started", None),
    ]
    assert bench.session.view().index == 0
    assert bench.session.view().states == (StepState.NOW, StepState.SKIPPED)
    events = bench.command(Command.BACK)
    assert [(e.event, getattr(e, "outcome", None)) for e in events] == [
        ("step_finished", "repeated"),
        ("step_started", None),
    ]
    assert bench.session.view().index == 0
    summary = summary_of(bench.command(Command.STOP))
    assert [result.step for result in summary.steps] == ["one", "two"]
    assert [result.outcome for result in summary.steps] == ["stopped", "skipped"]


@pytest.mark.parametrize("steps_begun", [0, 1])
def test_not_being_well_ends_the_session_at_once_and_is_told_from_a_stop(
    steps_begun: int,
) -> None:
    bench = Bench(step("one"))
    if steps_begun:
        bench.start()
    events = bench.command(Command.UNWELL)
    assert names(events)[-1] == "session_finished"
    assert summary_of(events).outcome == "unwell"
    assert bench.command(Command.UNWELL) == []


def test_repeat_begins_the_step_again_from_zero() -> None:
    bench = Bench(step("one"))
    bench.start()
    bench.press(Level.ON_TARGET, 4.0)
    bench.pass_s(1.0, repeated(0.5))
    events = bench.command(Command.REPEAT)
    assert [(e.event, getattr(e, "outcome", None)) for e in events] == [
        ("step_finished", "repeated"),
        ("step_started", None),
    ]
    view = bench.session.view()
    assert (view.repetitions, view.step_elapsed_s, view.index) == (0, 0.0, 0)
    assert view.session_elapsed_s == pytest.approx(1.0)
    assert view.states == (StepState.NOW,)
    summary = summary_of(bench.pass_s(0.1, repeated(1.0), repeated(1.05)))
    assert len(summary.steps) == 1
    assert summary.steps[0].duration_s == pytest.approx(0.1)
    assert summary.steps[0].seconds_by_level == {"on_target": pytest.approx(0.1)}
    assert summary.duration_s == pytest.approx(1.1)


def test_a_pause_holds_count_and_time_but_not_warnings() -> None:
    bench = Bench(step("one", limit_s=2.0))
    bench.start()
    bench.pass_s(1.0)
    assert isinstance(bench.command(Command.PAUSE)[0], SessionPaused)
    assert bench.session.view().phase is Phase.PAUSED
    bench.press(Level.CAUTION, 9.0)
    events = bench.pass_s(5.0, repeated(1.5), too_firm(1.6))
    assert names(events) == ["alert_raised"]
    view = bench.session.view()
    assert (view.repetitions, view.step_elapsed_s) == pytest.approx((0, 1.0))
    assert bench.session.limits_n() == pytest.approx((0.8, 1.33))
    assert isinstance(bench.command(Command.PAUSE)[0], SessionResumed)
    bench.press(Level.NO_CONTACT, 0.0)
    summary = summary_of(bench.pass_s(1.0, eased(6.2)))
    assert summary.duration_s == pytest.approx(2.0)
    assert summary.gaps_s == 0.0
    assert summary.steps[0].seconds_by_level == {}


def test_an_alert_is_raised_once_acknowledged_once_and_cleared_once() -> None:
    bench = Bench(step("one", zone=Zone.UNDER_EYE))
    bench.start()
    (raised,) = bench.pass_s(0.1, too_firm(0.08), too_firm(0.09))
    assert isinstance(raised, AlertRaised)
    assert (raised.alert, raised.kind, raised.level) == (1, "over_pressure", Level.CAUTION)
    assert (raised.step, raised.zone) == ("one", Zone.UNDER_EYE)
    assert (raised.onset_s, raised.limit_kpa) == pytest.approx((0.02, 8.0))
    assert bench.session.view().alerts == (raised,)
    assert bench.command(Command.ACKNOWLEDGE) == [AlertAcknowledged(device_s=0.1, alert=1)]
    assert bench.command(Command.ACKNOWLEDGE) == []
    assert bench.session.view().acknowledged == {1}
    (cleared,) = bench.pass_s(0.1, eased(1.02, peak=9.4), eased(1.03))
    assert isinstance(cleared, AlertCleared)
    assert (cleared.alert, cleared.reason, cleared.peak_kpa) == (1, "ended", 9.4)
    assert cleared.duration_s == pytest.approx(1.0)
    assert bench.session.view().alerts == ()
    assert bench.session.view().acknowledged == frozenset()


def test_caution_and_stop_stand_side_by_side() -> None:
    bench = Bench(step("one"))
    bench.start()
    bench.pass_s(0.1, too_firm(0.05), too_firm(0.08, Level.STOP, limit=13.3))
    assert [(a.alert, a.level) for a in bench.session.view().alerts] == [
        (1, Level.CAUTION),
        (2, Level.STOP),
    ]
    bench.pass_s(0.1, eased(0.15, Level.STOP))
    assert [a.alert for a in bench.session.view().alerts] == [1]


def test_a_step_takes_its_warnings_with_it() -> None:
    bench = Bench(step("one"), step("two"))
    bench.start()
    bench.pass_s(0.1, too_firm(0.05))
    bench.engine.at_begin = [
        eased(0.1, reason="step_ended", peak=9.9),
        LevelMoved(device_s=0.1, level=Level.LIGHT, doubt=None, pressure_kpa=1.0),
    ]
    events = bench.command(Command.SKIP)
    assert names(events) == ["alert_cleared", "step_finished", "step_started", "level_changed"]
    summary = summary_of(bench.command(Command.STOP))
    (record,) = summary.alerts
    assert (record.step, record.reason, record.peak_kpa) == ("one", "step_ended", 9.9)
    assert record.cleared_s == pytest.approx(0.1)


def test_a_warning_the_engine_forgets_ends_with_the_step() -> None:
    bench = Bench(step("one"))
    bench.start()
    bench.pass_s(0.1, too_firm(0.05))
    events = bench.command(Command.STOP)
    assert names(events) == ["alert_cleared", "step_finished", "session_finished"]
    assert summary_of(events).alerts[0].reason == "step_ended"


def test_levels_faults_and_contacts() -> None:
    bench = Bench(step("one"))
    bench.start()
    events = bench.pass_s(
        0.1,
        ContactBegan(device_s=0.01, source="force"),
        LevelMoved(device_s=0.02, level=Level.FIRM, doubt=None, pressure_kpa=7.0),
        Stroke(
            device_s=0.03,
            start_s=0.0,
            end_s=0.02,
            direction=StrokeDirection.UP,
            travel_m=None,
            mean_n=None,
            peak_n=None,
        ),
        ContactEnded(device_s=0.04, began_s=0.01, ended_s=0.03, mean_n=0.2, peak_n=0.3),
        FaultEnded(device_s=0.05, kind="force_frozen"),
    )
    assert events == [
        LevelChanged(device_s=0.02, level=Level.FIRM, doubt=None, pressure_kpa=7.0),
        FaultCleared(device_s=0.05, kind="force_frozen"),
    ]


def test_silence_holds_the_timers_and_ends_warnings_as_unknown() -> None:
    bench = Bench(step("one", limit_s=5.0))
    bench.start()
    bench.pass_s(1.0, too_firm(0.5))
    bench.engine.at_silence = [
        LevelMoved(device_s=1.3, level=Level.UNKNOWN, doubt=Doubt.SILENCE, pressure_kpa=None),
        eased(1.3, reason="unknown"),
    ]
    events = bench.session.silence(1.3)
    assert names(events) == ["level_changed", "alert_cleared"]
    assert bench.session.view().level is Level.UNKNOWN
    bench.now_s = 61.0
    bench.press(Level.NO_CONTACT, 0.0)
    bench.pass_s(1.0)
    assert bench.session.view().step_elapsed_s == pytest.approx(2.0)
    summary = summary_of(bench.command(Command.STOP))
    assert summary.duration_s == pytest.approx(2.0)
    assert summary.gaps_s == pytest.approx(60.0)
    assert summary.duration_s + summary.gaps_s == pytest.approx(62.0)


def test_a_hole_between_frames_is_a_gap_without_being_told() -> None:
    bench = Bench(step("one"))
    bench.start()
    bench.pass_s(1.0)
    bench.now_s = 1.15
    bench.pass_s(0.1)
    assert bench.session.view().step_elapsed_s == pytest.approx(1.25)
    bench.now_s = 3.25
    bench.pass_s(0.1)
    assert bench.session.view().step_elapsed_s == pytest.approx(1.35)
    assert summary_of(bench.command(Command.STOP)).gaps_s == pytest.approx(2.0)


def test_a_session_that_ends_in_silence_counts_it_as_a_gap() -> None:
    bench = Bench(step("one"))
    bench.start()
    bench.pass_s(1.0)
    bench.session.silence(1.3)
    summary = summary_of(bench.session.interrupt(10.99))
    assert summary.gaps_s == pytest.approx(10.0)


def test_samples_sent_again_change_nothing() -> None:
    bench = Bench(step("one"))
    bench.start()
    bench.pass_s(1.0)
    before = bench.session.view()
    bench.engine.say = [repeated(0.3)]
    assert bench.session.receive(frame(0.2, resent=True)) == []
    assert bench.session.view() == before
    assert summary_of(bench.command(Command.STOP)).samples == 100


def test_samples_out_of_order_never_turn_time_back() -> None:
    bench = Bench(step("one"))
    bench.start()
    bench.pass_s(1.0)
    bench.session.receive(frame(0.2))
    assert bench.session.view().step_elapsed_s == pytest.approx(1.0)


def test_what_cannot_be_judged_is_said_at_the_start_of_the_step() -> None:
    bench = Bench(step("one"), engine=Scripted(cannot=Doubt.NOT_TARED, level=Level.UNKNOWN))
    begun = bench.start()[0]
    assert isinstance(begun, StepStarted)
    assert begun.cannot_judge is Doubt.NOT_TARED
    assert bench.session.limits_n() is None
    bench.engine.at_tare = [
        LevelMoved(device_s=0.5, level=Level.NO_CONTACT, doubt=None, pressure_kpa=0.0)
    ]
    assert names(bench.session.tared(0.5)) == ["level_changed"]
    assert bench.session.view().cannot_judge is None
    assert bench.session.limits_n() == pytest.approx((0.8, 1.33))


def test_a_restarted_tool_must_be_tared_again() -> None:
    bench = Bench(step("one"))
    bench.start()
    bench.pass_s(0.1, too_firm(0.05))
    events = bench.session.tool_restarted(5.0)
    assert names(events) == ["alert_cleared"]
    assert bench.session.view().cannot_judge is Doubt.NOT_TARED
    assert bench.session.limits_n() is None


def test_limits_in_newtons_need_area_and_a_judged_step() -> None:
    bench = Bench(step("one"), step("two", hand=True))
    bench.start()
    assert bench.session.limits_n() == pytest.approx((0.8, 1.33))
    bench.command(Command.SKIP)
    assert bench.session.limits_n() is None
    unknown = Bench(step("one"), engine=Scripted(tool=Facts(None)))
    unknown.start()
    assert unknown.session.limits_n() is None
    bench.command(Command.STOP)
    assert bench.session.limits_n() is None


def test_a_tool_step_without_a_band_gets_the_tables() -> None:
    plain = step("one")
    bare = type(plain)(**{name: getattr(plain, name) for name in plain.__slots__} | {"band": None})
    bench = Bench(bare)
    assert bench.session.routine.steps[0].band == BAND


def test_a_routine_without_steps_or_with_a_refused_one_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="needs a step"):
        Bench()
    plain = step("one")
    values = {name: getattr(plain, name) for name in plain.__slots__}
    refused = type(plain)(**values | {"technique": Technique.PINCH})
    with pytest.raises(ValueError, match="step one: pinch is refused on cheek"):
        Bench(refused)


def test_the_summary_has_pressures_of_contact_alone() -> None:
    bench = Bench(step("one"))
    bench.start()
    bench.press(Level.NO_CONTACT, 0.1)
    bench.pass_s(1.0)
    bench.press(Level.ON_TARGET, 4.0)
    bench.pass_s(1.0)
    bench.press(Level.FIRM, 7.0)
    bench.pass_s(0.5)
    bench.press(Level.UNKNOWN, 99.0)
    bench.pass_s(1.0)
    bench.pass_s(0.5, ContactBegan(device_s=3.5, source="tool"))
    result = summary_of(bench.command(Command.STOP)).steps[0]
    assert result.seconds_by_level == {
        "on_target": pytest.approx(1.0),
        "firm": pytest.approx(0.5),
        "unknown": pytest.approx(0.5),
    }
    assert result.mean_kpa == pytest.approx(5.0)
    assert (result.peak_kpa, result.judged) == (7.0, True)


def test_a_step_that_was_never_known_is_not_judged() -> None:
    bench = Bench(step("one"), step("two"))
    bench.start()
    bench.press(Level.UNKNOWN, None)
    moved = LevelMoved(
        device_s=0.1, level=Level.UNKNOWN, doubt=Doubt.FORCE_FROZEN, pressure_kpa=None
    )
    bench.pass_s(1.0, ContactBegan(device_s=0.0, source="tool"), moved)
    first, second = summary_of(bench.command(Command.STOP)).steps
    assert (first.judged, first.doubt, first.mean_kpa) == (False, Doubt.FORCE_FROZEN, None)
    assert (second.outcome, second.judged, second.doubt) == ("not_reached", False, None)


def test_the_strip_of_steps() -> None:
    bench = Bench(step("one"), step("two"))
    bench.start()
    view = bench.session.view()
    assert (view.title, view.about_s, view.index) == ("A test", 60.0, 0)
    assert view.states == (StepState.NOW, StepState.NEXT)
    assert view.steps == bench.session.routine.steps
    assert Band(2.0, 6.0, 8.0, 13.3) == BAND
