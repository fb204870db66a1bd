"""Hints: exactly what went wrong is said, rarely, and never over a warning."""

from dataclasses import replace
from itertools import pairwise

import pytest

from companion.coaching.events import Command, Event, Hint, HintKind, PromptKind
from companion.coaching.hints.desk import HintDesk, Wish
from companion.coaching.hints.direction import is_pull
from companion.coaching.hints.dose import Bounds
from companion.coaching.person import DoseCaps
from companion.coaching.routine import Cadence, CadenceUnit, Direction, Step, Zone
from companion.coaching.session import Session
from companion.sensing.types import (
    Level,
    Point,
    RepetitionKind,
    Stroke,
    StrokeDirection,
    Technique,
)
from tests.coaching.scripted import (
    CARE,
    Bench,
    eased,
    names,
    routine,
    step,
    summary_of,
    too_firm,
)

UP_STEP = replace(step("one", limit_s=400.0), direction=Direction.UP)
OUT_STEP = step("one", limit_s=400.0)
CAPS = DoseCaps(above_kpa=9.3, caution_s=6.0, stop_s=18.0, session_s=90.0)


def stroke(
    end_s: float,
    direction: StrokeDirection = StrokeDirection.UP,
    *,
    mean_n: float | None = 0.4,
    travel_m: float | None = 0.05,
) -> Stroke:
    """Return a stroke of a second, confirmed at its end; 0.4 N are 4 kPa on the bench's tool."""
    return Stroke(
        device_s=end_s,
        start_s=end_s - 1.0,
        end_s=end_s,
        direction=direction,
        travel_m=travel_m,
        mean_n=mean_n,
        peak_n=mean_n,
    )


def started(one: Step, bounds: Bounds | None = None, *, kpa: float = 4.0) -> Bench:
    bench = Bench(one)
    if bounds is not None:
        bench.session = Session(routine(one), bench.engine, CARE, bounds)
    bench.start()
    bench.press(Level.ON_TARGET, kpa)
    return bench


def hints(events: list[Event]) -> list[Hint]:
    return [event for event in events if isinstance(event, Hint)]


def kinds(events: list[Event]) -> list[HintKind]:
    return [hint.kind for hint in hints(events)]


def stroked(bench: Bench, *directions: StrokeDirection, mean_n: float | None = 0.4) -> list[Event]:
    """Stroke once every two seconds."""
    events: list[Event] = []
    for direction in directions:
        events += bench.pass_s(1.9)
        events += bench.pass_s(0.1, stroke(bench.now_s, direction, mean_n=mean_n))
    return events


UP, DOWN, ACROSS, UNKNOWN = (
    StrokeDirection.UP,
    StrokeDirection.DOWN,
    StrokeDirection.HORIZONTAL,
    StrokeDirection.UNKNOWN,
)


def test_one_stroke_the_wrong_way_may_be_a_slip_and_two_are_said() -> None:
    bench = started(UP_STEP)
    assert kinds(stroked(bench, UP, UP, DOWN, UP, UP)) == []
    (hint,) = hints(stroked(bench, DOWN, DOWN))
    assert (hint.kind, hint.direction, hint.wanted) == (
        HintKind.WRONG_DIRECTION,
        StrokeDirection.DOWN,
        Direction.UP,
    )
    assert hint.step == "one"
    assert hint.onset_s == pytest.approx(hint.device_s - 1.09, abs=0.01)


@pytest.mark.parametrize(
    ("declared", "seen", "said"),
    [
        (Direction.UP, DOWN, True),
        (Direction.UP, ACROSS, False),
        (Direction.UP, UNKNOWN, False),
        (Direction.DOWN_DRAIN, UP, True),
        (Direction.DOWN_DRAIN, DOWN, False),
        (Direction.OUTWARD, DOWN, True),
        (Direction.OUTWARD, UP, False),
        (Direction.OUTWARD, ACROSS, False),
        (Direction.ANY, DOWN, False),
    ],
)
def test_only_what_gravity_can_tell_is_called_wrong(
    declared: Direction, seen: StrokeDirection, *, said: bool
) -> None:
    bench = started(replace(OUT_STEP, direction=declared))
    assert (kinds(stroked(bench, seen, seen, seen)) != []) is said


def test_a_light_way_back_is_no_stroke_the_wrong_way() -> None:
    assert kinds(stroked(started(UP_STEP), DOWN, DOWN, DOWN, mean_n=0.09)) == []
    assert kinds(stroked(started(UP_STEP), DOWN, DOWN, DOWN, mean_n=None)) == []


