"""A tool that glides along a round thing of known radius, and back over it or through the air."""

from collections.abc import Sequence
from itertools import pairwise
from math import tan

import numpy as np
import pytest

from companion.sensing.engine import Engine
from companion.sensing.motion_contact import Kind, MotionContact
from companion.sensing.types import (
    ContactBegan,
    ContactEnded,
    Repeated,
    RepetitionKind,
    SensingEvent,
    StepEnd,
    Stroke,
    StrokeDirection,
    Task,
    Technique,
)
from companion.sensing.way_counter import WayCounter
from companion.sensing.ways import Way
from protocols.telemetry import Sample
from tests.sensing.free import FREE, STEP_S, Floats, Free, hold, way
from tests.sensing.rig import G, of

RADIUS_M = 0.09
HANDLE_M = 0.06
TURN_RAD = 0.8
RATE_HZ = 100
FLAT = 0.0


def task(kind: RepetitionKind = RepetitionKind.STROKE) -> Task:
    return Task(kind, Technique.SWEEP, None)


def samples(shares: Floats, lifts_m: Floats, seed: int = 1) -> list[Sample]:
    """What an IMU on the handle feels: over the top of a ball, ``shares`` of the turn along it."""
    random = np.random.default_rng(seed)
    angle = TURN_RAD * (shares - 0.5)
    radius = RADIUS_M + HANDLE_M + lifts_m
    place = np.column_stack([radius * np.sin(angle), 0 * angle, radius * np.cos(angle)])
    push = np.gradient(np.gradient(place, STEP_S, axis=0), STEP_S, axis=0)
    push[:, 2] += G
    sine, cosine = np.sin(angle), np.cos(angle)
    x, z = cosine * push[:, 0] - sine * push[:, 2], sine * push[:, 0] + cosine * push[:, 2]
    at = np.arange(0, len(angle), round(1 / (STEP_S * RATE_HZ)))
    accel = np.column_stack([x, 0 * x, z])[at] + random.normal(0, 0.02, (len(at), 3))
    rate = np.column_stack([0 * x, np.gradient(angle, STEP_S), 0 * x])[at]
    gyro = rate + random.normal(0.003, 0.002, (len(at), 3))
    return [
        Sample((), tuple(a), tuple(w), None)
        for a, w in zip(accel.tolist(), gyro.tolist(), strict=True)
    ]


def worked(count: int, seconds: float, *, lift_m: float, back_s: float = 1.0) -> list[Sample]:
    """Stroke and return, again and again, at rest before and after."""
    shares, lifts = [hold(2.0, 0.0)], [hold(2.0, 0.0)]
    for _ in range(count):
        shares += [way(seconds, 0.0, 1.0), way(back_s, 1.0, 0.0)]
        up, down = way(back_s / 2, 0.0, lift_m), way(back_s / 2, lift_m, 0.0)
        lifts += [np.zeros(len(shares[-2])), np.concatenate([up, down])[: len(shares[-1])]]
    shares.append(hold(5.0, 0.0))
    lifts.append(hold(5.0, 0.0))
    return samples(np.concatenate(shares), np.concatenate(lifts))


def told(made: Sequence[Sample], kind: RepetitionKind) -> tuple[list[SensingEvent], StepEnd]:
    engine = Engine(FREE)
    engine.begin(task(kind))
    frames = Free(rate_hz=RATE_HZ).frames(list(made))
    events = [event for frame in frames for event in engine.receive(frame)]
    return events, engine.finish()


@pytest.mark.parametrize("seconds", [0.5, 1.0, 2.0, 3.0])
def test_strokes_whose_way_back_is_lifted_are_told_and_counted_once_each(seconds: float) -> None:
    events, end = told(worked(8, seconds, lift_m=0.025), RepetitionKind.STROKE)
    strokes = of(Stroke, events)
    assert len(strokes) == 8
    for number, stroke in enumerate(strokes):
        start_s = 2.0 + number * (seconds + 1.0)
        assert stroke.start_s == pytest.approx(start_s, abs=0.2)
        assert stroke.end_s == pytest.approx(start_s + seconds, abs=0.2)
        assert stroke.end_s <= stroke.device_s <= stroke.end_s + 0.3
    assert all(one.end_s <= other.start_s for one, other in pairwise(strokes))
    counts = [event.count for event in of(Repeated, [*events, *end.events])]
    assert counts == [*range(1, 9)]
    assert len(end.repetitions_s) == 8


