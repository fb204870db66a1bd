"""Every command at every moment of a session: what it does there, and that it does nothing else."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from companion.coaching.events import Command, StepStarted
from companion.coaching.view import Phase
from tests.coaching.scripted import Bench, names, repeated, step

STEPS = (
    replace(step("first"), rest_s=5.0),
    replace(step("glide"), slip_needed=True),
    step("last"),
)


def waiting() -> Bench:
    return Bench(*STEPS)


def in_a_step() -> Bench:
    bench = waiting()
    bench.start()
    bench.pass_s(1.0)
    return bench


def in_a_rest() -> Bench:
    bench = in_a_step()
    bench.pass_s(0.1, repeated(bench.now_s), repeated(bench.now_s, 2))
    return bench


def asked_for_oil() -> Bench:
    bench = in_a_rest()
    bench.pass_s(5.0)
    return bench


def over() -> Bench:
    bench = in_a_step()
    bench.command(Command.STOP)
    return bench


def held(moment: Callable[[], Bench]) -> Callable[[], Bench]:
    def paused() -> Bench:
        bench = moment()
        bench.command(Command.PAUSE)
        return bench

    return paused


BEGUN = "step_finished step_started"
MOMENTS: dict[str, tuple[Callable[[], Bench], Phase]] = {
    "waiting": (waiting, Phase.WAITING),
    "step": (in_a_step, Phase.RUNNING),
    "rest": (in_a_rest, Phase.RESTING),
    "asked": (asked_for_oil, Phase.ASKING),
    "step held": (held(in_a_step), Phase.PAUSED),
    "rest held": (held(in_a_rest), Phase.PAUSED),
    "asked held": (held(asked_for_oil), Phase.PAUSED),
    "over": (over, Phase.FINISHED),
}
NOTHING: dict[str, str] = dict.fromkeys(MOMENTS, "")
ENDS = {name: "session_finished" for name in MOMENTS if name != "over"} | {
    "over": "",
    "step": "step_finished session_finished",
    "step held": "step_finished session_finished",
}
DOES = {
    Command.PAUSE: {
        **dict.fromkeys(("step", "rest", "asked"), "session_paused"),
        **dict.fromkeys(("step held", "rest held", "asked held"), "session_resumed"),
        "waiting": "",
        "over": "",
    },
    Command.SKIP: {
        "waiting": "",
        "over": "",
        "step": "step_finished prompt",
        "step held": "step_finished prompt",
        "rest": "prompt",
        "rest held": "prompt",
        "asked": BEGUN,
        "asked held": BEGUN,
    },
    Command.REPEAT: {
        "waiting": "",
        "over": "",
        "step": BEGUN,
        "step held": BEGUN,
        **dict.fromkeys(("rest", "rest held", "asked", "asked held"), "step_started"),
    },
    Command.BACK: {
        "waiting": "",
        "over": "",
        "step": BEGUN,
        "step held": BEGUN,
        **dict.fromkeys(("rest", "rest held", "asked", "asked held"), "step_started"),
    },
    Command.CONFIRM: NOTHING
    | dict.fromkeys(("asked", "asked held"), "slip_confirmed step_started"),
    Command.SCALE_UP: dict.fromkeys(MOMENTS, "routine_scaled") | {"waiting": "", "over": ""},
    Command.SCALE_DOWN: dict.fromkeys(MOMENTS, "routine_scaled") | {"waiting": "", "over": ""},
    Command.ACKNOWLEDGE: NOTHING,
    Command.TARE: NOTHING,
    Command.MUTE: NOTHING,
    Command.STOP: ENDS,
    Command.UNWELL: ENDS,
    Command.QUIT: ENDS,
}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("command", Command)
def test_a_command_does_what_fits_the_moment(command: Command, moment: str) -> None:
    make, phase = MOMENTS[moment]
    bench = make()
    assert bench.session.view().phase is phase
    events = bench.command(command)
    assert names(events) == DOES[command][moment].split()


@pytest.mark.parametrize("moment", [name for name in MOMENTS if name.endswith("held")])
@pytest.mark.parametrize("command", [Command.SKIP, Command.REPEAT, Command.BACK, Command.CONFIRM])
def test_what_is_chosen_in_a_pause_waits_for_its_end(command: Command, moment: str) -> None:
    bench = MOMENTS[moment][0]()
    bench.command(command)
    assert bench.session.view().phase is Phase.PAUSED
    before = bench.session.view()
    assert bench.pass_s(30.0, repeated(bench.now_s)) == []
    assert bench.session.view() == before
    bench.command(Command.PAUSE)
    assert bench.session.view().phase is not Phase.PAUSED


def test_back_from_the_last_step_leads_through_every_gate_again() -> None:
    bench = asked_for_oil()
    bench.command(Command.SKIP)
    assert bench.session.view().index == 2
    assert names(bench.command(Command.BACK)) == ["step_finished", "prompt"]
    assert bench.session.view().phase is Phase.ASKING
    (begun,) = bench.command(Command.BACK)
    assert isinstance(begun, StepStarted)
    assert begun.step == "first"
