"""The shipped routines are what the articles ask for: counts, sides, directions, words, limits."""

import pytest

from companion.coaching.routine import Direction, Routine, Side, Step, StepKind, Zone
from companion.paths import default_file
from companion.sensing.types import RepetitionKind, Technique
from companion.settings.care import load_care
from companion.settings.routines import list_routines, load_routine

ROUTINES = {entry.name: load_routine(entry.name) for entry in list_routines()}
STEPS = [(routine, step) for routine in ROUTINES.values() for step in routine.steps]
IDS = [f"{routine.name}-{step.id}" for routine, step in STEPS]
PAIRED = (Zone.CHEEK, Zone.JAWLINE, Zone.UNDER_EYE, Zone.TEMPLES)

# Zone, technique, direction, repetitions and how many steps (2: each side has its own), in order.
FIVE_MINUTES = [
    ("forehead", "sweep", "up", 10, 1),
    ("cheek", "sweep", "outward", 10, 2),
    ("jawline", "pinch", "outward", 5, 2),
    ("under_eye", "tap", "outward", 10, 2),
]
EXPECTED: dict[str, list[tuple[str, str, str, int, int]]] = {
    "five-minutes": [*FIVE_MINUTES, ("neck_front", "sweep", "up", 10, 1)],
    "five-minutes-drain": [*FIVE_MINUTES, ("neck_front", "sweep", "down_drain", 10, 1)],
    "five-minutes-stone": [
        *FIVE_MINUTES[:2],
        ("jawline", "sweep", "outward", 5, 2),
        FIVE_MINUTES[3],
        ("neck_front", "sweep", "down_drain", 10, 1),
    ],
    "quick": [
        ("forehead", "sweep", "up", 5, 1),
        ("cheek", "sweep", "outward", 5, 2),
        ("jawline", "sweep", "outward", 5, 2),
        ("neck_front", "sweep", "down_drain", 4, 1),
    ],
    "beginner": [
        ("forehead", "circle", "any", 5, 1),
        ("cheek", "circle", "any", 5, 2),
        ("jawline", "tap", "outward", 8, 2),
        ("forehead", "tap", "any", 8, 1),
    ],
    "techniques": [
        ("cheek", "circle", "any", 5, 2),
        ("jawline", "circle", "any", 4, 2),
        ("jawline", "tap", "outward", 8, 2),
        ("cheek", "knead", "any", 6, 2),
        ("jawline", "stretch", "outward", 4, 2),
        ("forehead", "circle", "any", 5, 1),
    ],
    "drainage": [
        ("neck_front", "sweep", "down_drain", 3, 2),
        ("jawline", "sweep", "outward", 6, 2),
        ("cheek", "sweep", "outward", 6, 2),
        ("temples", "sweep", "outward", 4, 2),
        ("forehead", "sweep", "up", 6, 1),
        ("neck_front", "sweep", "down_drain", 4, 2),
    ],
    "slow": [
        ("forehead", "sweep", "up", 5, 1),
        ("temples", "press_hold", "any", 2, 2),
        ("cheek", "sweep", "outward", 5, 2),
        ("jawline", "sweep", "outward", 4, 2),
    ],
    "less": [
        ("cheek", "sweep", "outward", 4, 2),
        ("jawline", "tap", "outward", 6, 2),
        ("neck_front", "sweep", "down_drain", 4, 1),
    ],
}


def shape(step: Step) -> tuple[str, str, str, int | None]:
    return step.zone, step.technique, step.direction, step.repetitions


@pytest.mark.parametrize("name", ROUTINES)
def test_a_routine_has_its_steps_in_order(name: str) -> None:
    expected = [
        (zone, technique, direction, repetitions)
        for zone, technique, direction, repetitions, sides in EXPECTED[name]
        for _ in range(sides)
    ]
    assert [shape(step) for step in ROUTINES[name].steps] == expected


@pytest.mark.parametrize("routine", ROUTINES.values(), ids=ROUTINES)
def test_both_sides_are_worked_alike_one_after_the_other(routine: Routine) -> None:
    for zone in PAIRED:
        steps = [step for step in routine.steps if step.zone is zone]
        for first, second in zip(steps[::2], steps[1::2], strict=True):
            assert {first.side, second.side} == {Side.LEFT, Side.RIGHT}
            assert shape(first) == shape(second)
            assert first.hint == second.hint
            assert first.time_limit_s == second.time_limit_s
            assert (first.band, first.cadence) == (second.band, second.cadence)


