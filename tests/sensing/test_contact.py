from dataclasses import replace

import pytest

from companion.sensing.contact import ContactTracker
from companion.sensing.types import ContactBegan, ContactEnded, SensingEvent
from tests.sensing.rig import CHEEK, ROLLER, UNDER_EYE, Rig, constant, near, of, sweep


def run(values: list[float], interval_us: int = 10_000) -> list[SensingEvent]:
    tracker = ContactTracker()
    tracker.set_threshold(0.1)
    out: list[SensingEvent] = []
    for index, value in enumerate(values):
        tracker.by_force(index * interval_us, value, out)
    return out


def test_contact_is_believed_after_20_ms_and_its_end_after_30_ms() -> None:
    began, ended = run([0.0] * 5 + [0.3] * 10 + [0.0] * 10)
    assert isinstance(began, ContactBegan)
    assert (began.device_s, began.source) == (0.07, "force")
    assert isinstance(ended, ContactEnded)
    assert (ended.began_s, ended.device_s) == (0.05, 0.18)
    assert (ended.mean_n, ended.peak_n) == (near(0.3), 0.3)


def test_contact_begins_at_the_threshold_and_ends_at_half_of_it() -> None:
    assert run([0.099] * 50) == []
    assert len(run([0.1] * 50)) == 1
    assert len(run([0.1] * 10 + [0.05] * 50)) == 1
    assert len(run([0.1] * 10 + [0.049] * 50)) == 2


def test_a_knock_shorter_than_20_ms_is_no_contact_and_a_bounce_no_end() -> None:
    assert run([0.0] * 3 + [0.5] * 2 + [0.0] * 9) == []
    assert len(run([0.5] * 9 + [0.0] * 3 + [0.5] * 9)) == 1


def test_peak_and_mean_are_of_this_contact_alone() -> None:
    ends = of(ContactEnded, run([0.9] * 9 + [0.0] * 9 + [0.2, 0.4] * 5 + [0.0] * 9))
    assert [end.peak_n for end in ends] == [0.9, 0.4]
    assert ends[1].mean_n == pytest.approx(0.3)


@pytest.mark.parametrize(("power", "off_s"), [(1.0, 0.025), (2.0, 0.025), (3.0, 0.006)])
def test_a_soft_edge_is_drawn_out_to_no_force(power: float, off_s: float) -> None:
    # A touch of one second, from .203 s on: its force rises and falls for .2 s each.
    def force_n(t_us: int) -> float:
        from_edge_s = min(t_us / 1e6 - 0.203, 1.203 - t_us / 1e6)
        return 0.8 * float(min(max(from_edge_s, 0.0) / 0.2, 1.0) ** power)

    (ended,) = of(ContactEnded, run([force_n(t_us) for t_us in range(0, 1_500_000, 10_000)]))
    assert ended.began_s == near(0.203, off_s)
    assert ended.ended_s == near(1.203, off_s)
    assert ended.mean_n is not None
    true_ns = 0.8 * (0.6 + 0.4 / (power + 1.0))
    assert ended.mean_n * (ended.ended_s - ended.began_s) == pytest.approx(true_ns, rel=0.02)


def test_a_force_that_lingers_before_a_touch_is_no_edge_of_it() -> None:
    lingers = [0.03 + 0.001 * index for index in range(30)]
    (ended,) = of(ContactEnded, run([0.0] * 20 + lingers + [0.12, 0.3] + [0.8] * 50 + [0.0] * 9))
    # The threshold is passed at .50 s; a touch .05 s before it is felt, and drawn out by .075 s.
    assert ended.began_s == near(0.375)


def test_a_hard_press_that_is_let_go_of_slowly_is_one_contact_to_its_end() -> None:
    slowly = [(0.2 * (1.0 - index / 40)) ** 2 for index in range(41)]
    falls = [1.5, 1.2, 0.8, 0.4, 0.2, *(5.0 * force_n for force_n in slowly)]
    (ended,) = of(ContactEnded, run([0.0] * 20 + [1.5] * 50 + falls + [0.0] * 30))
    # It falls below a tenth of its mean at .82 s, below the end of contact at .95 s.
    assert 1.0 < ended.ended_s < 0.75 + 0.4


def test_a_zero_that_has_crept_up_holds_on_to_no_contact() -> None:
    (ended,) = of(ContactEnded, run([0.0] * 20 + [0.8] * 50 + [0.06] * 60))
    assert (ended.ended_s, ended.device_s) == (near(0.7, 0.02), near(0.8, 0.02))


def test_a_tap_and_a_knock_are_told_as_they_were_felt() -> None:
    soft = [0.06, 0.12, 0.24, 0.4]
    (ended,) = of(ContactEnded, run([0.0] * 5 + soft + [0.4] * 4 + soft[::-1] + [0.0] * 9))
    assert (ended.began_s, ended.ended_s) == (0.05, 0.17)


@pytest.mark.parametrize("zero_n", [-0.3, -0.02, 0.02])
def test_the_mean_of_a_contact_is_reckoned_from_what_was_read_just_before_it(zero_n: float) -> None:
    course = [0.0] * 30 + [0.6] * 40 + [0.0] * 30 + [0.4] * 40 + [0.0] * 9
    ends = of(ContactEnded, run([zero_n + value for value in course]))
    assert [end.mean_n for end in ends] == [near(0.6, 0.001), near(0.4, 0.001)]
    # What is judged stays: a peak is the force as it came.
    assert [end.peak_n for end in ends] == [zero_n + 0.6, zero_n + 0.4]


