"""The score of a step: what each fault costs, and that parts and losses add up to the whole."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from companion.coaching.events import (
    AlertRecord,
    LossKind,
    Part,
    Score,
    StepOutcome,
    Unscored,
    UnscoredReason,
)
from companion.coaching.hints.tempo import Pace
from companion.coaching.routine import Side, Zone
from companion.coaching.score import StepFacts, StrokeFacts, costs, step_score
from companion.coaching.tally import LevelRun
from companion.sensing.types import Level, StrokeDirection, Technique
from tests.coaching.scripted import step


def run(level: Level, seconds: float, at_s: float = 0.0, *, contact: int = 1) -> LevelRun:
    return LevelRun(level, contact, at_s, at_s + seconds, seconds, 4.0)


def stroke(
    at_s: float = 0.0, *, is_right: bool | None = True, speed: float | None = 5.0
) -> StrokeFacts:
    return StrokeFacts(
        from_s=at_s,
        to_s=at_s + 2.0,
        direction=StrokeDirection.UP if is_right else StrokeDirection.DOWN,
        is_right=is_right,
        speed_cm_s=speed,
        pace=None if speed is None else Pace.FAST if speed > 10 else Pace.GOOD,
    )


def warning(level: Level, onset_s: float, seconds: float, *, number: int = 1) -> AlertRecord:
    return AlertRecord(
        alert=number,
        kind="over_pressure",
        level=level,
        step="one",
        zone=Zone.CHEEK,
        side=Side.LEFT,
        onset_s=onset_s,
        raised_s=onset_s + 0.06,
        cleared_s=onset_s + seconds,
        peak_kpa=9.0,
        limit_kpa=8.0,
        reason="ended",
    )


FLAWLESS = StepFacts(
    step=step("one", goal=10),
    outcome=StepOutcome.DONE,
    repetitions=10,
    from_s=0.0,
    to_s=40.0,
    elapsed_s=40.0,
    known_s=40.0,
    unknown_s=0.0,
    runs=(run(Level.ON_TARGET, 20.0),),
    strokes=tuple(stroke(4.0 * index) for index in range(10)),
)


def scored(facts: StepFacts) -> Score:
    score = step_score(facts)
    assert isinstance(score, Score)
    return score


def lost(facts: StepFacts) -> list[tuple[LossKind, float, int]]:
    return [(loss.kind, loss.from_s, loss.points) for loss in scored(facts).losses]


def test_a_flawless_step_has_all_hundred_points() -> None:
    score = scored(FLAWLESS)
    assert (score.points, score.possible, score.percent, score.losses) == (100, 100, 100, ())
    assert {part.part for part in score.parts} == set(Part)


def test_time_off_the_target_costs_its_share_and_the_edges_nothing() -> None:
    edges = (run(Level.LIGHT, 0.5), run(Level.ON_TARGET, 7.5, 0.5), run(Level.LIGHT, 0.4, 8.0))
    assert lost(replace(FLAWLESS, runs=edges)) == []
    firm = (run(Level.ON_TARGET, 6.0), run(Level.FIRM, 2.5, 6.0))
    assert lost(replace(FLAWLESS, runs=firm)) == [(LossKind.FIRM, 6.0, 8)]
    (loss,) = scored(replace(FLAWLESS, runs=firm)).losses
    assert (loss.seconds, loss.pressure_kpa, loss.limit_kpa) == (2.0, 4.0, 6.0)


def test_all_light_costs_the_whole_part_however_many_strokes() -> None:
    runs = tuple(run(Level.LIGHT, 2.0, 3.0 * index, contact=index) for index in range(10))
    score = scored(replace(FLAWLESS, runs=runs))
    assert score.points == 65
    assert sum(loss.points for loss in score.losses) == 35
    assert [loss.from_s for loss in score.losses[:2]] == [0.0, 3.0]


def test_taps_have_no_edges() -> None:
    tap = replace(step("one", goal=10), technique=Technique.TAP)
    taps = tuple(
        run(Level.FIRM if index == 4 else Level.ON_TARGET, 0.15, index, contact=index)
        for index in range(10)
    )
    assert lost(replace(FLAWLESS, step=tap, runs=taps, strokes=())) == [(LossKind.FIRM, 4.0, 3)]


@pytest.mark.parametrize(
    ("level", "seconds", "points"),
    [
        (Level.CAUTION, 0.2, 6),
        (Level.CAUTION, 1.9, 6),
        (Level.CAUTION, 2.0, 8),
        (Level.STOP, 0.5, 12),
        (Level.STOP, 3.5, 20),
    ],
)
def test_a_warning_costs_by_level_and_time(level: Level, seconds: float, points: int) -> None:
    facts = replace(FLAWLESS, warnings=(warning(level, 5.0, seconds),))
    assert lost(facts) == [(LossKind.OVER_PRESSURE, 5.0, points)]
    (loss,) = scored(facts).losses
    assert (loss.alert, loss.to_s, loss.level) == (1, 5.0 + seconds, level)


def test_a_contact_that_was_warned_about_is_charged_by_its_warning_alone() -> None:
    runs = (run(Level.FIRM, 3.0), run(Level.ON_TARGET, 6.0, 4.0, contact=2))
    facts = replace(FLAWLESS, runs=runs, warnings=(warning(Level.CAUTION, 1.0, 1.0),))
    assert lost(facts) == [(LossKind.OVER_PRESSURE, 1.0, 6)]


def test_warnings_cost_no_more_than_their_part_and_each_is_named() -> None:
    many = tuple(warning(Level.STOP, 5.0 * n, 1.0, number=n) for n in range(1, 8))
    score = scored(replace(FLAWLESS, warnings=many))
    assert score.points == 70
    assert sorted(loss.alert or 0 for loss in score.losses) == list(range(1, 8))


def test_wrong_strokes_cost_their_share_of_those_that_could_be_judged() -> None:
    strokes = (
        stroke(0.0, is_right=False),
        stroke(4.0),
        stroke(8.0, is_right=None),
        stroke(12.0, is_right=False, speed=12.0),
        stroke(16.0, speed=None),
    )
    assert lost(replace(FLAWLESS, strokes=strokes)) == [
        (LossKind.WRONG_DIRECTION, 0.0, 3),
        (LossKind.WRONG_DIRECTION, 12.0, 2),
        (LossKind.RUSHED, 12.0, 1),
    ]


def test_what_cannot_be_known_is_not_in_the_score() -> None:
    blind = tuple(stroke(is_right=None, speed=None) for _ in range(10))
    score = scored(replace(FLAWLESS, strokes=blind))
    assert (score.points, score.possible, score.percent) == (85, 85, 100)
    assert not {Part.DIRECTION, Part.TEMPO} & {part.part for part in score.parts}


@pytest.mark.parametrize(
    ("outcome", "done", "expected"),
    [
        (StepOutcome.SHORT, 9, []),
        (StepOutcome.SKIPPED, 9, []),
        (StepOutcome.SHORT, 8, [(LossKind.REPETITIONS_MISSING, 1)]),
        (StepOutcome.SHORT, 5, [(LossKind.REPETITIONS_MISSING, 4)]),
        (
            StepOutcome.SKIPPED,
            5,
            [(LossKind.LEFT_EARLY, 10), (LossKind.REPETITIONS_MISSING, 4)],
        ),
    ],
)
def test_a_miscount_of_one_costs_nothing(
    outcome: StepOutcome, done: int, expected: list[tuple[LossKind, int]]
) -> None:
    facts = replace(FLAWLESS, outcome=outcome, repetitions=done)
    assert [(kind, points) for kind, _, points in lost(facts)] == expected


def test_a_timed_step_that_is_left_costs_the_time_that_is_missing() -> None:
    timed = replace(FLAWLESS, step=step("one", goal=None, limit_s=40.0), repetitions=0)
    assert scored(timed).possible == 90
    left = replace(timed, outcome=StepOutcome.STOPPED, elapsed_s=25.0)
    assert lost(left) == [(LossKind.LEFT_EARLY, 0.0, 3)]


def test_a_step_nothing_was_felt_in_is_not_half_done() -> None:
    nothing = replace(FLAWLESS, outcome=StepOutcome.SHORT, repetitions=0, runs=(), strokes=())
    score = scored(nothing)
    assert (score.points, score.possible) == (1, 20)


def test_who_is_not_well_loses_nothing_by_stopping() -> None:
    facts = replace(FLAWLESS, outcome=StepOutcome.STOPPED, repetitions=2, is_excused=True)
    assert lost(facts) == []
    unreached = step_score(replace(facts, outcome=StepOutcome.NOT_REACHED))
    assert unreached == Unscored(reason=UnscoredReason.NOT_REACHED)


def test_too_little_known_has_no_score_and_says_how_little() -> None:
    assert isinstance(step_score(replace(FLAWLESS, known_s=20.0, unknown_s=20.0)), Score)
    assert step_score(replace(FLAWLESS, known_s=10.0, unknown_s=30.0)) == Unscored(
        reason=UnscoredReason.TOO_LITTLE_KNOWN, known_share=0.25, needed_share=0.5
    )


def test_a_hand_step_has_none() -> None:
    by_hand = replace(FLAWLESS, step=step("one", hand=True))
    assert step_score(by_hand) == Unscored(reason=UnscoredReason.BY_HAND)


def anything(rng: random.Random) -> StepFacts:
    levels = (Level.LIGHT, Level.ON_TARGET, Level.FIRM, Level.CAUTION, Level.STOP, Level.UNKNOWN)
    return replace(
        FLAWLESS,
        outcome=rng.choice(list(StepOutcome)),
        repetitions=rng.randrange(12),
        runs=[
            run(rng.choice(levels), rng.expovariate(0.5), float(n), contact=rng.randrange(9))
            for n in range(rng.randrange(30))
        ],
        strokes=[
            stroke(n, is_right=rng.choice([True, False, None]), speed=rng.choice([None, 3.0, 14.0]))
            for n in range(rng.randrange(15))
        ],
        warnings=[
            warning(rng.choice([Level.CAUTION, Level.STOP]), n, rng.expovariate(1), number=n)
            for n in range(rng.randrange(9))
        ],
    )


def scores() -> Iterator[Score]:
    rng = random.Random(11)  # noqa: S311 -- a seeded test
    for _ in range(500):
        score = step_score(anything(rng))
        if isinstance(score, Score):
            yield score


def test_parts_and_losses_always_add_up() -> None:
    seen = list(scores())
    assert len(seen) > 400
    for score in seen:
        assert score.possible == sum(part.possible for part in score.parts)
        assert score.points == sum(part.points for part in score.parts)
        assert score.possible - score.points == sum(loss.points for loss in score.losses)
        assert all(0 <= part.points <= part.possible for part in score.parts)
        assert all(loss.points >= 1 for loss in score.losses)
        for part in score.parts:
            of_part = sum(loss.points for loss in score.losses if loss.part is part.part)
            assert part.possible - part.points == of_part


def test_losses_of_one_kind_are_told_together_and_add_up_too() -> None:
    for score in scores():
        told = costs(score)
        assert sum(cost.points for cost in told) == score.possible - score.points
        assert [cost.points for cost in told] == sorted((c.points for c in told), reverse=True)
        assert all(cost.gravest.points == max(x.points for x in cost.losses) for cost in told)