def test_rubbing_to_and_fro_makes_two_strokes_and_one_cycle_of_each_motion() -> None:
    rubbed = worked(8, 1.0, lift_m=FLAT)
    assert len(told(rubbed, RepetitionKind.STROKE)[1].repetitions_s) == 16
    assert len(told(rubbed, RepetitionKind.CYCLE)[1].repetitions_s) == 8


def test_a_cycle_is_counted_at_the_return_whether_lifted_or_not() -> None:
    events, end = told(worked(8, 1.0, lift_m=0.025), RepetitionKind.CYCLE)
    assert len(end.repetitions_s) == 8
    for number, event in enumerate(of(Repeated, events)):
        assert event.device_s == pytest.approx(4.0 + 2.0 * number, abs=0.5)


def test_contact_comes_from_motion_begins_with_a_stroke_and_ends_where_the_tool_is_lifted() -> None:
    events, _ = told(worked(5, 1.0, lift_m=0.025), RepetitionKind.STROKE)
    begun, ended = of(ContactBegan, events), of(ContactEnded, events)
    assert {event.source for event in begun} == {"motion"}
    assert len(begun) == len(ended) == 5
    for number, contact in enumerate(ended):
        assert contact.began_s == pytest.approx(2.0 + 2.0 * number, abs=0.15)
        assert contact.ended_s == pytest.approx(3.0 + 2.0 * number, abs=0.15)
        assert contact.mean_n is contact.peak_n is None


def test_rubbing_is_one_contact_that_ends_after_three_seconds_of_rest() -> None:
    events, _ = told(worked(5, 1.0, lift_m=FLAT), RepetitionKind.STROKE)
    (contact,) = of(ContactEnded, events)
    assert contact.began_s == pytest.approx(2.0, abs=0.15)
    assert contact.ended_s == pytest.approx(12.0, abs=0.15)
    assert contact.device_s == pytest.approx(15.0, abs=0.3)


def test_silence_ends_a_contact_known_from_motion() -> None:
    engine = Engine(FREE)
    engine.begin(task())
    for frame in Free(rate_hz=RATE_HZ).frames(worked(4, 1.0, lift_m=FLAT)[:800]):
        engine.receive(frame)
    (ended,) = of(ContactEnded, engine.silence(9.0))
    assert ended.ended_s <= 8.0


def test_events_of_a_face_cut_short_are_a_prefix() -> None:
    made = worked(5, 1.0, lift_m=0.025)
    whole, _ = told(made, RepetitionKind.STROKE)
    for cut in range(250, len(made), 170):
        part, _ = told(made[: cut - cut % 5], RepetitionKind.STROKE)
        assert part == whole[: len(part)]


def arc(turn: float = 0.6, length_m: float = 0.08, **more: float) -> Way:
    """A way that follows the skin, begun at 1 s."""
    start_s = more.get("start_s", 1.0)
    end_us = round((start_s + more.get("lasting_s", 1.0)) * 1e6)
    bend_m = length_m / 2 * tan(abs(turn) / 4) + more.get("excess_m", 0.0)
    return Way(round(start_s * 1e6), end_us, length_m, 0.0, (0.0, turn, 0.0), bend_m)


@pytest.mark.parametrize(
    ("one", "kind"),
    [
        (arc(), Kind.SKIN),
        (arc(excess_m=0.02), Kind.AIR),
        (arc(excess_m=-0.05), Kind.CARRIED),
        (arc(length_m=0.35), Kind.CARRIED),
        (arc(turn=2.0), Kind.CARRIED),
        (arc(length_m=0.18, lasting_s=0.2), Kind.CARRIED),
        (arc(length_m=0.01), Kind.AIR),
        (arc(excess_m=0.01, lasting_s=3.0), Kind.SKIN),
    ],
)
def test_a_way_follows_the_skin_is_lifted_or_carried(one: Way, kind: Kind) -> None:
    assert MotionContact().take(one, one.end_us, []) is kind


def test_in_doubt_a_way_back_is_what_the_ways_back_before_were() -> None:
    def kinds(*excesses_m: float) -> list[Kind]:
        contact = MotionContact()
        ways = [
            arc(turn=-0.6 if number % 2 else 0.6, excess_m=excess_m, start_s=1.2 * number)
            for number, excess_m in enumerate(excesses_m)
        ]
        return [contact.take(one, one.end_us, []) for one in ways]

    skin, air = Kind.SKIN, Kind.AIR
    assert kinds(0.0, 0.02, 0.0, 0.005)[-1] is air
    assert kinds(0.0, 0.0, 0.0, 0.005) == [skin] * 4
    assert kinds(0.0, 0.02, 0.0, 0.003) == [skin, air, skin, air]