def test_there_and_back_has_no_wrong_way() -> None:
    cycle = replace(UP_STEP, repetition=RepetitionKind.CYCLE)
    assert kinds(stroked(started(cycle), UP, DOWN, UP, DOWN)) == []


def test_of_a_face_that_lies_no_direction_is_known() -> None:
    lying = Bounds(is_upright=False)
    assert kinds(stroked(started(UP_STEP, lying, kpa=7.0), DOWN, DOWN, DOWN)) == []


def test_pulling_down_is_firm_contact_going_down() -> None:
    (hint,) = hints(stroked(started(OUT_STEP, kpa=7.0), DOWN, mean_n=0.7))
    assert (hint.kind, hint.limit) == (HintKind.PULLING_DOWN, 6.0)
    assert hint.pressure_kpa == pytest.approx(7.0)
    drain = replace(OUT_STEP, direction=Direction.DOWN_DRAIN)
    assert kinds(stroked(started(drain, kpa=7.0), DOWN, mean_n=0.7)) == []


@pytest.mark.parametrize(
    ("technique", "travel_m", "firm_s", "pulls"),
    [
        (Technique.SWEEP, None, 0.41, True),
        (Technique.SWEEP, None, 0.39, False),
        (Technique.SWEEP, 0.07, 0.3, True),
        (Technique.SWEEP, 0.06, 0.3, False),
        (Technique.STRETCH, None, 0.41, True),
        (Technique.CIRCLE, None, 1.0, False),
        (Technique.KNEAD, None, 1.0, False),
    ],
)
def test_a_pull_is_gliding_down_for_so_long_or_so_far(
    technique: Technique, travel_m: float | None, firm_s: float, *, pulls: bool
) -> None:
    one = replace(OUT_STEP, technique=technique)
    points = [
        Point(at / 100, 7.0 if at < round(100 * firm_s) else 4.0, Level.FIRM) for at in range(100)
    ]
    assert is_pull(one, stroke(1.0, DOWN, travel_m=travel_m), points, 0.01) is pulls


def test_a_stroke_down_within_the_target_pulls_nothing() -> None:
    assert kinds(stroked(started(OUT_STEP, kpa=5.9), DOWN)) == []


@pytest.mark.parametrize(
    ("travel_m", "said"), [(0.11, True), (0.099, False), (None, False), (-0.0, False)]
)
def test_rushing_is_said_where_the_wheel_knows_it(travel_m: float | None, *, said: bool) -> None:
    bench = started(UP_STEP)
    events: list[Event] = []
    for _ in range(3):
        events += bench.pass_s(2.0, stroke(bench.now_s, travel_m=travel_m))
    assert (kinds(events) == [HintKind.RUSHING]) is said
    if said:
        assert hints(events)[0].speed_cm_s == pytest.approx(11.0)


@pytest.mark.parametrize(
    ("unit", "limit"), [(CadenceUnit.CM_PER_S, 4.0), (CadenceUnit.PER_MINUTE, 10.0)]
)
def test_a_step_with_a_pace_of_its_own_is_rushed_by_that(unit: CadenceUnit, limit: float) -> None:
    bench = started(replace(UP_STEP, cadence=Cadence(1.0, 4.0, unit)))
    events: list[Event] = []
    for _ in range(3):
        events += bench.pass_s(2.0, stroke(bench.now_s, travel_m=0.12))
    assert [hint.limit for hint in hints(events)] == [limit]
    for _ in range(3):
        events += bench.pass_s(2.0, stroke(bench.now_s, travel_m=limit / 100 - 0.001))
    assert len(hints(events)) == 1


def test_too_firm_is_said_after_five_seconds_whatever_the_edges() -> None:
    bench = started(UP_STEP)
    events: list[Event] = []
    for _ in range(4):
        bench.press(Level.ON_TARGET, 4.0)
        events += bench.pass_s(0.3)
        bench.press(Level.FIRM, 7.0)
        events += bench.pass_s(1.5)
    (hint,) = hints(events)
    assert (hint.kind, hint.limit) == (HintKind.TOO_FIRM, 6.0)
    bench.press(Level.ON_TARGET, 4.0)
    bench.pass_s(20.0)
    bench.press(Level.FIRM, 7.0)
    assert kinds(bench.pass_s(5.0)) == []


def test_nothing_chatters() -> None:
    bench = started(UP_STEP)
    said = [h.device_s for h in hints(stroked(bench, *[DOWN] * 20))]
    assert len(said) == 4
    assert all(later - sooner >= 10.0 for sooner, later in pairwise(said))


