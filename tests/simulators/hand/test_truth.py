import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from simulators.hand import GRID_HZ, Performed
from simulators.hand.moves import Pose, Rest
from simulators.performance import Performance
from simulators.plan import Plan
from simulators.scenario import load_scenario
from simulators.tool_data import ToolData
from simulators.truth import Course, OverPressure, Truth, find_truth
from tests.simulators.hand.conftest import one_step, scenario_with


def test_every_planned_stroke_is_there_in_its_direction(careful: Performance, plan: Plan) -> None:
    for planned, step in zip(plan.steps, careful.truth.steps, strict=True):
        assert step.id == planned.id
        assert len(step.contacts) == planned.repetitions
        if planned.technique == "sweep":
            expected = "up" if planned.direction == "up" else "horizontal"
            assert [stroke.direction for stroke in step.strokes] == [expected] * 10
            places = {(stroke.zone, stroke.side) for stroke in step.strokes}
            sides = {"right", "left"} if planned.zone == "neck_front" else {planned.side}
            assert places == {(planned.zone, side) for side in sides}
        else:
            assert not step.strokes


def test_strokes_have_the_zones_lengths(careful: Performance) -> None:
    lengths_m = {"forehead": 0.062, "cheek": 0.095, "neck_front": 0.11}
    for stroke in careful.truth.strokes:
        assert 0.86 * lengths_m[stroke.zone] < stroke.travel_m < 1.05 * lengths_m[stroke.zone]


def test_contacts_follow_each_other_with_time_to_lift_between(careful: Performance) -> None:
    contacts = careful.truth.contacts
    assert len(contacts) == 60
    for before, after in pairwise(contacts):
        assert after.start_s - before.end_s > 0.9


def test_taps_are_short_and_come_at_a_calm_rate(careful: Performance) -> None:
    for step in careful.truth.steps:
        if step.technique != "tap":
            continue
        assert all(0.1 <= tap.end_s - tap.start_s <= 0.2 for tap in step.contacts)
        starts = np.array([tap.start_s for tap in step.contacts])
        assert (1 / np.diff(starts)).min() > 0.5
        assert (1 / np.diff(starts)).max() < 0.8


def test_a_careful_hand_stays_inside_the_band_and_far_from_every_limit(
    careful: Performance, plan: Plan
) -> None:
    truth = careful.truth
    assert truth.over_pressure == ()
    for planned, step in zip(plan.steps, truth.steps, strict=True):
        for contact in step.contacts:
            peak_kpa = contact.peak_n / truth.contact_area_m2 / 1000
            assert planned.low_kpa < peak_kpa < planned.high_kpa
            assert planned.caution_kpa
            assert peak_kpa < 0.75 * planned.caution_kpa


def test_a_heavy_hand_has_exactly_the_designed_over_pressures(heavy: Performance) -> None:
    events = heavy.truth.over_pressure
    assert [(event.step, event.level) for event in events] == [
        ("forehead-both", "caution"),
        ("under_eye-right", "caution"),
        ("under_eye-right", "caution"),
        ("under_eye-right", "caution"),
        ("under_eye-right", "stop"),
    ]
    assert [event.peak_kpa for event in events] == pytest.approx([10.5, 3.3, 3.3, 5.4, 5.4])
    assert [event.limit_kpa for event in events] == [8, 2.7, 2.7, 2.7, 4]
    lengths_s = [event.end_s - event.start_s for event in events]
    assert lengths_s == pytest.approx([1.1, 0.57, 0.57, 0.95, 0.89], abs=0.05)
    assert heavy.truth.unused == ()


def test_the_heavy_press_on_the_forehead_comes_eight_seconds_after_the_beginning(
    heavy: Performance,
) -> None:
    first = heavy.truth.over_pressure[0]
    assert first.start_s - heavy.truth.began_s == pytest.approx(8, abs=0.1)


def test_heavy_presses_lie_inside_one_contact_each(heavy: Performance) -> None:
    truth = heavy.truth
    for event in truth.over_pressure:
        inside = [
            contact
            for contact in truth.contacts
            if contact.start_s <= event.start_s and event.end_s <= contact.end_s
        ]
        assert len(inside) == 1
        assert truth.pressure_kpa((event.start_s + event.end_s) / 2) > 1.15 * event.limit_kpa