@pytest.mark.parametrize(
    ("back_m", "lasting_s", "kind"),
    [(0.0, 2.9, Kind.SKIN), (0.0, 3.1, Kind.AIR), (0.02, 3.1, Kind.SKIN)],
)
def test_where_a_hand_rubs_a_way_of_three_times_the_usual_time_leads_to_another_place(
    back_m: float, lasting_s: float, kind: Kind
) -> None:
    contact = MotionContact()
    for number in range(6):
        is_back = number % 2 == 1
        one = arc(turn=0.6 - 1.2 * is_back, excess_m=back_m * is_back, start_s=1.2 * number)
        contact.take(one, one.end_us, [])
    slow = arc(start_s=7.2, lasting_s=lasting_s)
    assert contact.take(slow, slow.end_us, []) is kind


def lifting(strokes: int) -> MotionContact:
    """A hand that has made so many strokes, a second each, with a way back through the air."""
    contact = MotionContact()
    for number in range(2 * strokes):
        is_back = number % 2 == 1
        one = arc(turn=0.6 - 1.2 * is_back, excess_m=0.02 * is_back, start_s=1.2 * number)
        assert contact.take(one, one.end_us, []) is (Kind.AIR if is_back else Kind.SKIN)
    return contact


def test_a_way_back_is_no_longer_than_the_way_out() -> None:
    """Drift makes a slow way longer than it was, and its arc with it."""
    drifted = arc(turn=-0.6, length_m=0.2, excess_m=-0.005, start_s=2.1, lasting_s=1.0)
    assert drifted.excess_m(drifted.length_m) == pytest.approx(-0.005)
    assert drifted.excess_m(0.08) == pytest.approx(0.0041, abs=1e-4)
    for out_m, kind in ((0.08, Kind.AIR), (0.19, Kind.SKIN)):
        contact = MotionContact()
        out = arc(length_m=out_m)
        assert contact.take(out, out.end_us, []) is Kind.SKIN
        assert contact.take(drifted, drifted.end_us, []) is kind
    far = arc(turn=-0.6, length_m=0.3, excess_m=-0.02, start_s=2.1)
    contact.take(arc(), 2_000_000, [])
    assert contact.take(far, far.end_us, []) is Kind.CARRIED
    assert not contact.is_back


@pytest.mark.parametrize(
    ("strokes", "more", "kind"),
    [
        (3, {"turn": 0.6}, Kind.SKIN),  # it goes on where it rested
        (3, {"turn": 0.6, "lasting_s": 3.0}, Kind.AIR),
        (3, {"turn": -0.1}, Kind.AIR),
        (3, {"turn": -0.1, "start_s": 9.5}, Kind.SKIN),  # there was time for a way back
        (1, {"turn": -0.1}, Kind.SKIN),  # it is not known yet what the hand does
    ],
)
def test_a_hand_that_lifts_the_tool_leaves_its_place_right_after_a_stroke(
    strokes: int, more: dict[str, float], kind: Kind
) -> None:
    contact, start_s = lifting(strokes), 2.4 * strokes
    contact.take(arc(start_s=start_s), 0, [])
    one = arc(**{"start_s": start_s + 1.1, **more})
    assert contact.take(one, one.end_us, []) is kind


@pytest.mark.parametrize(("strokes", "kind"), [(3, Kind.SKIN), (1, Kind.AIR)])
def test_after_the_way_back_of_a_hand_that_lifts_the_tool_comes_a_stroke(
    strokes: int, kind: Kind
) -> None:
    doubtful = arc(start_s=2.4 * strokes, excess_m=0.012)
    assert lifting(strokes).take(doubtful, doubtful.end_us, []) is kind


@pytest.mark.parametrize(
    ("lasting_s", "kind"), [(0.3, Kind.SKIN), (1.0, Kind.SKIN), (1.5, Kind.AIR)]
)
def test_what_is_short_and_as_quick_as_a_stroke_is_a_piece_of_one(
    lasting_s: float, kind: Kind
) -> None:
    contact = MotionContact()
    contact.take(arc(), 2_000_000, [])
    short = arc(turn=0.2, length_m=0.03, start_s=2.5, lasting_s=lasting_s)
    assert contact.take(short, short.end_us, []) is kind


