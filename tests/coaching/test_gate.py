"""What stands before a step: oil on the skin before it glides, and a rest after the one before."""

from dataclasses import replace

import pytest

from companion.coaching.events import (
    Command,
    Event,
    Prompt,
    PromptKind,
    SlipConfirmed,
    StepFinished,
    StepStarted,
)
from companion.coaching.session import Session
from companion.coaching.view import Phase
from companion.sensing.types import Level
from tests.coaching.scripted import (
    CARE,
    Bench,
    names,
    repeated,
    routine,
    step,
    summary_of,
    too_firm,
)

TAPS = step("taps")
GLIDE = replace(step("glide"), slip_needed=True)
AGAIN = replace(step("again"), slip_needed=True)


def phase(bench: Bench) -> Phase:
    return bench.session.view().phase


def done(bench: Bench) -> list[Event]:
    """Do both repetitions of the present step."""
    return bench.pass_s(0.1, repeated(bench.now_s), repeated(bench.now_s, 2))


def prompts(events: list[Event]) -> list[Prompt]:
    return [event for event in events if isinstance(event, Prompt)]


def test_a_step_that_glides_does_not_begin_before_somebody_says_that_there_is_oil() -> None:
    bench = Bench(GLIDE)
    (asked,) = prompts(bench.start())
    assert (asked.kind, asked.step) == (PromptKind.SLIP, "glide")
    assert phase(bench) is Phase.ASKING
    bench.press(Level.ON_TARGET, 4.0)
    assert bench.pass_s(60.0, repeated(1.0)) == []
    view = bench.session.view()
    assert (view.repetitions, view.step_elapsed_s, view.session_elapsed_s) == (0, 0.0, 0.0)
    assert bench.engine.tasks == [None]
    events = bench.command(Command.CONFIRM)
    assert names(events) == ["slip_confirmed", "step_started"]
    assert phase(bench) is Phase.RUNNING
    assert bench.session.view().slip_confirmed


def test_the_prompt_carries_the_routines_note() -> None:
    bench = Bench(GLIDE)
    noted = replace(routine(GLIDE), slip_note="A few drops.")
    bench.session = Session(noted, bench.engine, CARE)
    assert prompts(bench.start())[0].note == "A few drops."


def test_it_is_asked_before_the_first_step_that_glides_and_once() -> None:
    bench = Bench(TAPS, GLIDE, AGAIN)
    assert names(bench.start()) == ["step_started"]
    assert [p.kind for p in prompts(done(bench))] == [PromptKind.SLIP]
    bench.command(Command.CONFIRM)
    assert prompts(done(bench)) == []
    assert bench.session.view().index == 2
    assert phase(bench) is Phase.RUNNING


def test_who_said_so_before_is_not_asked() -> None:
    bench = Bench(GLIDE)
    bench.session = Session(routine(GLIDE), bench.engine, CARE, oiled=True)
    assert names(bench.start()) == ["step_started"]


def test_a_confirmation_that_nobody_asked_for_counts_for_nothing() -> None:
    bench = Bench(TAPS, GLIDE)
    bench.start()
    assert bench.command(Command.CONFIRM) == []
    assert [p.kind for p in prompts(done(bench))] == [PromptKind.SLIP]


def test_without_oil_only_the_steps_that_glide_are_left_out() -> None:
    bench = Bench(GLIDE, AGAIN, TAPS)
    bench.start()
    events = bench.command(Command.SKIP)
    assert names(events) == ["step_finished", "prompt"]
    assert isinstance(events[0], StepFinished)
    assert (events[0].step, events[0].outcome) == ("glide", "skipped")
    events = bench.command(Command.SKIP)
    assert names(events) == ["step_finished", "step_started"]
    summary = summary_of(done(bench))
    assert [result.outcome for result in summary.steps] == ["skipped", "skipped", "done"]


def test_without_oil_a_routine_that_only_glides_is_over() -> None:
    bench = Bench(GLIDE)
    bench.start()
    events = bench.command(Command.SKIP)
    assert names(events) == ["step_finished", "session_finished"]
    assert summary_of(events).outcome == "finished"


def test_back_and_repeat_go_to_the_step_before_and_pause_holds_the_question() -> None:
    for command in (Command.BACK, Command.REPEAT):
        bench = Bench(TAPS, GLIDE)
        bench.start()
        assert bench.command(Command.PAUSE)
        assert phase(bench) is Phase.PAUSED
        bench.command(Command.PAUSE)
        done(bench)
        assert names(bench.command(Command.PAUSE)) == ["session_paused"]
        assert names(bench.command(Command.PAUSE)) == ["session_resumed"]
        assert phase(bench) is Phase.ASKING
        (begun,) = bench.command(command)
        assert isinstance(begun, StepStarted)
        assert begun.step == "taps"
        assert [p.kind for p in prompts(done(bench))] == [PromptKind.SLIP]