def test_no_true_pressure_rides_on_a_limit(heavy: Performance, plan: Plan) -> None:
    for planned, step in zip(plan.steps, heavy.truth.steps, strict=True):
        for contact in step.contacts:
            peak_kpa = contact.peak_n / heavy.truth.contact_area_m2 / 1000
            for limit in (planned.caution_kpa, planned.stop_kpa):
                assert limit
                assert not 0.85 < peak_kpa / limit < 1.15


def test_presses_that_fit_no_step_are_named(plan: Plan, roller: ToolData) -> None:
    scenario = load_scenario("heavy-hand")
    performance = Performance(Plan(plan.steps[:1]), roller, scenario, 1)
    assert {press.zone for press in performance.truth.unused} == {"under_eye"}
    assert [event.step for event in performance.truth.over_pressure] == ["forehead-both"]


def test_a_step_without_limits_has_no_over_pressure(plan: Plan, roller: ToolData) -> None:
    step = replace(plan.steps[0], caution_kpa=None, stop_kpa=None)
    performance = Performance(Plan((step,)), roller, load_scenario("heavy-hand"), 1)
    assert performance.truth.over_pressure == ()
    assert max(contact.peak_n for contact in performance.truth.contacts) > 1.0


def pulses(plan: Plan, spans: list[tuple[float, float]], kpa: float) -> tuple[OverPressure, ...]:
    """Over-pressures of a step that presses in rectangles and with nothing between them."""
    times = np.arange(10 * GRID_HZ + 1) / GRID_HZ
    force_n = np.zeros_like(times)
    for a, b in spans:
        force_n[(times >= a) & (times < b)] = kpa / 10
    still = Pose(np.zeros(3), np.eye(3), np.zeros(3))
    performed = Performed((Rest(0.0, 10.0, still),), ((0.0, 10.0),), ())
    course = Course(force_n, np.full(len(times), 1e-4), np.tile([0.0, 0.0, 1.0], (len(times), 1)))
    return find_truth(
        Plan(plan.steps[:1]),
        performed,
        course,
        load_scenario("careful"),
        up=np.array([0.0, 0.0, 1.0]),
        area_m2=1e-4,
        began_s=5.0,
    ).over_pressure


def test_over_pressure_is_timed_where_the_force_crosses_the_limit(plan: Plan) -> None:
    event, stop = pulses(plan, [(2.0, 3.0)], kpa=16)
    assert (stop.level, stop.limit_kpa) == ("stop", 13.3)
    assert (event.level, event.limit_kpa, event.peak_kpa) == ("caution", 8, 16)
    assert event.start_s == pytest.approx(7.0, abs=0.01)
    assert event.end_s == pytest.approx(8.0, abs=0.01)


@pytest.mark.parametrize(
    ("spans", "count"),
    [
        ([(2.0, 2.1)], 0),
        ([(2.0, 2.25)], 1),
        ([(2.0, 2.3), (2.4, 2.7)], 1),
        ([(2.0, 2.3), (2.6, 2.9)], 2),
        ([(2.0, 2.1), (2.15, 2.25)], 1),
        ([(2.0, 2.1), (3.0, 3.1), (4.0, 4.1)], 0),
    ],
    ids=["short", "long enough", "small gap", "large gap", "two short ones", "three far apart"],
)
def test_over_pressure_is_what_lasts_150_ms_with_small_gaps_merged(
    plan: Plan, spans: list[tuple[float, float]], count: int
) -> None:
    assert len(pulses(plan, spans, kpa=13)) == count


def test_the_truth_can_be_written_as_strict_json(heavy: Performance) -> None:
    read = json.loads(json.dumps(heavy.truth.to_dict(), allow_nan=False))
    assert [step["id"] for step in read["steps"]] == [step.id for step in heavy.truth.steps]
    assert len(read["over_pressure"]) == 5


def test_there_is_no_force_outside_the_performance(heavy: Performance) -> None:
    truth = heavy.truth
    assert truth.force_n(truth.began_s - 1) == 0
    assert truth.force_n(truth.end_s + 1) == 0
    middle = truth.contacts[0]
    assert truth.force_n((middle.start_s + middle.end_s) / 2) > 0.2