def test_a_hint_is_silent_while_a_warning_stands_and_is_not_made_up_for() -> None:
    bench = started(UP_STEP)
    bench.pass_s(0.5, too_firm(0.1))
    assert kinds(stroked(bench, DOWN, DOWN, DOWN)) == []
    assert names(bench.pass_s(3.0, eased(bench.now_s))) == ["alert_cleared"]
    assert kinds(stroked(bench, DOWN)) == [HintKind.WRONG_DIRECTION]


def test_a_warning_comes_before_a_hint_of_the_same_moment() -> None:
    bench = started(UP_STEP)
    stroked(bench, DOWN)
    events = bench.pass_s(0.1, stroke(bench.now_s, DOWN), too_firm(bench.now_s, Level.STOP))
    assert names(events) == ["alert_raised"]


def test_a_new_step_and_a_pause_forget_what_was_found() -> None:
    bench = started(UP_STEP)
    stroked(bench, DOWN)
    bench.command(Command.REPEAT)
    assert kinds(stroked(bench, DOWN)) == []
    bench.command(Command.PAUSE)
    assert kinds(stroked(bench, DOWN, DOWN, DOWN)) == []


def test_time_at_load_is_cautioned_then_stopped_once_each_by_zone() -> None:
    bench = started(UP_STEP, Bounds(dose={Zone.CHEEK: CAPS}), kpa=9.4)
    said = hints(bench.pass_s(30.0))
    assert [(h.kind, round(h.device_s)) for h in said] == [
        (HintKind.DOSE_CAUTION, 6),
        (HintKind.DOSE_STOP, 18),
    ]
    assert [h.limit for h in said] == [6.0, 18.0]


def test_a_stop_for_time_at_load_waits_for_no_warning_and_a_caution_does() -> None:
    bench = started(UP_STEP, Bounds(dose={Zone.CHEEK: CAPS}), kpa=9.4)
    bench.pass_s(0.5, too_firm(0.1))
    assert kinds(bench.pass_s(20.0)) == [HintKind.DOSE_STOP]
    assert kinds(bench.pass_s(5.0, eased(bench.now_s))) == []


def test_below_the_load_and_in_the_air_no_time_counts() -> None:
    for level, kpa in ((Level.ON_TARGET, 9.2), (Level.NO_CONTACT, 20.0), (Level.UNKNOWN, 20.0)):
        bench = started(UP_STEP, Bounds(dose={Zone.CHEEK: CAPS}))
        bench.press(level, kpa)
        assert kinds(bench.pass_s(30.0)) == []


def test_the_summary_has_time_and_impulse_above_the_load_by_zone() -> None:
    bench = started(UP_STEP, Bounds(dose={Zone.CHEEK: CAPS}), kpa=9.4)
    bench.pass_s(2.0)
    bench.press(Level.STOP, 20.0)
    bench.pass_s(1.0)
    bench.press(Level.ON_TARGET, 5.0)
    bench.pass_s(4.0)
    (dose,) = summary_of(bench.command(Command.STOP)).doses
    assert (dose.zone, dose.above_kpa) == (Zone.CHEEK, 9.3)
    assert dose.seconds == pytest.approx(3.0, abs=0.2)
    assert dose.impulse_kpa_s == pytest.approx(2.0 * 9.4 + 20.0, abs=2.5)
    assert summary_of(started(UP_STEP).command(Command.STOP)).doses == ()


def test_a_long_session_is_said_once() -> None:
    bench = started(UP_STEP, Bounds(dose={Zone.CHEEK: CAPS}))
    assert kinds(bench.pass_s(89.8)) == []
    assert kinds(bench.pass_s(60.0)) == [HintKind.SESSION_LONG]


def wish(kind: HintKind) -> Wish:
    return Wish(kind=kind, onset_s=0.0)


def said(desk: HintDesk, now_s: float, *wanted: HintKind) -> HintKind | PromptKind | None:
    chosen = desk.choose([wish(kind) for kind in wanted], now_s, warned=False)
    return None if chosen is None else chosen.kind


def test_the_desk_says_what_matters_most_and_forgets_the_rest() -> None:
    desk = HintDesk()
    assert said(desk, 0.0, HintKind.RUSHING, HintKind.WRONG_DIRECTION) is HintKind.WRONG_DIRECTION
    assert said(desk, 1.0) is None
    assert said(desk, 3.9, HintKind.RUSHING) is None
    assert said(desk, 4.0, HintKind.RUSHING) is HintKind.RUSHING
    assert said(desk, 5.0, HintKind.PULLING_DOWN) is HintKind.PULLING_DOWN
    assert said(desk, 9.9, HintKind.WRONG_DIRECTION) is None
    assert said(desk, 10.0, HintKind.WRONG_DIRECTION) is HintKind.WRONG_DIRECTION
