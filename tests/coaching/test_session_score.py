"""The score of a session: its steps' points added up, over the session's own doors."""

from dataclasses import replace

import pytest

from companion.coaching.attempt import Attempt
from companion.coaching.events import (
    AdviceKind,
    Command,
    Event,
    LossKind,
    Part,
    Score,
    StepFinished,
    StepOutcome,
    StepResult,
    UnscoredReason,
)
from companion.sensing.types import (
    ContactEnded,
    Doubt,
    Level,
    SensingEvent,
    Stroke,
    StrokeDirection,
    Technique,
)
from companion.wording import advice_words
from tests.coaching.scripted import Bench, Scripted, eased, repeated, step, summary_of, too_firm


def points(score: Score | None) -> tuple[int, int] | None:
    return None if score is None else (score.points, score.possible)


def working(*names: str, engine: Scripted | None = None) -> Bench:
    bench = Bench(*(step(name, goal=2) for name in names), engine=engine)
    bench.start()
    bench.press(Level.ON_TARGET, 4.0)
    return bench


def through(bench: Bench, *say: SensingEvent) -> list[Event]:
    """Work on a step for three seconds, with two repetitions at its end."""
    events = bench.pass_s(2.9, *say)
    return events + bench.pass_s(0.1, repeated(bench.now_s), repeated(bench.now_s))


def test_a_session_is_the_sum_of_its_steps() -> None:
    bench = working("one", "two")
    through(bench, too_firm(0.5), eased(1.2))
    summary = summary_of(through(bench))
    assert [points(result.score) for result in summary.steps] == [(79, 85), (85, 85)]
    assert points(summary.score) == (164, 170)
    assert summary.score is not None
    assert summary.score.percent == 96
    (loss,) = summary.score.losses
    assert (loss.kind, loss.step, loss.alert, loss.points) == (
        LossKind.OVER_PRESSURE,
        "one",
        1,
        6,
    )
    assert loss.from_s == pytest.approx(0.44)
    assert summary.began_s == 0.0


@pytest.mark.parametrize(("onset_s", "expected"), [(0.44, [8]), (2.0, [6, 6])])
def test_a_press_that_is_warned_of_again_is_charged_once(
    onset_s: float, expected: list[int]
) -> None:
    bench = working("one")
    told: list[SensingEvent] = [too_firm(0.5), eased(1.2, reason="unknown", peak=9.5)]
    told += [too_firm(2.06, onset_s=onset_s), eased(2.9)]
    summary = summary_of(through(bench, *told))
    assert len(summary.alerts) == 2
    assert summary.score is not None
    losses = summary.score.losses
    assert [loss.points for loss in losses] == expected
    assert (losses[0].alert, losses[0].from_s, losses[-1].to_s) == (1, 0.44, 2.9)
    assert losses[0].pressure_kpa == pytest.approx(9.5)


def test_the_end_of_a_step_says_its_points() -> None:
    bench = working("one", "two")
    ended = [event for event in through(bench) if isinstance(event, StepFinished)]
    assert [(event.points, event.possible) for event in ended] == [(85, 85)]
    blind = Bench(step("one"), engine=Scripted(cannot=Doubt.AREA_UNKNOWN))
    blind.start()
    blind.press(Level.UNKNOWN, None)
    blind.pass_s(5.0)
    (finished, _) = blind.command(Command.STOP)
    assert isinstance(finished, StepFinished)
    assert (finished.points, finished.possible) == (None, None)


def test_a_step_that_is_begun_again_is_judged_by_its_last_attempt() -> None:
    bench = working("one")
    bench.pass_s(2.0, too_firm(0.5), eased(1.2))
    bench.command(Command.REPEAT)
    summary = summary_of(through(bench))
    assert len(summary.alerts) == 1
    assert points(summary.score) == (85, 85)


def test_pressing_during_a_pause_costs_nothing() -> None:
    bench = working("one")
    bench.command(Command.PAUSE)
    bench.pass_s(2.0, too_firm(0.5), eased(1.2))
    bench.command(Command.PAUSE)
    summary = summary_of(through(bench))
    assert points(summary.score) == (85, 85)


def test_what_was_not_reached_costs_unless_one_is_not_well() -> None:
    bench = working("one", "two")
    through(bench)
    stopped = summary_of(bench.command(Command.STOP))
    assert stopped.score is not None
    assert {(loss.step, loss.kind) for loss in stopped.score.losses} == {
        ("two", LossKind.LEFT_EARLY),
        ("two", LossKind.REPETITIONS_MISSING),
    }
    bench = working("one", "two")
    through(bench)
    unwell = summary_of(bench.command(Command.UNWELL))
    assert points(unwell.score) == (85, 85)
    assert unwell.steps[1].unscored is not None