def truth_of(plan: Plan, tool: ToolData, keys: str) -> Truth:
    performance = Performance(plan, tool, scenario_with(keys), 6)
    performance.begin(3_000_000)
    return performance.truth


def test_whole_arrays_of_moments_are_answered_as_single_ones_are(heavy: Performance) -> None:
    truth = heavy.truth
    at_s = np.arange(truth.began_s - 5, truth.end_s + 5, 0.37)
    forces, pressures = truth.forces_n(at_s), truth.pressures_kpa(at_s)
    assert forces == pytest.approx([truth.force_n(moment) for moment in at_s])
    assert pressures == pytest.approx(forces / truth.contact_area_m2 / 1000)
    contacts, steps = truth.contacts_at(at_s), truth.steps_at(at_s)
    for moment, contact, step, active in zip(
        at_s, contacts, steps, truth.active_at(at_s), strict=True
    ):
        inside = [i for i, c in enumerate(truth.contacts) if c.start_s <= moment < c.end_s]
        assert [contact] == (inside or [-1])
        if contact >= 0:
            assert truth.contacts[contact] in truth.steps[step].contacts
            assert active
        assert active == any(span.start_s <= moment < span.end_s for span in truth.active)


def test_a_truth_without_any_contact_answers_too(plan: Plan, roller: ToolData) -> None:
    truth = truth_of(Plan((plan.steps[3],)), roller, "")
    at_s = np.array([0.0, 10.0, 100.0])
    assert truth.contacts_at(at_s).tolist() == [-1, -1, -1]
    assert truth.steps_at(at_s).tolist() == [-1, 0, -1]
    assert not truth.active_at(at_s).any()
    assert truth.to_dict()["zones"] == []


def test_up_is_where_a_still_sensor_reads_gravity(careful: Performance, roller: ToolData) -> None:
    truth = careful.truth
    at_s = np.linspace(truth.began_s, truth.end_s, 5000)
    ups = truth.ups(at_s)
    assert np.linalg.norm(ups, axis=1) == pytest.approx(1)
    touching = truth.contacts_at(at_s) >= 0
    first_step = touching & (truth.steps_at(at_s) == 0)
    along_the_tip = ups[first_step] @ roller.sensors.tip_axis
    assert along_the_tip.min() > 0.4


def test_the_tool_is_active_over_short_pauses_and_not_while_the_hand_works(
    careful: Performance,
) -> None:
    spans = careful.truth.active
    contacts = careful.truth.contacts
    assert spans[0].start_s == contacts[0].start_s
    assert spans[-1].end_s == contacts[-1].end_s
    for span, next_one in pairwise(spans):
        assert next_one.start_s - span.end_s >= 3
    for before, after in pairwise(contacts):
        bridged = any(
            span.start_s <= before.end_s and after.start_s <= span.end_s for span in spans
        )
        assert bridged == (after.start_s - before.end_s < 3)


def test_the_dose_of_a_hold_is_its_pressure_times_its_time(roller: ToolData) -> None:
    keys = (
        "[hand]\nhold_s = [10, 10]\nramp_s = [0.5, 0.5]\nunsteadiness = [0, 0]\n"
        "aim = [2, 2]\nshare_wobble = [0, 0]"
    )
    truth = truth_of(one_step("press_hold", count=2), roller, keys)
    (dose,) = truth.dose
    assert (dose.zone, dose.side) == ("cheek", "right")
    assert dose.contact_s == pytest.approx(20)
    assert dose.impulse_kpa_s == pytest.approx(2 * 10.0 * (10 - 0.5), rel=0.001)
    eased_to_9_3_of_10 = 0.786
    assert dose.above_s == pytest.approx(2 * (10 - 2 * 0.5 * eased_to_9_3_of_10), abs=0.02)


def test_mean_force_times_time_of_all_contacts_is_the_dose(careful: Performance) -> None:
    # Taps are so short that one row of the grid more or less in their mean is 3 % of it.
    truth = careful.truth
    told_ns = sum(one.mean_n * (one.end_s - one.start_s) for one in truth.contacts)
    dose_ns = sum(one.impulse_kpa_s for one in truth.dose) * 1e3 * truth.contact_area_m2
    assert told_ns == pytest.approx(dose_ns)