def test_a_stroke_that_drift_may_have_drawn_out_makes_no_piece_of_the_next() -> None:
    for lasting_s, kind in ((1.0, Kind.AIR), (3.0, Kind.SKIN)):
        contact = MotionContact()
        first = arc(length_m=0.11, lasting_s=lasting_s)
        contact.take(first, first.end_us, [])
        short = arc(turn=0.2, length_m=0.04, start_s=first.end_us / 1e6 + 0.1, lasting_s=4.0)
        assert contact.take(short, short.end_us, []) is kind


def counted(ways: Sequence[tuple[Way, bool]]) -> tuple[int, int]:
    """Count strokes as they come, and looking back; each with whether it is the way back."""
    counter = WayCounter(RepetitionKind.STROKE)
    for one, is_back in ways:
        counter.take(one, Kind.SKIN, is_back=is_back)
    return len(counter.times_us), len(counter.final_us())


def test_a_second_look_leaves_out_a_way_alone_that_led_from_place_to_place() -> None:
    def at(number: int, **more: float) -> tuple[Way, bool]:
        is_back = number % 2 == 1
        return arc(turn=-0.6 if is_back else 0.6, start_s=1.2 * number, **more), is_back

    rubbed = [at(number) for number in range(6)]
    place = 20.0
    for lone, told in (
        (arc(start_s=place), 7),
        (arc(start_s=place, length_m=0.16), 6),
        (arc(start_s=place, turn=0.2, length_m=0.04, lasting_s=2.0), 6),
        (arc(start_s=place, turn=0.2, length_m=0.04), 7),
        (arc(start_s=place, turn=0.4, length_m=0.04, lasting_s=2.0), 7),
    ):
        assert counted([*rubbed, (lone, False)]) == (7, told)
    # A way back is as long as the way out, and about as quick: this one only looks like it.
    for lasting_s, told in ((1.8, 7), (2.0, 6)):
        slow = arc(start_s=7.2, turn=0.25, length_m=0.06, lasting_s=lasting_s)
        assert counted([*rubbed, (slow, True)]) == (7, told)
    one_way = [(arc(start_s=5.0 * number), False) for number in range(6)]
    assert counted([*one_way, (arc(start_s=40.0, length_m=0.16), False)]) == (7, 7)


def test_where_ways_are_all_that_a_hand_makes_what_moves_slowly_without_turning_is_no_stroke() -> (
    None
):
    up, down, wait = way(1.0, 0.0, 0.1), way(1.0, 0.1, 0.0), hold(0.5, 0.0)
    lifts = np.concatenate([up, wait + 0.1, down, wait] * 3)
    lifted = samples(np.concatenate([hold(2.0, 0.0), 0 * lifts]), np.append(hold(2.0, 0.0), lifts))
    alone = of(Stroke, told(lifted, RepetitionKind.STROKE)[0])
    assert len(alone) >= 5
    face = worked(5, 1.0, lift_m=0.025)
    both = of(Stroke, told([*face, *lifted], RepetitionKind.STROKE)[0])
    assert len(both) == 5


def test_direction_of_a_stroke_on_a_round_thing_is_told_where_drift_allows() -> None:
    events, _ = told(worked(5, 0.7, lift_m=0.025), RepetitionKind.STROKE)
    assert {stroke.direction for stroke in of(Stroke, events)} == {StrokeDirection.HORIZONTAL}
    events, _ = told(worked(5, 3.0, lift_m=0.025), RepetitionKind.STROKE)
    assert {stroke.direction for stroke in of(Stroke, events)} == {StrokeDirection.UNKNOWN}


def test_what_sweeps_is_named_and_what_stays_on_a_patch_is_not() -> None:
    def named(made: Sequence[Sample]) -> Technique | None:
        engine = Engine(FREE, names_technique=True)
        engine.begin(task())
        for frame in Free(rate_hz=RATE_HZ).frames(list(made)):
            engine.receive(frame)
        recognised = engine.technique
        return None if recognised is None else recognised.label

    assert named(worked(6, 1.0, lift_m=0.025)) is Technique.SWEEP
    small = worked(6, 1.0, lift_m=0.025)[:250]
    assert named(small) is None


def test_contacts_that_no_motion_tells_are_not_counted() -> None:
    made = worked(8, 1.0, lift_m=FLAT)
    engine = Engine(FREE)
    engine.begin(Task(RepetitionKind.CONTACT, Technique.CIRCLE, None))
    for frame in Free(rate_hz=RATE_HZ).frames(made):
        assert of(Repeated, engine.receive(frame)) == []
    assert engine.finish().repetitions_s == ()