@pytest.mark.parametrize(("routine", "step"), STEPS, ids=IDS)
def test_a_step_can_be_shown_and_spoken_and_knows_about_oil(routine: Routine, step: Step) -> None:
    assert step.hint.endswith(".")
    assert step.say.endswith(".")
    assert step.say != step.hint
    if step.side is not Side.BOTH:
        assert step.side in step.say.lower()
    assert step.slip_needed is (
        step.technique in {Technique.SWEEP, Technique.CIRCLE, Technique.STRETCH}
    )
    assert not step.slip_needed or "oil" in routine.slip_note.lower()
    assert not step.accepted


@pytest.mark.parametrize(("routine", "step"), STEPS, ids=IDS)
def test_a_step_counts_what_its_technique_repeats_and_its_limits_are_the_tables_or_lower(
    routine: Routine, step: Step
) -> None:
    gliding = step.technique is Technique.SWEEP
    assert step.repetition is (RepetitionKind.STROKE if gliding else RepetitionKind.CONTACT)
    limits = load_care().limits(step.zone, step.technique)
    if step.kind is StepKind.HAND:
        assert step.band is None
        return
    assert limits is not None
    assert step.band is not None
    half = routine.name == "less"
    assert step.band.stop_kpa <= limits.band.stop_kpa * (0.5 if half else 1.0)
    assert step.band.caution_kpa <= limits.band.caution_kpa * (0.5 if half else 1.0)
    assert half or step.band == limits.band


def test_down_is_declared_on_the_neck_alone_and_one_routine_goes_up_there() -> None:
    down = {step.zone for _, step in STEPS if step.direction is Direction.DOWN_DRAIN}
    up = {routine.name for routine, step in STEPS if step.zone is Zone.NECK_FRONT}
    up &= {routine.name for routine, step in STEPS if shape(step)[::2] == ("neck_front", "up")}
    assert down == {Zone.NECK_FRONT}
    assert up == {"five-minutes"}


def test_under_the_eyes_only_a_roller_or_a_finger_taps() -> None:
    under = [(routine, step) for routine, step in STEPS if step.zone is Zone.UNDER_EYE]
    assert {step.technique for _, step in under} == {Technique.TAP}
    by_hand = {routine.name for routine, step in under if step.kind is StepKind.HAND}
    assert by_hand == {"five-minutes-stone"}


def test_less_leaves_out_the_zones_that_line_and_all_that_moves_the_skin_much() -> None:
    less = ROUTINES["less"]
    assert {step.zone for step in less.steps} == {Zone.CHEEK, Zone.JAWLINE, Zone.NECK_FRONT}
    assert {step.technique for step in less.steps} == {Technique.SWEEP, Technique.TAP}
    assert less.about_s <= 120


def test_the_slow_one_asks_for_a_slow_pace_and_is_for_the_evening() -> None:
    slow = ROUTINES["slow"]
    paces = {step.cadence for step in slow.steps if step.technique is Technique.SWEEP}
    assert [(pace.low, pace.high, pace.unit) for pace in paces if pace] == [(1, 6, "cm_per_s")]
    assert slow.slot == "evening"
    assert ROUTINES["drainage"].slot == "morning"


@pytest.mark.parametrize(
    ("name", "least_s", "most_s"),
    [("five-minutes", 270, 330), ("five-minutes-drain", 270, 330), ("quick", 120, 180)],
)
def test_the_lengths_are_the_articles(name: str, least_s: float, most_s: float) -> None:
    assert least_s <= ROUTINES[name].about_s <= most_s


@pytest.mark.parametrize("routine", ROUTINES.values(), ids=ROUTINES)
def test_the_time_limits_leave_room_and_the_session_stays_within_its_cap(routine: Routine) -> None:
    longest_s = sum(step.time_limit_s + step.rest_s for step in routine.steps)
    assert routine.about_s <= longest_s < 900


@pytest.mark.parametrize("name", ROUTINES)
def test_a_file_says_its_article_and_how_well_it_is_known(name: str) -> None:
    routine = ROUTINES[name]
    assert "article 00" in routine.source
    assert "grade" in routine.evidence
    remarks = default_file("routines", f"{name}.toml").read_text("utf-8").partition("format")[0]
    assert remarks.startswith("# ")
