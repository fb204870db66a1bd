"""Cadence: strokes by their speed, repetitions by their rate, both ways and with a tolerance."""

from dataclasses import replace

import pytest

from companion.coaching.events import (
    AdviceKind,
    Command,
    Event,
    Hint,
    HintKind,
    LossKind,
    Part,
    StepResult,
)
from companion.coaching.hints.tempo import Pace, RateWatch, speed_pace
from companion.coaching.routine import Cadence, CadenceUnit, Step
from companion.sensing.types import Level, Stroke, StrokeDirection
from tests.coaching.scripted import Bench, repeated, step, summary_of
from tests.coaching.test_hints import stroke

TEN = step("ten", goal=20, limit_s=400.0)
RATE = replace(TEN, cadence=Cadence(20.0, 30.0, CadenceUnit.PER_MINUTE))
SPEED = replace(TEN, cadence=Cadence(2.0, 6.0, CadenceUnit.CM_PER_S))


def rates(one: Step, *intervals_s: float) -> list[Pace | None]:
    watch, now_s, found = RateWatch(), 0.0, []
    watch.begin()
    for interval_s in (0.0, *intervals_s):
        now_s += interval_s
        facts = watch.repeated(one, now_s)
        found.append(None if facts is None else facts.pace)
    return found


def test_a_rate_is_known_from_the_fourth_repetition_on() -> None:
    assert rates(RATE, 2.5, 2.5, 2.5, 2.5) == [None, None, None, Pace.GOOD, Pace.GOOD]


@pytest.mark.parametrize(
    ("interval_s", "pace"),
    [
        (60 / 30, Pace.GOOD),
        (60 / 32.3, Pace.GOOD),
        (60 / 32.5, Pace.FAST),
        (60 / 20, Pace.GOOD),
        (60 / 18.5, Pace.GOOD),
        (60 / 18.3, Pace.SLOW),
    ],
)
def test_what_may_be_misread_is_not_called_wrong(interval_s: float, pace: Pace) -> None:
    assert rates(RATE, *[interval_s] * 3)[-1] is pace


def test_one_breath_between_two_is_no_rate() -> None:
    assert rates(RATE, 2.5, 2.5, 2.5, 9.0, 2.5)[-2:] == [Pace.GOOD, Pace.GOOD]


def test_a_step_that_asks_for_no_rate_has_none() -> None:
    assert rates(TEN, *[0.5] * 6) == [None] * 7
    assert rates(SPEED, *[0.5] * 6) == [None] * 7


@pytest.mark.parametrize(
    ("one", "speed", "pace"),
    [
        (SPEED, 6.0, Pace.GOOD),
        (SPEED, 6.4, Pace.GOOD),
        (SPEED, 6.6, Pace.FAST),
        (SPEED, 1.9, Pace.GOOD),
        (SPEED, 1.8, Pace.SLOW),
        (TEN, 0.1, Pace.GOOD),
        (TEN, 10.1, Pace.FAST),
        (SPEED, None, None),
    ],
)
def test_a_speed_is_judged_by_the_steps_own_pace(
    one: Step, speed: float | None, pace: Pace | None
) -> None:
    assert speed_pace(one, speed) is pace


def paced(one: Step, interval_s: float, times: int) -> tuple[Bench, list[Event]]:
    bench = Bench(one)
    bench.start()
    bench.press(Level.ON_TARGET, 4.0)
    events: list[Event] = []
    for _ in range(times):
        events += bench.pass_s(interval_s, repeated(bench.now_s))
    return bench, events


def hints(events: list[Event]) -> list[Hint]:
    return [event for event in events if isinstance(event, Hint)]


@pytest.mark.parametrize(
    ("interval_s", "kind", "rate", "limit"),
    [(1.0, HintKind.RUSHING, 60.0, 30.0), (5.0, HintKind.TOO_SLOW, 12.0, 20.0)],
)
def test_a_rate_beside_the_steps_own_is_said_with_its_limit(
    interval_s: float, kind: HintKind, rate: float, limit: float
) -> None:
    _, events = paced(RATE, interval_s, 8)
    hint = hints(events)[0]
    assert (hint.kind, hint.limit) == (kind, limit)
    assert hint.per_minute == pytest.approx(rate)
    assert hint.speed_cm_s is None


def test_a_rate_within_is_not_mentioned_and_costs_nothing() -> None:
    bench, events = paced(RATE, 2.5, 10)
    assert hints(events) == []
    result = summary_of(bench.command(Command.STOP)).steps[0]
    assert tempo(result) == (5, 5)


def tempo(result: StepResult) -> tuple[int, int] | None:
    assert result.score is not None
    parts = {part.part: part for part in result.score.parts}
    found = parts.get(Part.TEMPO)
    return None if found is None else (found.points, found.possible)


@pytest.mark.parametrize(
    ("interval_s", "loss", "advised", "limit"),
    [
        (1.0, LossKind.RUSHED, AdviceKind.RUSHED, 30.0),
        (5.0, LossKind.TOO_SLOW, AdviceKind.TOO_SLOW, 20.0),
    ],
)
def test_a_rate_beside_it_costs_the_tempo_and_is_advised_on(
    interval_s: float, loss: LossKind, advised: AdviceKind, limit: float
) -> None:
    bench, _ = paced(RATE, interval_s, 12)
    summary = summary_of(bench.command(Command.STOP))
    assert tempo(summary.steps[0]) == (0, 5)
    score = summary.steps[0].score
    assert score is not None
    losses = [one for one in score.losses if one.part is Part.TEMPO]
    assert {one.kind for one in losses} == {loss}
    assert losses[0].per_minute == pytest.approx(60 / interval_s)
    advice = next(one for one in summary.advice if one.kind is advised)
    assert (advice.limit_per_minute, advice.limit_cm_s) == (limit, None)


def test_too_few_repetitions_to_know_a_rate_are_not_judged() -> None:
    bench, _ = paced(RATE, 1.0, 3)
    assert tempo(summary_of(bench.command(Command.STOP)).steps[0]) is None


def test_a_pause_or_silence_is_no_slow_repetition() -> None:
    bench, events = paced(RATE, 2.5, 4)
    bench.command(Command.PAUSE)
    bench.pass_s(60.0)
    bench.command(Command.PAUSE)
    events += bench.pass_s(2.5, repeated(bench.now_s))
    bench.session.silence(bench.now_s)
    bench.now_s += 60.0
    for _ in range(4):
        events += bench.pass_s(2.5, repeated(bench.now_s))
    assert hints(events) == []


def test_strokes_slower_than_the_steps_own_speed_are_said() -> None:
    bench = Bench(SPEED)
    bench.start()
    bench.press(Level.ON_TARGET, 4.0)
    events: list[Event] = []
    for _ in range(5):
        events += bench.pass_s(2.0, slow(bench.now_s))
    (hint,) = hints(events)
    assert (hint.kind, hint.limit) == (HintKind.TOO_SLOW, 2.0)
    assert hint.speed_cm_s == pytest.approx(1.0)


def slow(end_s: float) -> Stroke:
    return stroke(end_s, StrokeDirection.HORIZONTAL, travel_m=0.01)


def test_a_step_without_a_pace_of_its_own_is_never_too_slow() -> None:
    bench = Bench(TEN)
    bench.start()
    events: list[Event] = []
    for _ in range(5):
        events += bench.pass_s(2.0, slow(bench.now_s))
    assert hints(events) == []