def test_at_the_first_step_there_is_nothing_to_go_back_to() -> None:
    bench = Bench(GLIDE)
    bench.start()
    assert bench.command(Command.BACK) == []
    assert bench.command(Command.REPEAT) == []
    assert phase(bench) is Phase.ASKING


def test_silence_while_it_is_asked_is_nobodys() -> None:
    bench = Bench(GLIDE, TAPS)
    bench.start()
    bench.pass_s(0.5)
    bench.session.silence(bench.now_s)
    bench.now_s += 20.0
    bench.command(Command.CONFIRM)
    bench.engine.level = Level.NO_CONTACT
    bench.pass_s(1.0)
    events = bench.command(Command.STOP)
    summary = summary_of(events)
    assert summary.gaps_s == pytest.approx(0.0, abs=0.2)
    assert summary.steps[0].unknown_s == pytest.approx(0.0, abs=0.2)


def test_an_unwell_person_and_one_who_stops_end_it_from_the_question() -> None:
    for command in (Command.UNWELL, Command.STOP):
        bench = Bench(GLIDE)
        bench.start()
        events = bench.command(command)
        assert names(events) == ["session_finished"]
        assert [result.outcome for result in summary_of(events).steps] == ["not_reached"]


def rested(rest_s: float = 2.0) -> tuple[Bench, list[Event]]:
    bench = Bench(replace(TAPS, rest_s=rest_s), step("next"))
    bench.start()
    return bench, done(bench)


def test_after_a_step_with_a_rest_the_next_one_waits_for_it() -> None:
    bench, events = rested()
    assert names(events)[-2:] == ["step_finished", "prompt"]
    (told,) = prompts(events)
    assert (told.kind, told.seconds, told.step) == (PromptKind.REST, 2.0, "next")
    assert phase(bench) is Phase.RESTING
    assert bench.pass_s(1.9, repeated(bench.now_s)) == []
    assert bench.session.view().rest_left_s == pytest.approx(0.1)
    (begun,) = bench.pass_s(0.1)
    assert isinstance(begun, StepStarted)
    assert begun.step == "next"
    assert bench.session.view().repetitions == 0


def test_a_rest_is_time_of_the_session_and_of_no_step() -> None:
    bench, _ = rested()
    bench.pass_s(2.0)
    summary = summary_of(done(bench))
    assert summary.duration_s == pytest.approx(2.2)
    assert sum(result.duration_s for result in summary.steps) == pytest.approx(0.2)


def test_a_pause_holds_the_rest_and_skipping_ends_it() -> None:
    bench, _ = rested()
    bench.command(Command.PAUSE)
    assert bench.pass_s(30.0) == []
    bench.command(Command.PAUSE)
    assert phase(bench) is Phase.RESTING
    (begun,) = bench.command(Command.SKIP)
    assert isinstance(begun, StepStarted)
    assert begun.step == "next"


@pytest.mark.parametrize("command", [Command.REPEAT, Command.BACK])
def test_repeat_and_back_in_a_rest_begin_the_step_that_was_just_done(command: Command) -> None:
    bench, _ = rested()
    (begun,) = bench.command(command)
    assert isinstance(begun, StepStarted)
    assert begun.step == "taps"


def test_a_step_that_is_skipped_earns_no_rest_and_the_last_one_neither() -> None:
    bench = Bench(replace(TAPS, rest_s=5.0), replace(step("next"), rest_s=5.0))
    bench.start()
    assert names(bench.command(Command.SKIP)) == ["step_finished", "step_started"]
    assert names(done(bench))[-1] == "session_finished"


def test_after_the_rest_oil_is_asked_for_where_it_is_needed() -> None:
    bench = Bench(replace(TAPS, rest_s=1.0), GLIDE)
    bench.start()
    done(bench)
    assert [p.kind for p in prompts(bench.pass_s(1.0))] == [PromptKind.SLIP]
    assert phase(bench) is Phase.ASKING


def test_the_tools_own_limit_stays_armed_while_a_step_waits() -> None:
    bench, _ = rested()
    assert bench.session.limits_n() == pytest.approx((0.8, 1.33))


def test_a_warning_that_comes_late_in_a_rest_costs_no_step() -> None:
    bench, _ = rested()
    bench.pass_s(0.5, too_firm(bench.now_s))
    bench.pass_s(2.0)
    summary = summary_of(bench.command(Command.STOP))
    assert all(not r.score or r.score.points == r.score.possible for r in summary.steps[:1])


def test_confirmed_is_an_event_of_its_own() -> None:
    bench = Bench(GLIDE)
    bench.start()
    assert isinstance(bench.command(Command.CONFIRM)[0], SlipConfirmed)
