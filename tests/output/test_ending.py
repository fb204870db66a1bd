"""What stays on the terminal: outcome, steps, warnings and advice in plain words."""

from dataclasses import replace

from companion.coaching.events import SessionOutcome, StepOutcome, Unscored, UnscoredReason
from companion.coaching.routine import StepKind
from companion.output import ending
from companion.sensing.types import Doubt, Level
from tests.tui.fake_live import scored, summary


def test_a_finished_session_is_told_over_several_lines() -> None:
    lines = ending(summary())
    assert lines[0] == "Session finished: 4:47 min, 8 of 9 steps done."
    assert "  forehead: done, 10 of 10, 0:28; about 1.1 kPa, at most 3.4" in lines
    assert "  cheek, left: time was up, 7 of 10, 0:28; about 1.1 kPa, at most 3.4" in lines
    assert "Warnings: 1" in lines
    assert "  caution, under-eye, right: about 3.4 kPa at most, limit 2.7, for 1.3 s" in lines
    assert lines[-1].startswith("Advice: Under-eye, right: you pressed up to about 3.4 kPa")


def test_a_session_stopped_early_says_what_was_not_reached() -> None:
    whole = summary()
    steps = tuple(
        replace(step, outcome=StepOutcome.NOT_REACHED) if index > 6 else step
        for index, step in enumerate(whole.steps)
    )
    lines = ending(
        replace(
            whole, outcome=SessionOutcome.STOPPED, steps=steps, alerts=(), advice=(), gaps_s=2.5
        )
    )
    assert lines[0] == "Session stopped: 4:47 min, 6 of 9 steps done, 2.5 s without samples."
    assert "  not reached: neck, front and side; cheek" in lines
    assert lines[-1] == "No warnings."


def test_what_was_not_judged_and_what_is_still_open_is_not_made_up() -> None:
    whole = summary()
    unjudged = replace(whole.steps[0], judged=False, doubt=Doubt.NOT_TARED, mean_kpa=None)
    untouched = replace(whole.steps[1], mean_kpa=None, peak_kpa=None)
    by_hand = replace(whole.steps[2], kind=StepKind.HAND, goal=None)
    light = replace(whole.alerts[0], kind="too_light", level=Level.LIGHT, cleared_s=None)
    lines = ending(replace(whole, steps=(unjudged, untouched, by_hand), alerts=(light,)))
    assert "not judged: the tool has not been tared" in lines[1]
    assert lines[2] == "  cheek, left: time was up, 7 of 10, 0:28"
    assert lines[3] == "  cheek, right: done, 0:28, by hand"
    assert "the target begins at 2.7, not seen to end" in lines[5]


def test_what_nobody_was_warned_of_is_told_apart() -> None:
    whole = summary()
    lines = ending(replace(whole, alerts=(), missed=whole.alerts))
    at = lines.index("No warnings.")
    told = "caution, under-eye, right: about 3.4 kPa at most, limit 2.7"
    assert lines[at + 1] == f"  not warned, the link was down: {told}"


def test_the_score_names_every_reason_with_its_seconds_the_most_expensive_first() -> None:
    lines = ending(scored())
    at = lines.index("Score 75 of 100: 75 of 100 points.")
    assert lines[at + 1 : at + 5] == [
        (
            "  -18 under-eye, right: too much pressure, up to about 5.4 kPa, limit 4.0; "
            "at 0:09, 0:09"
        ),
        "  -4 under-eye, right: too light for 2.0 s, the target begins at 4.0; at 0:20",
        "  -2 under-eye, right: 7 of 10 done; at 0:00",
        "  -1 under-eye, right: too fast, 12 cm/s, times: 1; at 0:31",
    ]


def test_without_a_score_it_says_why() -> None:
    unscored = Unscored(reason=UnscoredReason.TOO_LITTLE_KNOWN, known_share=0.314, needed_share=0.5)
    lines = ending(replace(summary(), unscored=unscored))
    why = "No score: the pressure was known for 31 % of the time, 50 % are needed."
    assert why in lines
    assert not [line for line in ending(summary()) if "core" in line]