def test_the_dose_is_told_for_each_zone_and_side(heavy: Performance) -> None:
    doses = heavy.truth.dose
    places = [(dose.zone, dose.side) for dose in doses]
    assert len(set(places)) == len(places)
    assert {zone for zone, _ in places} == {"forehead", "cheek", "under_eye", "neck_front"}
    forehead = doses[0]
    assert 0.9 < forehead.above_s < 1.4
    assert all(dose.above_s == 0 for dose in doses[1:])


def test_strokes_there_and_back_have_their_own_bounds_and_directions(
    plan: Plan, roller: ToolData
) -> None:
    truth = truth_of(Plan(plan.steps[:1]), roller, '[hand]\nway_back = "full"')
    assert [stroke.direction for stroke in truth.strokes] == ["up", "down"] * 5
    assert [stroke.repetition for stroke in truth.strokes] == list(range(1, 11))
    assert truth.steps[0].repetitions_s == tuple(stroke.end_s for stroke in truth.strokes)
    for contact, there, back in zip(
        truth.contacts, truth.strokes[::2], truth.strokes[1::2], strict=True
    ):
        assert (contact.start_s, contact.end_s) == (there.start_s, back.end_s)
        assert there.end_s == back.start_s
        assert there.travel_m == back.travel_m


def test_a_light_way_back_is_a_stroke_but_no_repetition(plan: Plan, roller: ToolData) -> None:
    truth = truth_of(Plan(plan.steps[:1]), roller, '[hand]\nway_back = "light"')
    assert [stroke.repetition is None for stroke in truth.strokes] == [False, True] * 10
    assert len(truth.steps[0].repetitions_s) == 10


def test_a_rest_on_the_skin_parts_a_stroke_but_not_a_repetition(
    plan: Plan, roller: ToolData
) -> None:
    keys = "[hand]\npauses = 1.0\npause_s = [0.6, 0.6]"
    truth = truth_of(Plan(plan.steps[:1]), roller, keys)
    parts = [
        [stroke for stroke in truth.strokes if stroke.repetition == number]
        for number in range(1, 11)
    ]
    assert {len(part) for part in parts} == {1, 2}
    for part in parts:
        assert sum(stroke.travel_m for stroke in part) > 0.05
        assert {stroke.direction for stroke in part} == {"up"}
        if len(part) == 2:
            assert part[1].start_s - part[0].end_s == pytest.approx(0.6)
    assert len(truth.steps[0].repetitions_s) == 10


def test_a_circle_has_no_direction(roller: ToolData) -> None:
    truth = truth_of(one_step("circle"), roller, "")
    assert {stroke.direction for stroke in truth.strokes} == {"unknown"}


def test_slips_are_told_with_their_share(roller: ToolData) -> None:
    keys = "[hand]\nwheel_slip = [0.5, 0.7]\nwheel_slip_lasts = [0.4, 0.4]"
    truth = truth_of(one_step("sweep"), roller, keys)
    assert len(truth.slips) == 4
    for slip, contact in zip(truth.slips, truth.contacts, strict=True):
        assert contact.start_s <= slip.start_s < slip.end_s <= contact.end_s
        assert slip.end_s - slip.start_s == pytest.approx(0.4 * (contact.end_s - contact.start_s))
        assert 0.5 <= slip.share <= 0.7


def test_places_are_told_from_the_first_touch_to_the_last_lift_off(heavy: Performance) -> None:
    told, truth = heavy.truth.to_dict(), heavy.truth
    zones = [span["zone"] for span in told["zones"]]
    assert list(dict.fromkeys(zones)) == ["forehead", "cheek", "under_eye", "neck_front"]
    for label in ("zone", "side", "technique", "edge"):
        spans = told[f"{label}s"]
        for contact in truth.contacts:
            (own,) = [
                span
                for span in spans
                if span["start_s"] <= contact.start_s and contact.end_s <= span["end_s"]
            ]
            assert own[label] == getattr(contact, label)
