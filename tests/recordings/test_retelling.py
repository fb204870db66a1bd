"""What a screen would have shown, by the events alone."""

from dataclasses import replace

from companion.coaching.events import (
    AlertAcknowledged,
    BatteryRead,
    Event,
    Hint,
    HintKind,
    LinkLost,
    LinkUp,
    Prompt,
    PromptKind,
    RoutineScaled,
    SessionStarted,
    SlipConfirmed,
    StepFinished,
    StepStarted,
)
from companion.coaching.routine import Side, Zone
from companion.coaching.view import Phase, StepState, View
from companion.recordings.retelling import Moment, Retelling
from companion.sensing.types import Level
from tests.recordings.script import Script
from tests.tui.fake_live import STEPS, raised

NOW = Moment(session_s=30.0, phase_s=2.0, level=Level.LIGHT, pressure_kpa=1.0)
STARTED = next(event for event in Script().events() if isinstance(event, SessionStarted))
STEP = next(event for event in Script().events() if isinstance(event, StepStarted))


def told(*events: Event) -> Retelling:
    retelling = Retelling("Five minutes", 300.0, STEPS[:3])
    for event in events:
        retelling.take(event)
    return retelling


def shown(*events: Event) -> View:
    return told(*events).view(NOW)


def prompt(kind: PromptKind, step: str, seconds: float | None = None) -> Prompt:
    return Prompt(
        device_s=9.0, kind=kind, step=step, zone=Zone.CHEEK, side=Side.LEFT, seconds=seconds
    )


def test_before_the_beginning_it_waits() -> None:
    view = shown()
    assert (view.phase, view.level, view.pressure_kpa) == (Phase.WAITING, Level.LIGHT, 1.0)
    assert view.states == (StepState.NEXT,) * 3


def test_a_step_that_glides_waits_for_oil() -> None:
    asked = shown(STARTED, prompt(PromptKind.SLIP, "forehead"))
    assert (asked.phase, asked.asks_oil, asked.slip_confirmed) == (Phase.ASKING, True, False)
    begun = shown(STARTED, prompt(PromptKind.SLIP, "forehead"), SlipConfirmed(device_s=9.0), STEP)
    assert (begun.phase, begun.asks_oil, begun.slip_confirmed) == (Phase.RUNNING, False, True)
    assert begun.states[0] is StepState.NOW


def test_skin_that_drags_asks_for_oil_until_it_is_there() -> None:
    drags = Hint(
        device_s=9.0,
        kind=HintKind.DRAGGING,
        step="forehead",
        zone=Zone.FOREHEAD,
        side=Side.BOTH,
        onset_s=8.0,
    )
    assert shown(STARTED, STEP, drags).asks_oil
    assert not shown(STARTED, STEP, replace(drags, kind=HintKind.TOO_FIRM)).asks_oil
    assert not shown(STARTED, STEP, drags, SlipConfirmed(device_s=9.5)).asks_oil


def test_a_rest_stands_before_the_step_that_comes() -> None:
    over = StepFinished(
        device_s=9.0,
        step="forehead",
        index=0,
        outcome="short",
        repetitions=4,
        goal=10,
        duration_s=30.0,
    )
    view = shown(STARTED, STEP, over, prompt(PromptKind.REST, "cheek-l", 5.0))
    assert (view.phase, view.index, view.rest_left_s) == (Phase.RESTING, 1, 3.0)
    assert view.states == (StepState.SHORT, StepState.NEXT, StepState.NEXT)
    again = shown(STARTED, STEP, replace(over, outcome="repeated"))
    assert again.states[0] is StepState.NEXT
    assert shown(STARTED, STEP, prompt(PromptKind.LAST, "forehead")).phase is Phase.RUNNING


def test_a_routine_made_shorter_asks_for_less() -> None:
    shorter = RoutineScaled(
        device_s=9.0, percent=50, step="forehead", repetitions=6, time_limit_s=20.0, about_s=150.0
    )
    view = shown(STARTED, STEP, shorter)
    assert (view.scale_percent, view.about_s) == (50, 150.0)
    assert [step.repetitions for step in view.steps] == [6, 5, 5]
    assert [step.time_limit_s for step in view.steps] == [20.0, 15.0, 15.0]
    assert view.steps[0].band == STEPS[0].band


def test_a_warning_that_was_seen_is_known_as_seen() -> None:
    warning = raised(alert=4)
    view = shown(STARTED, STEP, warning, AlertAcknowledged(device_s=9.0, alert=4))
    assert view.alerts == (warning,)
    assert view.acknowledged == {4}


def test_the_link_of_then() -> None:
    lost = told(LinkLost(device_s=9.0, tool="Rosa", reason="vanished"))
    assert not lost.is_linked
    up = LinkUp(device_s=10.0, tool="Rosa", rate_hz=100.0, resumed=True, gap_s=1.0)
    lost.take(up)
    lost.take(BatteryRead(device_s=11.0, percent=62))
    assert (lost.is_linked, lost.tool, lost.battery_percent) == (True, "Rosa", 62)