def test_a_light_touch_before_a_press_is_part_of_it_and_a_short_gap_tells_nothing() -> None:
    # .06 N lies above the end of contact, and may be a touch: the last .05 s of it are one.
    (ended,) = of(ContactEnded, run([0.06] * 30 + [0.6] * 40 + [0.0] * 9))
    assert ended.mean_n == near((0.6 * 40 + 0.06 * 5) / 45)
    gap = [-0.02] * 30 + [0.6] * 9 + [0.01] * 6 + [0.6] * 9 + [-0.02] * 9
    assert [end.mean_n for end in of(ContactEnded, run(gap))] == [near(0.62, 0.005)] * 2


def test_a_weight_that_is_still_in_the_force_is_shared_between_two_attitudes() -> None:
    tracker, out = ContactTracker(), list[SensingEvent]()
    tracker.set_threshold(0.1, 0.04)
    course = [0.02] * 30 + [0.6] * 40 + [-0.1] * 30 + [0.6] * 40 + [-0.1] * 9
    for index, value in enumerate(course):
        tracker.by_force(index * 10_000, value, out)
    # .02 N may be all weight, of -.1 N no more than .04.
    assert [end.mean_n for end in of(ContactEnded, out)] == [near(0.59), near(0.68)]


def test_a_zero_that_leaps_takes_what_was_read_before_along() -> None:
    tracker, out = ContactTracker(), list[SensingEvent]()
    tracker.set_threshold(0.1)
    for index in range(30):
        tracker.by_force(index * 10_000, 0.01, out)
    tracker.set_rest(-0.4)
    for index, value in enumerate([-0.4] * 5 + [0.2] * 40 + [-0.4] * 9, 30):
        tracker.by_force(index * 10_000, value, out)
    assert [end.mean_n for end in of(ContactEnded, out)] == [near(0.6)]


def test_where_nothing_is_judged_a_coarse_sensor_asks_for_more() -> None:
    for full_scale_n, felt_n in ((3.0, 0.02), (20.0, 0.05)):
        tool = replace(ROLLER, force_full_scale_n=full_scale_n, force_resolution_n=1e-3)
        rig = Rig(tool=tool).ready()
        assert of(ContactBegan, rig.play(1.0, constant(0.9 * felt_n))) == []
        assert len(of(ContactBegan, rig.play(1.0, constant(1.2 * felt_n)))) == 1


def test_the_threshold_is_a_share_of_the_target_and_never_within_the_noise() -> None:
    # Cheek: .05 x .6 N = 30 mN. Under the eye: .05 x .15 N = 7.5 mN.
    for band, silent_n, felt_n in ((CHEEK, 0.025, 0.035), (UNDER_EYE, 0.006, 0.009)):
        rig = Rig().ready(sweep(band))
        assert of(ContactBegan, rig.play(1.0, constant(silent_n))) == []
        assert len(of(ContactBegan, rig.play(1.0, constant(felt_n)))) == 1
    noisy = Rig(noise_n=0.01).ready(sweep(UNDER_EYE), tare_s=2.0)
    assert of(ContactBegan, noisy.play(10.0)) == []


def test_turning_the_tool_in_the_air_is_no_contact() -> None:
    rig = Rig().ready(sweep(UNDER_EYE))
    for up in ((1.0, 0.0, 0.0), (0.0, 0.0, -1.0), (0.0, 1.0, 0.0), (0.6, 0.0, 0.8)):
        rig.up = up
        assert of(ContactBegan, rig.play(1.0)) == []


def test_before_the_tare_and_for_an_unknown_mass_contact_asks_for_more() -> None:
    rig = Rig()
    assert of(ContactBegan, rig.play(1.0, lambda _: 1.0)) == []
    heavy = Rig(tool=replace(ROLLER, supported_mass_kg=None)).ready(sweep())
    assert of(ContactBegan, heavy.play(1.0, lambda _: 0.25)) == []
    assert len(of(ContactBegan, heavy.play(1.0, lambda _: 0.35))) == 1


def test_the_tools_own_verdict_tells_contact_where_force_cannot() -> None:
    tool = replace(ROLLER, force_channels=0, has_touch_verdict=True)
    rig = Rig(tool=tool).ready(sweep())
    events = rig.play(0.5, touching=False) + rig.play(1.0, touching=True)
    (began,) = of(ContactBegan, events)
    assert (began.source, began.device_s) == ("tool", near(1.54))
    (ended,) = of(ContactEnded, rig.play(0.5, touching=False))
    assert (ended.began_s, ended.mean_n, ended.peak_n) == (near(1.54), None, None)


def test_force_wins_over_the_verdict() -> None:
    rig = Rig(tool=replace(ROLLER, has_touch_verdict=True)).ready(sweep())
    assert of(ContactBegan, rig.play(1.0, touching=True)) == []
    (began,) = of(ContactBegan, rig.play(1.0, lambda _: 0.4, touching=False))
    assert began.source == "force"