def test_a_tool_that_cannot_judge_has_no_score_and_says_so() -> None:
    bench = Bench(step("one"), engine=Scripted(cannot=Doubt.AREA_UNKNOWN))
    bench.start()
    bench.press(Level.UNKNOWN, None)
    bench.pass_s(5.0)
    summary = summary_of(bench.command(Command.STOP))
    assert summary.score is None
    assert summary.unscored is not None
    assert summary.unscored.reason is UnscoredReason.TOO_LITTLE_KNOWN
    assert (summary.unscored.known_share, summary.unscored.needed_share) == (0.0, 0.5)
    assert summary.steps[0].score is None


def test_silence_is_time_that_is_not_known() -> None:
    bench = working("one")
    bench.pass_s(2.0)
    bench.session.silence(2.0)
    bench.now_s = 12.0
    bench.engine.level = Level.ON_TARGET
    bench.pass_s(1.0)
    (result,) = summary_of(bench.command(Command.STOP)).steps
    assert result.known_s == pytest.approx(3.0)
    assert result.unknown_s == pytest.approx(10.0)
    assert result.unscored is not None
    assert result.unscored.reason is UnscoredReason.TOO_LITTLE_KNOWN


def test_silence_counts_to_the_step_in_which_it_was() -> None:
    bench = working("one", "two")
    bench.pass_s(3.0)
    bench.session.silence(3.0)
    bench.now_s = 12.0
    bench.command(Command.SKIP)
    bench.now_s = 13.0
    bench.engine.level = Level.ON_TARGET
    bench.pass_s(3.0)
    summary = summary_of(bench.command(Command.STOP))
    assert [result.unknown_s for result in summary.steps] == pytest.approx([9.01, 0.99])
    assert summary.gaps_s == pytest.approx(10.0)
    assert summary.steps[1].score is not None


def test_a_touch_is_no_massage() -> None:
    bench = working("one")
    bench.pass_s(0.8)
    summary = summary_of(bench.command(Command.STOP))
    assert summary.score is None
    assert summary.unscored is not None
    assert summary.unscored.reason is UnscoredReason.TOO_LITTLE_TOUCH


def test_hands_alone_have_no_score() -> None:
    bench = Bench(step("one", hand=True, limit_s=2.0))
    bench.start()
    summary = summary_of(bench.pass_s(2.0))
    assert summary.unscored is not None
    assert summary.unscored.reason is UnscoredReason.BY_HAND
    assert points(summary.score) is None


def test_steps_without_a_score_are_left_out_of_the_sum() -> None:
    bench = Bench(step("one", goal=2), step("by-hand", hand=True, limit_s=1.0))
    bench.start()
    bench.press(Level.ON_TARGET, 4.0)
    through(bench)
    summary = summary_of(bench.pass_s(1.0))
    by_hand: StepResult = summary.steps[1]
    assert by_hand.score is None
    assert points(summary.score) == (85, 85)
    assert AdviceKind.WRONG_DIRECTION not in {advice.kind for advice in summary.advice}


@pytest.mark.parametrize(
    ("cannot", "peaks_kpa", "kinds"),
    [
        (None, [4.0, 2.0, 6.0], []),
        (None, [4.0, 1.9, 6.1], [LossKind.LIGHT, LossKind.FIRM]),
        (Doubt.NOT_TARED, [1.0, 7.0], []),
    ],
)
def test_each_tap_is_judged_by_its_own_peak(
    cannot: Doubt | None, peaks_kpa: list[float], kinds: list[LossKind]
) -> None:
    attempt = Attempt(replace(step("one", goal=2), technique=Technique.TAP), cannot)
    attempt.repetitions = 2
    for index, kpa in enumerate(peaks_kpa):
        tap = ContactEnded(
            device_s=index + 0.3, began_s=index, ended_s=index + 0.2, mean_n=0.1, peak_n=0.2
        )
        attempt.tapped(tap, kpa)
    score = attempt.result(StepOutcome.DONE, 9.0).score
    assert score is not None
    assert [loss.kind for loss in score.losses] == kinds
    assert Part.BAND in {part.part for part in score.parts} or cannot is not None


def test_strokes_that_cost_points_are_advised_on() -> None:
    bench = working("one")
    strokes = [
        Stroke(
            device_s=at_s,
            start_s=at_s - 1,
            end_s=at_s,
            direction=StrokeDirection.DOWN,
            travel_m=0.12,
            mean_n=0.4,
            peak_n=0.4,
        )
        for at_s in (1.0, 2.0, 3.0)
    ]
    advised = summary_of(through(bench, *strokes)).advice
    assert [(advice.kind, advice.count) for advice in advised] == [
        (AdviceKind.WRONG_DIRECTION, 3),
        (AdviceKind.RUSHED, 3),
    ]
    assert [advice_words(advice) for advice in advised] == [
        (
            "Cheek, left: strokes in the wrong direction, 3; go outward, and lift the tool on its "
            "way back."
        ),
        "Cheek, left: too fast, times: 3; up to 10 cm/s is slow enough.",
    ]
